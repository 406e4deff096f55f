"""What metrics hears most of in a working zone: filings, businesses and their reports, bookings, bills and invoices."""

from collections.abc import Iterator
from typing import Any, Final

from deploy.bench.event_log import told
from services.chassis.domain.events import Event
from services.chassis.domain.ids import new_id
from services.chassis.kafka.records import Record
from services.contracts.incubator.allocations import AllocationStarted
from services.contracts.incubator.invoices import InvoiceIssued, PaymentAllocated
from services.contracts.incubator.reservations import ReservationCompleted, ReservationConfirmed
from services.contracts.incubator.utility_bills import ConsumptionRated
from services.contracts.registry.businesses import AnnualReportFiled, BusinessRegistered
from services.contracts.registry.filings import FilingApproved, FilingSubmitted

SITES: Final = tuple(new_id("sit") for _ in range(4))
Told = tuple[str, int, type[Event], dict[str, Any]]
"""Subject, number, type and data of an event."""


def happenings(businesses: int) -> list[Record]:
    """Ten events of each of these businesses, as they come into the log: the same thing of each in turn."""
    stories = [list(_story(number)) for number in range(businesses)]
    return [
        told(event.model_validate(data), subject, sequence)
        for step in zip(*stories, strict=True)
        for subject, sequence, event, data in step
    ]


def _story(number: int) -> Iterator[Told]:
    """A business is registered, reports, takes an office and a room, and pays an invoice."""
    biz, fil, rsv, ivc, pay, alc = (new_id(prefix) for prefix in ("biz", "fil", "rsv", "ivc", "pay", "alc"))
    kind, sector = ("industrial", "cloud")[number % 2], ("3111", "5292", "6513", "0111")[number % 4]
    money = {"amount": 1_000_000 + number, "currency": "CNY"}
    of_it = {"business_id": biz}
    filing = {**of_it, "filing_id": fil, "type": "registration"}
    yield fil, 1, FilingSubmitted, filing
    yield fil, 2, FilingApproved, filing
    named = {"registration_number": "KEZ1234567809", "partner_id": "par_1", "name": "示例 (synthetic)"}
    legal = {"kind": kind, "legal_form": "limited_company", "sector": sector}
    opening = {"as_of": "2018-04-30", "valuation": money, "employees": 40, "revenue": money, "revenue_period": "2017"}
    since = f"20{10 + number % 8}-01-01"
    yield biz, 1, BusinessRegistered, {**of_it, **named, **legal, "zone_entry_on": since, "opening_figures": opening}
    report = {"period": "2025", "revenue": money, "valuation": money, "employees": 60}
    yield biz, 2, AnnualReportFiled, {**of_it, **report}
    at = {"site_id": SITES[number % 4], **of_it}
    whose = {**at, "business_kind": kind, "sector": sector}
    office = {"resource_id": new_id("res"), "resource_kind": "office", "units": 1, "area_m2": 45.5, "incubating": True}
    yield alc, 1, AllocationStarted, {**whose, "allocation_id": alc, **office, "started_on": "2026-03-02"}
    booking = {**whose, "reservation_id": rsv, "kind": "booking", "resource_ids": [new_id("res")]}
    hours = {"start": "2026-03-02T06:00:00.000Z", "end": "2026-03-02T08:00:00.000Z", "price": money}
    yield rsv, 1, ReservationConfirmed, {**booking, **hours}
    yield rsv, 2, ReservationCompleted, {**booking, "minutes": 115}
    days = {"starts_on": "2026-07-01", "ends_on": "2026-07-31", "period": "2026-07"}
    point = {"bill_id": (ubl := new_id("ubl")), "service_point_id": new_id("svp"), "utility": "electricity"}
    yield ubl, 1, ConsumptionRated, {**at, **point, **days, "quantity": {"value": "4908.5", "unit": "kWh"}}
    sums = {"number": number, "currency": "CNY", "subtotal": 100_000, "tax": 6_000, "total": 106_000}
    lines = {"lines": [{"kind": "space", "amount": 100_000, "tax": 6_000}]}
    dates = {"issued_on": "2026-03-02", "due_on": "2026-04-01"}
    yield ivc, 1, InvoiceIssued, {**of_it, "invoice_id": ivc, **sums, **dates, **lines}
    part = {"payment_id": pay, "invoice_id": ivc, "number": 1, "amount": 106_000, "on": "2026-03-20"}
    yield pay, 1, PaymentAllocated, {**of_it, **part}
