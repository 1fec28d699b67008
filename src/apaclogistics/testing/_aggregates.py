"""Strategies for what has a life, and for what it is made of, by type.

Each is driven by its own verbs: a walk draws from what the table allows now, and the verb is called
by a party who may.  So every state that can be reached occurs, with a history that happened.
Incidental texts are short; the strategies of the values alone give the long ones.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hypothesis.strategies import SearchStrategy

from apaclogistics.allocations import Allocation
from apaclogistics.arrivals import Arrival, Estimate, Grounds
from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.carriers import Complaint
from apaclogistics.claims import Claim, Demand
from apaclogistics.compensation import ClaimTerms, CompensationPolicy, Facts
from apaclogistics.consignments import Booking, Consignment, ConsignmentPreference, Parcel
from apaclogistics.costs import ActualCost, Bill
from apaclogistics.declarations import Declaration
from apaclogistics.dispatches import Dispatch
from apaclogistics.evidence import Evidence
from apaclogistics.findings import Finding
from apaclogistics.handovers import HandoverEntry, HandoverLine, HandoverSheet
from apaclogistics.inquiries import Inquiry
from apaclogistics.inquiry_policies import Closing, InquiryPolicy
from apaclogistics.ledger import JournalEntry, Ledger, Posting, Wallet
from apaclogistics.listings import Listing, Terms
from apaclogistics.measurements import Measurement
from apaclogistics.offers import Carriage, Offer
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, Settlement
from apaclogistics.performance import Days, Lane, Outcome, Performance, Share, Tally
from apaclogistics.profiles import Identity, Logistics, Profile
from apaclogistics.promises import Handling, Promise, Transit
from apaclogistics.quotes import Quote
from apaclogistics.rate_cards import RateCard, Surcharge
from apaclogistics.restrictions import Limits, Restrictions
from apaclogistics.routes import Route
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.scorecards import (
    Complaints,
    LineEvidence,
    Rating,
    Records,
    Scorecard,
    Standard,
)
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.statements import Journal, Statement, StatementLine
from apaclogistics.tariffs import Price
from apaclogistics.testing._agreements import (
    claim_terms,
    evidence,
    facts,
    handlings,
    journal_entries,
    journals,
    ledgers,
    policies,
    postings,
    promises,
    statement_lines,
    statements,
    transits,
    wallets,
)
from apaclogistics.testing._billing import (
    actual_costs,
    bills,
    declarations,
    filed_complaints,
    handover_entries,
    handover_lines,
    handover_sheets,
    measurements,
    preferences,
)
from apaclogistics.testing._bundles import bundle_openings, bundles
from apaclogistics.testing._carriage import bookings, consignments, parcels, shipments
from apaclogistics.testing._disputes import claims, demands
from apaclogistics.testing._inquiries import (
    closings,
    deadlines,
    inquiries,
    inquiry_policies,
    messages,
    questions,
    remarks,
    resolutions,
    threads,
)
from apaclogistics.testing._measures import (
    arrivals,
    days,
    estimates,
    grounds,
    lanes,
    outcomes,
    performances,
    routes,
    shares,
    tallies,
)
from apaclogistics.testing._orders import (
    allocations,
    dispatches,
    orders,
    payment_holds,
    payments,
    refunds,
    sales,
    settlements,
)
from apaclogistics.testing._publishing import (
    carriages,
    findings,
    limits,
    listings,
    offers,
    quotes,
    restrictions,
    terms,
)
from apaclogistics.testing._scores import (
    complaints,
    line_evidence,
    ratings,
    records,
    scorecards,
    standards,
)
from apaclogistics.testing._sellers import identities, logistics, profiles, sellers
from apaclogistics.testing._tariffs import prices, rate_cards, surcharges, weight_rules, zones
from apaclogistics.threads import Message, Question, Remark, Resolution, Thread
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

__all__ = (
    "AGGREGATE_STRATEGIES",
    "actual_costs",
    "allocations",
    "arrivals",
    "bills",
    "bookings",
    "bundle_openings",
    "bundles",
    "carriages",
    "claim_terms",
    "claims",
    "closings",
    "complaints",
    "consignments",
    "days",
    "deadlines",
    "declarations",
    "demands",
    "dispatches",
    "estimates",
    "evidence",
    "facts",
    "filed_complaints",
    "findings",
    "grounds",
    "handlings",
    "handover_entries",
    "handover_lines",
    "handover_sheets",
    "identities",
    "inquiries",
    "inquiry_policies",
    "journal_entries",
    "journals",
    "lanes",
    "ledgers",
    "limits",
    "line_evidence",
    "listings",
    "logistics",
    "measurements",
    "messages",
    "offers",
    "orders",
    "outcomes",
    "parcels",
    "payment_holds",
    "payments",
    "performances",
    "policies",
    "postings",
    "preferences",
    "prices",
    "profiles",
    "promises",
    "questions",
    "quotes",
    "rate_cards",
    "ratings",
    "records",
    "refunds",
    "remarks",
    "resolutions",
    "restrictions",
    "routes",
    "sales",
    "scorecards",
    "sellers",
    "settlements",
    "shares",
    "shipments",
    "standards",
    "statement_lines",
    "statements",
    "surcharges",
    "tallies",
    "terms",
    "threads",
    "transits",
    "wallets",
    "weight_rules",
    "zones",
)


AGGREGATE_STRATEGIES: Final[Mapping[type, Callable[[], SearchStrategy[object]]]] = MappingProxyType(
    {
        ActualCost: actual_costs,
        Allocation: allocations,
        Arrival: arrivals,
        Bill: bills,
        Booking: bookings,
        Bundle: bundles,
        BundleOpening: bundle_openings,
        Carriage: carriages,
        Claim: claims,
        ClaimTerms: claim_terms,
        Closing: closings,
        CompensationPolicy: policies,
        Complaint: filed_complaints,
        Complaints: complaints,
        Consignment: consignments,
        ConsignmentPreference: preferences,
        Days: days,
        Deadline: deadlines,
        Declaration: declarations,
        Demand: demands,
        Dispatch: dispatches,
        Estimate: estimates,
        Evidence: evidence,
        Facts: facts,
        Finding: findings,
        Grounds: grounds,
        Handling: handlings,
        HandoverSheet: handover_sheets,
        Identity: identities,
        Inquiry: inquiries,
        Journal: journals,
        JournalEntry: journal_entries,
        InquiryPolicy: inquiry_policies,
        Lane: lanes,
        Ledger: ledgers,
        Limits: limits,
        LineEvidence: line_evidence,
        Listing: listings,
        Logistics: logistics,
        HandoverEntry: handover_entries,
        HandoverLine: handover_lines,
        Measurement: measurements,
        Message: messages,
        Offer: offers,
        Order: orders,
        Outcome: outcomes,
        Parcel: parcels,
        Payment: payments,
        PaymentHold: payment_holds,
        Performance: performances,
        Posting: postings,
        Price: prices,
        Profile: profiles,
        Promise: promises,
        Question: questions,
        Quote: quotes,
        RateCard: rate_cards,
        Records: records,
        Refund: refunds,
        Resolution: resolutions,
        Restrictions: restrictions,
        Route: routes,
        Sale: sales,
        Scorecard: scorecards,
        Seller: sellers,
        Settlement: settlements,
        Share: shares,
        Shipment: shipments,
        Standard: standards,
        Rating: ratings,
        Remark: remarks,
        Surcharge: surcharges,
        Statement: statements,
        StatementLine: statement_lines,
        Tally: tallies,
        Terms: terms,
        Thread: threads,
        Transit: transits,
        Wallet: wallets,
        WeightRule: weight_rules,
        Zone: zones,
    }
)
