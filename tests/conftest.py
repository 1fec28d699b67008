"""How hard Hypothesis tries; HYPOTHESIS_PROFILE chooses."""

import os

from hypothesis import HealthCheck, settings

# How fast the machine is says nothing about the code, so nothing is judged by the clock.
settings.register_profile(
    "unhurried",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# The same examples in every run, so that a commit is as good today as it was yesterday.
settings.register_profile(
    "ordinary",
    settings.get_profile("unhurried"),
    derandomize=True,
    max_examples=100,
    stateful_step_count=50,
)
# A few of them, for the second run of the whole suite, which is about what is installed.
settings.register_profile(
    "brief",
    settings.get_profile("unhurried"),
    derandomize=True,
    max_examples=5,
    stateful_step_count=10,
)
# New examples in every run; what fails is kept and tried first the next time.
settings.register_profile(
    "nightly",
    settings.get_profile("unhurried"),
    derandomize=False,
    max_examples=2000,
    stateful_step_count=100,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))
