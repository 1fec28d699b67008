"""Adapters: implementations of the ports that the library brings along."""

__all__ = ()
