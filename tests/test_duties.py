"""What importing is estimated to cost rests on a dated table, and never on a guess.

The rows below are examples.  The averages for the United States, the additional duty that ends and
spares books, and the low values of Europe are after what carriers and customs published in 2025 and
2026; they are no tariff.
"""

from decimal import Context, Decimal, localcontext

import attrs
import pytest

from apaclogistics.duties import DutiesUnknown, DutyEstimate, DutyLine, estimate
from apaclogistics.duty_tables import (
    AdValorem,
    DutyRule,
    DutyTable,
    Levy,
    Limit,
    Per,
    Specific,
    TaxRule,
    Threshold,
    checked_amount,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import Country

US, GB, DE, CN, HK, JP = (Country(code) for code in ("US", "GB", "DE", "CN", "HK", "JP"))
BEGIN = instant("2026-01-01T00:00:00Z")
MARCH = instant("2026-03-01T00:00:00Z")
EXPIRY = instant("2026-07-24T04:00:00Z")


def usd(amount: str) -> Money:
    """Give US dollars."""
    return Money.of(amount, "USD")


def eur(amount: str) -> Money:
    """Give euros."""
    return Money.of(amount, "EUR")


def duty(
    percent: str,
    *hs_prefixes: str,
    name: str = "",
    destination: Country = US,
    on_freight: bool = False,
) -> DutyRule:
    """Give an example of a duty in percent, named after what it is."""
    return DutyRule(
        name=name or f"duty {' '.join(hs_prefixes)}".strip(),
        destination=destination,
        hs_prefixes=hs_prefixes,
        rate=AdValorem(percent, on_freight=on_freight),
        valid_from=BEGIN,
    )


def tax(percent: str, *, destination: Country = US, on_freight: bool = False) -> TaxRule:
    """Give an example of a tax."""
    return TaxRule(
        name="tax",
        destination=destination,
        percent=percent,
        on_freight=on_freight,
        valid_from=BEGIN,
    )


def threshold(
    amount: Money, kind: Levy = Levy.DUTY, *, destination: Country = US, limit: Limit = Limit.UP_TO
) -> Threshold:
    """Give an example of a low value."""
    return Threshold(
        name="low value",
        kind=kind,
        destination=destination,
        amount=amount,
        limit=limit,
        valid_from=BEGIN,
    )


ADDITIONAL = DutyRule(
    name="additional",
    kind=Levy.ADDITIONAL_DUTY,
    destination=US,
    exempt_prefixes=("49",),
    rate=AdValorem("10"),
    valid_from=BEGIN,
    valid_until=EXPIRY,
)
AVERAGES = DutyTable(
    name="US averages",
    source="an example after published averages",
    rules=(
        duty("10.1", "61", "62"),
        duty("12.5", "64"),
        duty("9.9", "4202"),
        duty("0", "49", "95"),
        duty("2.6", "71"),
        duty("6.8", "69"),
        duty("1.3", "85"),
        ADDITIONAL,
    ),
    taxes=(tax("0"),),
)


def item(
    value: Money, hs_code: str = "610910", *, origin: Country | None = None, pieces: int = 1
) -> CustomsItem:
    """Give goods of some worth."""
    return CustomsItem(
        description="goods", quantity=pieces, value=value, hs_code=hs_code, origin=origin
    )


def asked(
    table: DutyTable,
    *items: CustomsItem,
    origin: Country | None = CN,
    destination: Country = US,
    freight: Money | None = None,
    currency: str = "USD",
    at: Instant = MARCH,
    rates: tuple[ExchangeRate, ...] = (),
) -> DutyEstimate | DutiesUnknown:
    """Ask a table about goods from China in March, with nothing to pay for freight."""
    return estimate(
        table,
        items=items,
        origin=origin,
        destination=destination,
        freight=Money.zero(currency) if freight is None else freight,
        currency=currency,
        at=at,
        rates=rates,
    )


def lines(answer: DutyEstimate | DutiesUnknown) -> list[tuple[str, str]]:
    """Give what each line says and comes to."""
    assert isinstance(answer, DutyEstimate), answer
    return [(line.label, str(line.amount)) for line in answer.lines]


def total(answer: DutyEstimate | DutiesUnknown) -> Money:
    """Give what is due in all."""
    assert isinstance(answer, DutyEstimate), answer
    return answer.total


def reasons(answer: DutyEstimate | DutiesUnknown) -> list[tuple[str, str]]:
    """Give why there is no estimate."""
    assert isinstance(answer, DutiesUnknown), answer
    return [(reason.code, reason.text) for reason in answer.reasons]


def no_rate(goods: str, at: str = "2026-03-01T00:00:00Z") -> str:
    """Say that the averages have no rate for goods on their way."""
    return f"US averages has no duty rate for {goods} at {at}"


def no_exchange(base: str, quote: str) -> str:
    """Say that nobody knows in March what a currency is worth in another."""
    return f"there is no exchange rate from {base} to {quote} as of 2026-03-01T00:00:00Z"


def rate_of(base: str, quote: str, rate: str, at: str = "2026-02-01T00:00:00Z") -> ExchangeRate:
    """Give what one unit of a currency is worth in another."""
    return ExchangeRate(base=base, quote=quote, rate=rate, at=at, source="an example")


def with_rules(*rules: DutyRule) -> DutyTable:
    """Give a table of these rules, without tax in the United States."""
    return DutyTable(name="table", source="an example", rules=rules, taxes=(tax("0"),))


class TestEstimates:
    """Lines that add up, and what they rest on."""

    def test_duty_and_additional_duty_are_lines_of_their_own(self) -> None:
        """And so is the tax, of nothing."""
        answer = asked(AVERAGES, item(usd("50.00")))

        assert answer == DutyEstimate(
            table="US averages",
            source="an example after published averages",
            at=MARCH,
            currency=Currency("USD"),
            lines=(
                DutyLine(
                    levy=Levy.DUTY,
                    label="duty 61 62: 10.1 % of 50.00 USD",
                    amount=usd("5.05"),
                ),
                DutyLine(
                    levy=Levy.ADDITIONAL_DUTY,
                    label="additional: 10 % of 50.00 USD",
                    amount=usd("5.00"),
                ),
                DutyLine(levy=Levy.TAX, label="tax: 0 % of 60.05 USD", amount=usd("0.00")),
            ),
        )
        assert total(answer) == usd("10.05")

    @pytest.mark.parametrize(
        ("hs_code", "due"),
        [
            ("610910", "20.10"),
            ("62034231", "20.10"),
            ("640319", "22.50"),
            ("420221", "19.90"),
            ("950300", "10.00"),
            ("711311", "12.60"),
            ("691110", "16.80"),
            ("851712", "11.30"),
            # Books are exempt from the additional duty as well.
            ("490199", "0.00"),
        ],
    )
    def test_goods_go_by_their_hs_code(self, hs_code: str, due: str) -> None:
        """Published averages and ten percent more, of a hundred dollars."""
        assert total(asked(AVERAGES, item(usd("100.00"), hs_code))) == usd(due)

    def test_goods_under_one_rule_are_one_line(self) -> None:
        """So that nothing is lost or won by rounding each item; pieces are in the value."""
        shirts = [item(usd("0.04"), "610910", pieces=3), item(usd("0.01"), "620342")]

        answer = asked(with_rules(duty("10.1", "61", "62")), *shirts)

        # A tenth of five cents is half a cent and a little; of four and of one it is none.
        assert lines(answer)[0] == ("duty 61 62: 10.1 % of 0.05 USD", "0.01 USD")

    @pytest.mark.parametrize(
        ("value", "percent", "due"),
        [
            ("0.49", "1", "0.00"),
            ("0.50", "1", "0.01"),
            ("1.50", "1", "0.02"),
            ("2.50", "1", "0.03"),
            ("100.00", "0.004999", "0.00"),
            ("100.00", "0.005", "0.01"),
            ("10.00", "1000", "100.00"),
            ("0.00", "10", "0.00"),
        ],
    )
    def test_a_line_is_rounded_half_up(self, value: str, percent: str, due: str) -> None:
        """To the cent, once."""
        assert total(asked(with_rules(duty(percent)), item(usd(value)))) == usd(due)

    def test_the_precision_of_an_application_is_none_of_ours(self) -> None:
        """Two digits would make 12.34 percent twelve."""
        with localcontext(Context(prec=2)):
            answer = asked(with_rules(duty("12.34")), item(usd("100.00")))

        assert total(answer) == usd("12.34")

    def test_an_estimate_is_in_the_currency_that_is_asked_for(self) -> None:
        """By its code or as a value."""
        answer = estimate(
            with_rules(duty("10")),
            items=[item(usd("10.00"))],
            origin=CN,
            destination=US,
            freight=usd("0.00"),
            currency=Currency("USD"),
            at=MARCH,
        )

        assert total(answer) == usd("1.00")

    def test_freight_is_not_negative(self) -> None:
        """It would lower the tax."""
        with pytest.raises(InvalidValueError, match=r"freight '-0.01 USD' is negative"):
            asked(AVERAGES, item(usd("50.00")), freight=usd("-0.01"))

    def test_an_instant_has_a_zone(self) -> None:
        """Expiry is a matter of hours."""
        with pytest.raises(InvalidValueError, match="has no zone"):
            asked(AVERAGES, item(usd("50.00")), at=MARCH.naive())


class TestDates:
    """Everything is as of an instant."""

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-01-01T00:00:00Z", "20.10"),
            ("2026-07-24T03:59:59.999999Z", "20.10"),
            ("2026-07-24T04:00:00Z", "10.10"),
            ("2026-07-24T00:00:00-04:00", "10.10"),
            ("2030-01-01T00:00:00Z", "10.10"),
        ],
    )
    def test_an_additional_duty_ends_at_an_instant(self, at: str, due: str) -> None:
        """At that instant it is gone already."""
        assert total(asked(AVERAGES, item(usd("100.00")), at=instant(at))) == usd(due)

    def test_an_additional_duty_that_ended_leaves_no_line(self) -> None:
        """Not even of nothing."""
        answer = asked(AVERAGES, item(usd("100.00")), at=EXPIRY)

        assert isinstance(answer, DutyEstimate)
        assert [line.levy for line in answer.lines] == [Levy.DUTY, Levy.TAX]

    def test_before_a_table_begins_nothing_is_known(self) -> None:
        """Neither duty nor tax."""
        answer = asked(AVERAGES, item(usd("1.00")), at=instant("2025-12-31T23:59:59Z"))

        assert reasons(answer) == [
            (
                "no_duty_rate",
                no_rate("'goods' (HS 610910) from CN to US", "2025-12-31T23:59:59Z"),
            ),
            ("no_tax_rate", "US averages has no tax rate for US at 2025-12-31T23:59:59Z"),
        ]

    def test_one_rule_follows_another_without_a_gap(self) -> None:
        """What ends at an instant and what begins at it do not contradict each other."""
        old = attrs.evolve(duty("5", "61", name="old"), valid_until=EXPIRY)
        new = attrs.evolve(duty("7", "61", name="new"), valid_from=EXPIRY)
        table = with_rules(new, old)

        before = asked(table, item(usd("100.00")), at=EXPIRY.subtract(microseconds=1))
        after = asked(table, item(usd("100.00")), at=EXPIRY)

        assert total(before) == usd("5.00")
        assert total(after) == usd("7.00")


