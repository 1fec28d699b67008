"""The command: ``python -m apaclogistics demo``, ``follow`` and ``draw``."""

__all__ = ()
