"""The unit of work: reads remember, writes are buffered, one commit sends them together or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from services.chassis.domain.aggregate import Aggregate, Row
from services.chassis.domain.caller import SYSTEM, Caller
from services.chassis.domain.errors import LostRace, NotFound, ZoneError
from services.chassis.store.counters import Counters, P, Spread
from services.chassis.store.document_store import Store
from services.chassis.store.outbox_row import outbox_rows
from services.chassis.store.precondition import Precondition
from services.chassis.store.writes import Claim, Document, Insert, Release, Replace, Write

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R", bound=Row)
Order = Sequence[tuple[str, int]]
BY_ID: Final[Order] = (("_id", 1),)


class Tx:
    """One unit of work with optimistic concurrency, for one request or one batch of events.

    Attributes:
        now: the instant of this unit of work; the domain's only clock.
        caller: on whose behalf; `SYSTEM` for handlers and clocks.
        request_id: of the request, kept with every event.
        store: where it reads and writes.
        worker: of several that share a work, which; what all of them count up, each does in documents of its own.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: datetime,
        caller: Caller = SYSTEM,
        request_id: str = "",
        precondition: Precondition | None = None,
        worker: int = 0,
    ) -> None:
        self.now, self.caller, self.request_id, self.worker = now, caller, request_id, worker
        self.store = store
        self._precondition = precondition
        self._known: dict[tuple[str, str], Aggregate | None] = {}
        self._loaded: dict[tuple[str, str], int] = {}
        self._saved: dict[tuple[str, str], Aggregate] = {}
        self._counters = Counters()
        self._writes: list[Write] = []
        self._opened: set[tuple[str, str]] = set()

    async def find(self, cls: type[A], id: str) -> A | None:
        """The aggregate with this id, or None; the same object each time."""
        key = (cls.collection, id)
        if key not in self._known:
            await self.load(cls, [id])
        found = self._known[key]
        assert found is None or isinstance(found, cls)
        return found

    async def get(self, cls: type[A], id: str) -> A:
        """The aggregate with this id. Raises NotFound where there is none."""
        found = await self.find(cls, id)
        if found is None:
            raise NotFound
        return found

    def imply(self, aggregate: A) -> A:
        """Take one that is there by a rule and has no document: `find` gives it from now on, a save inserts it."""
        del self._loaded[self._remember(aggregate).collection, aggregate.id]
        return aggregate

    def is_stored(self, aggregate: Aggregate) -> bool:
        """Whether it was read from the store."""
        return (aggregate.collection, aggregate.id) in self._loaded

    async def load(self, cls: type[A], ids: Iterable[str], found: Iterable[Document] | None = None) -> None:
        """Read many in one query, so that later `find`s of them cost nothing; `found` are those read already."""
        missing = [id for id in dict.fromkeys(ids) if (cls.collection, id) not in self._known]
        self._known.update(dict.fromkeys((cls.collection, id) for id in missing))
        if missing and found is None:
            found = await self.store.read(cls.collection, missing)
        for document in found or ():
            self._remember(cls.from_document(document))

    async def select(
        self, cls: type[R], where: Mapping[str, Any], *, sort: Order = BY_ID, limit: int, members: Sequence[str] = ()
    ) -> list[R]:
        """Committed rows or aggregates that match, sorted, at most `limit`; what is only buffered is not seen.

        Of a row `members` alone, by their paths, where any are named. Raises TypeError where they are an aggregate's.
        """
        if members and issubclass(cls, Aggregate):
            raise TypeError(f"{cls.__name__} is read as a whole")
        return self._rows(cls, await self.store.select(cls.collection, where, sort, limit, members))

    async def page(
        self, cls: type[R], where: Mapping[str, Any], *, sort: Order = BY_ID, limit: int
    ) -> tuple[list[R], bool]:
        """As `select`, but bounded in bytes too (`Store.page`); and whether more match, after the last of these."""
        found, more = await self.store.page(cls.collection, where, sort, limit)
        return self._rows(cls, found), more

    async def visible(self, cls: type[A], id: str) -> A:
        """The aggregate with this id, where its ownership shows it to the caller. Raises NotFound, whichever is why."""
        found = await self.get(cls, id)
        if not await self._is_open(found) and not cls.shown_to.shows(found, self.caller):
            raise NotFound
        return found

    async def opened(self, aggregate: A) -> A:
        """The aggregate, where all of it is open to the caller: its parts may be listed then. Raises NotFound."""
        if not await self._is_open(aggregate):
            raise NotFound
        return aggregate

    def shown(self, cls: type[Row], where: Mapping[str, Any]) -> Mapping[str, Any]:
        """The filter of a list, kept to what the caller sees. Raises LookupError of parts whose whole nobody opened."""
        ownership = cls.shown_to
        if ownership.parent is None:
            mine = ownership.where(self.caller)
            return {"$and": [where, mine]} if where and mine else where or mine
        if (ownership.parent.collection, where.get(ownership.parent_id)) not in self._opened:
            raise LookupError(f"{cls.__name__} is listed by {ownership.parent_id}, once that was opened to the caller")
        return where

    async def _is_open(self, aggregate: Aggregate) -> bool:
        ownership = aggregate.shown_to
        if ownership.parent is None:
            is_open = ownership.opens(aggregate, self.caller)
        else:
            parent = await self.find(ownership.parent, getattr(aggregate, ownership.parent_id))
            is_open = parent is not None and await self._is_open(parent)
        if is_open:
            self._opened.add((aggregate.collection, aggregate.id))
        return is_open

    async def count(self, cls: type[Row], where: Mapping[str, Any], *, at_most: int | None = None) -> int:
        """How many committed rows or aggregates match, counted up to `at_most`; what is only buffered is not."""
        return await self.store.count(cls.collection, where, at_most)

    async def total(self, cls: type[Row], where: Mapping[str, Any], field: str) -> int:
        """The sum of a field of whole numbers over the committed ones that match; dotted where it lies deeper."""
        return await self.store.total(cls.collection, where, field)

    def _rows(self, cls: type[R], documents: Iterable[Document]) -> list[R]:
        rows = (cls.from_document(each) for each in documents)
        return [self._remember(row) if isinstance(row, Aggregate) else row for row in rows]

    def _remember(self, aggregate: Any) -> Any:
        key = (aggregate.collection, aggregate.id)
        if self._known.get(key) is None:
            self._known[key] = aggregate
            self._loaded[key] = aggregate.version
            if self._precondition:
                self._precondition.look_at(aggregate)
        return self._known[key]

    def save(self, aggregate: A) -> A:
        """Keep it as it is at the commit, version + 1, with the events it recorded; saving it twice is once.
        Raises LostRace where it is new, and was read from the store all the same: another commit made it meanwhile.
        """
        key = (aggregate.collection, aggregate.id)
        known = self._known.get(key)
        if known is not None and known is not aggregate:
            if key in self._loaded and aggregate.version == 0:
                raise LostRace("|".join(key))
            raise ValueError(f"{aggregate.id} was read as another object in this unit of work")
        self._known[key] = aggregate
        if key not in self._saved:
            self._saved[key] = aggregate
            aggregate.version += 1
        return aggregate

    def add(self, row: R) -> R:
        """Keep a row that never changes; its id must be free."""
        self._writes.append(Insert(row.collection, row.to_document()))
        return row

    def claim(self, key: str, holder: str, *, until: datetime | None = None, taken: ZoneError | None = None) -> None:
        """Take a unique key (`name|…`, `identifier|…`, `slot|…`); its holder may take it again to renew or confirm it.

        Args:
            until: when it may be taken over; None holds it until released.
            taken: the refusal of the rule, raised at the commit while another holds it.
        """
        self._writes.append(Claim(key, holder, until, self.now, taken))

    def release(self, key: str, holder: str) -> None:
        """Give a key back; nothing happens where somebody else holds it by now."""
        self._writes.append(Release(key, holder))

    def adjust(
        self,
        cls: type[Row],
        id: str,
        increments: Mapping[str, int],
        *,
        at_most: Mapping[str, int | str] | None = None,
        at_least: Mapping[str, int | str] | None = None,
        where: Mapping[str, Any] | None = None,
        create: Mapping[str, Any] | None = None,
        refused: ZoneError | None = None,
    ) -> None:
        """Move counters of a document that was not read (see `writes.Adjust`).

        Two moves of one document add up; the first one says what `create` and `refused` are. Raises ValueError of
        `create` with a bound, which a store would not look at for the document that it makes.
        """
        self._counters.adjust(cls.collection, id, increments, at_most, at_least, where, create, refused)

    def sum_up(self, cls: type[Row], place: P, increments: Mapping[str, int], spread: Spread[P]) -> None:
        """Count at a place; at the commit `spread` says which counters of which documents that moves, if any."""
        self._counters.sum_up(cls.collection, place, increments, spread)

    def write(self, write: Write) -> None:
        """Buffer a write as it is: an idempotency record, a consumer's position, a row that is blanked."""
        self._writes.append(write)

    @property
    def has_writes(self) -> bool:
        """Whether a commit would change anything."""
        return bool(self._writes or self._counters or self._saved)

    def pending(self) -> list[Write]:
        """Everything buffered, as the store takes it; the events get their rows and hashes here."""
        self.check_precondition()
        writes = [*self._writes, *self._counters.writes()]
        for key, aggregate in self._saved.items():
            rows = outbox_rows(aggregate, at=self.now, actor=self.caller.client_id, request_id=self.request_id)
            writes += [Insert("outbox", row) for row in rows]
            document = aggregate.to_document()
            if key in self._loaded:
                writes.append(Replace(*key, {"version": self._loaded[key]}, document))
            else:
                writes.append(Insert(aggregate.collection, document))
        return writes

    def check_precondition(self) -> None:
        """Raises PreconditionFailed where `If-Match` was sent and names no version that was read."""
        if self._precondition:
            self._precondition.judge()

    async def commit(self) -> None:
        """Send it all in one transaction; with nothing to write there is none."""
        if writes := self.pending():
            await self.store.commit(writes)