class TestWhichDutyCounts:
    """The longest prefix; of two as long, the one that names the origin."""

    @pytest.mark.parametrize(
        ("hs_code", "due"),
        [
            ("6109101010", "3.00"),
            ("6109100020", "4.00"),
            ("6109100010", "5.00"),
            ("6109901010", "2.00"),
            ("6110201010", "1.00"),
            ("6203421010", "9.00"),
        ],
    )
    def test_the_longest_prefix_counts(self, hs_code: str, due: str) -> None:
        """Any goods, chapter, heading, six digits and the country's own."""
        table = with_rules(
            duty("9"),
            duty("3", "610910"),
            duty("1", "61"),
            duty("5", "6109100010"),
            duty("2", "6109"),
            duty("4", "61091000"),
        )

        assert total(asked(table, item(usd("100.00"), hs_code))) == usd(due)

    @pytest.mark.parametrize("exempt", [(), ("61091000",)])
    def test_a_code_of_too_few_digits_tells_no_rate(self, exempt: tuple[str, ...]) -> None:
        """Six digits do not say which of eight are meant, so neither 3 % nor 25 % is guessed."""
        longer = duty("25", "61091000") if not exempt else duty("25", "61")
        table = with_rules(duty("3", "6109"), attrs.evolve(longer, exempt_prefixes=exempt))

        short, full = (asked(table, item(usd("100.00"), it)) for it in ("610910", "61091010"))

        assert [code for code, _ in reasons(short)] == ["hs_code_too_short"]
        assert total(full) == usd("3.00")

    def test_the_longest_of_several_prefixes_of_a_rule_counts(self) -> None:
        """The rule with a chapter and a heading goes before the one with the chapter."""
        table = with_rules(duty("1", "61", name="a"), duty("2", "6109", "62", name="b"))

        assert total(asked(table, item(usd("100.00")))) == usd("2.00")

    def test_a_rule_for_an_origin_goes_before_one_for_any(self) -> None:
        """The goods' own origin counts, else that of the parcel."""
        preferred = attrs.evolve(duty("0", "61", name="preferred"), origins=frozenset({JP}))
        table = with_rules(duty("10", "61"), preferred)

        assert total(asked(table, item(usd("100.00")), origin=CN)) == usd("10.00")
        assert total(asked(table, item(usd("100.00")), origin=JP)) == usd("0.00")
        assert total(asked(table, item(usd("100.00"), origin=JP), origin=CN)) == usd("0.00")
        assert total(asked(table, item(usd("100.00"), origin=CN), origin=JP)) == usd("10.00")

    def test_a_longer_prefix_goes_before_an_origin(self) -> None:
        """What is said of the very goods counts."""
        general = attrs.evolve(duty("10", "61", name="of Japan"), origins=frozenset({JP}))
        table = with_rules(duty("3", "6109"), general)

        assert total(asked(table, item(usd("100.00")), origin=JP)) == usd("3.00")

    def test_a_rule_may_leave_goods_out(self) -> None:
        """Then the next one counts."""
        table = with_rules(
            attrs.evolve(duty("10", "61", name="a"), exempt_prefixes=("6109",)), duty("1", name="b")
        )

        assert total(asked(table, item(usd("100.00"), "610910"))) == usd("1.00")
        assert total(asked(table, item(usd("100.00"), "611020"))) == usd("10.00")

    def test_a_rule_may_leave_origins_out(self) -> None:
        """All but two, say."""
        spared = attrs.evolve(ADDITIONAL, except_origins=frozenset({JP, GB}))
        table = with_rules(duty("1"), spared)

        assert total(asked(table, item(usd("100.00")), origin=CN)) == usd("11.00")
        assert total(asked(table, item(usd("100.00")), origin=JP)) == usd("1.00")

    def test_every_additional_duty_that_applies_is_added(self) -> None:
        """Those for other origins, goods and destinations are not."""
        of_china = attrs.evolve(ADDITIONAL, name="a", origins=frozenset({CN, HK}))
        of_japan = attrs.evolve(ADDITIONAL, name="b", origins=frozenset({JP}))
        of_shoes = attrs.evolve(ADDITIONAL, name="c", hs_prefixes=("64",))
        of_britain = attrs.evolve(ADDITIONAL, name="d", destination=GB)
        table = with_rules(duty("1"), of_britain, of_shoes, of_japan, ADDITIONAL, of_china)

        assert lines(asked(table, item(usd("100.00")))) == [
            ("duty: 1 % of 100.00 USD", "1.00 USD"),
            ("a: 10 % of 100.00 USD", "10.00 USD"),
            ("additional: 10 % of 100.00 USD", "10.00 USD"),
            ("tax: 0 % of 121.00 USD", "0.00 USD"),
        ]

    def test_each_item_has_its_own_duty(self) -> None:
        """In one parcel."""
        answer = asked(
            AVERAGES,
            item(usd("100.00"), "490199"),
            item(usd("30.00")),
            item(usd("20.00"), "640319"),
        )

        assert lines(answer) == [
            ("duty 49 95: 0 % of 100.00 USD", "0.00 USD"),
            ("duty 61 62: 10.1 % of 30.00 USD", "3.03 USD"),
            ("duty 64: 12.5 % of 20.00 USD", "2.50 USD"),
            ("additional: 10 % of 50.00 USD", "5.00 USD"),
            ("tax: 0 % of 160.53 USD", "0.00 USD"),
        ]


