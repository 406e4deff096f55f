"""By what the figures are broken down: the dimensions of a business, their values, and the keys of its cells."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args

from services.contracts.registry.businesses import BusinessKind
from services.metrics.catalogue.businesses import Sector, Size, size_of

Breakdown = tuple[str, ...]
"""The names of the dimensions of a cell, in the order of `DIMENSIONS`; () is the total."""


DIMENSIONS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "kind": tuple(kind.value for kind in BusinessKind),
    "sector": get_args(Sector),
    "size": get_args(Size),
    "entry_year": None,
}
"""Each with all its values, which are shown even where they are empty; None where the list is open.

A value that an event brings and that is not known here is counted like any other: in the total, in a cell of its own.
"""


OF_A_BUSINESS: Final[tuple[Breakdown, ...]] = (
    *((name,) for name in DIMENSIONS),
    ("kind", "sector"),
)
"""The cells that are written for a business beside the total: each dimension, and one declared pair."""


def key_of(dims: Mapping[str, str]) -> str:
    """How a cell is called in the store: `kind=industrial&sector=C`; the total is the empty string."""
    return "&".join(f"{name}={dims[name]}" for name in DIMENSIONS if name in dims)


def dims_of(key: str) -> dict[str, str]:
    """The dimensions that a cell's key names."""
    return dict(part.split("=", 1) for part in key.split("&")) if key else {}


def name_of(breakdown: Breakdown) -> str:
    """How a breakdown is called in the store: `kind&sector`."""
    return "&".join(breakdown)


def dimensions_of(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of a business's dimensions, in the order of `DIMENSIONS`."""
    return state["kind"], state["sector"], size_of(state.get("employees")), state["entry_year"]


@cache
def cells_of(breakdowns: tuple[Breakdown, ...], values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Breakdown and key of each cell in which a business with these dimensions is counted, the total first."""
    dims = dict(zip(DIMENSIONS, values, strict=True))
    return tuple((name_of(each), key_of({name: dims[name] for name in each})) for each in ((), *breakdowns))
