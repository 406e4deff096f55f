"""Statistical disclosure control: which cells of a table are withheld, so that no single thing's share can be told.

Primary suppression withholds a cell to which fewer than three contribute (the threshold rule); secondary suppression
withholds others, so that no withheld cell follows from those that are shown and their totals (Hundepool et al.,
Statistical Disclosure Control, 2012, ch. 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

FEWEST: Final = 3
"""As many must contribute to what is shown."""
PRIME: Final = 2**61 - 1
"""Equations have coefficients 1 and -1; they are solved modulo a large prime, which is exact for what is asked here."""


class Equation(NamedTuple):
    """A cell that is the sum of others."""

    whole: str
    parts: tuple[str, ...]


def withheld(counts: Mapping[str, int], equations: Iterable[Equation]) -> frozenset[str]:
    """The cells that are withheld, of those to which anything contributes.

    It depends on nothing but how many contribute, so it gives nothing away itself, and is the same for whatever is
    asked of one table.

    Args:
        counts: how many contribute to each cell.
        equations: which cells are sums of others.
    """
    found = {cell: n for cell, n in counts.items() if n > 0}
    told = (Equation(each.whole, tuple(part for part in each.parts if part in found)) for each in equations)
    return _withheld(tuple(sorted(found.items())), tuple(each for each in told if each.whole in found))


@lru_cache(maxsize=2_000)
def _withheld(counted: tuple[tuple[str, int], ...], equations: tuple[Equation, ...]) -> frozenset[str]:
    """Cached, as most days have as many things in each cell as the day before."""
    counts = dict(counted)
    hidden = {cell for cell, n in counts.items() if n < FEWEST}
    while hidden and (more := _one_more(counts, equations, hidden)) is not None:
        hidden.add(more)
    return frozenset(hidden)


def _one_more(counts: Mapping[str, int], equations: Sequence[Equation], hidden: set[str]) -> str | None:
    """The smallest cell that must be withheld too, for the first reason that there is; None where all is well."""
    for each in equations:
        if _gives_away(each, counts, hidden) and (more := _smallest(each.parts, counts, hidden)) is not None:
            return more
    exposed = _exposed(counts, equations, hidden)
    near = [cell for each in equations if exposed & {each.whole, *each.parts} for cell in (*each.parts, each.whole)]
    return None if not exposed else _smallest(near, counts, hidden) or _smallest(counts, counts, hidden)


def _gives_away(each: Equation, counts: Mapping[str, int], hidden: set[str]) -> bool:
    """Whether one sum alone tells what is withheld in it, or what fewer than three have in it together."""
    parts = [part for part in each.parts if part in hidden]
    if each.whole in hidden:
        return not parts
    return bool(parts) and (len(parts) == 1 or sum(counts[part] for part in parts) < FEWEST)


def _smallest(cells: Iterable[str], counts: Mapping[str, int], hidden: set[str]) -> str | None:
    shown = [cell for cell in cells if cell not in hidden]
    return min(shown, key=lambda cell: (counts[cell], cell), default=None)


def _exposed(counts: Mapping[str, int], equations: Sequence[Equation], hidden: set[str]) -> set[str]:
    """What follows from all sums together: withheld cells that fewer than three have, alone or together.

    By Gauss and Jordan: a cell follows from what is shown just if it stands alone in a row of the reduced form.
    """
    rows: dict[str, dict[str, int]] = {}
    for each in equations:
        row = {part: PRIME - 1 for part in each.parts if part in hidden}
        if each.whole in hidden:
            row[each.whole] = 1
        for pivot in [cell for cell in row if cell in rows]:
            _eliminate(row, rows[pivot], pivot)
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, PRIME)
        row = {cell: factor * inverse % PRIME for cell, factor in row.items()}
        for other in rows.values():
            _eliminate(other, row, pivot)
        rows[pivot] = row
    return {cell for row in rows.values() if sum(counts[cell] for cell in row) < FEWEST for cell in row} | {
        cell for row in rows.values() if len(row) == 1 for cell in row
    }


def _eliminate(row: dict[str, int], by: Mapping[str, int], pivot: str) -> None:
    """Take so much of one row from another that the pivot is gone from it."""
    if not (factor := row.get(pivot, 0)):
        return
    for cell, other in by.items():
        left = (row.get(cell, 0) - factor * other) % PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
