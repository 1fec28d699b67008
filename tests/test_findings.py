"""Findings: what is inaccurate or inconsistent in offers, before any buyer sees them.

Each rule fires on an offer written by hand, with its sentence, and not on the one beside it, which
differs in that one thing.
"""

from typing import Final

import attrs
import pytest

from apaclogistics.compensation import Cap, CompensationPolicy, Term
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.findings import Finding, PromisePolicy, Severity, check
from apaclogistics.offers import Coverage, Offer, ServiceLevel
from apaclogistics.performance import Lane, Performance, Row, Share, Tally
from apaclogistics.promises import DayUnit, Transit
from apaclogistics.rate_cards import Band, Insurance, RateCard, Surcharge
from apaclogistics.restrictions import BatteryLane, Limits, Restrictions
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.goods import Incoterm, LithiumBattery
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import SizeLimits, Weight
from apaclogistics.values.zones import Zone
from tests.samples import day, offer, rate_card, usd

US, DE, RU, HK, CN, MO = (Country(code) for code in ("US", "DE", "RU", "HK", "CN", "MO"))
AMERICA = Zone("US", frozenset({US}))
HAWAII = Zone("Hawaii", frozenset({US}), ("967", "968"))
ALASKA = Zone("Alaska", frozenset({US}), ("995",))
KOWLOON = Zone("Kowloon", frozenset({US, MO, HK}), ("999",))

POLICY: Final = CompensationPolicy(
    name="an example",
    source="an example",
    zone_name="Asia/Hong_Kong",
    silence=Term(Period(2, PeriodUnit.MONTHS)),
    caps=(Cap(Weight(1), usd("50.00")),),
    excluded=frozenset({DE, RU}),
)


def clean() -> Offer:
    """Give an offer in which nothing is wrong: to the United States, up to two kilograms."""
    return attrs.evolve(offer(), claim_policy=POLICY)


def card(
    *bands: Band,
    zones: tuple[Zone, ...] = (AMERICA,),
    surcharges: tuple[Surcharge, ...] = (),
    insurance: Insurance | None = None,
    valid_from: str = "2026-01-01T00:00:00Z",
    valid_until: str | None = "2027-01-01T00:00:00Z",
) -> Offer:
    """Give a clean offer on another rate card."""
    return attrs.evolve(
        clean(),
        rate_card=RateCard(
            name="card",
            zones=zones,
            bands=bands or (Band("US", 2000, usd("5.00")),),
            surcharges=surcharges,
            insurance=insurance,
            valid_from=instant(valid_from),
            valid_until=None if valid_until is None else instant(valid_until),
        ),
    )


def going(*zones: Zone, excluded: tuple[Zone, ...] = (), on: Offer | None = None) -> Offer:
    """Give an offer that goes into zones, on the clean card or another one."""
    return attrs.evolve(on or clean(), coverage=Coverage(zones=zones, excluded=excluded))


def taking(*limits: Limits, on: Offer | None = None) -> Offer:
    """Give an offer with limits."""
    return attrs.evolve(on or clean(), limits=limits)


def grams(most: int) -> Limits:
    """Limit the weight."""
    return Limits(size=SizeLimits(max_grams=most))


def worth(most: Money | None) -> Limits:
    """Limit the value."""
    return Limits(max_value=most)


def one_day(most: int, *, level: ServiceLevel = ServiceLevel.ONE_DAY) -> Offer:
    """Give an offer that takes up to some days."""
    transit = Transit(least=0, most=most, unit=DayUnit.BUSINESS)
    return attrs.evolve(clean(), level=level, transit=transit)


def lanes(*origins: Country) -> Offer:
    """Give an offer that takes batteries from some countries."""
    ion = frozenset({LithiumBattery.ION_IN_EQUIPMENT})
    batteries = tuple(BatteryLane(origin=it, batteries=ion) for it in origins)
    return attrs.evolve(clean(), restrictions=Restrictions(batteries=batteries))


def insuring(most: Money) -> Offer:
    """Give an offer that insures up to some value."""
    return card(insurance=Insurance(percent="1", least=usd("1.00"), most_insured=most))


def seasonal(ends: Instant) -> Offer:
    """Give an offer with a surcharge that ends."""
    window = Window(day(1), ends)
    return card(surcharges=(Surcharge(name="peak season", charge=usd("1.00"), during=window),))


def found(offer: Offer, at: Instant | None = None) -> list[tuple[str, str]]:
    """Check an offer on 2 March 2026 and give codes and sentences."""
    return [(it.code, it.text) for it in check([offer], at or day(2))]


