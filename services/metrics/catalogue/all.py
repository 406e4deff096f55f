"""Every KPI of the zone, in the order in which they are shown."""

from typing import Final

from services.contracts.registry.businesses import AnnualReportFiled, BusinessRegistered
from services.metrics.figures.kpi import BUSINESSES, CNY, FIGURES, STATUS, Kpi

KPIS: Final = {
    kpi.id: kpi
    for kpi in (
        Kpi(
            "businesses_active",
            kind="stock",
            of="status",
            unit=BUSINESSES,
            formula="businesses whose status is active",
            events=STATUS,
        ),
        Kpi(
            "businesses_registered",
            kind="flow",
            of="registered",
            unit=BUSINESSES,
            formula="registrations, by the day on which they took effect",
            events=(BusinessRegistered,),
        ),
        Kpi(
            "valuation_total",
            kind="stock",
            of="valuation",
            unit=CNY,
            formula="sum, over active businesses, of the valuation that each stated with the latest date",
            events=FIGURES,
        ),
        Kpi(
            "revenue_total",
            kind="stock",
            of="revenue",
            unit=CNY,
            formula="sum, over active businesses, of the revenue of the latest year that each has stated",
            events=FIGURES,
        ),
        Kpi(
            "revenue_reported",
            kind="flow",
            of="revenue",
            unit=CNY,
            formula="sum of revenue by the year in which it was earned; the last statement for a year counts",
            events=(BusinessRegistered, AnnualReportFiled),
            finest="year",
        ),
    )
}
"""All of them, in the order in which they are shown."""
