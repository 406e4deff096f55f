"""By what figures are broken down, and how the cells are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from services.metrics.figures.history import State

Breakdown = tuple[str, ...]
"""The names of the dimensions of a cell, in alphabetical order; () is the total."""

TOTAL: Final = "*"
"""How the total is called where a name must not be empty; no value of a dimension is written so."""
EMPTY: Final = "%"
"""How the empty value is, likewise."""


@dataclass(frozen=True)
class Dimension:
    """A way to break figures down: each counted thing has one value of it at a time.

    Attributes:
        name: in answers, and of the query parameter that asks for one value.
        type: of that parameter, annotated with what it accepts.
        of: the value of a thing in a state in which it is counted.
        values: those that are known, which are shown even where they are empty; () where the list is open. A value that
            is not among them is counted like any other, and shown where it is found.
        about: for the reader of the API document.
    """

    name: str
    type: Any
    of: Callable[[State], str]
    values: tuple[str, ...] = ()
    about: str | None = None


def key_of(dims: Mapping[str, str]) -> str:
    """How a cell is called: `kind=industrial&sector=C`; the total is the empty string."""
    return "&".join(f"{name}={dims[name]}" for name in sorted(dims))


def dims_of(key: str) -> dict[str, str]:
    """The dimensions that a cell's key names."""
    return dict(part.split("=", 1) for part in key.split("&")) if key else {}


def name_of(breakdown: Breakdown) -> str:
    """How a breakdown is called in the store: `kind&sector`; the total is `*`."""
    return "&".join(breakdown) or TOTAL


@lru_cache(maxsize=10_000)
def path_of(values: tuple[str, ...]) -> str:
    """How the cell with these values of a breakdown's dimensions is called there: `industrial&C`; the total is `*`.

    Percent-encoded, with the dot: it is a part of a path in a document, and a value may be any text.
    """
    return "&".join(quote(value, safe="").replace(".", "%2E") or EMPTY for value in values) or TOTAL


@lru_cache(maxsize=10_000)
def values_at(path: str) -> tuple[str, ...]:
    """The values of the dimensions of the cell that is called so."""
    if path == TOTAL:
        return ()
    return tuple("" if value == EMPTY else unquote(value) for value in path.split("&"))
