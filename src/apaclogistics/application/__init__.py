"""The use cases, by step of the path: load, let the domain decide, save.

`LogisticsPlatform` is their face.  Nothing here is a rule: what may be done is decided below.
"""

from apaclogistics.application._platform import LogisticsPlatform
from apaclogistics.application._sweep import Patience

__all__ = ("LogisticsPlatform", "Patience")
