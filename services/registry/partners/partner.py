"""A partner as the registry knows it: one whose businesses officials may register on its behalf."""

from typing import ClassVar

from services.chassis.domain.aggregate import Aggregate


class Partner(Aggregate):
    """A partner of the zone, copied from what the gateway said: that it was admitted, and no more."""

    collection: ClassVar[str] = "partners"
