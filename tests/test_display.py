"""What people look at in a notebook: statements, claims, inquiries and threads as tables.

What is told of an order as a whole is in `tests.test_command`.
"""

from datetime import timedelta
from enum import Enum
from html.parser import HTMLParser
from typing import Final

import attrs
import pytest

from apaclogistics.attention import AttentionItem, Rule, Urgency
from apaclogistics.bundles import BundleAction
from apaclogistics.cancellations import OrderAction
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.claims import Claim, ClaimAction, Demand, EvidenceRequest, Figured
from apaclogistics.compensation import ClaimKind, assess
from apaclogistics.display.assessments import assessment_table
from apaclogistics.display.disputes import claim_table, inquiry_table, thread_table
from apaclogistics.display.statements import statement_table
from apaclogistics.display.steps import said
from apaclogistics.display.tables import Table
from apaclogistics.display.watches import attention_table
from apaclogistics.errors import InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import Action
from apaclogistics.history import Note, Step
from apaclogistics.inquiries import Inquiry, InquiryAction
from apaclogistics.inquiry_policies import Closing
from apaclogistics.ledger import JournalEntry, Posting, capture, hold, pay
from apaclogistics.listings import ListingAction
from apaclogistics.sellers import SellerAction
from apaclogistics.statements import Journal
from apaclogistics.threads import Opening, Question, Resolution, Settled
from apaclogistics.values.identifiers import ClaimId, InquiryId, ParcelId, ShipmentId
from apaclogistics.values.instants import Moment
from apaclogistics.values.money import Currency, ExchangeRate
from tests.samples import (
    BUYER,
    CARRIER,
    LOSS,
    PARTIES,
    PLATFORM,
    SELLER,
    assessment,
    day,
    facts,
    usd,
)

HONG_KONG: Final = "Asia/Hong_Kong"
INVOICE: Final = Evidence(EvidenceKind.INVOICE, "invoices/ada-lovelace.pdf")


class Cells(HTMLParser):
    """Collects the text of each cell, and which tags and attributes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a cell."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag in ("th", "td"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        """Add to the cell that was begun."""
        if self.texts:
            self.texts[-1] += data.strip("\n")


def cells(table: Table) -> Cells:
    """Read the HTML of a table."""
    read = Cells()
    read.feed(table._repr_html_())
    return read


def text(table: Table) -> list[str]:
    """Give the lines that are printed."""
    return str(table).splitlines()


def test_a_table_is_printed_in_columns_and_figures_stand_at_the_right() -> None:
    """No line ends with blanks, which an editor would strip."""
    table = Table(
        caption="Two",
        columns=("what", "USD", "note"),
        rows=(("a fee", "5.80", ""), ("sale", "110.00", "paid")),
        figures={"USD"},
    )

    assert text(table) == [
        "Two",
        "what      USD  note",
        "a fee    5.80",
        "sale   110.00  paid",
    ]


def test_a_table_of_no_rows_has_its_head() -> None:
    """Nothing moved is an answer too."""
    assert text(Table(caption="None", columns=("when", "what"), rows=())) == ["None", "when  what"]


@pytest.mark.parametrize("row", [("one",), ("one", "two", "three")], ids=len)
def test_a_row_has_a_cell_for_each_column(row: tuple[str, ...]) -> None:
    """The message says how many."""
    with pytest.raises(InvalidValueError) as refusal:
        Table(caption="", columns=("a", "b"), rows=(row,))

    said = f"cells of a row {len(row)} do not fit; allowed: 2, one for each column"
    assert str(refusal.value) == said


def test_what_somebody_wrote_cannot_break_a_table_or_run_in_a_notebook() -> None:
    """Control characters are replaced, and markup is text."""
    wrote = "<script>alert(1)</script>\x1b[31m\nnext & last"
    table = Table(caption="<b>&", columns=("said",), rows=((wrote,),))

    read = cells(table)

    assert len(text(table)) == 3
    assert "\x1b" not in str(table)
    assert read.tags == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert read.attributes == {"scope"}
    assert read.texts[1:] == [table.rows[0][0]]
    assert "<caption>&lt;b&gt;&amp;</caption>" in table._repr_html_()


def test_a_notebook_shows_the_same_as_a_terminal() -> None:
    """Cell by cell, figures at the right."""
    table = Table(caption="", columns=("what", "USD"), rows=(("fee", "1.00"),), figures=["USD"])

    assert cells(table).texts == ["what", "USD", "fee", "1.00"]
    assert '<td style="text-align: right">1.00</td>' in table._repr_html_()
    assert "<td>fee</td>" in table._repr_html_()


def test_a_log_gets_no_rows() -> None:
    """People are named in them."""
    table = Table(caption="", columns=("said",), rows=(("Ada Lovelace was not at home",),))

    assert "Ada" not in repr(table)
    assert "Ada" in str(table)


def entry(number: int, posting: Posting) -> JournalEntry:
    """Post something on a day of March, at 16:30 UTC."""
    return JournalEntry(at=day(number, 16), thing="order o-1", sequence=number, posting=posting)


def test_a_statement_shows_what_stood_there_each_movement_and_the_end() -> None:
    """In the reader's zone, in which it is the next day already."""
    held = hold(SELLER, usd("12.60"), "shipment sh-1")
    used = capture(SELLER, CARRIER, usd("12.60"), "shipment sh-1")
    journal = Journal(
        (
            entry(2, pay(BUYER, SELLER, usd("30.00"), "order o-1")),
            entry(3, held),
            entry(4, used),
        )
    )

    table = statement_table(journal.statement(SELLER, Currency("USD"), day(3), day(9)), HONG_KONG)

    assert text(table) == [
        "Statement of seller s-1 in USD, times of Asia/Hong_Kong",
        "when                    what     for            change  to held  available   held",
        "2026-03-03 17:00+08:00  opening                                      30.00   0.00",
        "2026-03-04 00:00+08:00  hold     shipment sh-1  -12.60   +12.60      17.40  12.60",
        "2026-03-05 00:00+08:00  capture  shipment sh-1           -12.60      17.40   0.00",
        "2026-03-09 17:00+08:00  closing                                      17.40   0.00",
    ]


