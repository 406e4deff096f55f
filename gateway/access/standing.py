"""Whether somebody may call the zone at the moment; partners and clients share it."""

from enum import StrEnum


class AccessStatus(StrEnum):
    """Let in, or kept out until further notice."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


MOVES = {
    AccessStatus.ACTIVE: {AccessStatus.SUSPENDED},
    AccessStatus.SUSPENDED: {AccessStatus.ACTIVE},
}
