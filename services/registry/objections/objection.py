"""An objection to the dissolution of a business: while it stands, the business is not dissolved."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.part import Part
from services.chassis.domain.times import Instant, zone_date
from services.contracts.incubator.debts import DebtsDeclared
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.dissolutions import (
    ObjectionDecided,
    ObjectionId,
    ObjectionLapsed,
    ObjectionLodged,
    ObjectionOutcome,
    ObjectionWithdrawn,
)
from services.registry.businesses.business import Business


class ObjectionStatus(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    """It stands in the way of the dissolution."""
    UPHELD = "upheld"
    """It was found good: the dissolution was cancelled."""
    DISMISSED = "dismissed"
    """It was found to be no reason."""
    WITHDRAWN = "withdrawn"
    """What it was about is settled."""
    LAPSED = "lapsed"
    """The dissolution was cancelled otherwise."""


S = ObjectionStatus

MOVES: Final[Mapping[ObjectionStatus, frozenset[ObjectionStatus]]] = {
    S.OPEN: frozenset({S.UPHELD, S.DISMISSED, S.WITHDRAWN, S.LAPSED}),
    S.WITHDRAWN: frozenset({S.OPEN}),
    S.UPHELD: frozenset(),
    S.DISMISSED: frozenset(),
    S.LAPSED: frozenset(),
}

INCUBATOR: Final = "incubator"
UNPAID: Final = "The business owes the zone what these invoices say."


class Debts(Part):
    """What a business owes the zone, as the incubator says."""

    amount: int
    """In minor units."""
    currency: str
    """In which the amounts are, such as `CNY` (ISO 4217)."""
    invoice_ids: list[InvoiceId]
    """The invoices that are not paid."""


class Objected(BaseModel):
    """Everything that an objection says of itself."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    business_id: BusinessId
    """The business whose dissolution it is about."""
    status: ObjectionStatus
    """What became of it."""
    raised_by: Literal["partner", "official", "incubator"]
    """Who objects: somebody with a claim on the business, the zone's office, or the incubator for unpaid invoices."""
    reason: str
    """Why the partner objects, in its own words."""
    debts: Debts | None = None
    """What is owed, where the incubator says it."""
    lodged_at: Instant
    """Since when it stands."""
    decided_by: str | None = None
    """The client of the official who decided it; null where nobody did."""
    ended_at: Instant | None = None
    """When it was decided, withdrawn or lapsed; null while it stands."""
    comment: str | None = None
    """What the official had to say."""


