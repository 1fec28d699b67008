"""EasyPost's claims: read with their histories in order, and written as they are created."""

import json
from base64 import b64decode
from pathlib import Path

import attrs
import pytest

from apaclogistics.claims import ClaimState, Demand
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import CodecError, CodecErrors
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.interop.easypost import ClaimReading, read_claims, write_claim
from apaclogistics.values.identifiers import ClaimId, OpaqueNumber, ParcelId, ShipmentId
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from tests.real_data import DATA, with_data
from tests.samples import CARRIER, SELLER, assessment, facts, usd

NUMBER = OpaqueNumber("9405500208303109888319")
PHOTOGRAPH = Evidence(EvidenceKind.PHOTOGRAPH, "photo-1")
INVOICE = Evidence(EvidenceKind.INVOICE, "invoice-1")
LETTER = Evidence(EvidenceKind.STATEMENT, "letter-1")
FILES = {"photo-1": b"a picture", "invoice-1": b"an invoice", "letter-1": b"a letter"}


def claim(**members: object) -> dict[str, object]:
    """Give a claim as EasyPost tells of it, newest first."""
    return {
        "object": "Claim",
        "id": "clm_1",
        "tracking_code": "EZ1000000001",
        "type": "damage",
        "status": "approved_partial",
        "status_detail": "Approved in part.",
        "status_timestamp": "2026-03-20T09:00:00Z",
        "requested_amount": "100.00",
        "approved_amount": "60.00",
        "insurance_amount": "100.00",
        "contact_email": "seller@example.com",
        "description": "crushed",
        "attachments": ["https://files.example/1.png"],
        "history": [
            entry("approved_partial", "2026-03-20T09:00:00Z"),
            entry("in_review", "2026-03-12T09:00:00Z"),
            entry("submitted", "2026-03-12T09:00:00Z"),
        ],
        **members,
    }


def entry(status: str, at: str) -> dict[str, object]:
    """Give an entry of a history."""
    return {"status": status, "status_detail": f"Claim was {status}.", "timestamp": at}


def doubts(reading: ClaimReading) -> list[tuple[str, str]]:
    """Give where something is odd, and how."""
    return [(doubt.path, doubt.code) for doubt in reading.warnings]


def paths(refusal: pytest.ExceptionInfo[CodecErrors]) -> list[str]:
    """Give where something is at fault."""
    return [it.path for it in refusal.value.exceptions if isinstance(it, CodecError)]


