"""Invoices: owed and overdue from due days and allocations, and collected by month due; by kind to the last fen."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.domain.money import apportion
from services.chassis.testing.moments import day
from services.contracts.incubator.invoices import (
    CreditNoteAllocated,
    InvoiceIssued,
    InvoiceVoided,
    IssuedLine,
    PaymentAllocated,
    PaymentUnallocated,
)
from services.metrics.figures.periods import DAY
from tests.metrics.happenings import business, id_of, told_by
from tests.metrics.questions import Asked, in_any_order


def issued(number: int, on: str, due: str, *, currency: str = "CNY", **charged: int) -> InvoiceIssued:
    """An invoice with an amount for each kind, tax included."""
    return issued_for(charged, number, on, due, currency=currency)


def issued_for(charged: Mapping[str, int], number: int, on: str, due: str, *, currency: str = "CNY") -> InvoiceIssued:
    total = sum(charged.values())
    event = InvoiceIssued(
        business_id=business(number),
        invoice_id=id_of("ivc", number),
        number=number,
        currency=currency,
        subtotal=total,
        tax=0,
        total=total,
        issued_on=day(on),
        due_on=day(due),
        lines=[IssuedLine(kind=kind, amount=amount, tax=0) for kind, amount in charged.items()],
    )
    return told_by(event.invoice_id, event)


def paid(invoice: int, amount: int, on: str, *, payment: int = 1, number: int = 1) -> PaymentAllocated:
    event = PaymentAllocated(
        business_id=business(invoice),
        payment_id=id_of("pay", payment),
        invoice_id=id_of("ivc", invoice),
        number=number,
        amount=amount,
        on=day(on),
    )
    return told_by(event.payment_id, event, 2 * number)


def unpaid(invoice: int, amount: int, on: str, *, payment: int = 1, number: int = 1) -> PaymentUnallocated:
    event = PaymentUnallocated(
        business_id=business(invoice),
        payment_id=id_of("pay", payment),
        invoice_id=id_of("ivc", invoice),
        number=number,
        amount=amount,
        on=day(on),
    )
    return told_by(event.payment_id, event, 2 * number + 1)


def credited(invoice: int, amount: int, on: str) -> CreditNoteAllocated:
    event = CreditNoteAllocated(
        business_id=business(invoice),
        credit_note_id=id_of("crn", invoice),
        invoice_id=id_of("ivc", invoice),
        number=1,
        amount=amount,
        on=day(on),
    )
    return told_by(event.credit_note_id, event, 2)


def voided(invoice: int, on: str) -> InvoiceVoided:
    event = InvoiceVoided(business_id=business(invoice), invoice_id=id_of("ivc", invoice), voided_on=day(on))
    return told_by(event.invoice_id, event, 2)


async def test_an_invoice_is_overdue_from_the_day_after_its_due_day_until_nothing_is_owed() -> None:
    asked = await Asked.after(
        [
            issued(1, "2026-06-01", "2026-06-30", water=100_00),
            paid(1, 30_00, "2026-07-10"),
            credited(1, 70_00, "2026-08-01"),
        ]
    )
    found = {
        on: (await asked.value("receivables_overdue", as_of=on)).value
        for on in ("2026-06-30", "2026-07-01", "2026-07-09", "2026-07-10", "2026-07-31", "2026-08-01")
    }
    assert list(found.values()) == [None, 100_00, 100_00, 70_00, 70_00, None]
    assert (await asked.value("receivables_outstanding", as_of="2026-06-01")).value == 100_00


async def test_what_is_owed_is_that_of_the_kinds_to_the_last_fen() -> None:
    asked = await Asked.after(
        [issued(1, "2026-06-01", "2026-06-30", water=1, electricity=1, space=1), paid(1, 1, "2026-06-02")]
    )
    cells = await asked.values("receivables_overdue", "charge_kind", as_of="2026-07-01")
    assert cells == {"electricity": 1, "space": 1}
    assert (await asked.value("receivables_overdue", as_of="2026-07-01")).value == 2


async def test_a_kind_that_takes_more_than_it_charges_takes_from_the_others() -> None:
    asked = await Asked.after([issued(1, "2026-06-01", "2026-06-30", water=-20_00, space=100_00)])
    assert await asked.values("receivables_outstanding", "charge_kind") == {"space": 80_00}


async def test_a_payment_that_is_undone_is_owed_again_from_that_day_on() -> None:
    events = [
        issued(1, "2026-06-01", "2026-06-30", space=100_00),
        paid(1, 100_00, "2026-06-20"),
        unpaid(1, 100_00, "2026-07-15"),
    ]
    for order in (events, events[::-1]):
        asked = await Asked.after(order)
        assert (await asked.value("receivables_overdue", as_of="2026-07-14")).value is None
        assert (await asked.value("receivables_overdue", as_of="2026-07-15")).value == 100_00
        assert (await asked.value("collection_rate", period="2026-06")).value == 0


async def test_the_collection_rate_is_by_month_due_whenever_it_was_paid() -> None:
    """Due in June 100 and 300, of which 100 and 50 were paid by now: 37.5 %; of July's 200, a half."""
    asked = await Asked.after(
        [
            issued(1, "2026-05-20", "2026-06-19", space=100_00),
            issued(2, "2026-06-01", "2026-06-30", water=300_00),
            issued(3, "2026-06-15", "2026-07-15", space=200_00),
            paid(1, 100_00, "2026-06-01"),
            paid(2, 50_00, "2026-09-01", payment=2),
            paid(3, 100_00, "2026-07-01", payment=3),
        ]
    )
    june = await asked.value("collection_rate", period="2026-06")
    assert (june.value, june.numerator, june.denominator) == (3750, 150_00, 400_00)
    months = await asked.series("collection_rate", "2026-05", "2026-07", "month")
    assert [point.value for point in months.points] == [None, 3750, 5000]
    assert (months.value, (await asked.value("collection_rate", period="2026")).value) == (4167, 4167)
    assert await asked.values("collection_rate", "charge_kind", period="2026-06") == {"space": 1_0000, "water": 1667}


