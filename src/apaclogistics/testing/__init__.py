"""Help for the tests of applications: Hypothesis strategies, and contracts for adapters.

This package alone imports Hypothesis, which the extra ``testing`` installs.
"""

# First of all: Hypothesis calls `registration.register` at the end of its own import, so it must not
# be imported for the first time halfway through that module.
import hypothesis  # noqa: F401

__all__ = ()