class TestReading:
    """What EasyPost tells of a claim."""

    def test_a_claim_is_read_whole(self) -> None:
        """With amounts in US dollars, and what was handed in."""
        reading = read_claims(claim())

        [report] = reading.claims
        assert (report.id, report.number) == ("clm_1", "EZ1000000001")
        assert (report.type, report.kind) == ("damage", ClaimKind.DAMAGE)
        assert (report.status, report.state) == ("approved_partial", ClaimState.ACCEPTED)
        assert (report.requested, report.approved) == (usd("100.00"), usd("60.00"))
        assert report.insured == usd("100.00")
        assert report.files == ("https://files.example/1.png",)
        assert (reading.warnings, reading.unread) == ((), ())

    def test_a_history_that_is_newest_first_comes_out_in_order(self) -> None:
        """Two entries of one instant included; one that is oldest first stays as it is."""
        history = claim()["history"]
        assert isinstance(history, list)

        [newest_first] = read_claims(claim()).claims
        [oldest_first] = read_claims(claim(history=history[::-1])).claims

        assert [news.state for news in newest_first.history] == [
            ClaimState.FILED,
            ClaimState.UNDER_REVIEW,
            ClaimState.ACCEPTED,
        ]
        assert newest_first.history[0].at == instant("2026-03-12T09:00:00Z")
        assert newest_first == oldest_first

    @pytest.mark.parametrize(
        ("status", "state"),
        [
            ("submitted", ClaimState.FILED),
            ("in_review", ClaimState.UNDER_REVIEW),
            ("needs_action", ClaimState.EVIDENCE_REQUESTED),
            ("approved", ClaimState.ACCEPTED),
            ("rejected", ClaimState.REJECTED),
            ("cancelled", ClaimState.WITHDRAWN),
        ],
    )
    def test_each_status_has_a_state(self, status: str, state: ClaimState) -> None:
        """Of our table; none of the seven is warned of."""
        reading = read_claims(claim(status=status, history=[]))

        assert reading.claims[0].state is state
        assert reading.warnings == ()

    def test_what_is_not_documented_is_kept_with_a_warning(self) -> None:
        """A status, here and in the history, and a type."""
        odd = claim(status="lost", type="fire", history=[entry("lost", "2026-03-12T09:00:00Z")])

        reading = read_claims(odd)

        [report] = reading.claims
        assert (report.status, report.state) == ("lost", None)
        assert (report.type, report.kind) == ("fire", None)
        assert report.history[0].status == "lost"
        assert doubts(reading) == [
            ("$.history[0].status", "unknown_status"),
            ("$.status", "unknown_status"),
            ("$.type", "unknown_type"),
        ]

    @pytest.mark.parametrize("word", ["loss", "theft"])
    def test_a_stolen_parcel_is_a_lost_one(self, word: str) -> None:
        """EasyPost's word is kept."""
        [report] = read_claims(claim(type=word)).claims

        assert (report.type, report.kind) == (word, ClaimKind.LOSS)

    def test_what_happened_at_one_instant_stays_in_the_order_of_its_list(self) -> None:
        """Nothing says that it is newest first."""
        at = "2026-03-12T09:00:00Z"
        history = [entry("submitted", at), entry("in_review", at)]

        [report] = read_claims(claim(status="in_review", history=history)).claims

        assert [news.status for news in report.history] == ["submitted", "in_review"]

    def test_no_claim_is_looked_for_inside_of_something_else(self) -> None:
        """An event tells of its result alone, and a shipment of none."""
        event = {"object": "Event", "previous_attributes": {}, "result": claim()}
        shipment = {"object": "Shipment", "claims": [claim()]}

        assert doubts(read_claims(event)) == []
        assert doubts(read_claims(shipment)) == [("$", "no_claim")]

    def test_a_status_that_is_not_the_last_is_doubted(self) -> None:
        """The history knows more."""
        assert doubts(read_claims(claim(status="submitted"))) == [("$.status", "not_the_last")]

    def test_claims_are_found_in_events_lists_and_recorded_answers(self) -> None:
        """What holds none is named."""
        event = {"object": "Event", "description": "claim.updated", "result": claim()}
        page = {"claims": [claim(), claim(id="clm_2")], "has_more": True}
        recorded = [{"method": "POST", "body": claim()}, {"body": {"object": "Shipment"}}, 7]

        assert len(read_claims(event).claims) == 1
        assert [report.id for report in read_claims(page).claims] == ["clm_1", "clm_2"]
        assert doubts(read_claims(page)) == [("$.has_more", "more_pages")]
        assert len(read_claims(recorded).claims) == 1
        assert doubts(read_claims(recorded)) == [("$[1].body", "no_claim"), ("$[2]", "no_claim")]

    def test_all_faults_are_told_at_once_and_without_values(self) -> None:
        """By their paths."""
        broken = claim(
            id=None, tracking_code=5, requested_amount="ten", history=[{"status": "submitted"}]
        )

        with pytest.raises(CodecErrors) as refusal:
            read_claims(broken)

        assert paths(refusal) == [
            "$.history[0].timestamp",
            "$.id",
            "$.requested_amount",
            "$.tracking_code",
        ]
        assert "ten" not in str(refusal.value)

    def test_an_amount_that_is_missing_is_a_fault(self) -> None:
        """Nothing is claimed by it."""
        with pytest.raises(CodecErrors) as refusal:
            read_claims(claim(requested_amount=None))

        assert paths(refusal) == ["$.requested_amount"]

    def test_an_amount_below_zero_is_a_fault(self) -> None:
        """Nobody asks for a debt."""
        with pytest.raises(CodecErrors) as refusal:
            read_claims(claim(requested_amount="-5.00", approved_amount="-7"))

        assert sorted(paths(refusal)) == ["$.approved_amount", "$.requested_amount"]

    def test_personal_data_is_not_shown(self) -> None:
        """Neither what was written nor who wrote it."""
        shown = repr(read_claims(claim()))

        assert "crushed" not in shown
        assert "seller@example.com" not in shown
        assert "Claim was" not in shown


def demand(kind: ClaimKind = ClaimKind.DAMAGE, *evidence: Evidence) -> Demand:
    """Demand 20.00 USD."""
    return Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=kind,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
        evidence=evidence,
    )