TWO_ZONES = card(
    Band("US", 2000, usd("5.00")), Band("Hawaii", 1000, usd("9.00")), zones=(AMERICA, HAWAII)
)
ONLY_HAWAII = card(Band("Hawaii", 1000, usd("9.00")), zones=(HAWAII,))

BOTH = Zone("both", frozenset({US, CN}))
CHINA_TOO = card(
    Band("US", 2000, usd("5.00")),
    Band("CN", 1000, usd("3.00")),
    zones=(AMERICA, Zone("CN", frozenset({CN}))),
)

ERRORS: Final[dict[str, tuple[Offer, Offer, str, str]]] = {
    "card begins later": (
        card(valid_from="2026-03-02T09:00:00.000001Z"),
        card(valid_from="2026-03-02T09:00:00Z"),
        "card_not_in_force",
        (
            "rate card card is in force from 2026-03-02T09:00:00.000001Z"
            " until 2027-01-01T00:00:00Z, not at 2026-03-02T09:00:00Z"
        ),
    ),
    "open card begins later": (
        card(valid_from="2026-03-03T00:00:00Z", valid_until=None),
        card(valid_until=None),
        "card_not_in_force",
        "rate card card is in force from 2026-03-03T00:00:00Z, not at 2026-03-02T09:00:00Z",
    ),
    "card has ended": (
        card(valid_until="2026-03-02T09:00:00Z"),
        card(valid_until="2026-03-02T09:00:00.000001Z"),
        "card_not_in_force",
        (
            "rate card card is in force from 2026-01-01T00:00:00Z"
            " until 2026-03-02T09:00:00Z, not at 2026-03-02T09:00:00Z"
        ),
    ),
    "country covered without a rate": (
        going(BOTH),
        going(AMERICA),
        "covered_without_rate",
        "zone both covers CN, and e-Express 2026 has no rate",
    ),
    "prefix covered without a rate": (
        going(Zone("islands", frozenset({US}), ("96", "967", "995")), on=ONLY_HAWAII),
        going(Zone("islands", frozenset({US}), ("967", "9681")), on=ONLY_HAWAII),
        "covered_without_rate",
        "zone islands covers US 995, and card has no rate",
    ),
    "zone of the card without a rate": (
        card(zones=(AMERICA, HAWAII)),
        TWO_ZONES,
        "zone_without_rate",
        "zone Hawaii of card has no rate",
    ),
    "zone of the card by postal codes that there are not": (
        card(
            Band("US", 2000, usd("5.00")),
            Band("Kowloon", 2000, usd("5.00")),
            zones=(AMERICA, KOWLOON),
        ),
        card(
            Band("US", 2000, usd("5.00")),
            Band("Alaska", 2000, usd("5.00")),
            zones=(AMERICA, ALASKA),
        ),
        "prefix_without_codes",
        "zone Kowloon is told by postal codes, and HK, MO has none",
    ),
    "excluded by postal codes that there are not": (
        going(excluded=(Zone("Macao", frozenset({MO}), ("9",)),)),
        going(excluded=(Zone("Macao", frozenset({MO})),)),
        "prefix_without_codes",
        "zone Macao is told by postal codes, and MO has none",
    ),
    "limited by postal codes that there are not": (
        taking(Limits(zone=Zone("Macao", frozenset({MO}), ("9",)))),
        taking(Limits(zone=Zone("Macao", frozenset({MO}))), Limits()),
        "prefix_without_codes",
        "zone Macao is told by postal codes, and MO has none",
    ),
    "one day that takes two": (
        one_day(2),
        one_day(1),
        "not_one_day",
        "the level is One-Day, and transit takes 0 to 2 business days",
    ),
    "one day that takes two, by its level": (
        one_day(2),
        one_day(2, level=ServiceLevel.EXPEDITED),
        "not_one_day",
        "the level is One-Day, and transit takes 0 to 2 business days",
    ),
    "batteries from elsewhere": (
        lanes(HK, CN),
        lanes(HK),
        "lane_from_elsewhere",
        "batteries are carried from CN, and the offer is from HK",
    ),
}

