"""A cap table: who holds which shares of a business. It is what makes events, and the fence of their chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, ClassVar, Final, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate, event_id
from services.chassis.domain.errors import Conflict
from services.chassis.domain.money import DIGITS
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import zone_midnight
from services.chassis.domain.violations import Violation, refusal
from services.contracts.incubator.startups.shares import ShareClassId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.shares.cap_event import (
    MOST_EVENTS,
    CapEvent,
    CapEventType,
    Holding,
    Standing,
)
from services.incubator.investment.shares.share_class import ShareClass, check_not_before
from services.incubator.investment.shares.split import Split
from services.incubator.investment.shares.telling import events_of
from services.incubator.kernel.quantity import CURRENCY, rounded
from services.incubator.tenants.tenant import Tenant

MOST_HOLDINGS: Final = 2_000
"""As many as a round has commitments at most, beside as many members as that."""
MOST_CLASSES: Final = 50
PLACES: Final = 10**10
"""A price per share has at most ten decimals, as the Open Cap Format has numbers."""
T = CapEventType


def cap_table_id(business_id: str) -> str:
    """The cap table of a business: `cap_` and the same 32 digits, so there is one."""
    return f"cap_{business_id.removeprefix('biz_')}"


def too_many_holdings() -> Conflict:
    """The refusal of more holdings than one table has."""
    return Conflict(f"A cap table has at most {MOST_HOLDINGS} holdings.", code="too_many_holdings")


def price_per_share(paid: int | Fraction, shares: int, currency: str) -> str:
    """What was paid for one share, in major units: decimal text of at most ten places."""
    exact = Fraction(paid) / (shares * 10 ** DIGITS[currency])
    whole, places = divmod(rounded(exact * PLACES), PLACES)
    return f"{whole}.{places:010d}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class When:
    """On which day something counts, and when it was recorded."""

    effective_on: date
    recorded_at: datetime


class CapTable(Aggregate):
    """The cap table of a business. Every event saves it: so numbers have no gap, and no holding is used twice.

    Attributes:
        standing: who holds what now: the fold of all events.
        prefixes: with what certificates begin → of which class they are.
        seq: the number of the last event.
    """

    collection: ClassVar[str] = "cap_tables"
    shown_to: ClassVar = owned_by("partner_id")

    business_id: BusinessId
    partner_id: str
    currency: str = CURRENCY
    standing: Standing = Field(default_factory=Standing)
    prefixes: dict[str, ShareClassId] = Field(default_factory=dict)
    seq: int = 0

    @classmethod
    def of_tenant(cls, tenant: Tenant) -> Self:
        """The table of a business of which nothing was entered: it has no document yet."""
        return cls(
            id=cap_table_id(tenant.business_id), version=1, business_id=tenant.business_id, partner_id=tenant.partner_id
        )

    def add_class(self, share_class: ShareClass, authorised: int, when: When) -> CapEvent:
        """A first number of shares is authorised. Raises Conflict: `prefix_taken`, `too_many_classes`."""
        if share_class.id_prefix in self.prefixes:
            raise Conflict("Another class has certificates that begin so.", code="prefix_taken")
        if len(self.prefixes) >= MOST_CLASSES:
            raise Conflict(f"A business has at most {MOST_CLASSES} share classes.", code="too_many_classes")
        self.prefixes[share_class.id_prefix] = share_class.id
        return self.authorise(share_class, authorised, when)

    def authorise(self, share_class: ShareClass, authorised: int, when: When) -> CapEvent:
        """Another number of shares may be issued. Raises Conflict: `authorised_exceeded`, `before_last_event`."""
        share_class.check_settled_on(when.effective_on)
        share_class.check_room(share_class.issued, authorised)
        return self._record(T.AUTHORISED_CHANGED, share_class, when, authorised=authorised)

    def issue(
        self, share_class: ShareClass, investor_id: str, shares: int, paid: int, when: When, price: str | None = None
    ) -> CapEvent:
        """New shares for an investor.

        Args:
            paid: for all of them, in minor units.
            price: of one, where it is not what was paid by the share.

        Raises:
            Conflict: `authorised_exceeded`, `before_last_event`, `too_many_holdings`.
        """
        share_class.check_issued_on(when.effective_on)
        share_class.check_room(share_class.issued + shares)
        per_share = price or price_per_share(paid, shares, self.currency)
        begins = [self._holding(share_class, investor_id, shares, per_share, when)]
        return self._record(T.ISSUED, share_class, when, shares=shares, paid=paid, begins=begins)

    def transfer(
        self, share_class: ShareClass, source: Holding, shares: int, to: str, when: When, *, cancel_rest: bool
    ) -> CapEvent:
        """Shares go to another investor; the holding is used up, what is left of it is a new one, or cancelled.

        Raises:
            Conflict: `holding_exceeded`, `before_last_event`, `too_many_holdings`.
        """
        rest = self._rest(source, shares, when)
        begins = [self._holding(share_class, to, shares, source.price, when)]
        if rest and not cancel_rest:
            begins.append(self._holding(share_class, source.investor_id, rest, source.price, when))
        return self._record(
            T.TRANSFERRED,
            share_class,
            when,
            shares=shares,
            cancelled=rest if cancel_rest else 0,
            ends=[source],
            begins=begins,
        )

    def cancel(self, share_class: ShareClass, source: Holding, shares: int, reason: str, when: When) -> CapEvent:
        """Shares are no more. Raises Conflict: `holding_exceeded`, `before_last_event`."""
        more = self._reduced(share_class, source, shares, when)
        return self._record(T.CANCELLED, share_class, when, reason=reason, **more)

    def repurchase(self, share_class: ShareClass, source: Holding, shares: int, paid: int, when: When) -> CapEvent:
        """The business buys shares back; they are no more. Raises Conflict: `holding_exceeded`, `before_last_event`."""
        more = self._reduced(share_class, source, shares, when)
        return self._record(T.REPURCHASED, share_class, when, paid=paid, **more)

    def split(self, share_class: ShareClass, split: Split, authorised: int | None, when: When) -> CapEvent:
        """All shares of a class become others; fractions are paid.

        Args:
            authorised: how many may be issued from now on; None where that stays.

        Raises:
            Conflict: `authorised_exceeded`, `before_last_event`.
        """
        share_class.check_settled_on(when.effective_on)
        holdings = self.standing.of_class(share_class.id)
        resized, cash = split.of(holdings)
        share_class.check_room(sum(each.after for each in resized), authorised)
        ended = {each.certificate for each in resized if not each.after}
        return self._record(
            T.SPLIT,
            share_class,
            when,
            shares=sum(each.before for each in resized),
            ends=[each for each in holdings if each.certificate in ended],
            resized=resized,
            cash_in_lieu=cash,
            numerator=split.numerator,
            denominator=split.denominator,
            authorised=authorised,
        )

    def held_under(self, certificate: str, share_classes: Mapping[str, ShareClass]) -> Holding:
        """What is held under a certificate.

        Raises:
            Unprocessable: `certificate_unknown`, no such one was ever given out.
            Conflict: `holding_used_up`, it was; an event ended it.
        """
        if certificate in self.standing.holdings:
            return self.standing.holdings[certificate]
        if any(each.gave_out(certificate) for each in share_classes.values()):
            raise Conflict("What was held under this certificate is used up.", code="holding_used_up")
        raise refusal(Violation("certificate_unknown", "There is no such certificate.", ("certificate",)))

    def _holding(self, share_class: ShareClass, investor_id: str, shares: int, price: str, when: When) -> Holding:
        return Holding(
            certificate=share_class.next_certificate(),
            share_class_id=share_class.id,
            investor_id=investor_id,
            shares=shares,
            price=price,
            changed_on=when.effective_on,
        )

    def _rest(self, source: Holding, shares: int, when: When) -> int:
        check_not_before(when.effective_on, source.changed_on)
        if shares > source.shares:
            raise Conflict(
                "There are not so many shares in this holding.", code="holding_exceeded", shares=source.shares
            )
        return source.shares - shares

    def _reduced(self, share_class: ShareClass, source: Holding, shares: int, when: When) -> dict[str, Any]:
        rest = self._rest(source, shares, when)
        begins = [self._holding(share_class, source.investor_id, rest, source.price, when)] if rest else []
        return {"shares": shares, "cancelled": shares, "ends": [source], "begins": begins}

    def _record(self, type: CapEventType, share_class: ShareClass, when: When, **more: Any) -> CapEvent:
        if self.seq >= MOST_EVENTS:
            raise Conflict(f"A business has at most {MOST_EVENTS} events of shares.", code="too_many_cap_events")
        self.seq += 1
        event = CapEvent(
            id=event_id(self.id, self.seq),
            cap_table_id=self.id,
            partner_id=self.partner_id,
            business_id=self.business_id,
            seq=self.seq,
            type=type,
            share_class_id=share_class.id,
            effective_on=when.effective_on,
            recorded_at=when.recorded_at,
            currency=self.currency,
            **more,
        )
        authorised_before = share_class.authorised
        self.standing.take(event)
        if len(self.standing.holdings) > MOST_HOLDINGS:
            raise too_many_holdings()
        share_class.issued = self.standing.issued(share_class.id)
        share_class.authorised = self.standing.authorised[share_class.id]
        share_class.happened_on(when.effective_on, settles=event.settles)
        for told in events_of(event, share_class, authorised_before):
            self.record(told, effective_at=zone_midnight(event.effective_on))
        return event
