"""eBay's Asia-Pacific logistics as a domain library: from a seller's registration to a settled claim.

The public nouns and errors, re-exported from their modules.  Everything that is not here is found
in the module of its noun: the tables in `apaclogistics.fulfilment`, `claims` and their like, prices
in `tariffs`, adapters in `adapters`, readers of other people's formats in `interop`.
"""

from apaclogistics.application import LogisticsPlatform
from apaclogistics.attention import AttentionItem, AttentionPolicy, Snapshot
from apaclogistics.claims import Claim, Demand, Evidence, EvidenceKind, EvidenceRequest, Figured
from apaclogistics.compensation import (
    Assessment,
    ClaimKind,
    CompensationPolicy,
    Facts,
    assess,
)
from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.errors import (
    ApacLogisticsError,
    CarrierError,
    CodecError,
    CodecErrors,
    ConflictError,
    InvalidTypeError,
    InvalidValueError,
    NotFoundError,
    Reason,
    TransitionError,
)
from apaclogistics.fulfilment import FULFILMENT, Action, Flag, Milestone, Phase
from apaclogistics.history import Note, Step
from apaclogistics.inquiries import Inquiry, Opening, Question
from apaclogistics.ledger import Ledger, Posting, Wallet
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    Lifecycle,
    RefusedError,
    Role,
)
from apaclogistics.listings import (
    Limits,
    Listing,
    ListingDraft,
    Quote,
    QuoteRefused,
    Terms,
    TransportMode,
)
from apaclogistics.orders import Allocation, Order, PaymentStatus
from apaclogistics.ports import (
    CarrierRejectedError,
    CarrierUnavailableError,
    ConcurrencyConflictError,
    IdempotencyConflictError,
)
from apaclogistics.promises import DayUnit, Handling, Promise, Transit, promise
from apaclogistics.sales import OrderLine, Payment, Refund, Sale
from apaclogistics.sellers import Profile, Seller
from apaclogistics.shipments import Shipment
from apaclogistics.tariffs import Band, Price, RateCard, WeightRule, Zone, price_of
from apaclogistics.tracking import Discrepancy, Scan, Tracking, track
from apaclogistics.values.goods import CustomsItem, Incoterm
from apaclogistics.values.identifiers import (
    CarrierCode,
    ClaimId,
    IdempotencyKey,
    InquiryId,
    LineId,
    ListingId,
    ListingVersion,
    OrderId,
    ParcelId,
    QuoteId,
    SellerId,
    ShipmentId,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, Window, instant
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding
from apaclogistics.values.places import Address, Country, Destination, Party, Place
from apaclogistics.values.quantities import Dimensions, Weight

__version__ = "0.1.0"
__all__ = (
    "FULFILMENT",
    "Action",
    "Actor",
    "ActorNotPermittedError",
    "Address",
    "Allocation",
    "ApacLogisticsError",
    "Assessment",
    "AttentionItem",
    "AttentionPolicy",
    "Band",
    "Booking",
    "CarrierCode",
    "CarrierError",
    "CarrierRejectedError",
    "CarrierUnavailableError",
    "Claim",
    "ClaimId",
    "ClaimKind",
    "CodecError",
    "CodecErrors",
    "CompensationPolicy",
    "ConcurrencyConflictError",
    "ConflictError",
    "Consignment",
    "Country",
    "Currency",
    "CustomsItem",
    "DayUnit",
    "Demand",
    "Destination",
    "Dimensions",
    "Discrepancy",
    "Evidence",
    "EvidenceKind",
    "EvidenceRequest",
    "ExchangeRate",
    "Facts",
    "Figured",
    "Flag",
    "Handling",
    "IdempotencyConflictError",
    "IdempotencyKey",
    "IllegalTransitionError",
    "Incoterm",
    "Inquiry",
    "InquiryId",
    "Instant",
    "InvalidTypeError",
    "InvalidValueError",
    "Label",
    "Ledger",
    "Lifecycle",
    "Limits",
    "LineId",
    "Listing",
    "ListingDraft",
    "ListingId",
    "ListingVersion",
    "LogisticsPlatform",
    "Milestone",
    "Moment",
    "Money",
    "NotFoundError",
    "Note",
    "Opening",
    "Order",
    "OrderId",
    "OrderLine",
    "Parcel",
    "ParcelId",
    "Party",
    "Payment",
    "PaymentStatus",
    "Phase",
    "Place",
    "Posting",
    "Price",
    "Profile",
    "Promise",
    "Question",
    "Quote",
    "QuoteId",
    "QuoteRefused",
    "RateCard",
    "Reason",
    "Refund",
    "RefusedError",
    "Role",
    "Rounding",
    "Sale",
    "Scan",
    "Seller",
    "SellerId",
    "Shipment",
    "ShipmentId",
    "Snapshot",
    "Step",
    "Terms",
    "Tracking",
    "TrackingNumber",
    "Transit",
    "TransitionError",
    "TransportMode",
    "Wallet",
    "Weight",
    "WeightRule",
    "Window",
    "Zone",
    "assess",
    "instant",
    "price_of",
    "promise",
    "track",
    "tracking_number",
)