class TestFixedDuties:
    """Posts take a fixed duty, for each parcel or each piece."""

    def fixed(self, per: Per, amount: str = "80.00", *hs_prefixes: str) -> DutyRule:
        """Give an example of a fixed duty."""
        return attrs.evolve(
            duty("0", *hs_prefixes, name=f"postal {per.value}"), rate=Specific(usd(amount), per)
        )

    def test_a_duty_for_a_parcel_is_due_once(self) -> None:
        """However much is in it."""
        table = with_rules(self.fixed(Per.PARCEL))

        answer = asked(table, item(usd("1.00"), pieces=3), item(usd("2.00"), "640319", pieces=2))

        assert lines(answer)[0] == ("postal parcel: 1 x 80.00 USD a parcel", "80.00 USD")

    def test_several_parcels_of_one_entry_are_one(self) -> None:
        """A list of items is one entry, and over its low value only together."""
        table = attrs.evolve(
            with_rules(self.fixed(Per.PARCEL)), thresholds=(threshold(usd("30.00")),)
        )
        first, second = item(usd("20.00")), item(usd("20.00"))

        assert total(asked(table, first)) == usd("0.00")
        assert total(asked(table, first, second)) == usd("80.00")

    def test_a_duty_for_a_piece_is_due_for_each(self) -> None:
        """Of the goods that it reaches."""
        table = with_rules(self.fixed(Per.PIECE, "1.50", "61"), duty("0"))

        answer = asked(table, item(usd("1.00"), pieces=3), item(usd("2.00"), "640319", pieces=2))

        assert lines(answer)[1] == ("postal piece: 3 x 1.50 USD a piece", "4.50 USD")

    def test_a_duty_for_a_parcel_is_not_due_where_it_reaches_nothing(self) -> None:
        """No goods of that kind are in it."""
        table = with_rules(self.fixed(Per.PARCEL, "80.00", "64"), duty("0"))

        assert total(asked(table, item(usd("1.00")))) == usd("0.00")

    def test_a_fixed_duty_is_converted(self) -> None:
        """After it is multiplied, and rounded half up."""
        table = with_rules(self.fixed(Per.PIECE, "0.01"))
        rates = (rate_of("USD", "GBP", "0.75"),)

        answer = asked(table, item(Money.of("9.00", "GBP"), pieces=2), currency="GBP", rates=rates)

        assert lines(answer)[0] == ("postal piece: 2 x 0.01 USD a piece", "0.02 GBP")

    def test_a_fixed_duty_without_a_rate_is_not_nothing(self) -> None:
        """It is a reason."""
        table = with_rules(self.fixed(Per.PARCEL))

        answer = asked(table, item(Money.of("9.00", "GBP")), currency="GBP")

        assert reasons(answer) == [("no_exchange_rate", no_exchange("USD", "GBP"))]

    def test_a_fixed_duty_is_not_negative(self) -> None:
        """Nobody is paid for importing."""
        with pytest.raises(InvalidValueError, match=r"specific duty '-0.01 USD' is negative"):
            Specific(usd("-0.01"), Per.PARCEL)


