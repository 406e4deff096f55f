"""How far an invoice has come, and the moves between."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class InvoiceStatus(StrEnum):
    """How far an invoice has come."""

    DRAFT = "draft"
    """It has no number and can be changed."""
    DISCARDED = "discarded"
    """A draft that will never be an invoice."""
    FINALISED = "finalised"
    """It is owed as a whole."""
    PARTLY_PAID = "partly_paid"
    """A part of it is owed."""
    PAID = "paid"
    """Nothing is owed any more, by payments or by credit notes."""
    VOID = "void"
    """It was taken back as a whole."""


S = InvoiceStatus

MOVES: Final[Mapping[InvoiceStatus, frozenset[InvoiceStatus]]] = {
    S.DRAFT: frozenset({S.FINALISED, S.DISCARDED}),
    S.FINALISED: frozenset({S.PARTLY_PAID, S.PAID, S.VOID}),
    S.PARTLY_PAID: frozenset({S.PAID, S.FINALISED}),
    S.PAID: frozenset({S.PARTLY_PAID, S.FINALISED}),
    S.DISCARDED: frozenset(),
    S.VOID: frozenset(),
}

ISSUED: Final = (S.FINALISED, S.PARTLY_PAID, S.PAID)
"""The statuses of what has a number and stands."""
OWED: Final = (S.FINALISED, S.PARTLY_PAID)

ACTIONS: Final[Mapping[InvoiceStatus, tuple[str, ...]]] = {
    S.DRAFT: ("finalise", "discard"),
    S.FINALISED: ("void", "credit"),
    S.PARTLY_PAID: ("credit",),
    S.PAID: ("credit",),
    S.DISCARDED: (),
    S.VOID: (),
}
"""What can be done to an invoice in each status."""