WARNINGS: Final[dict[str, tuple[Offer, Offer, str, str]]] = {
    "free": (
        card(Band("US", 500, usd("0.00")), Band("US", 2000, usd("5.00"))),
        card(Band("US", 500, usd("0.01")), Band("US", 2000, usd("5.00"))),
        "free",
        "carriage in zone US up to 500 g is free",
    ),
    "each further kilogram free": (
        card(Band("US", 500, usd("5.00")), Band("US", 2000, usd("0.00"), each_grams=1000)),
        card(Band("US", 500, usd("5.00")), Band("US", 2000, usd("0.01"), each_grams=1000)),
        "free",
        "carriage in zone US up to 2000 g, each 1000 g is free",
    ),
    "heavier is cheaper": (
        card(Band("US", 500, usd("5.00")), Band("US", 2000, usd("4.99"))),
        card(Band("US", 500, usd("5.00")), Band("US", 2000, usd("5.00"))),
        "gets_cheaper",
        "in zone US a parcel gets cheaper above 500 g",
    ),
    "more is taken than priced": (
        taking(grams(1500), grams(2001)),
        taking(grams(1500), grams(2000), Limits()),
        "limit_above_rates",
        "parcels of up to 2001 g are taken, and priced up to 2000 g",
    ),
    "covered and excluded": (
        going(AMERICA, excluded=(Zone("none", frozenset({US, RU})),)),
        going(AMERICA, excluded=(HAWAII,)),
        "covered_and_excluded",
        "US is in zone US, and excluded by none",
    ),
    "two countries covered and excluded": (
        going(BOTH, excluded=(Zone("none", frozenset({US, CN, RU})),), on=CHINA_TOO),
        going(BOTH, on=CHINA_TOO),
        "covered_and_excluded",
        "CN, US is in zone both, and excluded by none",
    ),
    "no policy": (
        offer(),
        clean(),
        "no_claim_policy",
        "nothing says what is paid for a lost parcel",
    ),
    "policy leaves out what is covered": (
        attrs.evolve(
            going(AMERICA), claim_policy=attrs.evolve(POLICY, excluded=frozenset({US, RU}))
        ),
        going(AMERICA),
        "no_compensation",
        "an example pays nothing for parcels to US",
    ),
    "policy leaves out two countries that are covered": (
        attrs.evolve(
            going(BOTH, on=CHINA_TOO),
            claim_policy=attrs.evolve(POLICY, excluded=frozenset({US, CN, RU})),
        ),
        going(BOTH, on=CHINA_TOO),
        "no_compensation",
        "an example pays nothing for parcels to CN, US",
    ),
    "insured below what is taken": (
        taking(worth(usd("500.01")), on=insuring(usd("500.00"))),
        taking(worth(usd("500.00")), on=insuring(usd("500.00"))),
        "insured_below_value",
        "goods of up to 500.01 USD are taken, and insured up to 500.00 USD",
    ),
    "retired incoterm": (
        attrs.evolve(clean(), incoterm=Incoterm.DDU),
        attrs.evolve(clean(), incoterm=Incoterm.DDP),
        "legacy_incoterm",
        "DDU was retired in Incoterms 2010; DAP says the same",
    ),
    "surcharge is over": (
        seasonal(instant("2026-03-02T08:59:59Z")),
        seasonal(instant("2026-03-02T09:00:00Z")),
        "surcharge_over",
        "surcharge peak season ended at 2026-03-02T08:59:59Z",
    ),
}


def test_a_clean_offer_has_no_findings() -> None:
    """Nor has any number of them, nor none."""
    assert check([], day(2)) == ()
    assert check([clean(), clean(), TWO_ZONES], day(2)) == ()


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_found_and_said_in_a_sentence(case: str) -> None:
    """The one thing that is wrong, and no other."""
    faulty, _, code, text = ERRORS[case]

    assert check([faulty], day(2)) == (
        Finding(offer="Economy", severity=Severity.ERROR, code=code, text=text),
    )


@pytest.mark.parametrize("case", WARNINGS)
def test_a_warning_is_found_and_said_in_a_sentence(case: str) -> None:
    """The one thing that is odd, and no other."""
    odd, _, code, text = WARNINGS[case]

    assert check([odd], day(2)) == (
        Finding(offer="Economy", severity=Severity.WARNING, code=code, text=text),
    )


@pytest.mark.parametrize("case", [*ERRORS, *WARNINGS])
def test_the_offer_beside_it_has_no_findings(case: str) -> None:
    """It differs in the one thing that was wrong."""
    _, neighbour, _, _ = {**ERRORS, **WARNINGS}[case]

    assert found(neighbour) == []


def test_an_offer_is_checked_against_an_instant() -> None:
    """The same offer is fine until its card ends."""
    last, end = instant("2026-12-31T23:59:59Z"), instant("2027-01-01T00:00:00Z")

    assert found(clean(), at=last) == []
    assert [code for code, _ in found(clean(), at=end)] == ["card_not_in_force"]