class TestTaxes:
    """On goods and duties, and on freight where it says so."""

    @pytest.mark.parametrize(
        ("on_freight", "taxed", "due"),
        # 20 % of 100.00 and 12.00, and of that and 9.99.
        [(False, "112.00", "22.40"), (True, "121.99", "24.40")],
    )
    def test_a_tax_is_on_goods_and_duty(self, taxed: str, due: str, *, on_freight: bool) -> None:
        table = DutyTable(
            name="table",
            source="an example",
            rules=(duty("12", destination=GB),),
            taxes=(tax("20", destination=GB, on_freight=on_freight),),
        )

        answer = asked(table, item(usd("100.00")), destination=GB, freight=usd("9.99"))

        assert lines(answer)[1] == (f"tax: 20 % of {taxed} USD", f"{due} USD")

    def test_additional_duty_is_taxed_too(self) -> None:
        table = attrs.evolve(AVERAGES, taxes=(tax("10"),))

        answer = asked(table, item(usd("100.00")))

        assert lines(answer)[2] == ("tax: 10 % of 120.10 USD", "12.01 USD")

    def test_several_taxes_are_added(self) -> None:
        """Each on the same, not one on the other."""
        federal, state = tax("5"), attrs.evolve(tax("10"), name="another")
        table = attrs.evolve(with_rules(duty("0")), taxes=(federal, state))

        assert lines(asked(table, item(usd("100.00"))))[1:] == [
            ("another: 10 % of 100.00 USD", "10.00 USD"),
            ("tax: 5 % of 100.00 USD", "5.00 USD"),
        ]

    def test_taxes_of_other_countries_and_times_are_not_due(self) -> None:
        later = attrs.evolve(tax("50"), valid_from=EXPIRY)
        table = attrs.evolve(
            with_rules(duty("0")), taxes=(tax("10"), later, tax("20", destination=GB))
        )

        assert total(asked(table, item(usd("100.00")))) == usd("10.00")

    def test_a_missing_tax_is_not_nothing(self) -> None:
        """Where there is none, the table says so with one of 0 percent."""
        answer = asked(attrs.evolve(AVERAGES, taxes=()), item(usd("100.00")))

        assert reasons(answer) == [
            ("no_tax_rate", "US averages has no tax rate for US at 2026-03-01T00:00:00Z")
        ]


class TestFreightInTheCustomsValue:
    """In Europe goods are worth what they are with carriage to the border."""

    def test_duty_is_on_freight_too(self) -> None:
        table = with_rules(duty("10", on_freight=True))

        answer = asked(table, item(usd("80.00")), item(usd("20.00")), freight=usd("15.00"))

        assert lines(answer)[0] == ("duty: 10 % of 115.00 USD", "11.50 USD")

    def test_freight_is_shared_by_value(self) -> None:
        """A third of the goods bears a third of ten dollars."""
        table = with_rules(duty("100", "61", on_freight=True), duty("100", "64", on_freight=True))

        answer = asked(
            table, item(usd("10.00")), item(usd("20.00"), "640319"), freight=usd("10.00")
        )

        assert lines(answer)[:2] == [
            ("duty 61: 100 % of 13.33 USD", "13.33 USD"),
            ("duty 64: 100 % of 26.67 USD", "26.67 USD"),
        ]

    def test_half_a_cent_of_freight_counts(self) -> None:
        """It is rounded up, for each of two halves."""
        table = with_rules(duty("100", "61", on_freight=True), duty("0", on_freight=True))

        answer = asked(table, item(usd("1.00")), item(usd("1.00"), "640319"), freight=usd("0.01"))

        assert lines(answer)[0] == ("duty 61: 100 % of 1.01 USD", "1.01 USD")

    def test_worthless_goods_bear_no_freight(self) -> None:
        """There is nothing to share it by."""
        table = with_rules(duty("100", on_freight=True))

        assert total(asked(table, item(usd("0.00")), freight=usd("9.00"))) == usd("0.00")


# An example after the EU: no duty up to 150 EUR, and VAT that the marketplace collects up to then.
GERMANY = DutyTable(
    name="Germany",
    source="an example after EU rules",
    rules=(duty("12", "61", destination=DE, on_freight=True),),
    taxes=(tax("19", destination=DE, on_freight=True),),
    thresholds=(
        threshold(eur("150.00"), destination=DE),
        attrs.evolve(threshold(eur("150.00"), Levy.TAX, destination=DE), name="collected"),
    ),
)


class TestThresholds:
    """Low values are spared, and a line of nothing says why."""

    def test_nothing_is_due_up_to_a_value(self) -> None:
        """That of the goods alone, and of all of them; no HS code is needed then."""
        answer = asked(
            GERMANY,
            item(eur("100.00")),
            item(eur("50.00"), ""),
            destination=DE,
            freight=eur("20.00"),
            currency="EUR",
        )

        assert lines(answer) == [
            ("low value: no duty up to 150.00 EUR", "0.00 EUR"),
            ("collected: no tax up to 150.00 EUR", "0.00 EUR"),
        ]
        assert total(answer) == eur("0.00")

    def test_above_it_all_is_due(self) -> None:
        """Not only what is above."""
        answer = asked(
            GERMANY, item(eur("150.01")), destination=DE, freight=eur("20.00"), currency="EUR"
        )

        # 12 % of 170.01 is 20.4012; 19 % of 190.41 is 36.1779.
        assert lines(answer) == [
            ("duty 61: 12 % of 170.01 EUR", "20.40 EUR"),
            ("tax: 19 % of 190.41 EUR", "36.18 EUR"),
        ]

    @pytest.mark.parametrize(
        ("limit", "value", "due"),
        [
            (Limit.UP_TO, "799.99", "0.00"),
            (Limit.UP_TO, "800.00", "0.00"),
            (Limit.UP_TO, "800.01", "80.00"),
            (Limit.BELOW, "799.99", "0.00"),
            (Limit.BELOW, "800.00", "80.00"),
        ],
    )
    def test_a_limit_says_whether_it_is_within(self, limit: Limit, value: str, due: str) -> None:
        table = attrs.evolve(
            with_rules(duty("10")), thresholds=(threshold(usd("800.00"), limit=limit),)
        )

        assert total(asked(table, item(usd(value)))) == usd(due)

    def test_a_threshold_spares_one_kind_only(self) -> None:
        """Additional duty is due on low values too, unless another row says no."""
        table = attrs.evolve(AVERAGES, thresholds=(threshold(usd("800.00")),))

        assert lines(asked(table, item(usd("100.00")))) == [
            ("low value: no duty up to 800.00 USD", "0.00 USD"),
            ("additional: 10 % of 100.00 USD", "10.00 USD"),
            ("tax: 0 % of 110.00 USD", "0.00 USD"),
        ]

    @pytest.mark.parametrize(
        ("at", "origin", "due"),
        [
            ("2026-07-24T03:59:59Z", JP, "0.00"),
            ("2026-07-24T04:00:00Z", JP, "10.00"),
            # No low value of these two is spared, at any time.
            ("2026-03-01T00:00:00Z", CN, "10.00"),
            ("2026-03-01T00:00:00Z", HK, "10.00"),
        ],
    )
    def test_a_threshold_ends_and_leaves_origins_out(
        self, at: str, origin: Country, due: str
    ) -> None:
        """As the low value of the United States did."""
        low = attrs.evolve(
            threshold(usd("800.00")), except_origins=frozenset({CN, HK}), valid_until=EXPIRY
        )
        table = attrs.evolve(with_rules(duty("10")), thresholds=(low,))

        assert total(asked(table, item(usd("100.00")), origin=origin, at=instant(at))) == usd(due)

    def test_a_threshold_holds_for_a_parcel_if_for_all_in_it(self) -> None:
        """One shirt from elsewhere, and everything is dutiable."""
        low = attrs.evolve(threshold(usd("800.00")), origins=frozenset({JP}))
        table = attrs.evolve(with_rules(duty("10")), thresholds=(low,))
        japanese, chinese = item(usd("30.00"), origin=JP), item(usd("20.00"), origin=CN)

        assert total(asked(table, japanese, japanese)) == usd("0.00")
        assert total(asked(table, japanese, chinese)) == usd("5.00")

    def test_of_several_thresholds_one_suffices(self) -> None:
        """The one that is met is named, the first by name of two."""
        met = [attrs.evolve(threshold(usd("800.00")), name=name) for name in ("b", "a")]
        table = attrs.evolve(with_rules(duty("10")), thresholds=(threshold(usd("10.00")), *met))

        assert lines(asked(table, item(usd("100.00"))))[0] == (
            "a: no duty up to 800.00 USD",
            "0.00 USD",
        )

    def test_a_value_in_another_currency_is_converted(self) -> None:
        """Straight into that of the threshold."""
        rates = (rate_of("USD", "EUR", "0.9"),)

        # Of 166.66 USD, 149.994 EUR are 150.00 EUR; of a cent more, 150.003 EUR are above it.
        spared = asked(GERMANY, item(usd("166.66")), destination=DE, rates=rates)
        due = asked(GERMANY, item(usd("166.67")), destination=DE, rates=rates)

        assert total(spared) == usd("0.00")
        # 12 % of 166.67 is 20.0004; 19 % of 186.67 is 35.4673.
        assert total(due) == usd("55.47")

    def test_many_small_things_are_worth_what_they_are_worth_together(self) -> None:
        """900 lines of a dollar are 360 yen at 0.4, and not nothing."""
        table = attrs.evolve(with_rules(duty("10")), thresholds=(threshold(Money(150, "JPY")),))
        rates = (rate_of("USD", "JPY", "0.4"),)

        answer = asked(table, *[item(usd("1.00"))] * 900, rates=rates)

        assert total(answer) == usd("90.00")

    def test_without_a_rate_nobody_knows_whether_a_value_is_low(self) -> None:
        """Another threshold that is met leaves nothing to doubt."""
        certain = attrs.evolve(
            GERMANY,
            thresholds=tuple(
                attrs.evolve(threshold(usd("200.00"), kind, destination=DE), name="in dollars")
                for kind in (Levy.DUTY, Levy.TAX)
            )
            + GERMANY.thresholds,
        )

        unknown = asked(GERMANY, item(usd("100.00")), destination=DE)
        known = asked(certain, item(usd("100.00")), destination=DE)

        assert reasons(unknown) == [("no_exchange_rate", no_exchange("USD", "EUR"))]
        assert total(known) == usd("0.00")

    def test_without_an_origin_nobody_knows_whether_it_holds(self) -> None:
        low = attrs.evolve(threshold(usd("800.00")), except_origins=frozenset({CN}))
        table = attrs.evolve(with_rules(duty("10")), thresholds=(low,))

        answer = asked(
            table, item(usd("50.00"), "640319", origin=JP), item(usd("50.00")), origin=None
        )

        assert reasons(answer) == [
            (
                "origin_missing",
                "low value depends on the origin of 'goods' (HS 610910), which is not known",
            )
        ]

    def test_a_threshold_is_not_negative(self) -> None:
        with pytest.raises(InvalidValueError, match=r"threshold '-0.01 USD' is negative"):
            threshold(usd("-0.01"))


