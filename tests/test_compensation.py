"""Compensation: facts go in, an amount or all reasons against come out.

The policy is that of Hongkong Post's e-Express: two months without a delivery status, the lowest of
declared value, invoice value and cap, 1,000 HKD from 500 g on and 500 HKD below, not for five
countries, and no day counts from 9 March 2020 through 25 April 2021.
"""

from datetime import date

import attrs
import pytest

from apaclogistics.compensation import (
    Assessment,
    Cap,
    ClaimKind,
    CompensationPolicy,
    Facts,
    Figure,
    Suspension,
    assess,
)
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.values.instants import instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight

E_EXPRESS = CompensationPolicy(
    name="e-Express",
    source="Hongkong Post, e-Express compensation",
    zone_name="Asia/Hong_Kong",
    months_of_silence=2,
    caps=(
        Cap(Weight(1), Money.of("500.00", "HKD")),
        Cap(Weight(500), Money.of("1000.00", "HKD")),
    ),
    excluded=frozenset(Country(code) for code in ("IL", "LB", "MX", "RU", "ZA")),
    suspensions=(Suspension(date(2020, 3, 9), date(2021, 4, 25)),),
)


def hkd(amount: str) -> Money:
    """Give Hong Kong dollars."""
    return Money.of(amount, "HKD")


def usd_rate(rate: str = "7.80", *, at: str = "2026-01-01T00:00:00Z") -> ExchangeRate:
    """Give what a US dollar is worth in Hong Kong, from an instant on."""
    return ExchangeRate(base="USD", quote="HKD", rate=rate, at=at, source="HKAB")


def facts(
    *,
    at: str = "2026-03-06T12:00:00+08:00",
    posted: str | None = "2026-01-05T12:00:00+08:00",
    grams: int = 800,
    destination: str = "US",
    declared: Money | None = None,
) -> Facts:
    """Give a silent parcel of 800 g that declares 5,000 HKD, the day after its two months."""
    return Facts(
        at=instant(at),
        phase=Phase.IN_TRANSIT,
        posted_at=None if posted is None else instant(posted),
        delivered_at=None,
        attempted_at=None,
        weight=Weight(grams),
        destination=Country(destination),
        declared=declared or hkd("5000.00"),
    )


def assessed(known: Facts, *, policy: CompensationPolicy = E_EXPRESS) -> Assessment:
    """Assess the loss of a parcel."""
    return assess(policy, ClaimKind.LOSS, known)


def codes(assessment: Assessment) -> list[str]:
    """Give the reasons against by their codes."""
    return [reason.code for reason in assessment.reasons]


class TestCaps:
    """The most that is paid, by weight."""

    @pytest.mark.parametrize(
        ("grams", "cap"),
        [(1, "500.00"), (499, "500.00"), (500, "1000.00"), (501, "1000.00"), (30_000, "1000.00")],
    )
    def test_the_higher_cap_begins_at_500_grams(self, grams: int, cap: str) -> None:
        """That weight included."""
        assert assessed(facts(grams=grams)).amount == hkd(cap)

    def test_caps_may_stand_in_any_order(self) -> None:
        """The heaviest that is reached counts."""
        turned = attrs.evolve(E_EXPRESS, caps=tuple(reversed(E_EXPRESS.caps)))

        assert turned.cap_for(Weight(800)) == hkd("1000.00")

    def test_below_the_lightest_cap_nothing_is_paid(self) -> None:
        """A policy may begin at some weight."""
        heavy = attrs.evolve(E_EXPRESS, caps=(Cap(Weight(500), hkd("1000.00")),))

        assert assessed(facts(grams=499), policy=heavy).amount == hkd("0.00")

    def test_caps_are_in_one_currency_and_there_is_one(self) -> None:
        """The policy's."""
        with pytest.raises(InvalidValueError, match="are not of one currency"):
            attrs.evolve(E_EXPRESS, caps=())
        with pytest.raises(InvalidValueError, match="are not of one currency"):
            attrs.evolve(
                E_EXPRESS, caps=(*E_EXPRESS.caps, Cap(Weight(2000), Money.of("200.00", "USD")))
            )

    def test_the_days_of_a_policy_are_those_of_a_zone(self) -> None:
        """Which exists."""
        with pytest.raises(InvalidValueError, match="is unknown"):
            attrs.evolve(E_EXPRESS, zone_name="Asia/Kowloon Bay")


