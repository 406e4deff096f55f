"""What callers send of reservations."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import Money
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.bodies import Capacity, ResourceIds, Time, Words


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
