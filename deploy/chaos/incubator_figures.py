"""Figures of the incubator as its documents say, whatever its events told."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from deploy.chaos.evidence import Evidence
from services.chassis.domain.money import apportion

Expected = dict[str, tuple[int, int]]
"""KPI → how many contribute, and how much."""
LATER: Final = date(2100, 1, 1)
"""Up to then all is added up that stands on days."""
NOT_CONFIRMED: Final = ("held", "expired")


def figures_of_the_incubator(evidence: Evidence) -> Expected:
    """What figures of the incubator must be by its documents: sites, bookings, bills, invoices in yuan and the rest."""
    sites = evidence.rows("incubator", "sites")
    resources = [each for each in evidence.rows("incubator", "resources") if each["status"] == "active"]
    bookings = [
        each
        for each in evidence.rows("incubator", "reservations")
        if each["kind"] == "booking" and each["status"] not in NOT_CONFIRMED
    ]
    return {
        "sites_open": (len(sites), len(sites)),
        "site_area": (len(sites), sum(each["area_hundredths"] for each in sites)),
        "resource_units": (len(resources), sum(each["units"] for each in resources)),
        "bookings_confirmed": (len(bookings), len(bookings)),
        **_of_supplies(evidence),
        **_of_invoices(evidence),
    }


def _of_supplies(evidence: Evidence) -> Expected:
    since: dict[tuple[str, str], date] = {}
    for point in evidence.rows("incubator", "service_points"):
        if point["business_id"] is not None:
            who, opened = (point["business_id"], point["utility"]), _day(point["opened_on"])
            since[who] = min(opened, since.get(who, opened))
    taken: dict[tuple[str, str], int] = {}
    for bill in sorted(evidence.rows("incubator", "utility_bills"), key=lambda each: str(each["period"])):
        if bill["measured"]:
            measured = [Decimal(bill["measured"][part]["value"]) for part in ("own", "common")]
            taken[bill["service_point_id"], bill["period"]] = _thousandths(sum(measured, Decimal()))
        for each in bill["corrections"]:
            taken[bill["service_point_id"], each["service_period"]] = _thousandths(Decimal(each["now"]["value"]))
    return {
        "tenants_supplied": (len(since), len(since)),
        "tenant_days_supplied": (len(since), sum((LATER - first).days for first in since.values())),
        "electricity_kwh": (len(taken), sum(taken.values())),
    }


def _of_invoices(evidence: Evidence) -> Expected:
    found: Counter[str] = Counter()
    for invoice in evidence.rows("incubator", "invoices"):
        if invoice["number"] is None or invoice["status"] == "void":
            continue
        settled = invoice["paid"] + invoice["credited"]
        charged = charged_by_kind(invoice)
        owed = apportion(invoice["total"] - settled, {kind: max(each, 0) for kind, each in charged.items()})
        found.update(n=len(charged), total=invoice["total"], settled=settled)
        found.update(owing=sum(each > 0 for each in owed.values()), owed=sum(owed.values()))
    return {
        "invoiced_total": (found["n"], found["total"]),
        "collection_rate": (found["n"], found["settled"]),
        "receivables_outstanding": (found["owing"], found["owed"]),
        "receivables_overdue": (found["owing"], found["owed"]),  # in the end all that is owed is overdue
    }


def charged_by_kind(invoice: Mapping[str, Any]) -> Mapping[str, int]:
    """What an invoice charges for each kind of offering, tax included."""
    found: Counter[str] = Counter()
    for line in invoice["lines"]:
        found[line["charge"]["kind"]] += line["charge"]["amount"] + line["tax"]
    return found


def _day(kept: Any) -> date:
    return date.fromisoformat(str(kept)[:10])


def _thousandths(quantity: Decimal) -> int:
    return int((quantity * 1_000).to_integral_value(ROUND_HALF_UP))