def test_a_claim_shows_who_did_what_the_figure_then_and_whose_turn_it_was() -> None:
    """A term of the carrier's or of an offer; what was shown is named by its kind alone."""
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=LOSS,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
    )
    asked = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), day(20))
    claim = (
        Claim.file(demand, parties=PARTIES, hindrances=(), by=SELLER, at=day(10))
        .acknowledge(by=CARRIER, at=day(11))
        .request_evidence(asked, by=CARRIER, at=day(12))
        .submit_evidence([INVOICE], by=SELLER, at=day(13))
        .offer(Figured(usd("15.00"), "without wrapping", day(21)), by=CARRIER, at=day(14))
        .accept(by=SELLER, at=day(15))
        .settle(by=CARRIER, at=day(16))
    )

    table = claim_table(claim, HONG_KONG)

    assert table.caption == "Claim c-1 for loss: SETTLED, times of Asia/Hong_Kong"
    assert "ada" not in str(table)
    assert [row[1:] for row in table.rows][1:] == [
        ("", "", "carrier HKPOST", "acknowledged"),
        (
            "",
            "seller s-1 by 2026-03-20 17:00+08:00",
            "carrier HKPOST",
            "requested evidence: invoice",
        ),
        ("", "", "seller s-1", "submitted evidence: invoice"),
        (
            "15.00 USD",
            "seller s-1 by 2026-03-21 17:00+08:00",
            "carrier HKPOST",
            "offered: 15.00 USD, without wrapping",
        ),
        ("15.00 USD", "", "seller s-1", "accepted"),
        ("15.00 USD", "", "carrier HKPOST", "settled (compensation 15.00 USD)"),
    ]
    assert table.rows[0][0] == "2026-03-10 17:00+08:00"
    assert table.rows[0][4].startswith("filed: loss, 20.00 USD; ")


def talk() -> Inquiry:
    """A buyer asks, the seller answers with an invoice, and the platform ends it on a refund."""
    opening = Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=BUYER,
        respondent=SELLER,
        question=Question("Where is it?", day(13)),
    )
    refunded = Resolution(settled=Settled.REFUND, at=day(12), reference="refund-1")
    return (
        Inquiry.open(opening, parties=PARTIES, by=BUYER, at=day(10))
        .answer("I do not know.", evidence=[INVOICE], by=SELLER, at=day(11))
        .write("I will ask.", by=SELLER, at=day(11, 10))
        .resolve(on=refunded, by=PLATFORM, at=day(12))
    )


def test_an_inquiry_shows_who_did_what_and_who_had_until_when() -> None:
    """Nobody is waited for without a term, nor once it has ended."""
    table = inquiry_table(talk(), "America/New_York")

    assert table.caption == ("Inquiry i-1 about shipment sh-1: RESOLVED, times of America/New_York")
    assert table.rows == (
        (
            "2026-03-10 05:00-04:00",
            "seller s-1 by 2026-03-13 05:00-04:00",
            "buyer b-1",
            "opened: to seller s-1: Where is it?",
        ),
        ("2026-03-11 05:00-04:00", "", "seller s-1", "answered: I do not know."),
        ("2026-03-11 06:00-04:00", "", "seller s-1", "wrote: I will ask."),
        ("2026-03-12 05:00-04:00", "", "platform agent-1", "resolved: refund refund-1"),
    )


