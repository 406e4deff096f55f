"""By what the figures are broken down: the dimensions of a business, their values, and the keys of its cells."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, get_args

from services.contracts.registry import BusinessKind

Sector = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"]
"""A section of GB/T 4754-2017."""
Size = Literal["micro", "small", "medium", "large", "unknown"]
"""By employees last stated; unknown until they are."""

Breakdown = tuple[str, ...]
"""The names of the dimensions of a cell, in the order of `DIMENSIONS`; () is the total."""

DIMENSIONS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "kind": tuple(kind.value for kind in BusinessKind),
    "sector": get_args(Sector),
    "size": get_args(Size),
    "entry_year": None,
}
"""Each with all its values, which are shown even where they are empty; None where the list is open."""

OF_A_BUSINESS: Final[tuple[Breakdown, ...]] = (
    *((name,) for name in DIMENSIONS),
    ("kind", "sector"),
)
"""The cells that are written for a business beside the total: each dimension, and one declared pair."""


def size_of(employees: int | None) -> Size:
    """The size class of an industrial enterprise by its employees.

    National Bureau of Statistics, 统计上大中小微型企业划分办法 (2017): 20, 300 and 1,000.
    """
    if employees is None:
        return "unknown"
    if employees < 20:
        return "micro"
    if employees < 300:
        return "small"
    return "medium" if employees < 1_000 else "large"


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