class TestCurrencies:
    """A rate is dated and passed in; a missing one is a reason."""

    def test_values_and_freight_are_converted(self) -> None:
        """What is of one currency together, rounded half up."""
        table = attrs.evolve(with_rules(duty("10")), taxes=(tax("10", on_freight=True),))
        rates = (rate_of("HKD", "USD", "0.125"), rate_of("JPY", "USD", "0.006"))

        answer = asked(
            table,
            item(Money.of("100.04", "HKD")),
            item(Money.of("100.04", "HKD")),
            item(usd("1.00")),
            freight=Money.of("1000", "JPY"),
            rates=rates,
        )

        # Twice 12.505 is 25.01, and a dollar; 6.00 of freight.
        assert lines(answer) == [
            ("duty: 10 % of 26.01 USD", "2.60 USD"),
            ("tax: 10 % of 34.61 USD", "3.46 USD"),
        ]

    def test_the_latest_rate_that_was_known_counts(self) -> None:
        rates = (
            rate_of("HKD", "USD", "0.2", "2026-03-01T00:00:00.000001Z"),
            rate_of("HKD", "USD", "0.125", "2026-03-01T00:00:00Z"),
            rate_of("HKD", "USD", "0.1", "2026-02-01T00:00:00Z"),
        )

        answer = asked(with_rules(duty("10")), item(Money.of("80.00", "HKD")), rates=rates)

        assert total(answer) == usd("1.00")

    def test_a_rate_that_was_not_known_yet_is_missing(self) -> None:
        rates = (rate_of("HKD", "USD", "0.125", "2026-03-01T00:00:01Z"),)

        answer = asked(with_rules(duty("10")), item(Money.of("80.00", "HKD")), rates=rates)

        assert reasons(answer) == [("no_exchange_rate", no_exchange("HKD", "USD"))]

    def test_a_rate_the_other_way_round_is_another_rate(self) -> None:
        """Nobody inverts it in silence."""
        rates = (rate_of("USD", "HKD", "8"),)

        answer = asked(with_rules(duty("10")), item(Money.of("80.00", "HKD")), rates=rates)

        assert [code for code, _ in reasons(answer)] == ["no_exchange_rate"]

    def test_freight_without_a_rate_is_not_nothing(self) -> None:
        answer = asked(with_rules(duty("10")), item(usd("1.00")), freight=eur("5.00"))

        assert reasons(answer) == [("no_exchange_rate", no_exchange("EUR", "USD"))]


# The most that money can be: ten quadrillion cents.
MOST = usd("100000000000000.00")


