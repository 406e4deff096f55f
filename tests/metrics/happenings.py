"""Events as metrics receives them, and a zone in memory that has heard them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.chassis.domain.times import zone_midnight
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, day
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessKind,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
    LegalForm,
    OpeningFigures,
)
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)
from services.metrics.main import service

E = TypeVar("E", bound=Event)

TODAY = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""24 November 2026, noon in the zone: when questions are asked."""
MILLION = 100_000_000
"""A million yuan, in fen."""
COUNTERS = ("n", "m", "d", "hist", "excluded")
"""What the buckets of any kind of KPI count."""


def business(number: int) -> str:
    """The id of a synthetic business."""
    return f"biz_{number:032x}"


def yuan(fen: int | None) -> Money | None:
    return None if fen is None else Money(amount=fen, currency="CNY")


def delivered(event: E, number: int, sequence: int, on: str) -> E:
    """An event of a business, true since noon of a day, from one of 12 partitions by the number of the business."""
    subject = business(number)
    return event.delivered(
        Envelope(
            id=f"{subject}:{sequence:010d}",
            source="/registry",
            type=event.wire_name,
            subject=subject,
            sequence=sequence,
            time=datetime(2026, 3, 2, 4, tzinfo=UTC),
            topic=event.topic.name,
            key=subject,
            data=b"{}",
            effective_at=zone_midnight(day(on)) + timedelta(hours=12),
            business_id=subject,
            partition=number % 12,
            offset=sequence,
        )
    )


def registered(
    number: int = 1,
    *,
    on: str = "2026-03-02",
    sequence: int = 1,
    kind: str = "industrial",
    sector: str = "3111",
    entered: str = "2012-05-01",
    opening: dict[str, Any] | None = None,
) -> BusinessRegistered:
    """A registration; `opening` are the members of its opening figures that are not null."""
    empty = {"as_of": "2018-04-30", "valuation": None, "revenue": None, "revenue_period": None, "employees": None}
    figures = OpeningFigures.model_validate(empty | opening) if opening is not None else None
    event = BusinessRegistered(
        business_id=business(number),
        registration_number="KEZ1234567809",
        partner_id="par_1",
        kind=kind,
        legal_form=LegalForm.LIMITED_COMPANY,
        name="示例有限公司",
        sector=sector,
        zone_entry_on=day(entered),
        opening_figures=figures,
    )
    return delivered(event, number, sequence, on)


def dissolution_started(number: int = 1, *, on: str, sequence: int) -> BusinessDissolutionStarted:
    event = BusinessDissolutionStarted(
        business_id=business(number), kind=BusinessKind.INDUSTRIAL, mode="voluntary", notice_until=None
    )
    return delivered(event, number, sequence, on)


def dissolution_cancelled(
    number: int = 1, *, on: str, sequence: int, status: str = "active"
) -> BusinessDissolutionCancelled:
    event = BusinessDissolutionCancelled(business_id=business(number), kind=BusinessKind.INDUSTRIAL, status=status)
    return delivered(event, number, sequence, on)


def dissolved(number: int = 1, *, on: str, sequence: int) -> BusinessDissolved:
    event = BusinessDissolved(business_id=business(number), kind=BusinessKind.INDUSTRIAL)
    return delivered(event, number, sequence, on)


def suspended(number: int = 1, *, on: str, sequence: int) -> BusinessSuspended:
    event = BusinessSuspended(business_id=business(number), kind=BusinessKind.INDUSTRIAL, suspended_until=None)
    return delivered(event, number, sequence, on)


def resumed(number: int = 1, *, on: str, sequence: int) -> BusinessResumed:
    event = BusinessResumed(business_id=business(number), kind=BusinessKind.INDUSTRIAL)
    return delivered(event, number, sequence, on)


def reported(
    number: int = 1,
    *,
    year: str,
    sequence: int,
    revenue: Money | int | None = None,
    valuation: Money | int | None = None,
    employees: int | None = None,
) -> AnnualReportFiled:
    """An annual report; plain amounts are fen of yuan."""
    event = AnnualReportFiled(
        business_id=business(number),
        period=year,
        revenue=yuan(revenue) if isinstance(revenue, int) else revenue,
        valuation=yuan(valuation) if isinstance(valuation, int) else valuation,
        employees=employees,
    )
    return delivered(event, number, sequence, "2026-06-01")


async def hear(store: Store, events: Iterable[Event]) -> None:
    """Project events in one unit of work, as the consumer does with what one poll brings."""
    tx = Tx(store, now=NOON)
    await heard.hear(service.handlers, tx, *events)
    await tx.commit()


async def zone_that_heard(*events: Event) -> MemoryStore:
    """A metrics service's store after these events."""
    store = MemoryStore.of(service)
    await hear(store, events)
    return store


def figures(store: MemoryStore) -> dict[str, dict[str, int]]:
    """Bucket → its counters, of whatever kind; one that was taken back to 0 is as if it had never been moved."""
    found = {row["_id"]: dict(counters({name: row.get(name, 0) for name in COUNTERS})) for row in store.rows("buckets")}
    return {id: moved for id, moved in found.items() if moved}


def counters(members: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, int]]:
    """Each counter that is not 0, by its path: `n`, `hist.30`, `excluded.USD.m`."""
    for name, value in members.items():
        if isinstance(value, Mapping):
            yield from counters(value, f"{within}{name}.")
        elif value:
            yield f"{within}{name}", value