def test_an_inquiry_waits_for_nobody_once_something_has_settled_it() -> None:
    """From when on it has, as far as whoever shows it knows."""
    opening = attrs.evolve(talk().opening, closing=Closing(by=day(20), on_refund=timedelta(0)))
    asked = Inquiry.open(opening, parties=PARTIES, by=BUYER, at=day(10))
    reminded = asked.write("Hello?", by=BUYER, at=day(12))
    refunded = Resolution(settled=Settled.REFUND, at=day(11), reference="refund-1")

    unknown, known = inquiry_table(reminded, "UTC"), inquiry_table(reminded, "UTC", [refunded])

    assert [row[1] for row in unknown.rows] == ["seller s-1 by 2026-03-13 09:00+00:00"] * 2
    assert [row[1] for row in known.rows] == ["seller s-1 by 2026-03-13 09:00+00:00", ""]


def test_a_thread_shows_what_was_said_and_which_kind_of_thing_was_shown() -> None:
    """Where it is kept is the host's."""
    table = thread_table(talk().thread, HONG_KONG)

    assert "ada" not in str(table)
    assert [row[1:] for row in table.rows] == [
        ("buyer b-1", "", "Where is it?"),
        ("seller s-1", "invoice", "I do not know."),
        ("seller s-1", "", "I will ask."),
    ]


def test_an_assessment_shows_each_figure_and_what_is_paid() -> None:
    """With what was converted, and at which rate."""
    rate = ExchangeRate(base="USD", quote="HKD", rate="7.80", at=day(1), source="an example")

    table = assessment_table(assess(E_EXPRESS_LOSS, LOSS, facts(), rates=[rate]))

    assert text(table) == [
        f"What {E_EXPRESS_LOSS.name} pays",
        "what                 amount  before conversion  rate",
        "cap             1000.00 HKD",
        "declared value   156.00 HKD          20.00 USD  7.80 as of 2026-03-01T09:00:00Z",
        "paid             156.00 HKD",
    ]


def test_an_assessment_shows_every_reason_why_nothing_is_paid() -> None:
    """Beside the figures that are known."""
    table = assessment_table(assess(E_EXPRESS_LOSS, ClaimKind.DELAY, facts()))

    assert [row[0] for row in table.rows] == [
        "cap",
        f"not paid: {E_EXPRESS_LOSS.name} does not cover delay",
        "not paid: no rate from USD to HKD is known for the declared value",
    ]


def test_attention_shows_whom_a_thing_needs_and_by_when() -> None:
    """On the reader's wall clock; a term without a zone as it was reported, or none."""
    item = AttentionItem(
        rule=Rule.ANSWER,
        urgency=Urgency.DUE_SOON,
        thing="inquiry i-1",
        for_=SELLER,
        since=day(1),
        until=day(3, 17),
        text="an answer is due",
        allowed=("answer", "write"),
    )
    local = attrs.evolve(item, until=Moment.read("2026-03-04T08:00:00"), allowed=())

    table = attention_table([item, local, attrs.evolve(local, until=None)], HONG_KONG)

    assert table.caption == "Attention, times of Asia/Hong_Kong"
    assert table.rows[0] == (
        "answer owed",
        "due soon",
        "inquiry i-1",
        "an answer is due",
        "seller s-1",
        "2026-03-04 01:00+08:00",
        "answer, write",
    )
    assert [row[5:] for row in table.rows[1:]] == [(str(local.until), ""), ("", "")]


# Written by hand: the past of every action that there is.
PASTS: Final = {
    SellerAction: "registered verified rejected resubmitted amended_identity amended_logistics"
    " agreed qualified suspended reinstated closed deposited",
    ListingAction: "drafted revised published paused resumed suspended reinstated withdrew",
    OrderAction: "placed paid held_payment_back released_payment dispatched allocated refunded"
    " began_a_refund paid_out_the_refund could_not_pay_out_the_refund requested_cancellation"
    " cancelled approved_cancellation rejected retracted_the_request let_the_request_lapse",
    Action: "drafted booked adopted confirmed handed_over cancelled confirmed_receipt completed"
    " closed charged",
    BundleAction: "opened added removed handed_over received cancelled",
    InquiryAction: "opened answered asked wrote resolved escalated expired decided",
    ClaimAction: "filed acknowledged requested_evidence submitted_evidence offered countered"
    " accepted rejected escalated decided_for_the_claimant decided_against_the_claimant expired"
    " withdrew settled recovered",
}


@pytest.mark.parametrize("actions", PASTS, ids=lambda it: it.__name__)
def test_every_step_is_told_in_the_past(actions: type[Enum]) -> None:
    """As a person would say it."""
    steps = [Step(action=it, by=SELLER, at=day(1), payload=Note("")) for it in actions]

    assert [said(step) for step in steps] == [
        past.replace("_", " ") for past in PASTS[actions].split()
    ]