class TestBasis:
    """The lowest of declared value, invoice value and cap."""

    @pytest.mark.parametrize(
        ("declared", "invoice", "amount"),
        [
            ("5000.00", None, "1000.00"),
            ("999.99", None, "999.99"),
            ("5000.00", "300.00", "300.00"),
            ("200.00", "300.00", "200.00"),
            ("5000.00", "5000.00", "1000.00"),
            ("0.00", None, "0.00"),
        ],
    )
    def test_the_lowest_figure_is_paid(
        self, declared: str, invoice: str | None, amount: str
    ) -> None:
        """An invoice counts where there is one."""
        assessment = assess(
            E_EXPRESS,
            ClaimKind.LOSS,
            facts(declared=hkd(declared)),
            invoice=None if invoice is None else hkd(invoice),
        )

        assert assessment.amount == hkd(amount)
        assert assessment.reasons == ()

    def test_all_figures_are_shown(self) -> None:
        """So that a claimant can follow the amount."""
        assessment = assess(
            E_EXPRESS, ClaimKind.LOSS, facts(declared=hkd("700.00")), invoice=hkd("650.00")
        )

        assert assessment == Assessment(
            policy="e-Express",
            amount=hkd("650.00"),
            reasons=(),
            figures=(
                Figure("cap", hkd("1000.00")),
                Figure("declared value", hkd("700.00")),
                Figure("invoice value", hkd("650.00")),
            ),
        )

    def test_values_in_dollars_are_compared_through_a_dated_rate(self) -> None:
        """20.00 USD at 7.80 are 156.00 HKD."""
        known = facts(declared=Money.of("20.00", "USD"))

        assessment = assess(E_EXPRESS, ClaimKind.LOSS, known, rates=[usd_rate()])

        assert assessment.amount == hkd("156.00")

    def test_the_latest_rate_that_was_known_is_taken(self) -> None:
        """Not one of after the claim, and not an old one."""
        known = facts(declared=Money.of("20.00", "USD"))
        rates = [
            usd_rate("7.85", at="2026-03-06T04:00:00Z"),
            usd_rate("7.70", at="2025-01-01T00:00:00Z"),
            usd_rate("9.99", at="2026-03-06T04:00:01Z"),
        ]

        assessment = assess(E_EXPRESS, ClaimKind.LOSS, known, rates=rates)

        assert assessment.amount == hkd("157.00")

    def test_a_converted_figure_is_rounded_half_up(self) -> None:
        """0.05 USD at 7.70 are 0.385 HKD."""
        known = facts(declared=Money.of("0.05", "USD"))

        assessment = assess(E_EXPRESS, ClaimKind.LOSS, known, rates=[usd_rate("7.70")])

        assert assessment.amount == hkd("0.39")

    def test_a_missing_rate_is_a_reason_for_each_figure(self) -> None:
        """Not an error, and not a guess: a rate the other way round does not help either."""
        dollars = Money.of("20.00", "USD")
        wrong = ExchangeRate(
            base="HKD", quote="USD", rate="0.128", at="2026-01-01T00:00:00Z", source="HKAB"
        )

        assessment = assess(
            E_EXPRESS, ClaimKind.LOSS, facts(declared=dollars), invoice=dollars, rates=[wrong]
        )

        assert assessment.amount is None
        assert codes(assessment) == ["no_rate", "no_rate"]
        assert "no rate from USD to HKD is known for the invoice value" in str(
            assessment.reasons[1]
        )
        assert assessment.figures == (Figure("cap", hkd("1000.00")),)


