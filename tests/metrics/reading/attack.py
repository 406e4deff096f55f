"""What somebody can work out who asks for everything and knows that totals are sums: by linear algebra."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from services.metrics.reading.disclosure.secrecy import Equation


def worked_out(
    counts: Mapping[str, int], shown: Iterable[str], equations: Iterable[Equation], fewest: int = 3
) -> set[frozenset[str]]:
    """Cells, or sums of cells, that fewer than three have and that follow from those that are shown."""
    told = set(shown)
    unknown = sorted(cell for cell, n in counts.items() if n and cell not in told)
    rows = []
    for whole, parts in equations:
        row = [Fraction(0)] * len(unknown)
        for cell, factor in ((whole, 1), *((part, -1) for part in parts)):
            if cell in unknown:
                row[unknown.index(cell)] += factor
        rows.append(row)
    reduced = _reduced(rows)
    small = [cell for cell in unknown if counts[cell] < fewest]
    wanted = [frozenset({cell}) for cell in small]
    wanted += [
        frozenset({one, other})
        for place, one in enumerate(small)
        for other in small[place + 1 :]
        if counts[one] + counts[other] < fewest and not _contains(one, other)
    ]
    return {each for each in wanted if _follows([Fraction(cell in each) for cell in unknown], reduced)}


def _contains(one: str, other: str) -> bool:
    """Whether one cell lies in the other, so that their sum is nobody's."""
    mine, others = ({*filter(None, cell.split("&"))} for cell in (one, other))
    return mine <= others or others <= mine


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form."""
    rows, done = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        found = next((place for place in range(done, len(rows)) if rows[place][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        pivot = rows[done][column]
        rows[done] = [each / pivot for each in rows[done]]
        for place, row in enumerate(rows):
            if place != done and row[column]:
                factor = row[column]
                rows[place] = [each - factor * other for each, other in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


def _follows(wanted: list[Fraction], reduced: list[list[Fraction]]) -> bool:
    """Whether it is a linear combination of these rows."""
    for row in reduced:
        lead = next(place for place, each in enumerate(row) if each)
        if wanted[lead]:
            factor = wanted[lead]
            wanted = [each - factor * other for each, other in zip(wanted, row, strict=True)]
    return not any(wanted)