def test_a_country_of_which_a_part_has_a_rate_is_covered() -> None:
    """The postal code tells it when somebody asks; a fixed part must have its rate."""
    assert found(going(AMERICA, on=ONLY_HAWAII)) == []
    assert found(going(HAWAII, on=TWO_ZONES)) == []
    assert found(going(ALASKA, on=TWO_ZONES)) == []
    assert found(going(ALASKA, on=ONLY_HAWAII)) == [
        ("covered_without_rate", "zone Alaska covers US 995, and card has no rate")
    ]


def test_a_country_whose_parts_all_lack_a_rate_is_not_covered() -> None:
    """Zones of a card that hold nothing are told along."""
    bare = card(Band("CN", 2000, usd("5.00")), zones=(HAWAII, Zone("CN", frozenset({CN}))))

    assert found(going(AMERICA, on=bare)) == [
        ("covered_without_rate", "zone US covers US, and card has no rate"),
        ("zone_without_rate", "zone Hawaii of card has no rate"),
    ]


def test_each_place_without_a_rate_is_named() -> None:
    """By zone of the offer, then by country."""
    wide = going(Zone("Asia", frozenset({MO, CN})), AMERICA, Zone("Europe", frozenset({DE})))
    unhedged = attrs.evolve(wide, claim_policy=attrs.evolve(POLICY, excluded=frozenset()))

    assert [text for _, text in found(unhedged)] == [
        "zone Asia covers CN, and e-Express 2026 has no rate",
        "zone Asia covers MO, and e-Express 2026 has no rate",
        "zone Europe covers DE, and e-Express 2026 has no rate",
    ]


def test_what_an_offer_excludes_needs_no_rate() -> None:
    """A continent less some countries of it stops no publication."""
    sanctioned = Zone("never served", frozenset({RU}))
    continent = going(Zone("world", frozenset({US, RU})), excluded=(sanctioned,))

    errors = [it for it in check([continent], day(2)) if it.severity is Severity.ERROR]

    assert errors == []


def test_a_zone_does_not_cover_what_it_excludes_itself() -> None:
    """What is left out of the zone needs no rate."""
    less = Zone("all but one", frozenset({US, CN}), excluded=frozenset({CN}))

    assert found(going(less)) == []


def test_a_policy_is_held_against_the_card_where_the_offer_names_no_zones() -> None:
    """It goes wherever its rate card reaches, so what counts is what the card reaches."""
    unpaid = attrs.evolve(clean(), claim_policy=attrs.evolve(POLICY, excluded=frozenset({US})))

    assert found(unpaid) == [("no_compensation", "an example pays nothing for parcels to US")]


def test_a_limit_is_held_against_the_heaviest_rate() -> None:
    """The lightest zone of the card does not matter to a limit of another one."""
    of_america = Limits(zone=AMERICA, size=SizeLimits(max_grams=2000))

    assert found(taking(of_america, on=CHINA_TOO)) == []


def test_amounts_in_two_currencies_are_not_compared() -> None:
    """Nobody says the rate, so nothing is found."""
    pounds = worth(Money.of("9999.00", "GBP"))

    assert found(taking(pounds, worth(None), on=insuring(usd("500.00")))) == []
    assert found(taking(worth(usd("9999.00")))) == []


def test_a_surcharge_without_an_end_is_never_over() -> None:
    """It is always charged."""
    extra = Surcharge(name="fuel", charge=usd("1.00"))

    assert found(card(surcharges=(extra,))) == []


def test_a_card_without_any_band_is_not_an_exception() -> None:
    """Either there is no such card, or it is found to have no rate."""
    with pytest.raises(InvalidValueError):
        RateCard(name="bare", zones=(), bands=(), minimum=usd("1.00"), valid_from=day(1))


def test_errors_stand_first_and_otherwise_nothing_is_moved() -> None:
    """By offer, then in the order of the rules."""
    retired = attrs.evolve(offer(), name="Retired", incoterm=Incoterm.DDU)
    wrong = attrs.evolve(one_day(2), name="Slow", incoterm=Incoterm.DDU)
    worse = attrs.evolve(lanes(CN), name="Elsewhere")

    answer = check([retired, wrong, worse], day(2))

    assert [(it.severity.value, it.offer, it.code) for it in answer] == [
        ("error", "Slow", "not_one_day"),
        ("error", "Elsewhere", "lane_from_elsewhere"),
        ("warning", "Retired", "no_claim_policy"),
        ("warning", "Retired", "legacy_incoterm"),
        ("warning", "Slow", "legacy_incoterm"),
    ]


