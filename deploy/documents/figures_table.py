"""The table of figures in the README of metrics, from their declarations."""

from collections.abc import Iterator

from services.chassis.service import Service
from services.metrics.catalogue.all import KPIS, breakdowns_of
from services.metrics.figures.kpi import Kpi


def figures(_: Service) -> Iterator[tuple[str, ...]]:
    """Of every KPI its id and names, kind and unit, what it is, by what it is broken down, office, and its events."""
    for kpi in KPIS.values():
        names = f"{kpi.name.en}, {kpi.name.zh}"
        events = ", ".join(f"`{event.__name__}`" for event in dict.fromkeys(kpi.events))
        yield f"`{kpi.id}`", names, kind_of(kpi), kpi.formula, breakdowns_in_words(kpi), kpi.owner, events


def kind_of(kpi: Kpi) -> str:
    """Its kind and unit; and that it exists by year only, where it does."""
    unit = "" if kpi.unit == kpi.kind else f", {kpi.unit}"
    return f"{kpi.kind}{unit}{'' if kpi.finest == 'day' else ', by year'}"


def breakdowns_in_words(kpi: Kpi) -> str:
    """The cells in which it is known beside the total."""
    return ", ".join(f"`{'&'.join(each)}`" for each in breakdowns_of(kpi)) or "in total only"
