"""eBay's Asia-Pacific logistics as a domain library: from a seller's registration to a settled claim.

The public nouns and errors, re-exported from their modules.  Everything that is not here is found
in the module of its noun: the tables in `apaclogistics.fulfilment`, `claims` and their like, prices
in `tariffs`, adapters in `adapters`, readers of other people's formats in `interop`.
"""

from apaclogistics.allocations import Allocation
from apaclogistics.application import LogisticsPlatform
from apaclogistics.arrivals import Arrival, Basis, Estimate, Grounds, arrival
from apaclogistics.attention import AttentionItem, AttentionPolicy, Snapshot
from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.cancellations import Cancellation
from apaclogistics.carriers import (
    Answer,
    CarrierRejectedError,
    CarrierUnavailableError,
    Complaint,
    ComplaintKind,
)
from apaclogistics.claims import Claim, Demand, EvidenceRequest, Figured
from apaclogistics.compensation import (
    Assessment,
    ClaimKind,
    ClaimTerms,
    CompensationPolicy,
    Facts,
    Worth,
    assess,
    is_presumed_lost,
)
from apaclogistics.consignments import (
    Booking,
    Consignment,
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
    PickUpWindow,
)
from apaclogistics.costs import ActualCost, Bill, ChargeMode, CostType
from apaclogistics.declarations import CustomsForm, Declaration, Undeclared
from apaclogistics.dispatches import Dispatch
from apaclogistics.duties import DutyEstimate
from apaclogistics.duty_tables import (
    AdValorem,
    DutyRule,
    DutyTable,
    Levy,
    Specific,
    TaxRule,
    Threshold,
)
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
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits
from apaclogistics.findings import Finding, PromisePolicy, Severity
from apaclogistics.fulfilment import FULFILMENT, Action, Flag, Milestone, Phase
from apaclogistics.handovers import HandoverSheet
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
from apaclogistics.listings import Listing, ListingDraft, Terms
from apaclogistics.measurements import Measured, Measurement, MeasurementKind, WeightGap
from apaclogistics.offers import Carriage, Coverage, Offer, ServiceLevel, TransportMode
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, PaymentStatus, Settlement
from apaclogistics.performance import Lane, Outcome, Performance, Share, Tally
from apaclogistics.ports import ConcurrencyConflictError, IdempotencyConflictError
from apaclogistics.profiles import (
    Agreement,
    Identity,
    Logistics,
    Profile,
    Requirements,
    SellerKind,
)
from apaclogistics.promises import DayUnit, Handling, Promise, Transit, promise
from apaclogistics.quotes import Almanac, Comparison, Quote, QuoteRefused, Ranked
from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, RateCard, Surcharge
from apaclogistics.readings import OrderDivergedError
from apaclogistics.refunds import RefundState
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.routes import Progress, Route, RouteLeg, progress
from apaclogistics.sales import OrderLine, Payment, Refund, Sale
from apaclogistics.scorecards import (
    Level,
    LineEvidence,
    Metric,
    Rating,
    Records,
    Scorecard,
    Standard,
    carrier_card,
    listing_card,
    promises_kept,
    rating,
    seller_card,
)
from apaclogistics.sellers import Activity, Permission, Seller
from apaclogistics.shipments import Shipment
from apaclogistics.tariffs import Price, PriceLine, Unpriced, price_of
from apaclogistics.tracking import Discrepancy, Scan, Tracking, track
from apaclogistics.values.calendars import ListedCalendar
from apaclogistics.values.goods import (
    BatteryQualification,
    CustomsItem,
    Incoterm,
    LithiumBattery,
)
from apaclogistics.values.identifiers import (
    BundleId,
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
from apaclogistics.values.instants import Instant, Moment, Window, instant, moment
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding
from apaclogistics.values.places import Address, Country, Destination, Party, Place
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.registers import IdentifierChecker, Register, RegisteredNumber, Verdict
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

__version__ = "0.1.0"
__all__ = (
    "FULFILMENT",
    "Action",
    "Activity",
    "Actor",
    "ActorNotPermittedError",
    "ActualCost",
    "AdValorem",
    "Address",
    "Agreement",
    "Allocation",
    "Almanac",
    "Answer",
    "ApacLogisticsError",
    "Arrival",
    "Assessment",
    "AttentionItem",
    "AttentionPolicy",
    "Band",
    "Basis",
    "BatteryLane",
    "BatteryQualification",
    "Bill",
    "Booking",
    "Bundle",
    "BundleId",
    "BundleOpening",
    "Cancellation",
    "Carriage",
    "CarrierCode",
    "CarrierError",
    "CarrierRejectedError",
    "CarrierUnavailableError",
    "ChargeMode",
    "Claim",
    "ClaimId",
    "ClaimKind",
    "ClaimTerms",
    "CodecError",
    "CodecErrors",
    "Comparison",
    "CompensationPolicy",
    "Complaint",
    "ComplaintKind",
    "ConcurrencyConflictError",
    "ConflictError",
    "Consignment",
    "ConsignmentKind",
    "ConsignmentPreference",
    "CostType",
    "Country",
    "Coverage",
    "Currency",
    "CustomsForm",
    "CustomsItem",
    "DayUnit",
    "Declaration",
    "Demand",
    "Destination",
    "Dimensions",
    "Discrepancy",
    "Dispatch",
    "DutyEstimate",
    "DutyRule",
    "DutyTable",
    "Estimate",
    "Evidence",
    "EvidenceKind",
    "EvidenceLimits",
    "EvidenceRequest",
    "ExchangeRate",
    "Facts",
    "Figured",
    "Finding",
    "Flag",
    "GoodsRule",
    "Grounds",
    "Handling",
    "HandoverSheet",
    "IdempotencyConflictError",
    "IdempotencyKey",
    "IdentifierChecker",
    "Identity",
    "IllegalTransitionError",
    "Incoterm",
    "Inquiry",
    "InquiryId",
    "Instant",
    "Insurance",
    "InvalidTypeError",
    "InvalidValueError",
    "Label",
    "Lane",
    "Ledger",
    "Level",
    "Levy",
    "Lifecycle",
    "Limits",
    "LineEvidence",
    "LineId",
    "ListedCalendar",
    "Listing",
    "ListingDraft",
    "ListingId",
    "ListingVersion",
    "LithiumBattery",
    "Logistics",
    "LogisticsPlatform",
    "Measured",
    "Measurement",
    "MeasurementKind",
    "Metric",
    "Milestone",
    "Moment",
    "Money",
    "NotFoundError",
    "Note",
    "Offer",
    "Opening",
    "Order",
    "OrderDivergedError",
    "OrderId",
    "OrderLine",
    "Outcome",
    "Parcel",
    "ParcelId",
    "Party",
    "Payment",
    "PaymentHold",
    "PaymentStatus",
    "Percent",
    "PercentOf",
    "Performance",
    "Permission",
    "Phase",
    "PickUpWindow",
    "Place",
    "Posting",
    "Price",
    "PriceLine",
    "Profile",
    "Progress",
    "Promise",
    "PromisePolicy",
    "Question",
    "Quote",
    "QuoteId",
    "QuoteRefused",
    "Ranked",
    "RateCard",
    "Rating",
    "Reason",
    "Records",
    "Refund",
    "RefundState",
    "RefusedError",
    "Register",
    "RegisteredNumber",
    "Requirements",
    "Restrictions",
    "Role",
    "Rounding",
    "Route",
    "RouteLeg",
    "Sale",
    "Scan",
    "Scorecard",
    "Seller",
    "SellerId",
    "SellerKind",
    "ServiceLevel",
    "Settlement",
    "Severity",
    "Share",
    "Shipment",
    "ShipmentId",
    "SizeLimits",
    "Snapshot",
    "Specific",
    "Standard",
    "Step",
    "Surcharge",
    "Tally",
    "TaxRule",
    "Terms",
    "Threshold",
    "Tracking",
    "TrackingNumber",
    "Transit",
    "TransitionError",
    "TransportMode",
    "Undeclared",
    "Unpriced",
    "Verdict",
    "Wallet",
    "Weight",
    "WeightGap",
    "WeightRule",
    "Window",
    "Worth",
    "Zone",
    "arrival",
    "assess",
    "carrier_card",
    "instant",
    "is_presumed_lost",
    "listing_card",
    "moment",
    "price_of",
    "progress",
    "promise",
    "promises_kept",
    "rating",
    "seller_card",
    "track",
    "tracking_number",
)