def test_a_finding_is_said_in_words_and_given_as_a_reason() -> None:
    """Both name the offer."""
    (finding,) = check([one_day(2)], day(2))
    sentence = "the level is One-Day, and transit takes 0 to 2 business days"

    assert str(finding) == f"error in Economy: {sentence}"
    assert finding.reason == Reason("not_one_day", f"Economy: {sentence}")


def test_every_rule_is_tried_here() -> None:
    """Codes are stable, since programs branch on them."""
    errors = {code for _, _, code, _ in ERRORS.values()}
    warnings = {code for _, _, code, _ in WARNINGS.values()}

    assert errors == {
        "card_not_in_force",
        "covered_without_rate",
        "zone_without_rate",
        "prefix_without_codes",
        "not_one_day",
        "lane_from_elsewhere",
    }
    assert warnings == {
        "free",
        "gets_cheaper",
        "limit_above_rates",
        "covered_and_excluded",
        "no_claim_policy",
        "no_compensation",
        "insured_below_value",
        "legacy_incoterm",
        "surcharge_over",
    }


def test_the_usual_card_is_clean() -> None:
    """What other examples are made of has no errors."""
    assert [code for code, _ in found(attrs.evolve(offer(), rate_card=rate_card()))] == [
        "no_claim_policy"
    ]


def test_an_offer_that_excludes_everything_is_an_error() -> None:
    """A zone without countries is everywhere; one that leaves some out is not."""
    nowhere = attrs.evolve(clean(), coverage=Coverage(excluded=(Zone("embargo"),)))
    some = Zone("embargo", excluded=frozenset({US}))

    assert ("everything_excluded", "embargo excludes every country") in found(nowhere)
    assert found(attrs.evolve(clean(), coverage=Coverage(excluded=(some,)))) == []


TO_US, TO_DE = Lane(HK, US), Lane(HK, DE)
RULE: Final = PromisePolicy(least_percent=80, least_parcels=10)


def kept(on_time: int, of: int, *, lane: Lane = TO_US, offer: str = "Economy") -> Performance:
    """Let so many of so many parcels come on time."""
    tally = Tally(parcels=of, on_time=Share(on_time, of))
    return Performance((Row(lane=lane, offer=offer, tally=tally),))


def promises_found(performance: Performance | None) -> list[Finding]:
    """Check a clean offer against how its promise was kept."""
    return list(check([clean()], day(1), performance, RULE))


def test_a_promise_that_is_not_kept_is_found_with_its_figures() -> None:
    assert promises_found(kept(7, 25)) == [
        Finding(
            offer="Economy",
            severity=Severity.WARNING,
            code="promise_not_kept",
            text="7 of 25 parcels came within what was promised, "
            "and at least 80 % of 10 or more are to",
            share=Share(7, 25),
        )
    ]


@pytest.mark.parametrize(
    ("performance", "is_found"),
    [
        (kept(8, 10), False),
        (kept(7, 10), True),
        (kept(0, 9), False),
        (kept(79, 100), True),
        (kept(0, 100, offer="Express"), False),
        (Performance(), False),
        (None, False),
    ],
    ids=["just enough", "too few", "too few to tell", "many", "another offer", "nothing", "none"],
)
def test_a_promise_is_judged_by_enough_parcels_of_its_own(
    performance: Performance | None, *, is_found: bool
) -> None:
    assert bool(promises_found(performance)) == is_found


def test_a_lane_on_which_a_promise_is_not_kept_is_named() -> None:
    """On all lanes together it is kept."""
    performance = kept(98, 100) + kept(4, 12, lane=TO_DE)

    (finding,) = promises_found(performance)

    assert finding.lane == TO_DE
    assert finding.share == Share(4, 12)
    assert finding.text.startswith("4 of 12 parcels from HK to DE came")


def test_lanes_are_not_named_where_the_promise_is_kept_nowhere() -> None:
    performance = kept(3, 20) + kept(4, 20, lane=TO_DE)

    (finding,) = promises_found(performance)

    assert finding.lane is None
    assert finding.share == Share(7, 40)


def test_small_lanes_count_together() -> None:
    performance = kept(2, 6) + kept(3, 6, lane=TO_DE)

    assert [it.share for it in promises_found(performance)] == [Share(5, 12)]


def test_a_rule_that_every_promise_or_none_would_keep_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="percentage on time 0"):
        PromisePolicy(least_percent=0)
    with pytest.raises(InvalidValueError, match="number of parcels 0"):
        PromisePolicy(least_parcels=0)
