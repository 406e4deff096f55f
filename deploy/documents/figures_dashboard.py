"""The zone's figures as a page of Grafana, from their declarations: a tile for each KPI, under what it counts.

    python -m deploy.documents.figures_dashboard > deploy/observability/grafana/dashboards/figures.json

Its data are the gauges that Prometheus asks the zone for (`deploy/observability/prometheus.yaml`): today's stocks, and
what has happened since the beginning.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from deploy.documents.kpi_table import counted_by
from services.chassis.domain.money import DIGITS
from services.metrics.catalogue.all import KPIS
from services.metrics.exports.gauge import SECONDS
from services.metrics.exports.views import GAUGES
from services.metrics.figures.kpi import Kpi

TOTALS, BY_KIND = "figures", "figures-by-kind"
"""The jobs of Prometheus that ask for them."""
DIVIDED: Final = ("businesses_active", "valuation_total", "revenue_total")
"""What is shown by kind of business first of all."""
COLUMNS: Final = 24
"""Of a page, by which places and sizes are said."""

UNITS: Final = {**dict.fromkeys(SECONDS, "s"), "m2": "areaM2", "m3": "m3", "kWh": "kwatth"}
"""Grafana's names of units; what is counted, and a ratio, has none."""

Json = dict[str, Any]


def dashboard() -> Json:
    """The page: how the businesses divide by kind, then every KPI."""
    panels: list[Json] = []
    top = 0
    for title, tiles in _groups():
        panels.append({"type": "row", "title": title, "gridPos": _place(0, top, COLUMNS, 1), "panels": []})
        top += 1
        width, height = (8, 8) if tiles[0]["type"] == "timeseries" else (6, 4)
        across = COLUMNS // width
        for n, tile in enumerate(tiles):
            place = _place(n % across * width, top + n // across * height, width, height)
            panels.append({**tile, "gridPos": place})
        top += -(-len(tiles) // across) * height
    return {
        "uid": "zone-figures",
        "title": "Figures",
        "description": "How the zone is doing: its KPIs as the API tells them, asked once a minute.",
        "tags": ["zone"],
        "timezone": "Asia/Shanghai",
        "editable": False,
        "refresh": "1m",
        "schemaVersion": 41,
        "time": {"from": "now-30d", "to": "now"},
        "panels": [{"id": n, **panel} for n, panel in enumerate(panels, 1)],
    }


def _groups() -> Iterator[tuple[str, list[Json]]]:
    yield "businesses by kind", [_by_kind(KPIS[each]) for each in DIVIDED]
    names = dict.fromkeys(counted_by(kpi) for kpi in KPIS)
    for name in names:
        yield name, [_tile(kpi) for kpi in KPIS.values() if counted_by(kpi.id) == name]


def _tile(kpi: Kpi) -> Json:
    """The value of a KPI, over its course as a line."""
    return {
        **_panel("stat", kpi.name.en, kpi, f'max({GAUGES[kpi.id].name}{{job="{TOTALS}"}})', legend=kpi.name.en),
        "options": {"graphMode": "area", "colorMode": "none", "reduceOptions": {"calcs": ["lastNotNull"]}},
    }


def _by_kind(kpi: Kpi) -> Json:
    expression = f'max by (kind) ({GAUGES[kpi.id].name}{{job="{BY_KIND}"}})'
    return _panel("timeseries", f"{kpi.name.en}, by kind", kpi, expression, legend="{{kind}}")


def _panel(type: str, title: str, kpi: Kpi, expression: str, *, legend: str) -> Json:
    """Money is a gauge in its minor unit, and shown in the major one, after its code (a custom unit of Grafana)."""
    digits = DIGITS[kpi.unit] if kpi.is_money else 0
    unit = f"currency:{kpi.unit} " if kpi.is_money else UNITS.get(kpi.unit, "none")
    return {
        "type": type,
        "title": title,
        "description": f"{kpi.name.zh}: {kpi.formula}",
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "fieldConfig": {"defaults": {"unit": unit, "noValue": "–"}, "overrides": []},
        "targets": [
            {
                "refId": "A",
                "expr": f"{expression} / {10**digits}" if digits else expression,
                "legendFormat": legend,
            }
        ],
    }


def _place(x: int, y: int, width: int, height: int) -> Json:
    return {"x": x, "y": y, "w": width, "h": height}


def text() -> str:
    """The page as its file has it: a panel a line."""
    page = dashboard()
    panels = ",\n".join(json.dumps(panel, ensure_ascii=False) for panel in page.pop("panels"))
    return f'{json.dumps(page, ensure_ascii=False)[:-1]}, "panels": [\n{panels}\n]}}\n'


if __name__ == "__main__":
    sys.stdout.write(text())
