"""The system under test, as faults act on it: the zone, its writers, and what has been done to them."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from deploy.chaos.evidence import business_of
from deploy.chaos.journal import Journal
from deploy.chaos.target.zone import CONSUMERS, PARTS, ChaosZone, service_named
from deploy.chaos.writers import Writers
from deploy.public_api import UnexpectedAnswer
from services.chassis.consuming.dead_letters import DeadLetters, Selection
from services.chassis.consuming.group import Group
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.times import utc_now
from services.chassis.store.mongo import TRANSIENT
from services.incubator.booking.reservation import Reservation
from services.incubator.utilities.billing.utility_bill import BillStatus, UtilityBill

LOOK_EVERY = 0.05
STIRRED_EVERY = 2.0
"""Seconds between two writes whose way leads to a point: writers alone may all be waiting for something else."""
MEANWHILE = 40.0
"""Seconds for a write that must go on: it waits for the API where another fault has that at the same time."""
DAYS_LATER = timedelta(days=11)
"""Longer than bills are drafts."""
DAYS_PASS = 3
"""How often, until every bill must be final."""
POISONED = sorted({PARTS[name].service for name in CONSUMERS})
"""The services whose handlers can be told to refuse."""


@dataclass
class Injected:
    """One fault that really happened, by the machine's clock; `parked` counts what it made consumers set aside."""

    fault: str
    on: str
    began: float
    ended: float
    parked: int = 0


