"""The gauge of a KPI: how a scraper names it, and the number that it gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.chassis.domain.money import DIGITS
from services.metrics.figures.kpi import Kpi

SILENT: Final = frozenset({"total", "count", "active"})
"""Last words of a KPI's id that a gauge goes without: OpenMetrics keeps the first two for counters and summaries."""

SECONDS: Final[Mapping[str, int]] = {"minutes": 60, "hours": 3_600, "days": 86_400}
"""Durations are in the base unit of time."""

MEASURES: Final[Mapping[str, str]] = {"m2": "m2", "m3": "m3", "kWh": "kwh"}
"""Other units that stand in a name, as its last word."""


@dataclass(frozen=True)
class Gauge:
    """How the values of a KPI are exposed: `value * times / per`.

    Attributes:
        name: unique among the gauges of the zone; it ends in its unit where that is more than what is counted.
        about: one line of help.
    """

    name: str
    about: str
    times: int
    per: int

    def number(self, value: int) -> float:
        """A value of the KPI in the gauge's unit; exact up to 2^53."""
        return value * self.times / self.per


def gauge_of(kpi: Kpi) -> Gauge:
    """The gauge of a KPI, from its declaration.

    Money is in the minor unit of its currency, which stands in the name: `zone_valuation_cny_fen`.
    """
    words = kpi.id.split("_")
    if words[-1] in SILENT:
        words = words[:-1]
    times, per = 1, 10**kpi.decimals
    if kpi.is_money:
        unit = [kpi.unit.lower(), "fen" if kpi.unit == "CNY" else "minor"]
        times = 10 ** DIGITS[kpi.unit]
    elif kpi.unit in SECONDS:
        unit, times = ["seconds"], SECONDS[kpi.unit]
    else:
        unit = [MEASURES[kpi.unit]] if kpi.unit in MEASURES else []
    said = {kpi.unit.lower(), *unit} if unit else set()
    name = "_".join(["zone", *(word for word in words if word not in said), *unit])
    return Gauge(name, f"{kpi.name.en} ({kpi.name.zh}): {kpi.formula}{_of_which_days(kpi)}.", times, per)


def _of_which_days(kpi: Kpi) -> str:
    if kpi.timing != "stock":
        return "; since the beginning"
    return "; today, to partners at the end of the last year told" if kpi.is_of_money else "; today"
