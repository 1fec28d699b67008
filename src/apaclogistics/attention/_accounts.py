"""What needs attention beside orders: listings that say what does not hold, wallets that run dry."""

from collections.abc import Iterator

from apaclogistics.attention._items import AttentionItem, Finding, Ground, View
from apaclogistics.attention._rules import Rule
from apaclogistics.findings import Severity
from apaclogistics.fulfilment import Phase
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Role
from apaclogistics.listings import LISTING, Listing, ListingState
from apaclogistics.sellers import SellerAction
from apaclogistics.shipments import Shipment
from apaclogistics.values.money import Currency, Money

__all__ = ("of_listing", "of_wallet")

# A deposit is no row of a table.
_TOP_UP = (SellerAction.DEPOSIT.value,)


def of_listing(view: View, listing: Listing) -> Iterator[AttentionItem]:
    """Give what is wrong with a listing that buyers see, and which rate card ends soon."""
    if listing.state is not ListingState.PUBLISHED:
        return
    allowed = tuple(action.value for action in LISTING.allowed(listing.state, Role.SELLER))
    for rule, found in (*_errors(view, listing), *_ending(view, listing)):
        yield found.item(rule, f"listing {listing.id}", listing.seller, allowed)


def _errors(view: View, listing: Listing) -> Iterator[tuple[Rule, Finding]]:
    errors = [it for it in listing.check(view.now) if it.severity is Severity.ERROR]
    last = listing.history[-1].at
    if errors:
        yield (
            Rule.INACCURATE,
            Finding(
                since=last,
                text="; ".join(error.reason.text for error in errors),
                evidence=(Ground(f"what {listing.version} says", last),),
            ),
        )


def _ending(view: View, listing: Listing) -> Iterator[tuple[Rule, Finding]]:
    for offer in listing.terms.offers:
        card = offer.rate_card
        text = f"rate card {card.name} of {offer.name} is in force"
        found = None
        if card.valid_until is not None:
            begins = Ground(f"{card.name} came into force", card.valid_from)
            found = view.closing(card.valid_until, text, begins)
        if found is not None:
            yield Rule.RATES_END, found


def of_wallet(view: View, wallet: Wallet) -> Iterator[AttentionItem]:
    """Give where a wallet lacks what is booked and waits to be confirmed, or is below zero."""
    theirs = view.snapshot.shipments_by(wallet.owner)
    booked = [it for it in theirs if it.phase is Phase.BOOKED]
    needed = {_estimate(shipment).currency for shipment in booked}
    known = {balance.available.currency for balance in wallet.balances}
    for currency in sorted(needed | known):
        found = _short(view, wallet, currency, booked)
        if found is not None:
            yield found.item(Rule.FUNDS, f"wallet of {wallet.owner}", wallet.owner, _TOP_UP)


def _estimate(shipment: Shipment) -> Money:
    booking = shipment.booking
    return booking.estimate if booking and booking.estimate else Money.zero("USD")


def _short(
    view: View, wallet: Wallet, currency: Currency, booked: list[Shipment]
) -> Finding | None:
    waiting = [it for it in booked if _estimate(it).currency == currency]
    available = wallet.available(currency)
    needed = Money.total((_estimate(it) for it in waiting), currency)
    if available >= needed:
        return None
    grounds = [
        Ground(f"shipment {it.id} is booked for {_estimate(it)}", it.history[-1].at)
        for it in waiting
    ]
    return Finding(
        since=max((ground.at for ground in grounds), default=view.now),
        text=f"{available} are available, and {needed} are needed for what is booked",
        evidence=tuple(grounds),
    )
