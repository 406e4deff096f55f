"""Invoices of the zone: what was charged, what is owed and overdue, and how much of it was collected.

What is on an invoice for several kinds of offering is theirs in proportion to what each is charged with, tax included:
also what is owed of it, whatever was paid or credited, so that the kinds sum to the invoice to the last fen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from services.chassis.domain.events import Event
from services.chassis.domain.money import apportion
from services.contracts.incubator.invoices import (
    ChargeKind,
    CreditNoteAllocated,
    CreditNoteUnallocated,
    InvoiceIssued,
    InvoiceVoided,
    PaymentAllocated,
    PaymentUnallocated,
)
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.entity import Fact
from services.metrics.figures.history import Change, State
from services.metrics.figures.kept import Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.periods import DAY
from services.metrics.figures.subject import DatedFacts, Subject

YUAN: Final = "CNY"
ALLOCATED: Final = "allocated:"
"""Before a payment or credit note and the number of its allocation: how much of the invoice that takes away."""


def said(event: Event) -> Iterator[DatedFacts]:
    """What is owed on an invoice, since when, and which day is the first on which it is overdue."""
    match event:
        case InvoiceIssued():
            charged: dict[str, int] = {}
            for line in event.lines:
                charged[str(line.kind)] = charged.get(str(line.kind), 0) + line.amount + line.tax
            yield event.issued_on.isoformat(), {"issued": True, "total": event.total, "currency": event.currency}
            yield event.issued_on.isoformat(), {"charged": charged}
            yield event.due_on.isoformat(), {"due": True}
            yield (event.due_on + DAY).isoformat(), {"overdue": True}
        case InvoiceVoided():
            yield event.voided_on.isoformat(), {"void": True}
        case PaymentAllocated():
            yield event.on.isoformat(), {_allocation(event.payment_id, event.number): event.amount}
        case CreditNoteAllocated():
            yield event.on.isoformat(), {_allocation(event.credit_note_id, event.number): event.amount}
        case PaymentUnallocated():
            yield event.on.isoformat(), {_allocation(event.payment_id, event.number): 0}
        case CreditNoteUnallocated():
            yield event.on.isoformat(), {_allocation(event.credit_note_id, event.number): 0}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def _allocation(by: str, number: int) -> str:
    return f"{ALLOCATED}{by}|{number}"


def by_kind(facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
    """The history of an invoice, once for each kind of offering that is on it."""
    kinds = {kind for fact in facts for kind in fact.set.get("charged", ())}
    for kind in sorted(kinds):
        yield [replace(fact, set={**fact.set, "charge_kind": kind}) for fact in facts]


def _allocated(state: State) -> int:
    """How much of an invoice payments and credit notes take away."""
    return sum(amount for name, amount in state.items() if name.startswith(ALLOCATED))


def _share(amount: int, state: State) -> int:
    """Of an amount of an invoice, that of a kind; one that takes more than it charges takes from the others."""
    charged: dict[str, int] = state["charged"]
    if len(charged) == 1:
        return amount
    return apportion(amount, {kind: max(each, 0) for kind, each in charged.items()})[state["charge_kind"]]


def owed(change: Change) -> Any:
    """What is owed at the end of a day; None where nothing is, and once the invoice is void."""
    state = change.after
    left = 0 if "void" in state else _share(state["total"] - _allocated(state), state)
    return {"amount": left, "currency": state["currency"]} if left > 0 else None


def overdue(change: Change) -> Any:
    """The same from the day after the one on which it is due."""
    return owed(change) if "overdue" in change.after else None


def invoiced(change: Change) -> Any:
    """What was charged, on the day on which the invoice was issued; None where it was taken back since."""
    if "issued" not in change.said or "void" in change.last:
        return None
    return {"amount": _share(change.said["total"], change.after), "currency": change.said["currency"]}


def _due(change: Change, amount: int) -> Any:
    """A part of an amount on the day on which an invoice is due, that stands."""
    state = change.last
    if "due" not in change.said or "issued" not in state or "void" in state:
        return None
    return {"amount": _share(amount, state), "currency": state["currency"]}


def charged_by_due_day(change: Change) -> Any:
    """What was charged, on the day on which it is due."""
    return _due(change, change.last.get("total", 0))


def collected_by_due_day(change: Change) -> Any:
    """What of it was allocated by now, on the same day."""
    return _due(change, _allocated(change.last))


EVENTS: Final = (
    InvoiceIssued,
    InvoiceVoided,
    PaymentAllocated,
    PaymentUnallocated,
    CreditNoteAllocated,
    CreditNoteUnallocated,
)

INVOICED: Final = Flow(
    "invoiced_total",
    name=Name("Invoiced", "开票总额"),
    owner=Office.FINANCE,
    of=invoiced,
    unit=YUAN,
    formula="totals of invoices, tax included, by the day of issue; one that was taken back is none",
    events=EVENTS,
)
OUTSTANDING: Final = Stock(
    "receivables_outstanding",
    name=Name("Receivables outstanding", "应收账款余额"),
    owner=Office.FINANCE,
    of=owed,
    unit=YUAN,
    formula="totals of invoices less what payments and credit notes take away",
    events=EVENTS,
)
OVERDUE: Final = Stock(
    "receivables_overdue",
    name=Name("Receivables overdue", "逾期应收账款"),
    owner=Office.FINANCE,
    of=overdue,
    unit=YUAN,
    formula="receivables_outstanding of invoices whose due day has passed",
    events=EVENTS,
)
COLLECTION_RATE: Final = Ratio(
    "collection_rate",
    name=Name("Collection rate", "收款率"),
    owner=Office.FINANCE,
    numerator=collected_by_due_day,
    denominator=charged_by_due_day,
    timing="flow",
    currency=YUAN,
    unit=RATIO,
    of_money=True,
    formula="allocated by now, of payments and credit notes / invoiced; both in yuan, by the day on which it is due",
    events=EVENTS,
    definition_version=2,
)

INVOICE: Final = Subject(
    "invoice",
    heard_of=("ivc", "pay", "crn"),
    events=EVENTS,
    id_of=lambda event: event.invoice_id,
    facts=said,
    parts=by_kind,
    known_by="issued",
    counted_while=lambda state: "issued" in state,
    dimensions=(
        Dimension(
            "charge_kind",
            ChargeKind,
            values=tuple(kind.value for kind in ChargeKind),
            of=lambda state: str(state["charge_kind"]),
            about="For which offering an invoice charges.",
        ),
    ),
    kpis=(INVOICED, OUTSTANDING, OVERDUE, COLLECTION_RATE),
)
"""An invoice, once for each kind of offering that is on it."""

SUBJECTS: Final = (INVOICE,)
