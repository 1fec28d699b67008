"""What people look at: the story of an order as a value, and that value as text."""

__all__ = ()