@dataclass
class Stage:
    """A run under way.

    Attributes:
        poisoned: businesses whose events handlers were told to refuse.
        complaints: what no fault explains.
    """

    zone: ChaosZone
    writers: Writers
    journal: Journal
    injected: list[Injected] = field(default_factory=list)
    poisoned: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    _later: timedelta = timedelta()
    _beside: set[asyncio.Task[None]] = field(default_factory=set)

    async def report(self, business: str, *, patience: float) -> None:
        """An annual report of a business; it goes on beside the fault where it takes longer."""
        await asyncio.wait([self.beside(self.writers.report(business))], timeout=patience)

    def beside(self, write: Awaitable[object]) -> asyncio.Task[None]:
        """A write that goes on beside a fault, however long it takes."""
        task = asyncio.create_task(self._written(write))
        self._beside.add(task)
        return task

    async def _written(self, write: Awaitable[object]) -> None:
        with contextlib.suppress(UnexpectedAnswer):  # it stands in the journal
            await write

    async def all_written(self) -> None:
        """What faults have let be written is answered."""
        await asyncio.gather(*self._beside)

    async def reached(self, names: Sequence[str], switch: str, text: str, *, within: float) -> list[str]:
        """Turn a one-time switch on for some processes until one comes to it. Returns who did: two may at once."""
        for name in names:
            self.zone.switches(name).turn_on(switch, text)
        began = stirred = time.monotonic()
        while (now := time.monotonic()) < began + within and all(
            self.zone.switches(name).is_on(switch) for name in names
        ):
            if now >= stirred:
                self.beside(self._stir(names))
                stirred = now + STIRRED_EVERY
            await asyncio.sleep(LOOK_EVERY)
        return [name for name in names if self.zone.switches(name).take(switch) is None]

    def _stir(self, names: Sequence[str]) -> Awaitable[object]:
        """A small write that one of these processes commits, publishes or consumes."""
        writers = self.writers
        return writers.offerings.post_an_entry() if "incubator-api" in names else writers.register()

    async def are_up(self, names: Sequence[str]) -> None:
        """Wait until each of these processes answers, but not for ever: one that still starts comes to no point."""
        give_up = time.monotonic() + MEANWHILE
        while time.monotonic() < give_up and not all([await self.zone.answers(name) for name in names]):
            await asyncio.sleep(LOOK_EVERY)

    async def told(self, name: str, switch: str, *, within: float) -> str:
        """What a process says by a switch of its own. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (text := self.zone.switches(name).take(switch)) is None:
                await asyncio.sleep(LOOK_EVERY)
        return text

    async def still_writes(self, while_: str) -> None:
        """A business must enter the register meanwhile; that none does is a complaint."""
        done, _ = await asyncio.wait([self.beside(self.writers.register())], timeout=MEANWHILE)
        if not done:
            self.complaints.append(f"nothing could be written while {while_}")

    def days_later(self) -> str:
        """For the switch `clock`: longer after now than bills are drafts, and so much later each time.

        So what was begun while it was that late is over the next time, and each periodic task is due again.
        """
        self._later += DAYS_LATER
        return str(self._later.total_seconds())

    async def something_is_billed(self) -> None:
        """Bill a month where no bill is a draft."""
        if not await self._drafts():
            await self._written(self.writers.offerings.bill_a_month())

    async def applicants_apply(self) -> None:
        """Before any fault: cohorts open, some apply for their seats, and all are to be decided on."""
        admissions = self.writers.offerings.admissions
        for status in ("open", "reviewing"):
            if not await self._until_later(partial(admissions.are, status)):
                self.complaints.append(f"no cohort is {status}")
            if status == "open":
                await admissions.apply()

    async def days_pass(self) -> None:
        """In a zone that is well again a last month is billed, so that nothing waits to be corrected, and days pass:
        every bill becomes final, and every booking of these days is over. That it does not is a complaint.

        Until then the suite may not look: the clock that deletes spent claims may have been first.
        """
        await self._written(self.writers.offerings.bill_a_month())
        for _ in range(DAYS_PASS):  # what lost a race is tried again at its next time, which is to come too
            await self._until_later(self._all_is_over)
        if await self._drafts():
            self.complaints.append("bills do not become final")
        if await self._due_bookings():
            self.complaints.append("bookings do not come to an end")

    async def _until_later(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        """Days later for the incubator's clocks, until something holds; whether it came to that."""
        give_up = time.monotonic() + MEANWHILE
        with switched_on(self, ["incubator-worker"], "clock", self.days_later()):
            while not (came := await holds()) and time.monotonic() < give_up:
                await asyncio.sleep(LOOK_EVERY)
        return came

    async def _all_is_over(self) -> bool:
        return not (await self._drafts() or await self._due_bookings())

    async def _drafts(self) -> bool:
        """Whether any bill is a draft, as far as can be told."""
        return await self._is_any(UtilityBill, {"status": BillStatus.DRAFT.value})

    async def _due_bookings(self) -> bool:
        """Whether any booking is over by the days that have passed, and does not say so, as far as can be told."""
        return await self._is_any(Reservation, {"due_at": {"$lte": utc_now() + self._later}})

    async def _is_any(self, noun: type[Aggregate], where: Mapping[str, Any]) -> bool:
        with contextlib.suppress(*TRANSIENT):
            return bool(await self.zone.store("incubator").select(noun.collection, where, [("_id", 1)], 1))
        return True

    async def something_is_parked(self, *, within: float) -> None:
        """Wait for the first event that any consumer refuses, but not for ever."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            with contextlib.suppress(*TRANSIENT):
                for service in POISONED:
                    if await self.zone.store(service).select("parked", {"reason": "poison"}, [("_id", 1)], 1):
                        return
            await asyncio.sleep(LOOK_EVERY)

    async def replay_poison(self) -> int:
        """Let handlers have what they were told to refuse, in its order. Returns how much was parked.

        What was parked as poison although nobody had poisoned it becomes a complaint.
        """
        count = 0
        for service in POISONED:
            handlers = service_named(service).handlers
            assert handlers is not None, f"{service} consumes"
            keys = self.zone.producer_keys(service)
            letters = DeadLetters(Group(f"zone.{service}", self.zone.store(service), handlers, keys))
            while True:
                try:
                    rows = await letters.parked(Selection(reason="poison"))
                    self.complaints += [
                        f"{service} parked {row['_id']}: {row['error'].strip().splitlines()[-1]}"
                        for row in rows
                        if business_of(row["record"]) not in self.poisoned
                    ]
                    subjects = {row["subject"] for row in rows}
                    count += sum([len(await letters.parked(Selection(subject=subject))) for subject in subjects])
                    await letters.replay(Selection(reason="poison"))
                    break
                except TRANSIENT:
                    await asyncio.sleep(0.2)
        return count


@contextlib.contextmanager
def switched_on(stage: Stage, names: Sequence[str], switch: str, text: str = "") -> Iterator[None]:
    """A lasting switch, on meanwhile."""
    for name in names:
        stage.zone.switches(name).turn_on(switch, text)
    try:
        yield
    finally:
        for name in names:
            stage.zone.switches(name).turn_off(switch)
