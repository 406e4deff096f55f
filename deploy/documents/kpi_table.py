"""The zone's figures as a table for people."""

from decimal import Decimal
from typing import Any, Final

import stamina

from deploy.public_api import Access, Answer, call, connect

KINDS: Final = ("total", "industrial", "cloud")

NOTHING: Final = "–"

PATIENCE: Final = 10.0


async def ask(access: Access) -> Answer:
    """`GET /v1/metrics/kpis?by=kind`.

    Raises:
        UnexpectedAnswer: anything but figures within `PATIENCE` seconds.
    """
    stamina.instrumentation.set_on_retry_hooks(())  # its log would go between the figures
    async with connect(access.url, access.operator_key) as client:
        return await call(client, "GET", "/v1/metrics/kpis", about="KPIs", params={"by": "kind"}, patience=PATIENCE)


def table_of(body: dict[str, Any]) -> str:
    """The figures as lines of equal columns: KPI, total, industrial, cloud."""
    rows: dict[str, dict[str, str]] = {}
    for answer in body["data"]:
        kind = answer["dims"].get("kind", "total")
        rows.setdefault(answer["kpi"], {})[kind] = shown(answer)
    lines = [["KPI", *KINDS]]
    lines += [[kpi, *(values.get(kind, NOTHING) for kind in KINDS)] for kpi, values in rows.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )


def shown(answer: dict[str, Any]) -> str:
    """A value as people read it: `8,100,000,000.00 CNY`, `429`, `–` for none."""
    if answer["value"] is None:
        return NOTHING
    decimals = answer["decimals"]
    number = f"{Decimal(answer['value']).scaleb(-decimals):,.{decimals}f}"
    unit = answer["unit"] or ""
    return f"{number} {unit}" if len(unit) == 3 and unit.isupper() else number
