"""eDIS's calls by number: bundles, what is confirmed, cancelled or deleted, and complaints.

A bulk call takes up to 200 packages and answers for each of them, so that it may succeed in part.

Source: eDIS 1.1.0, createBundle, bulkConfirmPackages, bulkCancelPackages, bulkDeletePackages,
createComplaint, and their errors.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from apaclogistics.carriers import Complaint
from apaclogistics.interop._reading import Cursor, Doubt, in_order, refuse_faults
from apaclogistics.interop._writing import Json, Sheet, Written, filled, milliseconds
from apaclogistics.values.identifiers import TrackingNumber

__all__ = (
    "BulkReading",
    "CreatedReading",
    "Outcome",
    "read_bulk",
    "read_created",
    "write_bundle",
    "write_cancel",
    "write_complaint",
    "write_confirm",
    "write_delete",
)

# Source: eDIS 1.1.0, packageIds of bulkCancelPackages and bulkConfirmPackages.
_MOST_PACKAGES: Final = 200
# Source: eDIS 1.1.0, complaintReason.
_MOST_REASON: Final = 200
# Ours: eDIS says that an id is a whole number, and not how large.
_MOST_NUMBER: Final = 2**63 - 1
# Source: eDIS 1.1.0, resultCode: "200 indicates that the call was a success".
_DONE: Final = "200"


def write_confirm(packages: Iterable[str]) -> Written:
    """Write which packages are confirmed, by eDIS's ids: `ConfirmPackagesRequest`.

    Raises:
        CodecErrors: if there are none, more than 200, one twice, or one text for several.
    """
    return _packages(packages)


def write_cancel(packages: Iterable[str]) -> Written:
    """Write which packages are cancelled, by eDIS's ids: `CancelPackagesRequest`.

    Raises:
        CodecErrors: if there are none, more than 200, one twice, or one text for several.
    """
    return _packages(packages)


def write_delete(packages: Iterable[str]) -> Written:
    """Write which cancelled packages are deleted, by eDIS's ids: `DeletePackagesRequest`.

    Raises:
        CodecErrors: if there are none, more than 200, one twice, or one text for several.
    """
    return _packages(packages)


def _packages(packages: Iterable[str]) -> Written:
    sheet = Sheet()
    ids = _each_once(sheet, "$.requests.packageIds", packages)
    if len(ids) > _MOST_PACKAGES:
        sheet.fault("$.requests.packageIds", f"are {len(ids)}; allowed: {_MOST_PACKAGES}")
    return sheet.written({"requests": {"packageIds": ids}})


def _each_once(sheet: Sheet, path: str, names: Iterable[str]) -> list[str]:
    if isinstance(names, str):
        sheet.fault(path, "is one text; allowed: several, each by itself")
        return []
    given = list(names)
    if not given:
        sheet.fault(path, "is empty")
    for index, name in enumerate(given):
        sheet.needed(f"{path}[{index}]", name)
    for name, count in Counter(given).items():
        if count > 1:
            sheet.fault(path, f"names {name!r} {count} times; allowed: once")
    return given


def _texts(numbers: Iterable[TrackingNumber] | str) -> Iterable[str]:
    # One text is left as it is, to be refused: its characters are no numbers.
    return numbers if isinstance(numbers, str) else map(str, numbers)


def write_bundle(preference: str, numbers: Iterable[TrackingNumber]) -> Written:
    """Write which parcels are handed over together: `CreateBundleRequest`.

    `preference` is eDIS's id of the consignment preference that all of them have.

    Raises:
        CodecErrors: if the preference is missing (355078), there are no numbers (355079), one
            text for several, or one is named twice.
    """
    sheet = Sheet()
    bundle: dict[str, Json] = {
        "consignPreferenceId": sheet.needed("$.bundle.consignPreferenceId", preference),
        "trackingNumbers": _each_once(sheet, "$.bundle.trackingNumbers", _texts(numbers)),
    }
    return sheet.written({"bundle": bundle})


def write_complaint(
    complaint: Complaint,
    packages: Mapping[TrackingNumber, str],
    *,
    preference: int | None = None,
    remark: str = "",
) -> Written:
    """Write a complaint to the carrier: `AddComplaintRequest`.

    `packages` gives eDIS's id of each number that the complaint names, and `preference` its id of
    the address that it is about.  eDIS gives no complaint back: whoever sends one keeps it.

    Raises:
        CodecErrors: if the reason is longer than 200 characters, or a number has no id.
    """
    sheet, path = Sheet(), "$.complaintRequest"
    reason = sheet.needed(f"{path}.complaintReason", complaint.reason, most=_MOST_REASON)
    ids: list[Json] = [
        sheet.needed(f"{path}.affectedPackages[{index}]", packages.get(number, ""))
        for index, number in enumerate(complaint.numbers)
    ]
    written: dict[str, Json] = {
        "complaintType": complaint.kind.value,
        "complaintReason": reason,
        "complaintDate": milliseconds(complaint.at),
        "affectedPackages": ids,
        "preferenceId": _number(sheet, f"{path}.preferenceId", preference),
        "remark": sheet.text(f"{path}.remark", remark),
    }
    return sheet.written({"complaintRequest": filled(written)})


def _number(sheet: Sheet, path: str, number: int | None) -> int | None:
    return None if number is None else sheet.within(path, number, least=0, most=_MOST_NUMBER)


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of one package of a bulk call: eDIS's code of the result, and what it says."""

    package: str
    code: str
    message: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was done; any other code is a refusal."""
        return self.code == _DONE


@attrs.frozen(kw_only=True)
class BulkReading:
    """What was read of the answer to a bulk call, package by package."""

    outcomes: tuple[Outcome, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The packages that it was not done for."""
        return tuple(outcome for outcome in self.outcomes if not outcome.is_done)


def read_bulk(payload: object) -> BulkReading:
    """Read what became of each package of a call to confirm, cancel or delete several.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    outcomes = tuple(_outcome(it) for it in document["responses"].needed().items())
    refuse_faults([document.log])
    return BulkReading(
        outcomes=outcomes, warnings=in_order(document.log.doubts), unread=document.unread()
    )


def _outcome(answer: Cursor) -> Outcome:
    return Outcome(
        package=answer["packageId"].text(),
        code=answer["resultCode"].text(),
        message=answer["message"].text_if_any(),
    )


# In which members of an answer the id of something new stands.
_CREATED: Final = (
    ("bundle", "bundleId"),
    ("shipFromAddressId", "addressId"),
    ("consignAddressId", "consignPreferenceId"),
)


@attrs.frozen(kw_only=True)
class CreatedReading:
    """What was read of the answer that something was created: eDIS's id of it.

    eDIS does not give the id of a bundle again.
    """

    id: str
    unread: tuple[str, ...]


def read_created(payload: object) -> CreatedReading:
    """Read the id of a bundle, an address or a consignment preference that was created.

    Raises:
        CodecErrors: if there is none.
    """
    document = Cursor.open(payload)
    holders = [document[outer][inner] for outer, inner in _CREATED if document.has(outer)]
    if not holders:
        allowed = ", ".join(outer for outer, _ in _CREATED)
        document.fault(f"names nothing that was created; allowed: one of {allowed}")
    ids = [holder.text() for holder in holders]
    refuse_faults([document.log])
    return CreatedReading(id=ids[0], unread=document.unread())
