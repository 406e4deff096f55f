"""Whether somebody may call the zone at the moment; partners and clients share it."""

from enum import StrEnum


class Status(StrEnum):
    """Let in, or kept out until further notice."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


MOVES = {
    Status.ACTIVE: {Status.SUSPENDED},
    Status.SUSPENDED: {Status.ACTIVE},
}
