"""Weighing: for which weight a service charges, which need not be what a parcel weighs.

The chargeable weight is a rule of the service over actual and volumetric weight; two published
rules differ in more than their divisor.

>>> rule = WeightRule(divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3")
>>> print(rule.chargeable(Weight(5000), Dimensions(500, 400, 300)))
8500 g: volumetric 10000 g less 0.3 x actual 5000 g
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.quantities import Dimensions, Weight, ratio, whole

__all__ = ("ChargeableWeight", "WeightRule")

_MOST_GRAMS: Final = 1_000_000_000


@attrs.frozen
class ChargeableWeight:
    """What a service charges for, in grams, the weights that it came from, and how.

    `volumetric_grams` is None where size does not count; a part of a gram is left out of it.
    """

    grams: int = attrs.field(validator=of_type(int))
    actual_grams: int = attrs.field(validator=of_type(int))
    volumetric_grams: int | None = attrs.field(validator=optional(int))
    derivation: str = attrs.field(validator=of_type(str))

    def __str__(self) -> str:
        """Give the weight and how it came about."""
        return f"{self.grams} g: {self.derivation}"


@attrs.frozen(kw_only=True)
class WeightRule:
    """How a service finds its chargeable weight.

    Volumetric weight is length x width x height / `divisor` (cm3 per kg; None: never volumetric).
    It counts only where the longest side is at least `from_side_mm` and it is above `tolerance`
    times the actual weight; then `discount` times the actual weight is taken off it.  The greater
    of that and the actual weight, and of `least_grams`, is rounded up to `step_grams`.

    Where the discount is above zero a parcel of some size may get cheaper by getting heavier.

    Source: the published SpeedPAK rules of mainland China (6000, 40 cm, 1.3, 0.3) and of Japan
    (8000, and the plain greater of the two).
    """

    divisor: int | None = None
    from_side_mm: int = 0
    tolerance: Decimal = attrs.field(default=Decimal(1), converter=ratio)
    discount: Decimal = attrs.field(default=Decimal(0), converter=ratio)
    least_grams: int = 1
    step_grams: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that divides or steps by nothing."""
        whole("divisor", 1 if self.divisor is None else self.divisor, least=1, most=1_000_000)
        whole("side in millimetres", self.from_side_mm, least=0, most=_MOST_GRAMS)
        whole("least weight in grams", self.least_grams, least=1, most=_MOST_GRAMS)
        whole("step in grams", self.step_grams, least=1, most=1_000_000)

    @property
    def needs_dimensions(self) -> bool:
        """Whether the chargeable weight depends on the size."""
        return self.divisor is not None

    def chargeable(self, weight: Weight, dimensions: Dimensions | None) -> ChargeableWeight:
        """Give the chargeable weight; without dimensions, that of the actual weight."""
        volumetric = self._volumetric(dimensions)
        exact, derivation = self._counting(weight.grams, volumetric, dimensions)
        charged = max(exact, Fraction(self.least_grams))
        grams = -(-charged // self.step_grams) * self.step_grams
        if charged != exact:
            derivation = f"{derivation}, charged as {self.least_grams} g at least"
        if grams != charged:
            derivation = f"{derivation}, rounded up to {self.step_grams} g"
        shown = None if volumetric is None else int(volumetric)
        return ChargeableWeight(grams, weight.grams, shown, derivation)

    def _volumetric(self, dimensions: Dimensions | None) -> Fraction | None:
        if self.divisor is None or dimensions is None:
            return None
        # Cubic millimetres over (cm3 per kg) are grams: the thousands cancel.
        return Fraction(dimensions.volume_mm3, self.divisor)

    def _counting(
        self, actual: int, volumetric: Fraction | None, dimensions: Dimensions | None
    ) -> tuple[Fraction, str]:
        """Give the weight before rounding, and say how it came about."""
        own = Fraction(actual), f"actual {actual} g"
        if volumetric is None or dimensions is None:
            return own
        if dimensions.length_mm < self.from_side_mm:
            return own[0], f"{own[1]}, every side under {self.from_side_mm} mm"
        size = f"volumetric {int(volumetric)} g"
        if volumetric <= actual * Fraction(self.tolerance):
            within = f"{self.tolerance} x " if self.tolerance != 1 else ""
            return own[0], f"{own[1]}, as {size} is not above {within}it"
        rest = volumetric - actual * Fraction(self.discount)
        if rest <= actual:
            less = f" less {self.discount} x it" if self.discount else ""
            return own[0], f"{own[1]}, as {size}{less} is not above it"
        return rest, f"{size} less {self.discount} x {own[1]}" if self.discount else size
