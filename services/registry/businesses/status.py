"""How a business stands in the register: its status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class BusinessStatus(StrEnum):
    """What the register says of a business's life."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISSOLVING = "dissolving"
    DISSOLVED = "dissolved"


MOVES: Final[Mapping[BusinessStatus, frozenset[BusinessStatus]]] = {
    BusinessStatus.ACTIVE: frozenset({BusinessStatus.SUSPENDED, BusinessStatus.DISSOLVING}),
    BusinessStatus.SUSPENDED: frozenset({BusinessStatus.ACTIVE, BusinessStatus.DISSOLVING}),
    BusinessStatus.DISSOLVING: frozenset({BusinessStatus.ACTIVE, BusinessStatus.SUSPENDED, BusinessStatus.DISSOLVED}),
    BusinessStatus.DISSOLVED: frozenset({BusinessStatus.ACTIVE}),
}
