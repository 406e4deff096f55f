"""How paths name departures, and the filter of their list."""

from services.chassis.http.filters import Filter
from services.incubator.departures.departure import DepartureStatus


class DepartureFilter(Filter):
    """By how far they have come."""

    status: DepartureStatus | None = None
    """How far it has come."""
