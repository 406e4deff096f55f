"""Events as metrics receives them, and a zone in memory that has heard them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

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
from services.metrics.figures.contributions import Contributions, difference
from services.metrics.figures.dimensions import Breakdown, key_of
from services.metrics.figures.subject import Subject
from services.metrics.main import service
from tests.contracts.snapshots import samples_of

E = TypeVar("E", bound=Event)


class Cell(NamedTuple):
    """A number of the figures that changes on a day: of a KPI, in total or under the dimensions of `key`."""

    kpi: str
    by: Breakdown
    key: str
    on: str


TODAY = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""24 November 2026, noon in the zone: when questions are asked."""
MILLION = 100_000_000
"""A million yuan, in fen."""


def business(number: int) -> str:
    """The id of a synthetic business."""
    return id_of("biz", number)


def yuan(fen: int | None) -> Money | None:
    return None if fen is None else Money(amount=fen, currency="CNY")


def delivered(event: E, number: int, sequence: int, on: str) -> E:
    """An event of a business, true since noon of a day, from one of 12 partitions by the number of the business."""
    return told_by(business(number), event, sequence, effective_at=noon(on), partition=number % 12)


def noon(on: str) -> datetime:
    """Noon of a day in the zone."""
    return zone_midnight(day(on)) + timedelta(hours=12)


def told_by(
    subject: str,
    event: E,
    sequence: int = 1,
    *,
    effective_at: datetime | None = None,
    partition: int = 0,
    partner: str | None = None,
    trace: str | None = None,
) -> E:
    """An event of an aggregate, true since a moment: by default that at which it was recorded."""
    return heard.delivered(
        event,
        subject,
        sequence,
        effective_at=effective_at,
        partner_id=partner or getattr(event, "partner_id", None),
        traceparent=f"00-{trace}-00f067aa0ba902b7-01" if trace else None,
        partition=partition,
        offset=sequence,
    )


def sample(event: type[E], **said: Any) -> E:
    """An event as its sample is, but for what is said here."""
    return event.model_validate(samples_of(event.wire_name)[-1] | said)


def id_of(prefix: str, number: int) -> str:
    """The id of a synthetic noun."""
    return f"{prefix}_{number:032x}"


def owned(event: E, partner: str, trace: str | None = None) -> E:
    """The same event of an aggregate that a partner owns, recorded in a trace."""
    said = event.envelope
    return told_by(
        said.subject,
        event,
        said.sequence,
        effective_at=said.effective_at,
        partition=said.partition,
        partner=partner,
        trace=trace,
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


async def hear(store: Store, events: Iterable[Event], *, worker: int = 0) -> None:
    """Project events in one unit of work, as a worker of the consumer does with what one poll brings."""
    tx = Tx(store, now=NOON, worker=worker)
    await heard.hear(service.handlers, tx, *events)
    await tx.commit()


def figures(store: MemoryStore) -> dict[str, int]:
    """Each counter that is not 0, by bucket and path, over all workers: `valuation_total|d|2026-03: cells…n.02`."""
    found: Counter[str] = Counter()
    for row in store.rows("buckets"):
        bucket = row["_id"].rpartition("|")[0]
        for path, count in counters(row["cells"]):
            found[f"{bucket}: {path}"] += count
    return {path: count for path, count in found.items() if count}


def counters(members: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, int]]:
    """Each counter by its path in a bucket."""
    for name, value in members.items():
        if isinstance(value, Mapping):
            yield from counters(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", value


def cells_of(subject: Subject, dims: Sequence[str]) -> list[tuple[Breakdown, str]]:
    """Breakdown and key of each cell in which a thing with these dimensions counts, the total first."""
    values = dict(zip((each.name for each in subject.dimensions), dims, strict=True))
    return [(by, key_of({name: values[name] for name in by})) for by in ((), *subject.breakdowns)]


def moved_cells(subject: Subject, before: Contributions, after: Contributions) -> dict[Cell, dict[str, int]]:
    """What a change adds to each cell of the figures, counter by counter; nothing that is 0."""
    found: defaultdict[Cell, Counter[str]] = defaultdict(Counter)
    for place, added in difference(before, after):
        for by, key in cells_of(subject, place.dims):
            for name, count in added.items():
                found[Cell(place.kpi, by, key, place.on)][name] += count
    kept = {cell: {name: count for name, count in sums.items() if count} for cell, sums in found.items()}
    return {cell: sums for cell, sums in kept.items() if sums}
