"""Published rules as ready-made values, each with its source and the dates it is effective for."""

__all__ = ()