class TestAbsurdAmounts:
    """What is beyond any amount of money is a reason, whatever it comes from."""

    def too_much(self, what: str, minor: str) -> tuple[str, str]:
        """Say that so many minor units are no money."""
        limits = "allowed: -10000000000000000 to 10000000000000000"
        problem = f"amount in minor units {minor} is out of range; {limits}"
        return "amount_out_of_range", f"{what} is too much: {problem}"

    def test_goods_may_be_worth_the_most_that_money_can_be(self) -> None:
        """And taxed at all of it."""
        table = attrs.evolve(with_rules(duty("0")), taxes=(tax("100"),))

        assert total(asked(table, item(MOST))) == MOST

    def test_a_value_that_cannot_be_converted(self) -> None:
        """A rate of two makes it too much."""
        rates = (rate_of("USD", "EUR", "2"),)

        answer = asked(
            attrs.evolve(GERMANY, thresholds=()),
            item(MOST, ""),
            destination=DE,
            currency="EUR",
            rates=rates,
        )

        # Another reason does not hide it.
        assert reasons(answer) == [
            self.too_much(f"{MOST} in EUR", "20000000000000000"),
            ("hs_code_missing", "Germany goes by HS code for DE: 'goods' (without HS code)"),
        ]

    def test_freight_that_cannot_be_converted(self) -> None:
        rates = (rate_of("EUR", "USD", "2"),)
        freight = Money(10**16, "EUR")

        answer = asked(with_rules(duty("0")), item(usd("1.00")), freight=freight, rates=rates)

        assert reasons(answer) == [self.too_much(f"{freight} in USD", "20000000000000000")]

    def test_a_threshold_of_goods_worth_too_much_together(self) -> None:
        """In the currency of the threshold, though not in that of the estimate."""
        table = attrs.evolve(with_rules(duty("0")), thresholds=(threshold(eur("150.00")),))
        half = Money(5 * 10**15, "HKD")
        rates = (rate_of("HKD", "EUR", "1.2"), rate_of("HKD", "USD", "0.5"))

        answer = asked(table, item(half), item(half), rates=rates)

        ((code, text),) = reasons(answer)
        assert code == "amount_out_of_range"
        assert text.startswith("the worth of all goods in EUR is too much: worth of goods")
        assert "12000000000000000 is out of range" in text

    def test_goods_worth_too_much_together(self) -> None:
        """Whether anything is due on them or not."""
        answer = asked(with_rules(duty("0")), item(MOST), item(usd("0.01")))

        assert reasons(answer) == [self.too_much("what is due by table", "10000000000000001")]

    def test_a_fixed_duty_of_too_much(self) -> None:
        """Named, and beside what else is missing."""
        fixed = attrs.evolve(duty("0", name="fixed"), rate=Specific(MOST, Per.PIECE))
        table = attrs.evolve(with_rules(fixed), taxes=())

        answer = asked(table, item(usd("1.00"), pieces=2))

        assert reasons(answer) == [
            self.too_much("fixed", "20000000000000000"),
            ("no_tax_rate", "table has no tax rate for US at 2026-03-01T00:00:00Z"),
        ]

    @pytest.mark.parametrize(
        ("table", "minor"),
        [
            (with_rules(duty("100.01")), "10001000000000000"),
            (attrs.evolve(with_rules(duty("0")), taxes=(tax("1000"),)), "100000000000000000"),
            (
                attrs.evolve(
                    with_rules(duty("0")), taxes=(tax("60"), attrs.evolve(tax("60"), name="more"))
                ),
                "12000000000000000",
            ),
        ],
    )
    def test_a_duty_a_tax_or_a_total_of_too_much(self, table: DutyTable, minor: str) -> None:
        answer = asked(table, item(MOST))

        assert reasons(answer) == [self.too_much("what is due by table", minor)]


class TestReasons:
    """A missing rate is never zero, and all that is missing is said at once."""

    def test_goods_that_no_rule_reaches_have_no_rate(self) -> None:
        """They are named, with where they come from."""
        answer = asked(AVERAGES, item(usd("1.00"), "330300"), item(usd("1.00"), origin=JP))

        assert reasons(answer) == [
            (
                "no_duty_rate",
                no_rate("'goods' (HS 330300) from CN to US"),
            )
        ]

    def test_a_table_does_not_know_every_destination(self) -> None:
        answer = asked(AVERAGES, item(usd("1.00"), origin=None), origin=None, destination=GB)

        assert reasons(answer) == [
            (
                "no_duty_rate",
                no_rate("'goods' (HS 610910) from an unknown origin to GB"),
            ),
            ("no_tax_rate", "US averages has no tax rate for GB at 2026-03-01T00:00:00Z"),
        ]

    def test_a_rule_for_another_origin_is_no_rate(self) -> None:
        table = with_rules(attrs.evolve(duty("1"), origins=frozenset({JP})))

        assert [code for code, _ in reasons(asked(table, item(usd("1.00"))))] == ["no_duty_rate"]

    def test_rules_that_go_by_hs_code_need_one(self) -> None:
        """Once an item, however many rules there are."""
        answer = asked(AVERAGES, item(usd("1.00"), ""))

        assert reasons(answer) == [
            (
                "hs_code_missing",
                "US averages goes by HS code for US: 'goods' (without HS code)",
            )
        ]

    def test_an_exemption_needs_an_hs_code_too(self) -> None:
        """The goods might be books."""
        answer = asked(with_rules(duty("1"), ADDITIONAL), item(usd("1.00"), ""))

        assert [code for code, _ in reasons(answer)] == ["hs_code_missing"]

    def test_where_all_goods_are_alike_no_hs_code_is_needed(self) -> None:
        """Rules for other origins do not matter."""
        elsewhere = attrs.evolve(duty("7", "61"), origins=frozenset({JP}))

        answer = asked(with_rules(duty("1"), elsewhere), item(usd("100.00"), ""))

        assert total(answer) == usd("1.00")

    def test_rules_that_go_by_origin_need_one(self) -> None:
        """A duty that would count, and an additional duty."""
        preferred = attrs.evolve(duty("0", "61", name="preferred"), origins=frozenset({JP}))
        spared = attrs.evolve(ADDITIONAL, except_origins=frozenset({JP}))

        answer = asked(
            with_rules(duty("10", "61"), preferred, spared), item(usd("1.00")), origin=None
        )

        assert reasons(answer) == [
            (
                "origin_missing",
                "additional depends on the origin of 'goods' (HS 610910), which is not known",
            ),
            (
                "origin_missing",
                "preferred depends on the origin of 'goods' (HS 610910), which is not known",
            ),
        ]

    def test_an_origin_that_makes_no_difference_is_not_needed(self) -> None:
        """The rule for Japan has the shorter prefix, and books are exempt whatever their origin."""
        preferred = attrs.evolve(duty("0", "49", name="preferred"), origins=frozenset({JP}))
        of_china = attrs.evolve(ADDITIONAL, origins=frozenset({CN}))

        answer = asked(
            with_rules(duty("10", "4901"), preferred, of_china),
            item(usd("100.00"), "490199"),
            origin=None,
        )

        assert total(answer) == usd("10.00")

    def test_nothing_declared_is_nothing_known(self) -> None:
        """Nobody imports an empty parcel."""
        assert reasons(asked(AVERAGES)) == [("nothing_declared", "no goods are declared")]

    def test_reasons_come_together(self) -> None:
        """Sorted and once each, so that they do not depend on the order of anything."""
        spared = attrs.evolve(ADDITIONAL, except_origins=frozenset({JP}))
        table = attrs.evolve(with_rules(duty("10", "61"), spared), taxes=())
        unknown = item(Money.of("1.00", "HKD"), "")

        answer = asked(
            table,
            unknown,
            unknown,
            item(usd("1.00"), "640319", origin=CN),
            origin=None,
            freight=Money.of("100", "JPY"),
        )

        assert [code for code, _ in reasons(answer)] == [
            "hs_code_missing",
            "no_duty_rate",
            "no_exchange_rate",
            "no_exchange_rate",
            "no_tax_rate",
            "origin_missing",
        ]
        assert isinstance(answer, DutiesUnknown)
        assert answer.reasons[2:4] == (
            Reason("no_exchange_rate", no_exchange("HKD", "USD")),
            Reason("no_exchange_rate", no_exchange("JPY", "USD")),
        )


