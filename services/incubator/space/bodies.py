"""What callers send of reservations."""

from typing import Annotated, Literal

from pydantic import Field

from services.chassis.domain.money import Money
from services.chassis.domain.part import Change, Part
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.bodies import Capacity, ResourceIds, Time, Words
from services.incubator.kernel.recurrence import Recurrence


class AskForReservation(Time):
    """What a business wants to reserve: a unit of each resource, all or none."""

    business_id: BusinessId
    """For which business."""
    resource_ids: ResourceIds
    """What it needs at the same time, all at one site."""
    title: Words
    """What it is for, in a few words."""
    attendees: Capacity = 1
    """How many people come."""
    recurrence: Recurrence | None = None
    """How it recurs by the wall clock of the site; null for once."""
    on_conflict: Literal["fail", "skip"] = "fail"
    """Of a series: whether an occurrence that cannot be keeps it from being made, or is left out."""


class Reserve(AskForReservation):
    """A reservation that is to be made."""

    hold_minutes: Annotated[int, Field(ge=1, le=15)] | None = None
    """To keep it for so long and confirm it then; null to have it at once."""
    expected_price: Money | None = None
    """What the preview said: at another price nothing is reserved. Null where any will do."""


class Reschedule(Time):
    """Another time for a reservation."""

    expected_price: Money | None = None
    """What it may cost then: at another price nothing is moved. Null where any will do."""


class ChangeReservation(Part):
    """What is to change of a reservation; what is left out stays (RFC 7396)."""

    title: Change[Words] = None
    """What it is for, in a few words."""
    attendees: Change[Capacity] = None
    """How many people come."""
    recurrence: Change[Recurrence] = None
    """Of a series: another end. What is new is taken, what is gone is given back, what was dropped stays so."""
