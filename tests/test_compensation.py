"""Compensation: facts go in, an amount or all reasons against come out.

The policy is that of Hongkong Post's e-Express: two months without a delivery status, the lowest of
declared value, invoice value and cap, 1,000 HKD from 500 g on and 500 HKD below, not for five
countries, and no day counts from 9 March 2020 through 25 April 2021.
"""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from apaclogistics.compensation import (
    Assessment,
    Cap,
    ClaimKind,
    ClaimShare,
    ClaimTerms,
    CompensationPolicy,
    DelayShare,
    EvidenceNeed,
    Facts,
    Figure,
    FilingWindow,
    ShareOf,
    Since,
    Stake,
    Suspension,
    Term,
    ValueBasis,
    Worth,
    assess,
    is_presumed_lost,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import Phase
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight

E_EXPRESS = CompensationPolicy(
    name="e-Express",
    source="Hongkong Post, e-Express compensation",
    zone_name="Asia/Hong_Kong",
    silence=Term(Period(2, PeriodUnit.MONTHS)),
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
            worth=Worth(invoice=None if invoice is None else hkd(invoice)),
        )

        assert assessment.amount == hkd(amount)
        assert assessment.reasons == ()

    def test_all_figures_are_shown(self) -> None:
        """So that a claimant can follow the amount."""
        assessment = assess(
            E_EXPRESS,
            ClaimKind.LOSS,
            facts(declared=hkd("700.00")),
            worth=Worth(invoice=hkd("650.00")),
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
            stake=Stake(of=ShareOf.VALUE, own=hkd("700.00"), whole=hkd("700.00")),
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
            E_EXPRESS,
            ClaimKind.LOSS,
            facts(declared=dollars),
            worth=Worth(invoice=dollars),
            rates=[wrong],
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

    @pytest.mark.parametrize("last", [date(9990, 1, 1), date.max])
    def test_until_further_notice_nothing_counts_as_lost(self, last: date) -> None:
        """The silence ends on a day that is as good as never."""
        pauses = Suspension(date(2022, 2, 1), date(2031, 1, 31)), Suspension(date(2031, 2, 1), last)
        policy = attrs.evolve(E_EXPRESS, suspensions=pauses)

        ends = policy.silence_ends(date(2022, 1, 31))

        assert ends == (date(9998, 12, 30) if last == date.max else date(9990, 3, 1))

    def test_days_of_two_suspensions_count_once(self) -> None:
        """Whether they overlap, lie inside one another, or are the same."""
        pauses = (
            Suspension(date(2022, 4, 1), date(2022, 4, 10)),
            Suspension(date(2022, 4, 5), date(2022, 4, 12)),
            Suspension(date(2022, 4, 6), date(2022, 4, 7)),
            Suspension(date(2022, 4, 1), date(2022, 4, 10)),
        )
        policy = attrs.evolve(E_EXPRESS, suspensions=pauses)

        # 15 April, and the 12 days from the first through the twelfth.
        assert policy.silence_ends(date(2022, 2, 15)) == date(2022, 4, 27)

    def test_a_suspension_ends_after_it_begins(self) -> None:
        """It may be one day long."""
        day = date(2022, 4, 1)

        assert Suspension(day, day).last == day
        with pytest.raises(InvalidValueError, match="from 2022-04-02"):
            Suspension(date(2022, 4, 2), day)

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

        assert codes(assessment)[0] == "not_covered"
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


class TestPresumption:
    """Whether a parcel counts as lost is a rule, as of an instant."""

    LOST_FROM = instant("2026-03-06T00:00:00+08:00")
    BEFORE = instant("2026-03-05T23:59:59+08:00")

    def test_a_silent_parcel_is_presumed_lost_from_an_instant_on(self) -> None:
        """Whatever instant the facts were taken at."""
        for at in (self.BEFORE, self.LOST_FROM):
            known = attrs.evolve(facts(), at=at)

            assert not is_presumed_lost(E_EXPRESS, known, self.BEFORE)
            assert is_presumed_lost(E_EXPRESS, known, self.LOST_FROM)

    @pytest.mark.parametrize("field", ["delivered_at", "attempted_at"])
    def test_a_later_scan_reopens_it(self, field: str) -> None:
        """From its instant on; before it the parcel was lost."""
        turned_up = instant("2026-04-01T00:00:00Z")
        known = facts(at="2026-05-01T00:00:00Z")
        known = (
            attrs.evolve(known, delivered_at=turned_up)
            if field == "delivered_at"
            else attrs.evolve(known, attempted_at=turned_up)
        )

        assert is_presumed_lost(E_EXPRESS, known, self.LOST_FROM)
        assert not is_presumed_lost(E_EXPRESS, known, turned_up)

    def test_what_comes_back_is_not_lost(self) -> None:
        """A return is a delivery, to the sender."""
        back = attrs.evolve(facts(), phase=Phase.RETURNED)

        assert codes(assessed(back)) == ["delivery_status"]
        assert "shown: returned" in str(assessed(back).reasons[0])

    def test_silence_may_be_counted_from_the_last_scan(self) -> None:
        """Then any scan begins it anew."""
        ten_days = Term(Period(10, PeriodUnit.CALENDAR_DAYS), Since.LAST_SEEN)
        policy = attrs.evolve(E_EXPRESS, silence=ten_days)
        seen = attrs.evolve(facts(), last_seen_at=instant("2026-03-01T12:00:00+08:00"))

        assert not is_presumed_lost(policy, seen, instant("2026-03-11T23:59:59+08:00"))
        assert is_presumed_lost(policy, seen, instant("2026-03-12T00:00:00+08:00"))

    def test_without_a_stated_silence_the_carrier_says_what_is_lost(self) -> None:
        """However long it takes."""
        policy = attrs.evolve(E_EXPRESS, silence=None, declared_loss_suffices=True)
        never = facts(at="2036-01-01T00:00:00Z")
        lost = attrs.evolve(never, phase=Phase.LOST)

        assert policy.silence_ends(date(2026, 1, 5)) is None
        assert codes(assessed(never, policy=policy)) == ["too_early"]
        assert is_presumed_lost(policy, lost, lost.at)

    def test_a_promise_may_begin_the_silence(self) -> None:
        """Also one that is not over; without a promise nothing begins."""
        week = Term(Period(7, PeriodUnit.CALENDAR_DAYS), Since.PROMISED)
        policy = attrs.evolve(E_EXPRESS, silence=week)
        promised = attrs.evolve(facts(), promised_by=instant("2026-02-20T12:00:00+08:00"))

        assert assessed(promised, policy=policy).amount == hkd("1000.00")
        assert codes(assessed(facts(), policy=policy)) == ["too_early"]


class TestShares:
    """What part is paid, and of what."""

    PROMISED = instant("2026-03-01T12:00:00+08:00")

    def late(self, days: int, *, arrived: bool = True) -> Facts:
        """Give a parcel of 800.00 HKD and 60.00 HKD freight that is so many days late."""
        moment = self.PROMISED.add(days=days)
        known = attrs.evolve(facts(declared=hkd("800.00")), promised_by=self.PROMISED, at=moment)
        return attrs.evolve(known, freight=hkd("60.00"), delivered_at=moment if arrived else None)

    @pytest.mark.parametrize(
        ("days", "amount"), [(1, "0.00"), (2, "80.00"), (3, "80.00"), (4, "160.00"), (9, "200.00")]
    )
    def test_delay_is_paid_by_the_step_and_up_to_the_most(self, days: int, amount: str) -> None:
        """10 % of 800 HKD for each two days, up to 25 %."""
        share = DelayShare(percent="10", days=2, most="25")
        policy = attrs.evolve(E_EXPRESS, covers=frozenset({ClaimKind.DELAY}), delay=share)

        assert assess(policy, ClaimKind.DELAY, self.late(days)).amount == hkd(amount)

    @pytest.mark.parametrize(("hours", "reasons"), [(12, ["not_late"]), (13, [])])
    def test_who_may_have_been_in_time_is_not_late(self, hours: int, reasons: list[str]) -> None:
        """Promised for 1 March; delivered that day at the earliest, or past midnight for sure."""
        policy = attrs.evolve(
            E_EXPRESS, covers=frozenset({ClaimKind.DELAY}), delay=DelayShare(percent="1")
        )
        given = instant("2026-03-01T11:59:59+08:00").add(hours=hours)
        late = attrs.evolve(self.late(3), delivered_at=given, delivered_by=given.add(hours=26))

        assert codes(assess(policy, ClaimKind.DELAY, late)) == reasons

    def test_what_has_not_come_is_late_today(self) -> None:
        """By the days that have passed."""
        policy = attrs.evolve(
            E_EXPRESS, covers=frozenset({ClaimKind.DELAY}), delay=DelayShare(percent="1")
        )

        under_way = assess(policy, ClaimKind.DELAY, self.late(3, arrived=False))

        assert under_way.amount == hkd("24.00")
        assert under_way.figures[-1] == Figure("3 % of the declared value for delay", hkd("24.00"))

    def test_a_share_may_be_of_the_freight(self) -> None:
        """Then it is not refunded on top."""
        share = DelayShare(percent="50", of=ShareOf.FREIGHT)
        policy = attrs.evolve(
            E_EXPRESS, covers=frozenset({ClaimKind.DELAY}), delay=share, refunds_freight=True
        )

        assert assess(policy, ClaimKind.DELAY, self.late(1)).amount == hkd("30.00")
        assert assess(policy, ClaimKind.DELAY, self.late(9)).amount == hkd("60.00")

    def test_a_share_of_the_freight_is_for_delay_alone(self) -> None:
        """What was lost is worth as much as ever."""
        share = DelayShare(percent="50", of=ShareOf.FREIGHT)

        lost = assessed(facts(), policy=attrs.evolve(E_EXPRESS, delay=share))

        assert lost == assessed(facts())
        assert lost.amount == hkd("1000.00")

    def test_what_came_in_time_was_not_late(self) -> None:
        """The promised day is in time; without a promise nothing can be late by days."""
        covers = frozenset({ClaimKind.DELAY})
        daily = attrs.evolve(E_EXPRESS, covers=covers, delay=DelayShare(percent="1"))
        whole = attrs.evolve(E_EXPRESS, covers=covers)

        assert codes(assess(daily, ClaimKind.DELAY, self.late(0))) == ["not_late"]
        assert codes(assess(whole, ClaimKind.DELAY, self.late(0))) == ["not_late"]
        assert codes(assess(daily, ClaimKind.DELAY, facts())) == ["no_promise"]
        assert assess(whole, ClaimKind.DELAY, facts()).amount == hkd("1000.00")

    def test_damage_is_paid_by_its_share_and_the_repair_value(self) -> None:
        """80 % of 500 HKD; a loss is paid whole, and has no repair value."""
        policy = attrs.evolve(
            E_EXPRESS,
            covers=frozenset({ClaimKind.DAMAGE, ClaimKind.LOSS}),
            bases=frozenset(ValueBasis),
            shares=(ClaimShare(frozenset({ClaimKind.DAMAGE}), 80),),
        )
        worth = Worth(repair=hkd("500.00"))

        damaged = assess(policy, ClaimKind.DAMAGE, facts(), worth=worth)
        lost = assess(policy, ClaimKind.LOSS, facts(), worth=worth)

        assert damaged.amount == hkd("400.00")
        assert [figure.name for figure in damaged.figures] == [
            "cap",
            "declared value",
            "repair value",
            "80 % of the repair value for damage",
        ]
        assert lost.amount == hkd("1000.00")

    def test_values_that_the_policy_does_not_name_bound_nothing(self) -> None:
        """The wholesale value does where it is named."""
        worth = Worth(wholesale=hkd("100.00"), invoice=hkd("300.00"))
        wholesale = attrs.evolve(E_EXPRESS, bases=frozenset({ValueBasis.WHOLESALE}))

        assert assess(E_EXPRESS, ClaimKind.LOSS, facts(), worth=worth).amount == hkd("300.00")
        assert assess(wholesale, ClaimKind.LOSS, facts(), worth=worth).amount == hkd("100.00")

    @pytest.mark.parametrize(
        ("declared", "share", "amount"),
        [
            ("200.00", "160.00", "160.00"),
            ("250.00", "200.00", "200.00"),
            ("250.01", "200.01", "200.00"),
            ("900.00", "720.00", "200.00"),
        ],
    )
    def test_a_share_is_of_the_value_and_goes_up_to_the_cap(
        self, declared: str, share: str, amount: str
    ) -> None:
        """80 % of the declared value up to 200 HKD, as carriers say it; for loss, too."""
        policy = attrs.evolve(
            E_EXPRESS,
            caps=(Cap(Weight(1), hkd("200.00")),),
            shares=(ClaimShare(frozenset({ClaimKind.LOSS}), 80),),
        )
        known = facts(declared=hkd(declared))

        lost = assessed(known, policy=policy)

        assert lost.amount == hkd(amount)
        assert lost.figures == (
            Figure("cap", hkd("200.00")),
            Figure("declared value", hkd(declared)),
            Figure("80 % of the declared value for loss", hkd(share)),
        )

    def test_a_share_is_of_the_cap_where_no_value_is_known(self) -> None:
        """The policy asks for an invoice alone, and there is none."""
        policy = attrs.evolve(
            E_EXPRESS,
            bases=frozenset({ValueBasis.INVOICE}),
            shares=(ClaimShare(frozenset({ClaimKind.LOSS}), 80),),
        )

        lost = assessed(facts(), policy=policy)

        assert lost.amount == hkd("800.00")
        assert lost.figures[-1] == Figure("80 % of the cap for loss", hkd("800.00"))

    def test_a_kind_has_one_share(self) -> None:
        """Delay included, which has its own where it is paid by the step."""
        half = ClaimShare(frozenset({ClaimKind.LOSS, ClaimKind.DELAY}), 50)

        assert attrs.evolve(E_EXPRESS, shares=(half,)).percent_for(ClaimKind.DELAY) == 50
        for twice in (
            {"shares": (half, half)},
            {"shares": (half,), "delay": DelayShare(percent=1)},
        ):
            with pytest.raises(InvalidValueError, match="has two shares for a kind of claim"):
                attrs.evolve(E_EXPRESS, **twice)

    @pytest.mark.parametrize("percent", ["100.1", "-1", "a third", 101, Decimal(-1)])
    def test_no_share_is_more_than_the_whole(self, percent: str) -> None:
        """Nor below nothing, nor a word."""
        with pytest.raises(InvalidValueError):
            DelayShare(percent=percent)
        with pytest.raises(InvalidValueError):
            DelayShare(percent=1, most=percent)
        with pytest.raises(InvalidValueError):
            ClaimShare(frozenset(ClaimKind), percent)

    @pytest.mark.parametrize("percent", ["0.8", Decimal("0.999999")])
    def test_eighty_percent_are_not_written_as_a_fraction(self, percent: str) -> None:
        """But a day late may cost half a percent."""
        text = f"share in percent '{percent}' is a fraction; allowed: 0, or 1 to 100"
        with pytest.raises(InvalidValueError, match=text):
            ClaimShare(frozenset(ClaimKind), percent)
        with pytest.raises(InvalidValueError, match=text):
            DelayShare(percent=1, most=percent)

        assert DelayShare(percent="0.5").for_days(3) == Decimal("1.5")

    @pytest.mark.parametrize("percent", [80, "80", "80.0", Decimal(80)], ids=repr)
    def test_a_share_is_a_number_or_its_text(self, percent: str) -> None:
        """All of these are 80 %."""
        assert ClaimShare(frozenset(ClaimKind), percent).percent == 80
        assert DelayShare(percent=percent).percent == 80

    @pytest.mark.parametrize("percent", [80.0, True, None], ids=repr)
    def test_a_share_is_no_float(self, percent: str) -> None:
        """Nor a flag."""
        with pytest.raises(InvalidTypeError):
            ClaimShare(frozenset(ClaimKind), percent)
        with pytest.raises(InvalidTypeError):
            DelayShare(percent=percent)

    def test_a_step_is_a_day_or_more(self) -> None:
        """Else delay would be paid for none."""
        with pytest.raises(InvalidValueError, match="days of a step"):
            DelayShare(percent="1", days=0)


class TestFreight:
    """What was paid for the carriage."""

    def test_freight_is_refunded_on_top_where_the_policy_says_so(self) -> None:
        """Hongkong Post does not; above the cap of 1,000 HKD it is."""
        known = attrs.evolve(facts(), freight=hkd("60.00"))
        policy = attrs.evolve(E_EXPRESS, refunds_freight=True)

        assert assessed(known).amount == hkd("1000.00")
        assert assessed(known, policy=policy).amount == hkd("1060.00")
        assert assessed(known, policy=policy).figures[-1] == Figure(
            "refunded freight", hkd("60.00")
        )

    def test_a_refusal_shows_the_figures_all_the_same(self) -> None:
        """The freight that would have been refunded included."""
        early = attrs.evolve(facts(at="2026-01-06T12:00:00+08:00"), freight=hkd("60.00"))

        refused = assessed(early, policy=attrs.evolve(E_EXPRESS, refunds_freight=True))

        assert codes(refused) == ["too_early"]
        assert [figure.name for figure in refused.figures] == [
            "cap",
            "declared value",
            "refunded freight",
        ]

    def test_freight_that_nobody_knows_is_a_reason(self) -> None:
        """It is no guess."""
        policy = attrs.evolve(E_EXPRESS, refunds_freight=True)

        assert codes(assessed(facts(), policy=policy)) == ["not_known"]

    def test_a_failed_pick_up_costs_its_freight(self) -> None:
        """Up to the cap."""
        policy = attrs.evolve(
            E_EXPRESS, covers=frozenset({ClaimKind.FAILED_PICK_UP}), refunds_freight=True
        )
        known = attrs.evolve(facts(posted=None), freight=hkd("60.00"), billed=hkd("60.00"))
        dear = attrs.evolve(known, freight=hkd("6000.00"))

        assert assess(policy, ClaimKind.FAILED_PICK_UP, known).amount == hkd("60.00")
        assert assess(policy, ClaimKind.FAILED_PICK_UP, dear).amount == hkd("1000.00")

    def test_a_pick_up_failed_of_what_was_not_collected_and_was_billed(self) -> None:
        """What is merely held comes back when it is cancelled."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset({ClaimKind.FAILED_PICK_UP}))
        held = attrs.evolve(facts(posted=None), freight=hkd("60.00"))
        collected = attrs.evolve(facts(), freight=hkd("60.00"), billed=hkd("60.00"))

        assert codes(assess(policy, ClaimKind.FAILED_PICK_UP, held)) == ["not_billed"]
        assert codes(assess(policy, ClaimKind.FAILED_PICK_UP, collected)) == ["was_collected"]

    @pytest.mark.parametrize(
        "kind", [ClaimKind.DAMAGE, ClaimKind.MISSING_CONTENTS, ClaimKind.DELAY], ids=str
    )
    def test_nothing_befalls_a_parcel_that_the_carrier_never_had(self, kind: ClaimKind) -> None:
        """A booking that was cancelled costs nobody any goods."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset(ClaimKind))

        unposted = assess(policy, kind, facts(posted=None))
        to_come = assess(policy, kind, facts(posted="2026-12-01T09:00:00+08:00"))

        assert "not_posted" in codes(unposted)
        assert "not_posted" in codes(to_come)
        assert "not_posted" not in codes(assess(policy, kind, facts()))

    def test_an_overcharge_is_what_was_billed_above_the_price(self) -> None:
        """Whatever the parcel is worth, in the currency of the policy."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset({ClaimKind.OVERCHARGE}))
        billed = attrs.evolve(
            facts(), billed=Money.of("12.50", "USD"), priced=Money.of("9.90", "USD")
        )

        over = assess(policy, ClaimKind.OVERCHARGE, billed, rates=[usd_rate()])

        assert over.amount == hkd("20.28")
        assert [(f.name, str(f.given), f.rate) for f in over.figures] == [
            ("billed", "12.50 USD", usd_rate()),
            ("price by the rate card", "9.90 USD", usd_rate()),
        ]

    @pytest.mark.parametrize("billed", ["9.90", "9.89"])
    def test_what_costs_its_price_is_not_overcharged(self, billed: str) -> None:
        """Nor is what was billed below it; a cent above it is too much."""
        policy = attrs.evolve(E_EXPRESS, covers=frozenset({ClaimKind.OVERCHARGE}))
        cent = attrs.evolve(facts(), billed=hkd("9.91"), priced=hkd("9.90"))
        known = attrs.evolve(facts(), billed=hkd(billed), priced=hkd("9.90"))

        assert assess(policy, ClaimKind.OVERCHARGE, cent).amount == hkd("0.01")
        assert codes(assess(policy, ClaimKind.OVERCHARGE, known)) == ["not_overcharged"]
        assert codes(assess(policy, ClaimKind.OVERCHARGE, facts())) == ["not_known", "not_known"]


class TestWindows:
    """On which days a claim may be filed."""

    POLICY = attrs.evolve(
        E_EXPRESS,
        covers=frozenset({ClaimKind.DAMAGE, ClaimKind.OVERCHARGE}),
        windows=(
            FilingWindow(
                kinds=frozenset({ClaimKind.DAMAGE}),
                opens=Term(Period(1, PeriodUnit.CALENDAR_DAYS), Since.DELIVERED),
                closes=Term(Period(1, PeriodUnit.MONTHS), Since.DELIVERED),
            ),
            FilingWindow(
                kinds=frozenset({ClaimKind.OVERCHARGE}),
                closes=Term(Period(10, PeriodUnit.BUSINESS_DAYS), Since.BILLED),
            ),
        ),
    )

    @pytest.mark.parametrize(
        ("at", "reasons"),
        [
            ("2026-01-30T23:59:59+08:00", ["window_not_open"]),
            ("2026-01-31T00:00:00+08:00", []),
            ("2026-02-28T23:59:59+08:00", []),
            ("2026-03-01T00:00:00+08:00", ["window_closed"]),
        ],
    )
    def test_both_days_of_a_window_are_in_it(self, at: str, reasons: list[str]) -> None:
        """From the day after delivery, for a calendar month."""
        damaged = attrs.evolve(facts(at=at), delivered_at=instant("2026-01-30T08:00:00+08:00"))

        assert codes(assess(self.POLICY, ClaimKind.DAMAGE, damaged)) == reasons

    @pytest.mark.parametrize(
        ("at", "reasons"),
        [
            ("2026-01-29T23:59:59+08:00", ["window_not_open"]),
            ("2026-01-30T00:00:00+08:00", []),
            ("2026-02-28T23:59:59+08:00", []),
            ("2026-03-01T00:00:00+08:00", ["window_closed"]),
        ],
    )
    def test_a_window_after_an_inexact_delivery_is_the_longest_that_it_may_be(
        self, at: str, reasons: list[str]
    ) -> None:
        """Delivered at noon of the 30th in some zone: on the 29th at 18:00 to the 31st at 8:00."""
        damaged = attrs.evolve(
            facts(at=at),
            delivered_at=instant("2026-01-29T18:00:00+08:00"),
            delivered_by=instant("2026-01-31T08:00:00+08:00"),
        )

        assert codes(assess(self.POLICY, ClaimKind.DAMAGE, damaged)) == reasons

    def test_a_window_whose_beginning_is_not_known_is_not_open(self) -> None:
        """What was not delivered may be damaged, which nobody can tell yet."""
        (reason,) = assess(self.POLICY, ClaimKind.DAMAGE, facts()).reasons

        assert reason.code == "window_not_open"
        assert "from a day that is not known yet on" in str(reason)

    def test_a_window_may_have_one_bound(self) -> None:
        """Ten business days after a bill of Thursday, 5 March."""
        billed = attrs.evolve(
            facts(at="2026-03-19T23:00:00+08:00"),
            billed_at=instant("2026-03-05T08:00:00+08:00"),
            billed=hkd("2.00"),
            priced=hkd("1.00"),
        )
        late = attrs.evolve(billed, at=instant("2026-03-20T00:00:00+08:00"))

        assert assess(self.POLICY, ClaimKind.OVERCHARGE, billed).amount == hkd("1.00")
        assert codes(assess(self.POLICY, ClaimKind.OVERCHARGE, late)) == ["window_closed"]

    def test_a_kind_has_one_window(self) -> None:
        """Which of two would count, nobody knows."""
        window = FilingWindow(kinds=frozenset({ClaimKind.LOSS}))

        with pytest.raises(InvalidValueError, match="two filing windows"):
            attrs.evolve(E_EXPRESS, windows=(window, window))


class TestTerms:
    """How a carrier handles claims."""

    def test_each_kind_needs_its_evidence(self) -> None:
        """All that is stated for it, wherever it stands."""
        photograph, invoice = EvidenceKind.PHOTOGRAPH, EvidenceKind.INVOICE
        terms = ClaimTerms(
            needs=(
                EvidenceNeed(frozenset({ClaimKind.DAMAGE}), frozenset({photograph})),
                EvidenceNeed(frozenset(ClaimKind), frozenset({invoice})),
            )
        )
        shown = Evidence(photograph, "photo-1")

        assert terms.missing(ClaimKind.DAMAGE, []) == {photograph, invoice}
        assert terms.missing(ClaimKind.DAMAGE, [shown]) == {invoice}
        assert terms.missing(ClaimKind.LOSS, []) == {invoice}
        assert ClaimTerms().missing(ClaimKind.DAMAGE, []) == frozenset()


GENEROUS = attrs.evolve(E_EXPRESS, refunds_freight=True)


@pytest.mark.parametrize("earliest", [None, instant("2026-01-31T08:00:01+08:00")], ids=str)
def test_the_latest_delivery_goes_with_an_earliest(earliest: Instant | None) -> None:
    """And is no earlier."""
    latest = instant("2026-01-31T08:00:00+08:00")

    with pytest.raises(InvalidValueError, match="latest delivery '2026-01-31T00:00:00Z'"):
        attrs.evolve(facts(), delivered_at=earliest, delivered_by=latest)

    assert attrs.evolve(facts(), delivered_at=latest, delivered_by=latest).delivered_by == latest


class TestStake:
    """What there is to lose with a parcel, which bounds what may be claimed."""

    FREIGHT = attrs.evolve(facts(), declared=hkd("200.00"), freight=hkd("50.00"))

    @pytest.mark.parametrize(
        ("policy", "kind", "of", "own"),
        [
            (E_EXPRESS, ClaimKind.LOSS, ShareOf.VALUE, "200.00"),
            (GENEROUS, ClaimKind.LOSS, ShareOf.VALUE, "250.00"),
            (GENEROUS, ClaimKind.FAILED_PICK_UP, ShareOf.FREIGHT, "50.00"),
            (E_EXPRESS, ClaimKind.OVERCHARGE, ShareOf.FREIGHT, "50.00"),
        ],
    )
    def test_a_case_is_about_the_goods_or_the_freight(
        self, policy: CompensationPolicy, kind: ClaimKind, of: ShareOf, own: str
    ) -> None:
        """Freight that is refunded along with the goods is a part of what is lost."""
        stake = assess(policy, kind, self.FREIGHT).stake

        assert stake == Stake(of=of, own=hkd(own), whole=hkd("250.00"))

    def test_goods_are_worth_the_highest_that_is_declared_or_proven(self) -> None:
        """The lowest is what is paid; an invoice may show that they are worth more."""
        worth = Worth(invoice=hkd("300.00"), wholesale=hkd("120.00"), repair=hkd("900.00"))

        assessment = assess(E_EXPRESS, ClaimKind.LOSS, self.FREIGHT, worth=worth)

        assert assessment.amount == hkd("200.00")
        assert assessment.stake is not None
        assert assessment.stake.own == hkd("300.00")

    def test_a_credit_beyond_the_bill_leaves_no_freight_and_all_of_the_goods(self) -> None:
        """The carrier gives back more than it charged, which is no part of what is lost."""
        credited = attrs.evolve(self.FREIGHT, freight=hkd("-2.00"))
        policy = attrs.evolve(GENEROUS, covers=frozenset(ClaimKind))

        lost = assess(policy, ClaimKind.LOSS, credited)
        unposted = attrs.evolve(credited, posted_at=None, billed=hkd("-2.00"))
        not_collected = assess(policy, ClaimKind.FAILED_PICK_UP, unposted)
        of_goods = assess(E_EXPRESS, ClaimKind.LOSS, credited).stake
        of_freight = assess(E_EXPRESS, ClaimKind.OVERCHARGE, credited).stake

        assert (lost.amount, not_collected.amount) == (hkd("200.00"), hkd("0.00"))
        assert of_goods == Stake(of=ShareOf.VALUE, own=hkd("200.00"), whole=hkd("200.00"))
        assert of_freight == Stake(of=ShareOf.FREIGHT, own=hkd("0.00"), whole=hkd("200.00"))

    def test_nobody_knows_what_is_at_stake_without_a_rate(self) -> None:
        """The declared value is in another currency than the policy."""
        foreign = attrs.evolve(self.FREIGHT, declared=Money.of("20.00", "USD"))
        by_invoice = attrs.evolve(E_EXPRESS, bases=frozenset({ValueBasis.INVOICE}))

        assessment = assess(by_invoice, ClaimKind.LOSS, foreign, worth=Worth(invoice=hkd("9.00")))

        assert (assessment.amount, assessment.stake) == (hkd("9.00"), None)

    @pytest.mark.parametrize("own", [hkd("-0.01"), hkd("250.01"), Money.of("1.00", "USD")])
    def test_a_part_is_no_more_than_the_whole(self, own: Money) -> None:
        """And of one currency with it."""
        with pytest.raises(InvalidValueError, match="is no part of the whole; allowed: 0 to 250"):
            Stake(of=ShareOf.VALUE, own=own, whole=hkd("250.00"))


def test_business_days_of_a_policy_are_those_of_its_terms() -> None:
    """Silence and windows are counted by the calendar that the carrier states."""
    three = Term(Period(3, PeriodUnit.BUSINESS_DAYS))
    window = FilingWindow(kinds=frozenset({ClaimKind.LOSS}), closes=three)
    plain = attrs.evolve(E_EXPRESS, silence=three, windows=(window,), suspensions=())
    calendar = ListedCalendar(name="example", holidays={date(2026, 1, 1)}, known_through=None)
    listed = attrs.evolve(plain, terms=ClaimTerms(calendar=calendar))
    known = attrs.evolve(facts(), posted_at=instant("2025-12-30T08:00:00+08:00"))

    assert plain.silence_ends(date(2025, 12, 30)) == date(2026, 1, 2)
    assert listed.silence_ends(date(2025, 12, 30)) == date(2026, 1, 5)
    assert plain.closes(ClaimKind.LOSS, known, known.at) == date(2026, 1, 2)
    assert listed.closes(ClaimKind.LOSS, known, known.at) == date(2026, 1, 5)


def test_nothing_is_capped_or_worth_below_zero() -> None:
    """Else a policy would pay a debt."""
    with pytest.raises(InvalidValueError, match=r"amount of Cap '-0.01 USD' is below zero"):
        Cap(Weight(1), Money(-1, "USD"))
    for proof in ("invoice", "wholesale", "repair"):
        with pytest.raises(InvalidValueError, match=f"{proof} of Worth '-0.01 USD' is below zero"):
            Worth(**{proof: Money(-1, "USD")})
    assert Worth(repair=Money(0, "USD")).repair == Money(0, "USD")