class TestWriting:
    """The body with which EasyPost creates a claim."""

    def test_each_file_goes_where_its_kind_belongs(self) -> None:
        """In base 64."""
        written = write_claim(
            demand(ClaimKind.DAMAGE, PHOTOGRAPH, INVOICE, LETTER),
            NUMBER,
            description="crushed",
            contact_email="seller@example.com",
            files=FILES,
        )

        picture = written.payload["supporting_documentation_attachments"]
        assert isinstance(picture, list)
        assert b64decode(str(picture[0])) == b"a picture"
        assert {**written.payload, "supporting_documentation_attachments": ["..."]} == {
            "tracking_code": "9405500208303109888319",
            "type": "damage",
            "amount": "20.00",
            "description": "crushed",
            "contact_email": "seller@example.com",
            "invoice_attachments": ["YW4gaW52b2ljZQ=="],
            "email_evidence_attachments": ["YSBsZXR0ZXI="],
            "supporting_documentation_attachments": ["..."],
        }

    @pytest.mark.parametrize(
        ("media_type", "text"),
        [
            ("image/png", "data:image/png;base64,YSBwaWN0dXJl"),
            ("application/pdf", "data:application/pdf;base64,YSBwaWN0dXJl"),
            (None, "YSBwaWN0dXJl"),
        ],
        ids=repr,
    )
    def test_a_file_says_of_what_type_it_is(self, media_type: str | None, text: str) -> None:
        """Where somebody has said so."""
        shown = attrs.evolve(PHOTOGRAPH, media_type=media_type)

        written = write_claim(
            demand(ClaimKind.DAMAGE, shown),
            NUMBER,
            description="crushed",
            contact_email="seller@example.com",
            files=FILES,
        )

        assert written.payload["supporting_documentation_attachments"] == [text]

    def test_a_loss_needs_no_file(self) -> None:
        """What is not there is left out."""
        written = write_claim(
            demand(ClaimKind.LOSS),
            NUMBER,
            description="never came",
            contact_email="seller@example.com",
            recipient_name="A. Seller",
            files={},
        )

        assert written.payload == {
            "tracking_code": "9405500208303109888319",
            "type": "loss",
            "amount": "20.00",
            "description": "never came",
            "contact_email": "seller@example.com",
            "recipient_name": "A. Seller",
        }
        assert "seller@example.com" not in repr(written)

    def test_what_easypost_does_not_take_is_told_at_once(self) -> None:
        """Kind, currency, texts, and files without content."""
        yen = attrs.evolve(demand(ClaimKind.DELAY, INVOICE), amount=Money(2000, "JPY"))

        with pytest.raises(CodecErrors) as refusal:
            write_claim(yen, NUMBER, description="", contact_email="", files={})

        assert paths(refusal) == [
            "$.amount",
            "$.contact_email",
            "$.description",
            "$.invoice_attachments[0]",
            "$.type",
        ]

    def test_a_file_that_is_missing_is_named_by_its_place_and_kind(self) -> None:
        """And not by its reference, which may name somebody."""
        shown = (INVOICE, attrs.evolve(INVOICE, reference="kim-tan.pdf"))
        wanted = attrs.evolve(demand(ClaimKind.LOSS, INVOICE), evidence=shown)

        with pytest.raises(CodecErrors) as refusal:
            write_claim(
                wanted, NUMBER, description="gone", contact_email="a@example.com", files=FILES
            )

        assert str(refusal.value) == (
            "$.invoice_attachments[1]: is missing: `files` has no content of evidence 2, its invoice"
        )

    def test_what_is_no_text_is_not_written(self) -> None:
        """Neither half a character nor something else than text."""
        with pytest.raises(CodecErrors) as refusal:
            write_claim(
                demand(ClaimKind.LOSS),
                NUMBER,
                description=None,  # type: ignore[arg-type]
                contact_email="seller@example.com",
                recipient_name="A. \ud800",
                files={},
            )

        assert paths(refusal) == ["$.description", "$.recipient_name"]

    def test_damage_needs_a_file_that_shows_it(self) -> None:
        """An invoice does not."""
        with pytest.raises(CodecErrors) as refusal:
            write_claim(
                demand(ClaimKind.DAMAGE, INVOICE),
                NUMBER,
                description="crushed",
                contact_email="seller@example.com",
                files=FILES,
            )

        assert paths(refusal) == ["$.supporting_documentation_attachments"]


@with_data
@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("claim_create.json", 1),
        ("claim_list.json", 1),
        ("claim_retrieve.json", 1),
        ("cassette_claim_create.json", 1),
        ("carrier_claim_line_items.json", 0),
    ],
)
def test_every_real_claim_is_read(name: str, claims: int) -> None:
    """With its history in order, and nothing that is not documented."""
    payload = json.loads((Path(DATA) / "easypost" / name).read_text(encoding="utf-8"))

    reading = read_claims(payload)

    assert len(reading.claims) == claims
    assert {doubt.code for doubt in reading.warnings} <= {"no_claim", "more_pages"}
    for report in reading.claims:
        assert (report.kind, report.state) == (ClaimKind.DAMAGE, ClaimState.FILED)
        assert report.requested == usd("100.00")
        assert len(report.files) == 3
        assert [news.status for news in report.history] == ["submitted"]
