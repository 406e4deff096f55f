"""What a figure must be by counting one thing after the other, and what is shown of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from services.metrics.catalogue.all import KPIS
from services.metrics.reading.views import Answer, CellValue
from tests.metrics.questions import Asked


class Shown(NamedTuple):
    """What is shown of a cell: how many contribute, the value, and the numbers behind it."""

    n: int
    value: int | None
    behind: tuple[int | None, ...] = ()


class One(NamedTuple):
    """What one thing adds to a figure: an amount, of a ratio both, and under which dimensions."""

    amount: int | tuple[int, int]
    dims: Mapping[str, str]


def counted(kpi: str, things: Iterable[One], by: str) -> dict[str, Shown]:
    """Cell → what must be shown of it; '' is the total, and empty cells are left out."""
    cells: defaultdict[str, list[Any]] = defaultdict(list)
    for thing in things:
        cells[""].append(thing.amount)
        cells[thing.dims[by]].append(thing.amount)
    return {cell: together(kpi, amounts) for cell, amounts in cells.items()}


def together(kpi: str, amounts: list[Any]) -> Shown:
    """What several things come to: a sum, a quotient half up at the fourth decimal, a median by nearest rank."""
    n = len(amounts)
    match KPIS[kpi].kind:
        case "ratio":
            above, below = sum(each[0] for each in amounts), sum(each[1] for each in amounts)
            return Shown(n, floor(Fraction(above, below) * 10_000 + Fraction(1, 2)), (above, below))
        case "dist":
            ranked = sorted(amounts)
            quantiles = tuple(ranked[ceil(Fraction(percent, 100) * n) - 1] for percent in (50, 90, 95))
            return Shown(n, quantiles[0], quantiles)
        case _:
            return Shown(n, sum(amounts))


async def shown(asked: Asked, kpi: str, by: str, on: str) -> dict[str, Shown]:
    """Cell → what the API answers of the end of a day; '' is the total, and empty cells are left out."""
    answer = await asked.cells(kpi, by, as_of=on)
    found = {cell.dims[by]: numbers(cell) for cell in answer.cells if cell.n}
    return {"": numbers(answer)} | found if answer.n else found


def numbers(of: Answer | CellValue) -> Shown:
    """What is shown of a cell."""
    if of.quantiles is not None:
        return Shown(of.n, of.value, (of.quantiles.p50, of.quantiles.p90, of.quantiles.p95))
    return Shown(of.n, of.value, () if of.numerator is None else (of.numerator, of.denominator))
