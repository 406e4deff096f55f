"""The filter of a list of reservations."""

from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter
from services.contracts.incubator.reservations import ReservationId
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.status import ReservationStatus

ReservationRef = Annotated[ReservationId, Path(description="The reservation, by its id.")]


class ReservationFilter(Filter):
    """By whose it is, where, and how far it has come."""

    business_id: BusinessId | None = None
    """For which business."""
    site_id: SiteId | None = None
    """Where."""
    status: ReservationStatus | None = None
    """How far it has come."""
