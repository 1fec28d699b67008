"""What people look at: the story of an order as a value and as text, and tables for notebooks."""

__all__ = ()