async def test_an_invoice_that_was_taken_back_was_never_invoiced_nor_to_be_collected() -> None:
    asked = await Asked.after([voided(1, "2026-06-05"), issued(1, "2026-06-01", "2026-06-30", space=100_00)])
    assert (await asked.value("invoiced_total", period="2026-06")).value is None
    assert (await asked.value("collection_rate", period="2026-06")).value is None
    assert (await asked.value("receivables_outstanding", as_of="2026-06-04")).value == 100_00
    assert (await asked.value("receivables_outstanding", as_of="2026-06-05")).value is None


async def test_another_currency_stands_apart() -> None:
    asked = await Asked.after([issued(1, "2026-06-01", "2026-06-30", currency="USD", space=100_00)])
    answer = await asked.value("receivables_overdue")
    assert (answer.value, [(each.currency, each.value) for each in answer.excluded]) == (None, [("USD", 100_00)])
    assert (await asked.value("collection_rate")).value is None


@pytest.mark.parametrize("backwards", [False, True])
async def test_what_was_collected_in_another_currency_stands_apart_from_the_rate(backwards: bool) -> None:
    dollars: list[Event] = [
        issued(1, "2026-06-01", "2026-06-30", currency="USD", space=100_00),
        paid(1, 40_00, "2026-07-02"),
    ]
    yuan: list[Event] = [issued(2, "2026-06-01", "2026-06-30", space=100_00), paid(2, 25_00, "2026-07-02", payment=2)]
    batches = [[event] for event in (*dollars, *yuan)]
    answer = await (await Asked.after(*(reversed(batches) if backwards else batches))).value("collection_rate")
    assert (answer.value, answer.numerator, answer.denominator) == (2500, 25_00, 100_00)
    assert [(each.currency, each.value, each.n) for each in answer.excluded] == [("USD", 40_00, 1)]


async def test_what_a_payment_gives_and_takes_back_before_the_invoice_is_heard_of_leaves_what_is_owed() -> None:
    given, taken = paid(1, 100, "2026-02-01"), unpaid(1, 100, "2026-04-01")
    asked = await Asked.after([given], [taken], [issued(1, "2026-03-01", "2026-03-15", space=100)], [given, taken])
    days = ["2026-03-01", "2026-03-31", "2026-04-01"]
    assert [(await asked.value("receivables_overdue", as_of=on)).value for on in days] == [None, None, 100]


