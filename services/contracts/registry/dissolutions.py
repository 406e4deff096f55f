"""What the registry tells everyone of the end of businesses, and of who objects to it."""

from enum import StrEnum
from typing import Annotated, Literal

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.registry.businesses import BUSINESSES, BusinessId, BusinessKind

ObjectionId = Annotated[str, id_of("obj")]

AfterCancellation = Literal["active", "suspended"]
"""What a business is again when its dissolution was cancelled."""
ObjectionOutcome = Literal["upheld", "dismissed"]
"""What was decided of an objection."""


class DissolutionMode(StrEnum):
    """In which procedure a business leaves the register (注销)."""

    VOLUNTARY = "voluntary"
    """By its own wish."""
    SIMPLIFIED = "simplified"
    """By its own wish, as it has no debts or has settled them (简易注销)."""
    ADMINISTRATIVE = "administrative"
    """By order."""


class BusinessDissolutionStarted(
    Event, name="zone.registry.business.dissolution_started.v1", topic=BUSINESSES, audience="public"
):
    """A business is on its way out of the register and trades no more; who has a claim on it can object."""

    business_id: BusinessId
    kind: Growing[BusinessKind]
    mode: Growing[DissolutionMode]
    notice_until: Day | None
    """The first day on which nobody can object any more; null where no notice is needed."""


class BusinessDissolutionCancelled(
    Event, name="zone.registry.business.dissolution_cancelled.v1", topic=BUSINESSES, audience="public"
):
    """A business that was being dissolved stays: by its own wish, or because an objection was upheld."""

    business_id: BusinessId
    kind: Growing[BusinessKind]
    status: Growing[AfterCancellation]
    """What it is from now on."""


class BusinessDissolved(Event, name="zone.registry.business.dissolved.v1", topic=BUSINESSES, audience="public"):
    """A business is no more; its name and its codes are free."""

    business_id: BusinessId
    kind: Growing[BusinessKind]


class ObjectionEvent(Event):
    """What every event of an objection says."""

    business_id: BusinessId
    objection_id: ObjectionId


class ObjectionLodged(ObjectionEvent, name="zone.registry.objection.lodged.v1", topic=BUSINESSES, audience="owner"):
    """Somebody objects to the dissolution of a business: it is not dissolved while that stands."""


class ObjectionWithdrawn(
    ObjectionEvent, name="zone.registry.objection.withdrawn.v1", topic=BUSINESSES, audience="owner"
):
    """What an objection was about is settled."""


class ObjectionDecided(ObjectionEvent, name="zone.registry.objection.decided.v1", topic=BUSINESSES, audience="owner"):
    """An official decided an objection: upheld, the business stays; dismissed, it stands in no way any more."""

    outcome: Growing[ObjectionOutcome]


class ObjectionLapsed(ObjectionEvent, name="zone.registry.objection.lapsed.v1", topic=BUSINESSES, audience="owner"):
    """The dissolution that somebody objected to was cancelled, and the objection is about nothing any more."""