class TestSilence:
    """A parcel counts as lost after two calendar months without a delivery status."""

    @pytest.mark.parametrize(
        ("posted", "last"),
        [
            (date(2026, 1, 5), date(2026, 3, 5)),
            # The end of a month is the last day of a shorter one.
            (date(2025, 12, 31), date(2026, 2, 28)),
            (date(2023, 12, 31), date(2024, 2, 29)),
            (date(2025, 12, 30), date(2026, 2, 28)),
            (date(2025, 12, 28), date(2026, 2, 28)),
            # Over before the suspension began.
            (date(2020, 1, 8), date(2020, 3, 8)),
            # One day was left, and is the first after the suspension.
            (date(2020, 1, 9), date(2021, 4, 26)),
            # 8 days before the suspension, 54 after it.
            (date(2020, 3, 1), date(2021, 6, 18)),
            # Posted during it, on its first and last days, and after it.
            (date(2020, 6, 15), date(2021, 6, 26)),
            (date(2020, 3, 9), date(2021, 6, 26)),
            (date(2021, 4, 25), date(2021, 6, 26)),
            (date(2021, 4, 26), date(2021, 6, 26)),
        ],
    )
    def test_silence_ends_on_this_day(self, posted: date, last: date) -> None:
        """Calendar months, without the days that were suspended."""
        assert E_EXPRESS.silence_ends(posted) == last

    def test_suspensions_follow_each_other(self) -> None:
        """One may bring the end into the next; their order in the policy is irrelevant."""
        may = Suspension(date(2022, 5, 1), date(2022, 5, 10))
        april = Suspension(date(2022, 4, 20), date(2022, 4, 24))
        policy = attrs.evolve(E_EXPRESS, suspensions=(may, april))

        # 28 April, and 5 days: 3 May; which is suspended, and 10 days more.
        assert policy.silence_ends(date(2022, 2, 28)) == date(2022, 5, 13)

    @pytest.mark.parametrize(
        ("posted", "too_early", "late_enough"),
        [
            (
                "2026-01-05T12:00:00+08:00",
                "2026-03-05T23:59:59+08:00",
                "2026-03-06T00:00:00+08:00",
            ),
            (
                "2025-12-31T12:00:00+08:00",
                "2026-02-28T23:59:59+08:00",
                "2026-03-01T00:00:00+08:00",
            ),
            (
                "2020-03-01T12:00:00+08:00",
                "2021-06-18T23:59:59+08:00",
                "2021-06-19T00:00:00+08:00",
            ),
            # Still the year before in London, and New Year's Day in Hong Kong.
            (
                "2025-12-31T16:30:00+00:00",
                "2026-03-01T23:59:59+08:00",
                "2026-03-02T00:00:00+08:00",
            ),
        ],
    )
    def test_a_loss_is_claimed_the_day_after(
        self, posted: str, too_early: str, late_enough: str
    ) -> None:
        """Days are those of Hong Kong."""
        before = assessed(facts(posted=posted, at=too_early))
        after = assessed(facts(posted=posted, at=late_enough))

        assert (before.amount, codes(before)) == (None, ["too_early"])
        assert after.amount == hkd("1000.00")

    def test_a_parcel_that_was_never_accepted_was_not_posted(self) -> None:
        """A label alone is no posting."""
        assert codes(assessed(facts(posted=None))) == ["not_posted"]

    def test_a_delivery_status_ends_the_claim(self) -> None:
        """Delivered or attempted, however long ago."""
        seen = instant("2026-02-01T00:00:00Z")

        delivered = assessed(attrs.evolve(facts(), delivered_at=seen))
        attempted = assessed(attrs.evolve(facts(), attempted_at=seen))
        past = attrs.evolve(E_EXPRESS, effective_through=date(2020, 1, 1))
        out_of_force = assessed(attrs.evolve(facts(), delivered_at=seen), policy=past)

        assert codes(delivered) == codes(attempted) == ["delivery_status"]
        assert codes(out_of_force) == ["not_in_force", "delivery_status"]
        assert "shown: delivered" in str(delivered.reasons[0])
        assert "shown: attempted" in str(attempted.reasons[0])

    def test_an_attempt_counts_where_the_policy_says_so(self) -> None:
        """Another carrier's may not."""
        policy = attrs.evolve(E_EXPRESS, attempt_is_delivery_status=False)
        attempted = attrs.evolve(facts(), attempted_at=instant("2026-02-01T00:00:00Z"))

        assert assessed(attempted, policy=policy).amount == hkd("1000.00")

    def test_a_declared_loss_ends_the_waiting_where_the_policy_says_so(self) -> None:
        """The carrier's own word against its own silence."""
        policy = attrs.evolve(E_EXPRESS, declared_loss_suffices=True)
        early = facts(at="2026-01-20T12:00:00+08:00")
        lost = attrs.evolve(early, phase=Phase.LOST)

        assert codes(assessed(lost)) == ["too_early"]
        assert codes(assessed(early, policy=policy)) == ["too_early"]
        assert assessed(lost, policy=policy).amount == hkd("1000.00")


