"""By what figures are broken down, and how the cells are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.metrics.figures.history import State

Breakdown = tuple[str, ...]
"""The names of the dimensions of a cell, in alphabetical order; () is the total."""


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
    """How a cell is called in the store: `kind=industrial&sector=C`; the total is the empty string."""
    return "&".join(f"{name}={dims[name]}" for name in sorted(dims))


def dims_of(key: str) -> dict[str, str]:
    """The dimensions that a cell's key names."""
    return dict(part.split("=", 1) for part in key.split("&")) if key else {}


def name_of(breakdown: Breakdown) -> str:
    """How a breakdown is called in the store: `kind&sector`."""
    return "&".join(breakdown)