class Objection(Aggregate, Objected):
    """An objection to the dissolution of a business.

    Attributes:
        owner_id: the partner that owns the business. partner_id: the one that objects; it sees it too.
        by: the client that objects; nobody decides an objection of their own.
        dissolution: the event that began the dissolution, so that one of another time is never meant.
        heard: of the incubator's, the sequence of its last answer.
    """

    collection: ClassVar[str] = "objections"
    shown_to: ClassVar = owned_by("owner_id", "partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("status", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "owner_id", "status", "dissolution"],
            "properties": {"status": {"enum": [status.value for status in ObjectionStatus]}},
        }
    }

    id: ObjectionId
    owner_id: str
    partner_id: str
    by: str
    dissolution: str
    heard: int = 0

    @classmethod
    def lodge(cls, business: Business, reason: str, *, by: Caller, at: datetime) -> Self:
        """Somebody objects, within the notice; the business is to be saved, too.

        Raises:
            Forbidden: `objection_to_own`.
            Conflict: `not_in_notice_period`.
        """
        if by.partner_id == business.partner_id:
            raise Forbidden("A business does not object to its own dissolution: cancel it.", code="objection_to_own")
        if not business.is_in_notice(zone_date(at)):
            raise Conflict("Nobody can object to a dissolution of this business now.", code="not_in_notice_period")
        raised_by: Literal["official", "partner"] = "official" if by.is_official else "partner"
        return cls._lodged(
            business, new_id("obj"), at, raised_by=raised_by, reason=reason, partner_id=by.partner_id, by=by.client_id
        )

    @classmethod
    def of_debts(cls, event: DebtsDeclared, business: Business, *, at: datetime) -> Self:
        """The incubator objects for unpaid invoices; the business is to be saved, too."""
        made = cls._lodged(
            business,
            debts_objection_id(event.answers),
            at,
            raised_by="incubator",
            reason=UNPAID,
            partner_id=INCUBATOR,
            by=INCUBATOR,
        )
        made.debts = _debts(event)
        return made

    @classmethod
    def _lodged(cls, business: Business, id: str, at: datetime, **said: Any) -> Self:
        assert business.dissolution is not None
        made = cls(
            id=id,
            business_id=business.id,
            owner_id=business.partner_id,
            status=ObjectionStatus.OPEN,
            dissolution=business.dissolution.event_id,
            lodged_at=at,
            **said,
        )
        made.record(ObjectionLodged(**made._about()))
        business.change_dissolution(objections=+1)
        return made

    def is_about(self, business: Business) -> bool:
        """Whether it is about the dissolution under way, and none of another time."""
        return business.dissolution is not None and business.dissolution.event_id == self.dissolution

    def restate(self, event: DebtsDeclared, business: Business, *, at: datetime) -> None:
        """Other invoices are unpaid by now, or some again; what an official has dismissed stays so."""
        if self.status is ObjectionStatus.WITHDRAWN:
            self._move_to(ObjectionStatus.OPEN)
            self.lodged_at, self.ended_at = at, None
            self.record(ObjectionLodged(**self._about()))
            business.change_dissolution(objections=+1)
        self.debts = _debts(event)

    def withdraw(self, business: Business, *, at: datetime) -> None:
        """What it was about is settled; one that was decided stays as it is."""
        if self.status is ObjectionStatus.OPEN:
            self._end(ObjectionStatus.WITHDRAWN, at)
            self.record(ObjectionWithdrawn(**self._about()))
            business.change_dissolution(objections=-1)

    def lapse(self, *, at: datetime) -> None:
        """The dissolution that it was about is no more."""
        self._end(ObjectionStatus.LAPSED, at)
        self.record(ObjectionLapsed(**self._about()))

    def decide(self, outcome: ObjectionOutcome, comment: str, *, by: Caller, at: datetime) -> None:
        """An official finds it good, or no reason; the business follows.

        Raises:
            Forbidden: `separation_of_duties`.
            Conflict: `invalid_transition`, it does not stand any more.
        """
        if by.client_id == self.by:
            raise Forbidden("Nobody decides an objection of their own.", code="separation_of_duties")
        self._end(ObjectionStatus(outcome), at)
        self.decided_by, self.comment = by.client_id, comment
        self.record(ObjectionDecided(**self._about(), outcome=outcome))

    @property
    def allowed_actions(self) -> list[str]:
        """What officials can do to it."""
        return ["decide"] if self.status is ObjectionStatus.OPEN else []

    @property
    def key(self) -> str:
        """The claim of who objects: one objection of a partner to a business stands at a time."""
        return f"objection|{self.business_id}|{self.partner_id}"

    def _end(self, status: ObjectionStatus, at: datetime) -> None:
        self._move_to(status)
        self.ended_at = at

    def _move_to(self, status: ObjectionStatus) -> None:
        self.status = move(self.status, status, MOVES, allowed_actions=self.allowed_actions)

    def _about(self) -> dict[str, Any]:
        return {"business_id": self.business_id, "objection_id": self.id}


def debts_objection_id(dissolution: str) -> str:
    """The incubator's objection to a dissolution: a name-based id (RFC 9562 §5.5), so that there is one."""
    return f"obj_{uuid.uuid5(uuid.NAMESPACE_URL, dissolution).hex}"


def _debts(event: DebtsDeclared) -> Debts:
    return Debts(amount=event.amount, currency=event.currency, invoice_ids=event.invoice_ids)