class TestScope:
    """What a policy covers, where, and when."""

    @pytest.mark.parametrize("country", ["IL", "LB", "MX", "RU", "ZA"])
    def test_five_countries_are_excluded(self, country: str) -> None:
        """The policy does not hold there."""
        assessment = assessed(facts(destination=country))

        assert assessment.amount is None
        assert codes(assessment) == ["excluded"]
        assert country in str(assessment.reasons[0])

    @pytest.mark.parametrize("kind", sorted(set(ClaimKind) - {ClaimKind.LOSS}, key=str))
    def test_only_loss_is_covered(self, kind: ClaimKind) -> None:
        """Damage and delay are not; whether it was posted is then no matter."""
        assessment = assess(E_EXPRESS, kind, facts(posted=None))

        assert codes(assessment) == ["not_covered"]
        assert kind.value in str(assessment.reasons[0])

    def test_a_policy_may_cover_other_kinds(self) -> None:
        """Damage is not judged by silence."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset({ClaimKind.DAMAGE}))
        delivered = attrs.evolve(facts(), delivered_at=instant("2026-02-01T00:00:00Z"))

        assert assess(policy, ClaimKind.DAMAGE, delivered).amount == hkd("1000.00")

    @pytest.mark.parametrize(
        ("first", "last", "reasons"),
        [
            (date(2026, 1, 5), date(2026, 1, 5), []),
            (None, None, []),
            (date(2026, 1, 6), None, ["not_in_force"]),
            (None, date(2026, 1, 4), ["not_in_force"]),
        ],
    )
    def test_a_policy_is_in_force_on_the_day_of_posting(
        self, first: date | None, last: date | None, reasons: list[str]
    ) -> None:
        """Both of its days included."""
        policy = attrs.evolve(E_EXPRESS, effective_from=first, effective_through=last)

        assert codes(assessed(facts(), policy=policy)) == reasons

    def test_all_reasons_come_at_once(self) -> None:
        """A claimant who mends one thing is not told of the next one only then."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset(), effective_through=date(2020, 1, 1))
        known = facts(
            at="2026-01-20T12:00:00+08:00", destination="RU", declared=Money.of("20.00", "USD")
        )

        assessment = assessed(known, policy=policy)

        assert codes(assessment) == [
            "not_covered",
            "excluded",
            "not_in_force",
            "too_early",
            "no_rate",
        ]


def test_a_policy_that_has_ended_pays_for_no_kind_of_claim() -> None:
    """The day of posting counts, whatever the claim is about."""
    kinds = frozenset({ClaimKind.LOSS, ClaimKind.DAMAGE})
    ended = attrs.evolve(E_EXPRESS, covers=kinds, effective_through=date(2020, 1, 1))

    for kind in kinds:
        assert "not_in_force" in codes(assess(ended, kind, facts()))
