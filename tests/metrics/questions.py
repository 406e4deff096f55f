"""Questions to a zone in memory, as the API asks them; and its events in any order."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from services.chassis.consuming.heard import Heard
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, day
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.kpi import Granularity
from services.metrics.figures.periods import Period
from services.metrics.main import service
from services.metrics.reading import queries
from services.metrics.reading.question import Question, series_question
from services.metrics.reading.views import Answer, BreakdownAnswer, Series
from tests.metrics.happenings import TODAY, hear

AS_OF = TODAY.date()


class Asked:
    """A zone that has heard some events, and what it answers."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    @classmethod
    async def after(cls, *batches: Sequence[Event]) -> "Asked":
        """After these events, in turn by each of two workers."""
        store = MemoryStore.of(service)
        for number, batch in enumerate(batches):
            await hear(store, batch, worker=number % 2)
        return cls(store)

    async def value(self, kpi: str, *, period: str = "", as_of: date | str = AS_OF, **dims: str) -> Answer:
        asked = Question(KPIS[kpi], dims, None, Period.read(period) if period else None, _day(as_of))
        return await queries.value(Tx(self.store, now=NOON), Heard(self.store), asked)

    async def cells(
        self, kpi: str, by: str, *, period: str = "", as_of: date | str = AS_OF, **dims: str
    ) -> BreakdownAnswer:
        asked = Question(KPIS[kpi], dims, by, Period.read(period) if period else None, _day(as_of))
        return await queries.breakdown(Tx(self.store, now=NOON), Heard(self.store), asked, by)

    async def series(
        self, kpi: str, first: str, last: str, granularity: Granularity, *, as_of: date | str = AS_OF, **dims: str
    ) -> Series:
        asked = series_question(
            KPIS[kpi], today=_day(as_of), dims=dims, first=first, last=last, granularity=granularity
        )
        return await queries.series(Tx(self.store, now=NOON), Heard(self.store), asked)

    async def values(self, kpi: str, by: str, *, period: str = "", as_of: date | str = AS_OF) -> dict[str, int | None]:
        """Each cell to which something contributes, by the value of a dimension."""
        answer = await self.cells(kpi, by, period=period, as_of=as_of)
        return {cell.dims[by]: cell.value for cell in answer.cells if cell.n}


def _day(as_of: date | str) -> date:
    return day(as_of) if isinstance(as_of, str) else as_of


@st.composite
def in_any_order(draw: st.DrawFn, events: Sequence[Event]) -> list[list[Event]]:
    """Events shuffled, some of them heard twice, and cut into batches."""
    again = draw(st.lists(st.sampled_from(events), max_size=2)) if events else []
    heard = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.sets(st.integers(0, len(heard)), max_size=3)) | {0, len(heard)})
    return [heard[start:end] for start, end in pairwise(cuts)]
