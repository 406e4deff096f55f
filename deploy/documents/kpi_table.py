"""The zone's figures as a table for people."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from deploy.public_api import Access, Answer, call, connect
from services.metrics.catalogue.all import SUBJECT_OF

Json = dict[str, Any]

KINDS: Final = ("total", "industrial", "cloud")

NOTHING: Final = "–"
BARS: Final = "▁▂▃▄▅▆▇█"
MISSING: Final = "·"

OTHERS: Final = "derived"
"""Where figures stand that count nothing of their own."""

PATIENCE: Final = 10.0


async def ask(access: Access) -> Answer:
    """`GET /v1/metrics/kpis?by=kind`.

    Raises:
        UnexpectedAnswer: anything but figures within `PATIENCE` seconds.
    """
    async with connect(access.url, access.operator_key) as client:
        return await call(client, "GET", "/v1/metrics/kpis", about="KPIs", params={"by": "kind"}, patience=PATIENCE)


def table_of(body: Json, past: Mapping[str, Sequence[Json]] | None = None) -> str:
    """The figures as lines of equal columns, by what they count: KPI, total, industrial, cloud.

    Args:
        past: of some KPIs, the points of a series by year: one more column shows them as bars.
    """
    past = past or {}
    years = [point["period"] for point in next(iter(past.values()), ())]
    head = ["KPI", *KINDS, *([f"{years[0]}-{years[-1]}"] if years else [])]
    rows = {
        kpi: [*(values.get(kind, NOTHING) for kind in KINDS), *([sparkline(past.get(kpi, ()))] if years else [])]
        for kpi, values in _shown_by_kind(body).items()
    }
    return aligned([head, *_grouped(rows)], left={0, len(KINDS) + 1})


def _shown_by_kind(body: Json) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for answer in body["data"]:
        kind = answer["dims"].get("kind", "total")
        rows.setdefault(answer["kpi"], {})[kind] = shown(answer)
    return rows


def _grouped(rows: Mapping[str, list[str]]) -> Iterable[list[str]]:
    """The rows under the name of what they count; no names where all count the same."""
    groups: dict[str, list[str]] = {}
    for kpi in rows:
        groups.setdefault(counted_by(kpi), []).append(kpi)
    for name, kpis in groups.items():
        if len(groups) > 1:
            yield [name]
        yield from ([f"{'  ' if len(groups) > 1 else ''}{kpi}", *rows[kpi]] for kpi in kpis)


def counted_by(kpi: str) -> str:
    """The name of what a KPI counts."""
    return SUBJECT_OF[kpi].name if kpi in SUBJECT_OF else OTHERS


def aligned(lines: Sequence[Sequence[str]], *, left: Iterable[int] = (0,)) -> str:
    """Lines of equal columns; those in `left` begin at their left, numbers end at their right."""
    columns = max(map(len, lines))
    full = [[*line, *[""] * (columns - len(line))] for line in lines]
    widths = [max(map(len, column)) for column in zip(*full, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in full
    )


def sparkline(points: Sequence[Json]) -> str:
    """A bar for each point, the lowest to the highest of them; a dot for one without a value."""
    known = [point["value"] for point in points if point["value"] is not None]
    low, height = min(known, default=0), max(known, default=0) - min(known, default=0)
    return "".join(
        MISSING if (value := point["value"]) is None else BARS[(value - low) * (len(BARS) - 1) // (height or 1)]
        for point in points
    )


def shown(answer: Json) -> str:
    """A value as people read it: `8,100,000,000.00 CNY`, `429`, `–` for none."""
    if answer["value"] is None:
        return NOTHING
    decimals = answer["decimals"]
    number = f"{Decimal(answer['value']).scaleb(-decimals):,.{decimals}f}"
    unit = answer["unit"] or ""
    return f"{number} {unit}" if len(unit) == 3 and unit.isupper() else number
