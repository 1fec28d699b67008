"""SpeedPAK: how the services find their chargeable weight."""

from typing import Final

from apaclogistics.tariffs import WeightRule

__all__ = ("JAPAN_ECONOMY_WEIGHT", "MAINLAND_CHINA_WEIGHT")

# Source: published SpeedPAK volumetric rule for mainland China, effective 2020-01-01: divisor 6000
# from a side of 40 cm on; above 1.3 times the actual weight, 0.3 times of it are taken off.
MAINLAND_CHINA_WEIGHT: Final = WeightRule(
    divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3"
)

# Source: SpeedPAK Economy rate book for Japan, effective 2026-07-30: the greater of actual and
# volumetric weight, divisor 8000, rounded up to the gram.
JAPAN_ECONOMY_WEIGHT: Final = WeightRule(divisor=8000)