@pytest.mark.parametrize("kpi", ["receivables_overdue", "receivables_outstanding", "collection_rate"])
async def test_what_is_paid_before_the_invoice_is_heard_of_counts_once_it_is(kpi: str) -> None:
    events = [paid(1, 40_00, "2026-06-20"), issued(1, "2026-06-01", "2026-06-30", space=100_00)]
    early = await Asked.after(events[:1])
    assert (await early.value(kpi)).n == 0
    answers = [await (await Asked.after(*batches)).value(kpi) for batches in ([events], [events[:1], events[1:]])]
    assert answers[0] == answers[1]
    assert answers[0].value in (60_00, 4000)


class Invoice(NamedTuple):
    """An invoice with what pays it, and up to when."""

    charged: dict[str, int]
    issued_on: date
    due_on: date
    payments: list[tuple[int, date, date | None]]
    void_on: date | None

    def allocated(self, on: date) -> int:
        return sum(amount for amount, since, until in self.payments if since <= on and (until is None or on < until))

    def owed(self, on: date) -> dict[str, int]:
        """Kind → what is owed at the end of a day."""
        if on < self.issued_on or (self.void_on and on >= self.void_on):
            return {}
        return apportion(sum(self.charged.values()) - self.allocated(on), self.charged)


dates = st.integers(0, 200).map(lambda number: date(2026, 1, 1) + number * DAY)


@st.composite
def invoices(draw: st.DrawFn) -> tuple[list[Invoice], list[list[Event]]]:
    """Some invoices, paid in parts of which some are undone, or taken back; in any order."""
    found, events = [], list[Event]()
    for number in range(1, 1 + draw(st.integers(1, 4))):
        kinds = st.dictionaries(st.sampled_from(["space", "water", "other"]), st.integers(1, 1_000), min_size=1)
        charged, issued_on = draw(kinds), draw(dates)
        due_on = issued_on + draw(st.integers(0, 60)) * DAY
        events.append(issued_for(charged, number, issued_on.isoformat(), due_on.isoformat()))
        left, payments, void_on = sum(charged.values()), list[tuple[int, date, date | None]](), None
        if draw(st.integers(0, 5)) == 0:
            void_on = issued_on + draw(st.integers(0, 60)) * DAY
            events.append(voided(number, void_on.isoformat()))
        for place in range(1, 1 + (0 if void_on else draw(st.integers(0, 3)))):
            amount, on = draw(st.integers(0, left)), issued_on + draw(st.integers(0, 90)) * DAY
            left -= amount
            events.append(paid(number, amount, on.isoformat(), payment=number, number=place))
            lasted = draw(st.none() | st.integers(0, 60))
            until = None if lasted is None else on + lasted * DAY
            if until:
                events.append(unpaid(number, amount, until.isoformat(), payment=number, number=place))
            payments.append((amount, on, until))
        found.append(Invoice(charged, issued_on, due_on, payments, void_on))
    return found, draw(in_any_order(events))


@settings(max_examples=40)
@given(invoices(), dates, st.sampled_from(["2026-01", "2026-02", "2026-Q1", "2026-Q2", "2026"]))
def test_in_whatever_order_they_are_heard_what_is_owed_and_collected_is_that_of_the_invoices_one_by_one(
    zone: tuple[list[Invoice], list[list[Event]]], on: date, period: str
) -> None:
    found, batches = zone
    expected: dict[str, dict[str, int]] = {"receivables_outstanding": {}, "receivables_overdue": {}}
    for invoice in found:
        for kind, amount in invoice.owed(on).items():
            for kpi in ("receivables_outstanding", *(["receivables_overdue"] if on > invoice.due_on else [])):
                expected[kpi][kind] = expected[kpi].get(kind, 0) + amount
    starts, ends = {"2026-01": (1, 2), "2026-02": (2, 3), "2026-Q1": (1, 4), "2026-Q2": (4, 7), "2026": (1, 13)}[period]
    due = [
        each for each in found if starts <= each.due_on.month < ends and each.due_on.year == 2026 and not each.void_on
    ]
    total = sum(sum(each.charged.values()) for each in due)
    collected = sum(each.allocated(date.max) for each in due)

    async def check() -> None:
        asked = await Asked.after(*batches)
        for kpi, kinds in expected.items():
            there = {kind: amount for kind, amount in kinds.items() if amount}
            assert await asked.values(kpi, "charge_kind", as_of=on) == there, kpi
            assert ((await asked.value(kpi, as_of=on)).value or 0) == sum(there.values())
        rate = await asked.value("collection_rate", period=period)
        assert (rate.numerator, rate.denominator) == (collected, total)

    asyncio.run(check())