class TestRows:
    """A row that exists does not contradict itself."""

    @pytest.mark.parametrize("percent", ["0", "16.5", "1000", "0.000001", Decimal("2.6")])
    def test_a_percentage_is_exact(self, percent: str | Decimal) -> None:
        assert AdValorem(percent).percent == Decimal(percent)
        assert attrs.evolve(tax("1"), percent=percent).percent == Decimal(percent)

    @pytest.mark.parametrize(
        "percent",
        ["-1", "1000.000001", "1001", "", "x", "1e2", "5%", " 5", "0.0000001", Decimal("NaN")],
    )
    def test_what_is_no_percentage_is_refused(self, percent: str | Decimal) -> None:
        """From none to ten times the value."""
        with pytest.raises(InvalidValueError, match=r"^percent .* allowed: 0 to 1000, to six dec"):
            AdValorem(percent)

    def test_a_percentage_is_no_float(self) -> None:
        with pytest.raises(InvalidTypeError, match="percent is given as float; allowed: text, D"):
            AdValorem(16.5)  # type: ignore[arg-type]  # wrong on purpose

    def test_prefixes_are_a_set_in_one_order(self) -> None:
        """A rule that says the same is the same."""
        rule = duty("1", "95", "62", "6403", "61", "49", "62", "85")

        assert rule.hs_prefixes == ("49", "61", "62", "6403", "85", "95")

    def test_prefixes_are_no_single_text(self) -> None:
        """Its letters would be taken for prefixes."""
        with pytest.raises(InvalidTypeError, match="HS prefixes is given as one text"):
            attrs.evolve(duty("1"), hs_prefixes="61")

    @pytest.mark.parametrize("field", ["hs_prefixes", "exempt_prefixes"])
    def test_a_prefix_is_one(self, field: str) -> None:
        with pytest.raises(InvalidValueError, match="HS prefix '77' is in chapter 77"):
            attrs.evolve(duty("1"), **{field: ("61", "77")})  # type: ignore[arg-type]  # either of two

    def test_a_rule_says_how_much_of_a_code_it_names(self) -> None:
        rule = attrs.evolve(duty("1", "61", "6109"), exempt_prefixes=("610990",))

        assert rule.reach("610910") == 4
        assert rule.reach("611020") == 2
        assert rule.reach("610990") is None
        assert rule.reach("620342") is None
        assert rule.needs_hs_code

    def test_a_rule_for_any_goods_names_nothing_of_a_code(self) -> None:
        assert duty("1").reach("610910") == 0
        assert not duty("1").needs_hs_code
        assert ADDITIONAL.reach("610910") == 0
        assert ADDITIONAL.reach("490199") is None
        assert ADDITIONAL.needs_hs_code

    @pytest.mark.parametrize(
        ("origins", "excepted", "of_china", "of_japan", "unknown"),
        [
            ((), (), True, True, True),
            ((CN, HK), (), True, False, None),
            ((), (CN, HK), False, True, None),
        ],
    )
    def test_a_row_admits_an_origin_or_does_not_know(
        self,
        origins: tuple[Country, ...],
        excepted: tuple[Country, ...],
        *,
        of_china: bool,
        of_japan: bool,
        unknown: bool | None,
    ) -> None:
        """Only a row that goes by origin needs one."""
        for row in (duty("1"), threshold(usd("1.00"))):
            of = attrs.evolve(row, origins=frozenset(origins), except_origins=frozenset(excepted))

            assert [of.admits(it) for it in (CN, JP, None)] == [of_china, of_japan, unknown]

    @pytest.mark.parametrize("row", [duty("1"), tax("1"), threshold(usd("1.00"))])
    def test_a_row_is_in_force_at_a_destination_and_an_instant(
        self, row: DutyRule | TaxRule | Threshold
    ) -> None:
        """From its beginning on, until just before its end."""
        ending = attrs.evolve(row, valid_until=EXPIRY)

        assert row.is_in_force(US, EXPIRY.add(years=100))
        assert not row.is_in_force(US, BEGIN.subtract(microseconds=1))
        assert not row.is_in_force(GB, MARCH)
        assert ending.is_in_force(US, BEGIN)
        assert ending.is_in_force(US, EXPIRY.subtract(microseconds=1))
        assert not ending.is_in_force(US, EXPIRY)

    def test_a_rate_says_what_is_due(self) -> None:
        """Rounded half up; a duty for a parcel once for each, however many pieces."""
        assert AdValorem("10.1").due_on(usd("0.05")) == usd("0.01")
        assert tax("10").due_on(usd("0.04")) == usd("0.00")
        assert Specific(usd("80.00"), Per.PARCEL).due_on(3, 1) == usd("80.00")
        assert Specific(usd("1.50"), Per.PIECE).due_on(3, 1) == usd("4.50")
        assert Specific(usd("1.50"), Per.PIECE).count(3, 1) == 3
        assert Specific(usd("80.00"), Per.PARCEL).due_on(3, 2) == usd("160.00")

    def test_a_percentage_is_one_however_python_writes_it(self) -> None:
        """Twenty is written 2E+1 once it is normalised; a thousand is the most."""
        assert AdValorem(Decimal("20.00").normalize()) == AdValorem("20")
        assert AdValorem("1000").due_on(usd("1.00")) == usd("10.00")
        with pytest.raises(InvalidValueError, match=r"percent '1000\.1' is out of range"):
            AdValorem("1000.1")

    def test_what_is_due_is_an_amount_of_money(self) -> None:
        """Else the row refuses to say it."""
        problem = r"amount in minor units \d+ is out of range"

        with pytest.raises(InvalidValueError, match=problem):
            AdValorem("101").due_on(MOST)
        with pytest.raises(InvalidValueError, match=problem):
            tax("101").due_on(MOST)
        with pytest.raises(InvalidValueError, match=problem):
            Specific(MOST, Per.PIECE).due_on(2, 1)

    def test_an_amount_is_not_negative(self) -> None:
        """Nothing is one."""
        assert checked_amount("fee", usd("0.00")) == usd("0.00")
        with pytest.raises(InvalidValueError, match=r"fee '-0.01 USD' is negative; allowed: 0 or"):
            checked_amount("fee", usd("-0.01"))

    def test_a_duty_is_no_tax(self) -> None:
        with pytest.raises(
            InvalidValueError, match="duty rule 'vat' is a tax; allowed: duty or ad"
        ):
            attrs.evolve(duty("20", name="vat"), kind=Levy.TAX)

    @pytest.mark.parametrize(
        ("what", "row"),
        [
            ("duty rule", duty("1", name="x")),
            ("threshold", attrs.evolve(threshold(usd("1.00")), name="x")),
        ],
    )
    def test_origins_are_named_or_excepted(self, what: str, row: DutyRule | Threshold) -> None:
        with pytest.raises(InvalidValueError, match=f"{what} 'x' names and excepts origins"):
            attrs.evolve(row, origins=frozenset({CN}), except_origins=frozenset({JP}))

    @pytest.mark.parametrize("until", ["2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"])
    @pytest.mark.parametrize(
        ("what", "row"),
        [
            ("duty rule", duty("1", name="x")),
            ("tax rule", attrs.evolve(tax("1"), name="x")),
            ("threshold", attrs.evolve(threshold(usd("1.00")), name="x")),
        ],
    )
    def test_a_row_ends_after_it_begins(
        self, what: str, row: DutyRule | TaxRule | Threshold, until: str
    ) -> None:
        """At the instant of its beginning it would never hold."""
        problem = f"{what} 'x' ends at {until}; allowed: after 2026-01-01T00:00:00Z"

        with pytest.raises(InvalidValueError, match=problem):
            attrs.evolve(row, valid_until=instant(until))

    @pytest.mark.parametrize(
        ("what", "row"),
        [
            ("duty rule", duty("1")),
            ("tax rule", tax("1")),
            ("threshold", threshold(usd("1.00"))),
        ],
    )
    def test_a_row_has_a_name(self, what: str, row: DutyRule | TaxRule | Threshold) -> None:
        """Lines and reasons go by it."""
        with pytest.raises(InvalidValueError, match=f"name of the {what} '' is no identifier"):
            attrs.evolve(row, name="")


