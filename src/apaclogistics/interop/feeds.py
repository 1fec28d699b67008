"""All feeds of scans in one table: whose answer a document is, told by its shape, and who reads it.

Whoever follows an order gets tracking answers from several sides and does not want to say of each
file where it came from.  `read_scans` finds the feed by the shape of the document and lets its
reader read it.  An answer of a carrier that is known and not read is refused by the carrier's name,
and so is XML, which no reader here takes; an unknown shape is refused with the list of formats.

>>> reading = read_scans({
...     "object": "Tracker", "tracking_code": "EZ1000000001", "tracking_details": [],
... })
>>> reading.parcels[0].number
'EZ1000000001'
>>> hermes, = feeds_of({"shipmentinfo": [{"shipmentID": "H1234567890123456789"}]})
>>> hermes.name, hermes.read_scans is None
('Hermes', True)
"""

from collections.abc import Iterable
from typing import Final, Protocol

import attrs

from apaclogistics.errors import CodecError, CodecErrors
from apaclogistics.interop import (
    aftership,
    cainiao,
    dhl_universal,
    easypost,
    edis,
    fedex,
    seventeentrack,
    shippo,
    speedpak,
    track123,
    ups,
    upu,
    usps,
)
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import ScanReading
from apaclogistics.interop._shapes import Recognises, any_of, root_of, rooted, shaped
from apaclogistics.values.places import Facility

__all__ = ("FEEDS", "READ", "Feed", "Reader", "feeds_of", "read_scans")


class Reader(Protocol):
    """Read the scans of a document; the facilities give a zone to times that have none."""

    def __call__(self, payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
        """Read a document.

        Raises:
            CodecErrors: if it cannot be read; all faults at once, with their paths.
        """
        ...


@attrs.frozen
class Feed:
    """One feed: its name, how its documents are recognised, and its reader.

    A feed without a reader is known, so that it can be refused by its name.
    """

    name: str
    recognises: Recognises
    read_scans: Reader | None = None


# Source: the feeds that are read say in their modules where their format is documented.  Those
# that are not read are told by the answers that karrio's connectors expect of them.
FEEDS: Final = (
    Feed("17TRACK", seventeentrack.recognises, seventeentrack.read_scans),
    Feed("AfterShip", aftership.recognises, aftership.read_scans),
    Feed("Cainiao", cainiao.recognises, cainiao.read_scans),
    Feed("DHL", dhl_universal.recognises, dhl_universal.read_scans),
    Feed("EasyPost", easypost.recognises, easypost.read_scans),
    Feed("eDIS", edis.recognises, edis.read_scans),
    Feed("FedEx", fedex.recognises, fedex.read_scans),
    Feed("Shippo", shippo.recognises, shippo.read_scans),
    Feed("SpeedPAK", speedpak.recognises, speedpak.read_scans),
    Feed("Track123", track123.recognises, track123.read_scans),
    Feed("UPS", ups.recognises, ups.read_scans),
    Feed("UPU", upu.recognises, upu.read_scans),
    Feed("USPS", usps.recognises, usps.read_scans),
    Feed("Asendia", shaped("trackingNumber", "trackingEvents.*.carrierEventDescription")),
    Feed("bpost", rooted("itemTracking")),
    Feed("DHL Parcel DE", rooted("data", "piece-shipment")),
    Feed("DHL Poland", rooted("getTrackAndTraceInfoResponse")),
    Feed("GLS", shaped("parcels.*.unitno")),
    Feed("Hermes", shaped("shipmentinfo.*.shipmentID")),
    Feed("karrio", shaped("*.carrier_id", "*.carrier_name")),
    Feed("La Poste", any_of(shaped("shipment.idShip"), shaped("*.shipment.idShip"))),
    Feed("Landmark Global", rooted("TrackResponse", "LandmarkTrackingNumber")),
    Feed("MyDHL", shaped("shipments.*.shipmentTrackingNumber")),
    Feed("ParcelOne", shaped("success", "results.StatusCode")),
    Feed("Purolator", rooted("Envelope", "TrackPackagesByPinResponse")),
    Feed("SEKO", shaped("*.ConsignmentNo")),
    Feed("Sendle", shaped("tracking_events.*.scan_time")),
    Feed("SmartKargo", shaped("*.airWaybill")),
    Feed("Spring", shaped("ErrorLevel", "Shipment.TrackingNumber")),
    Feed("Teleship", shaped("trackingNumber", "shipmentId")),
)
# The names of the feeds that are read, as in a dictionary.
READ: Final = tuple(
    sorted((feed.name for feed in FEEDS if feed.read_scans is not None), key=str.casefold)
)


def feeds_of(payload: object) -> tuple[Feed, ...]:
    """Give the feeds that recognise a document: one, and none where its shape is unknown."""
    return tuple(feed for feed in FEEDS if feed.recognises(payload))


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of a document of whatever feed.

    Takes parsed JSON.  XML is taken as text, to be refused by the name of its feed.

    Raises:
        CodecErrors: if the feed is unknown or not read, if there are several that it may be of, or
            if its reader refuses the document.
    """
    document = Cursor.open(payload)
    match feeds_of(payload):
        case (Feed(read_scans=reader),) if reader is not None:
            return reader(payload, facilities=facilities)
        case feeds:
            allowed = f"allowed: {', '.join(READ)}"
            problem = f"is {_not_read(payload, feeds)}; {allowed}"
            raise CodecErrors.of([CodecError(document.path, problem)])


def _not_read(payload: object, feeds: tuple[Feed, ...]) -> str:
    match feeds:
        case ():
            return f"{'XML' if root_of(payload) else 'a document'} of no known feed"
        case (feed,):
            return f"a tracking answer of {feed.name}, which is not read"
        case _:
            return f"of several feeds by its shape: {', '.join(feed.name for feed in feeds)}"
