"""Group commit: units of work that wait for the commit before them share the next transaction.

What a transaction costs is mostly the same for one unit as for fifty. Nobody waits for company: the first one commits
at once, and whoever comes while it is on its way makes the next group. Each unit's outcome is what it would have been
alone: one that is refused leaves the group, and the others go on without it. It is told so where what stands in its way
is known, else it commits by itself to find out.
"""

import asyncio
import contextvars
import copy
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.store.document_store import PAGE_BYTES, Slice, Store
from services.chassis.store.writes import Adjust, Claim, Document, Insert, Refused, Release, Write, refusal
from services.chassis.telemetry.instruments import COMMIT_UNITS

LARGEST = 100
"""Units in one transaction: by then there is nothing left to share, and it must end long before the server ends it."""

ATTEMPTS = 3
"""Transactions for one group; who is left after them commits alone."""


class Transactions(Store, Protocol):
    """A store that also says what it refused: `MongoStore`, and `MemoryStore`."""

    async def transact(self, writes: Sequence[Write]) -> None:
        """As `commit`, but raises Refused where it would raise that refusal."""
        ...


class Unit:
    """The writes of one unit of work, waiting for their outcome.

    `outcome` is whether they are committed: if not, the unit is to commit alone. It may also be what went wrong.
    """

    def __init__(self, writes: list[Write]) -> None:
        self.writes = writes
        self.touches = frozenset((write.collection, write.id) for write in writes)
        self.outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.context = contextvars.copy_context()

    @property
    def waits(self) -> bool:
        """Not once it knows its outcome, nor when its caller has left."""
        return not self.outcome.done()

    def is_committed(self) -> None:
        if self.waits:
            self.outcome.set_result(True)

    def must_go_alone(self) -> None:
        if self.waits:
            self.outcome.set_result(False)

    def is_refused(self, told: Exception | None) -> None:
        """Refuse the unit with the error that it would have met alone; None: only a commit of its own can say."""
        if told is None:
            self.must_go_alone()
        else:
            self.failed(told)

    def failed(self, error: Exception) -> None:
        if self.waits:
            self.outcome.set_exception(error)


class GroupCommit:
    """A `Store` whose commits share transactions; reads go straight through.

    Args:
        store: where the transactions happen.
    """

    def __init__(self, store: Transactions) -> None:
        self.service, self.files, self.generation = store.service, store.files, store.generation
        self._store = store
        self._waiting: list[Unit] = []
        self._is_busy = False
        self._group: asyncio.Task[None] | None = None

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        return await self._store.read(collection, ids)

    async def read_together(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        return await self._store.read_together(wanted)

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        return await self._store.select(collection, where, sort, limit, members)

    async def page(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        most_bytes: int = PAGE_BYTES,
    ) -> Slice:
        return await self._store.page(collection, where, sort, limit, most_bytes)

    async def count(self, collection: str, where: Mapping[str, Any], at_most: int | None = None) -> int:
        return await self._store.count(collection, where, at_most)

    async def total(self, collection: str, where: Mapping[str, Any], field: str) -> int:
        return await self._store.total(collection, where, field)

    async def commit(self, writes: list[Write]) -> None:
        if not self._is_busy:
            self._is_busy = True
            try:
                await self._commit_alone(writes)
            finally:
                self._is_busy = bool(self._waiting)
                if self._is_busy:
                    self._go_on()
            return
        unit = Unit(writes)
        self._waiting.append(unit)
        if not await unit.outcome:
            await self._commit_alone(writes)

    def _go_on(self) -> None:
        """Begin the next group, once those who know their outcome now have gone on: what they commit next is in it."""
        asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        """In a task of its own: it must not end with any one of its callers."""
        first = next((unit for unit in self._waiting if unit.waits), None)
        self._is_busy = first is not None
        if first:  # its trace shows the transaction
            self._group = asyncio.create_task(self._run(), context=first.context)

    def _next_group(self) -> list[Unit]:
        """The units that wait, first come first served; of two that touch the same, the later waits on."""
        group: list[Unit] = []
        later: list[Unit] = []
        touched: set[tuple[str, str]] = set()
        for unit in self._waiting:
            if not unit.waits:
                continue
            if len(group) < LARGEST and touched.isdisjoint(unit.touches):
                group.append(unit)
                touched |= unit.touches
            else:
                later.append(unit)
        self._waiting = later
        return group

    async def _run(self) -> None:
        group = self._next_group()  # only now: whoever was ready to commit when the last one ended is in it too
        try:
            await self._commit(group)
        except Unavailable as error:  # of the store and no one's own, and perhaps it did take effect: all are told
            for unit in group:
                unit.failed(copy.copy(error))
        except Exception:  # some unit's own: whose, each finds out alone
            for unit in group:
                unit.must_go_alone()
        finally:
            for unit in group:  # is known by now, but where this task itself was cancelled
                unit.failed(Unavailable("The service stops, and this may have taken effect.", code="outcome_unknown"))
            self._go_on()

    async def _commit(self, group: list[Unit]) -> None:
        """Commit the group, without those that leave it. Raises what the store says of all of them."""
        for _ in range(ATTEMPTS):
            group = [unit for unit in group if unit.waits]
            if len(group) < 2:
                break
            try:
                await self._store.transact([write for unit in group for write in unit.writes])
            except Refused as refused:
                stuck = await self._stuck(group, refused)
                for unit in group:
                    if mine := sorted(unit.touches & stuck.keys()):
                        unit.is_refused(stuck[mine[0]])
            except LostRace:
                pass  # on whom is not known; once more, and a guard will say so
            else:
                COMMIT_UNITS.record(len(group))
                for unit in group:
                    unit.is_committed()
                return
        if len(group) == 1:
            await self._commit_one(group[0])
        for unit in group:
            unit.must_go_alone()

    async def _commit_alone(self, writes: list[Write]) -> None:
        await self._store.commit(writes)
        COMMIT_UNITS.record(1)

    async def _commit_one(self, unit: Unit) -> None:
        try:
            await self._commit_alone(unit.writes)
        except Exception as error:  # all that there is belongs to this one
            unit.failed(error)
        else:
            unit.is_committed()

    async def _stuck(self, group: Sequence[Unit], refused: Refused) -> dict[tuple[str, str], Exception | None]:
        """What was refused, and what will be for the same reason: ids that are not free, claims of others.

        With what its unit is to be told, where a document that stands there says so and alone it would meet the same:
        of what comes earlier in a transaction only counters of this collection are not known to be taken. Else None.
        """
        stuck: dict[tuple[str, str], Exception | None] = {(each.collection, each.id): None for each in refused.writes}
        collection = refused.writes[0].collection
        writes = [write for unit in group for write in unit.writes if write.collection == collection]
        wanted = {write.id: write for write in writes if isinstance(write, Insert | Claim)}
        unknown = {write.id for write in writes if isinstance(write, Release)}
        for unit in group:
            counts = any(isinstance(write, Adjust) and write.collection == collection for write in unit.writes)
            unknown.update(write.id for write in unit.writes if counts)
        for found in await self._store.read(collection, list(wanted)) if wanted else ():
            write = wanted[found["_id"]]
            if isinstance(write, Claim) and write.holder == found["holder"]:
                continue
            is_certain = write.id not in unknown and not (isinstance(write, Claim) and write.may_take_over(found))
            stuck[collection, write.id] = refusal(write) if is_certain else None
        return stuck
