"""Step 1: a seller registers and is verified."""

from collections.abc import Callable

import attrs

from apaclogistics.application._desk import Desk, Now, wallet_of
from apaclogistics.errors import InvalidValueError
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.profiles import Agreement, Identity, Logistics, Profile
from apaclogistics.sellers import SELLER, Activity, Permission, Seller, SellerAction
from apaclogistics.values.fields import checked
from apaclogistics.values.goods import BatteryQualification, LithiumBattery
from apaclogistics.values.identifiers import SellerId
from apaclogistics.values.money import Money

__all__ = ("SellerDesk",)


@attrs.frozen
class SellerDesk:
    """The use cases of sellers' accounts."""

    _desk: Desk

    def get(self, id: SellerId) -> Seller:
        """Load a seller."""
        return self._desk.read(lambda work: work.sellers, id)

    def register(self, id: SellerId, profile: Profile, *, by: Actor) -> Seller:
        """Open an account that waits for verification."""
        seller = Seller.register(id, profile, by=by, at=self._desk.clock.now())
        return self._desk.add(lambda work: work.sellers, seller)

    def verify(self, id: SellerId, *, by: Actor, note: str = "") -> Seller:
        """Have a seller's numbers checked, and let the seller publish and book.

        Raises:
            RefusedError: with every number that is missing or wrong, and every address that is
                beyond the platform's limits.
        """
        check = self._desk.checker.check

        def verified(seller: Seller, now: Now) -> Seller:
            return seller.verify(
                verdicts=[check(number) for number in seller.profile.identity.numbers],
                requirements=now.requirements,
                by=by,
                at=now.at,
                note=note,
            )

        return self._change(id, verified)

    def reject(self, id: SellerId, note: str, *, by: Actor) -> Seller:
        """Turn a registration down."""
        return self._change(id, lambda seller, now: seller.reject(note, by=by, at=now.at))

    def resubmit(self, id: SellerId, profile: Profile, *, by: Actor) -> Seller:
        """Answer a rejection with a mended profile."""
        return self._change(id, lambda seller, now: seller.resubmit(profile, by=by, at=now.at))

    def amend_identity(self, id: SellerId, identity: Identity, *, by: Actor) -> Seller:
        """Change who a seller is, which asks for verification anew."""
        return self._change(
            id,
            lambda seller, now: seller.amend_identity(identity, by=by, at=now.at),
        )

    def amend_logistics(self, id: SellerId, logistics: Logistics, *, by: Actor) -> Seller:
        """Change a seller's addresses and preferences."""
        return self._change(
            id,
            lambda seller, now: seller.amend_logistics(
                logistics, requirements=now.requirements, by=by, at=now.at
            ),
        )

    def agree(self, id: SellerId, agreement: Agreement, *, by: Actor) -> Seller:
        """Accept a text of the platform."""
        return self._change(id, lambda seller, now: seller.agree(agreement, by=by, at=now.at))

    def qualify(self, id: SellerId, qualification: BatteryQualification, *, by: Actor) -> Seller:
        """Record that a seller is qualified for a type of battery."""
        return self._change(
            id,
            lambda seller, now: seller.qualify(qualification, by=by, at=now.at),
        )

    def may(self, id: SellerId, what: Activity | LithiumBattery) -> Permission:
        """Answer whether a seller may publish, book, or ship a type of battery now."""
        seller, at = self.get(id), self._desk.clock.now()
        return seller.may(what, at, self._desk.requirements)

    def suspend(self, id: SellerId, note: str, *, by: Actor) -> Seller:
        """Stop a seller's publishing and booking; what is under way runs on."""
        return self._change(id, lambda seller, now: seller.suspend(note, by=by, at=now.at))

    def reinstate(self, id: SellerId, *, by: Actor, note: str = "") -> Seller:
        """Lift a suspension."""
        return self._change(
            id,
            lambda seller, now: seller.reinstate(by=by, at=now.at, note=note),
        )

    def close(self, id: SellerId, *, by: Actor, note: str = "") -> Seller:
        """End an account for good."""
        return self._change(id, lambda seller, now: seller.close(by=by, at=now.at, note=note))

    def wallet(self, owner: Actor) -> Wallet:
        """Give what a party has on the platform."""
        with self._desk.storage.unit_of_work() as work:
            return wallet_of(work, owner).value

    def deposit(self, owner: Actor, amount: Money, cause: str, *, by: Actor) -> Wallet:
        """Bring money of a seller's own onto the platform, once for each cause.

        The cause names the deposit, as the reference of a transfer does: the same again changes
        nothing, so a call whose answer was lost is repeated.

        Raises:
            InvalidTypeError: if the owner is no actor, or the amount is no money.
            InvalidValueError: if the owner is no seller, the amount is not above zero, or the cause
                cannot name a deposit.
            NotFoundError: if the seller is not registered.
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            DepositConflictError: if another amount was deposited under the cause.
        """
        if checked("owner", owner, Actor).role is not Role.SELLER:
            raise InvalidValueError("owner", str(owner), "is no seller", "a registered seller")
        with self._desk.storage.unit_of_work() as work:
            seller = work.sellers.get(SellerId(owner.id)).value
            SELLER.refuse_stranger(seller.state, SellerAction.DEPOSIT, by, seller.parties)
            wallet = wallet_of(work, owner)
            topped_up = wallet.value.deposit(amount, cause, at=self._desk.clock.now())
            if topped_up != wallet.value:
                work.wallets.save(topped_up, expected=wallet.version)
                work.commit()
        return topped_up

    def _change(self, id: SellerId, verb: Callable[[Seller, Now], Seller]) -> Seller:
        return self._desk.change(lambda work: work.sellers, id, verb)