class TestTables:
    """A table that exists has one answer."""

    def test_a_table_has_a_name_and_a_source(self) -> None:
        with pytest.raises(InvalidValueError, match="duty table '' is no identifier"):
            attrs.evolve(AVERAGES, name="")
        with pytest.raises(InvalidValueError, match="source ' ' is empty; allowed: who published"):
            attrs.evolve(AVERAGES, source=" ")

    @pytest.mark.parametrize(
        "table",
        [
            DutyTable(name="table", source="an example", rules=(ADDITIONAL,)),
            DutyTable(name="table", source="an example", taxes=(tax("1"),)),
            DutyTable(name="table", source="an example", thresholds=(threshold(usd("1.00")),)),
        ],
    )
    def test_a_row_stands_in_a_table_once(self, table: DutyTable) -> None:
        """It would be added twice."""
        with pytest.raises(InvalidValueError, match="duty table 'table' has a row twice"):
            attrs.evolve(
                table,
                rules=table.rules * 2,
                taxes=table.taxes * 2,
                thresholds=table.thresholds * 2,
            )

    def test_a_table_in_force_has_only_the_rows_that_are(self) -> None:
        """Of one destination at one instant, under its name and source."""
        rule, elsewhere = duty("1"), duty("1", destination=GB)
        later, low = attrs.evolve(tax("2"), valid_from=EXPIRY), threshold(usd("1.00"))
        table = DutyTable(
            name="table",
            source="an example",
            rules=(rule, elsewhere, ADDITIONAL),
            taxes=(tax("1"), later),
            thresholds=(low, attrs.evolve(low, valid_until=EXPIRY)),
        )

        assert table.in_force(US, EXPIRY) == attrs.evolve(
            table, rules=(rule,), taxes=(tax("1"), later), thresholds=(low,)
        )
        assert table.in_force(JP, EXPIRY) == DutyTable(name="table", source="an example")

    @pytest.mark.parametrize(
        "rival",
        [
            duty("2", "61", name="rival"),
            duty("2", "61", "64", name="rival"),
            attrs.evolve(duty("2", "61", name="rival"), valid_from=EXPIRY),
            attrs.evolve(duty("2", "61", name="rival"), except_origins=frozenset({CN})),
            attrs.evolve(
                duty("2", "61", name="rival"),
                valid_from=BEGIN.subtract(years=1),
                valid_until=BEGIN.add(microseconds=1),
            ),
        ],
    )
    def test_two_duties_that_both_count_contradict_each_other(self, rival: DutyRule) -> None:
        """For one prefix at one time, neither naming an origin."""
        with pytest.raises(InvalidValueError, match=r"duties '.*' contradict each other; allowed:"):
            with_rules(duty("1", "61", name="first"), rival)

    def test_two_duties_on_any_goods_contradict_each_other(self) -> None:
        with pytest.raises(InvalidValueError, match="'a, b' contradict each other"):
            with_rules(duty("1", name="b"), duty("1", name="a"))

    def test_two_duties_for_one_origin_contradict_each_other(self) -> None:
        """If only one of their origins is the same."""
        one = attrs.evolve(duty("1", "61", name="one"), origins=frozenset({CN, JP}))
        other = attrs.evolve(duty("1", "61", name="other"), origins=frozenset({HK, JP}))

        with pytest.raises(InvalidValueError, match="'one, other' contradict each other"):
            with_rules(one, other)

    @pytest.mark.parametrize(
        "other",
        [
            duty("2", "62"),
            duty("2", "6109"),
            duty("2"),
            duty("2", "61", destination=GB),
            attrs.evolve(duty("2", "61"), kind=Levy.ADDITIONAL_DUTY),
            attrs.evolve(duty("2", "61"), origins=frozenset({CN})),
            attrs.evolve(duty("2", "61"), valid_from=BEGIN.subtract(years=1), valid_until=BEGIN),
        ],
    )
    def test_other_duties_do_not(self, other: DutyRule) -> None:
        """Of other goods, countries, kinds and times; a chapter and its heading; an origin."""
        rule = duty("1", "61")

        assert with_rules(rule, other).rules == (rule, other)

    def test_duties_of_different_origins_do_not_contradict_each_other(self) -> None:
        one = attrs.evolve(duty("1", "61"), origins=frozenset({CN}))
        other = attrs.evolve(duty("2", "61"), origins=frozenset({JP}))

        assert with_rules(one, other).rules == (one, other)


class TestLines:
    """What is due adds up, in one currency, and is never negative."""

    def answer(self, *amounts: Money) -> DutyEstimate:
        """Give an estimate of these lines."""
        return DutyEstimate(
            table="table",
            source="an example",
            at=MARCH,
            currency=Currency("USD"),
            lines=tuple(DutyLine(levy=Levy.DUTY, label="duty", amount=it) for it in amounts),
        )

    def test_the_total_adds_up_the_lines(self) -> None:
        assert self.answer(usd("5.05"), usd("5.00")).total == usd("10.05")
        assert self.answer().total == usd("0.00")

    def test_a_line_is_not_negative(self) -> None:
        with pytest.raises(InvalidValueError, match=r"duty line '-0.01 USD' is negative"):
            self.answer(usd("5.00"), usd("-0.01"))

    def test_lines_are_in_one_currency(self) -> None:
        with pytest.raises(InvalidValueError, match="currency 'EUR' cannot be mixed"):
            self.answer(usd("5.00"), eur("5.00"))
