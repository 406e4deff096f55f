"""One run of fault injection: writers write, faults are inflicted, everything is healed, drains, and is looked at."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.chaos.checks import findings
from deploy.chaos.evidence import Evidence, evidence_of
from deploy.chaos.faults.schedule import Planned, kinds_for, plan
from deploy.chaos.finding import Finding
from deploy.chaos.journal import Journal
from deploy.chaos.outside import seen_from_outside
from deploy.chaos.stage import Injected, Stage
from deploy.chaos.target.zone import ChaosZone
from deploy.chaos.writers import Writers
from deploy.machine.kafka_jars import KafkaJars
from deploy.public_api import UnexpectedAnswer
from services.chassis.kafka.client import KafkaFailure
from services.chassis.store.mongo import TRANSIENT

WRITERS = 5
DRAIN_PATIENCE = 120.0
LOOK_EVERY = 1.0
TRIES_AGAIN = 3
"""For a kind of fault whose moment did not come in its time."""
REPEATED = 30
"""Acknowledged writes that are sent again at the end: they must be answered as before, and change nothing."""
DRAWN_ANEW = ("/investors",)
"""The ends of paths whose answers a repeat is given as they would be now, for ten minutes: they name people."""


@dataclass(frozen=True)
class Verdict:
    """The verdict: what came of a run.

    Attributes:
        kinds: all that this broker can suffer, by name.
        missed: faults whose moment did not come, by name.
        findings: what is wrong; empty in a good run.
        drained_in: seconds from the last fault until everything had taken effect.
    """

    kinds: Sequence[str]
    injected: Sequence[Injected]
    missed: Sequence[str]
    evidence: Evidence
    findings: Sequence[Finding]
    journal: Journal
    drained_in: float

    @property
    def is_good(self) -> bool:
        return not self.findings

    def never_happened(self) -> list[str]:
        """The kinds of fault of which this run says nothing."""
        return sorted(set(self.kinds) - {each.fault for each in self.injected})


class Run:
    """A zone under faults.

    Args:
        folder: of its own, empty.
        jars: Apache Kafka's.
        kafka: `apache` or `embedded`.
        seed: of the schedule and of what is written.
        members: of the database's replica set.
        say: told each fault.
    """

    def __init__(
        self,
        folder: Path,
        jars: KafkaJars,
        *,
        kafka: str,
        seed: int,
        members: int = 1,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.zone = ChaosZone(folder, jars, kafka=kafka, members=members)
        self.journal = Journal()
        self.writers = Writers(self.zone.url, self.journal, random.Random(seed))
        self.stage = Stage(self.zone, self.writers, self.journal)
        self._seed, self._say = seed, say
        self._busy: dict[str, asyncio.Lock] = {}
        self._missed: list[str] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The zone, with the writers admitted; nothing of its processes is left afterwards."""
        try:
            await self.zone.start()
            async with self.writers.admitted(self.zone.operator_key.read_text().strip()):
                await self.stage.applicants_apply()
                yield
        finally:
            await self.zone.stop()

    async def chaos(self, seconds: float) -> Verdict:
        """Write under faults for so long, then heal, drain and look. Inside `running`."""
        stop = asyncio.Event()
        writing = [asyncio.create_task(self.writers.write_until(stop)) for _ in range(WRITERS)]
        began = time.monotonic()
        inflicting = []
        try:
            schedule = plan(self._seed, seconds=seconds, broker=self.zone.broker.kind)
            for planned in schedule:
                await asyncio.sleep(max(0.0, began + planned.at - time.monotonic()))
                inflicting.append(asyncio.create_task(self._inflict(planned)))
            await asyncio.gather(*inflicting)
            await self._try_again(schedule)
            stop.set()
            await asyncio.gather(*writing)
            await self.stage.all_written()
            await self.stage.days_pass()
        finally:
            for task in (*inflicting, *writing):
                task.cancel()
        return await self.verdict()

    async def verdict(self, *, patience: float = DRAIN_PATIENCE) -> Verdict:
        """Wait until all has taken effect, or cannot any more, and look at everything."""
        began = time.monotonic()
        before: set[Finding] = set()
        while True:
            try:
                await self.stage.replay_poison()
                evidence = await evidence_of(self.zone)
            except (KafkaFailure, *TRANSIENT):
                if time.monotonic() > began + patience:
                    raise
                await asyncio.sleep(LOOK_EVERY)
                continue
            found = findings(evidence, self.journal.acknowledged)
            for_good = {each for each in found if each.kind in ("doubled", "parked")}
            waits = bool(found) or bool(await self.zone.unready())
            # While the zone still moves, what was read first may not know of what was read last.
            is_hopeless = bool(for_good & before) or bool(self.zone.dead())
            if not waits or is_hopeless or time.monotonic() > began + patience:
                break
            before = for_good
            await asyncio.sleep(LOOK_EVERY)
        drained_in = time.monotonic() - began
        found += await self._repeated()
        found += await seen_from_outside(self.writers)
        told = [f"{name} is not ready: {why}" for name, why in (await self.zone.unready()).items()]
        told += [*self.stage.complaints, *self.journal.complaints, *self.journal.unanswered]
        found = [*(Finding("wrong", each) for each in dict.fromkeys(told)), *found]
        kinds = [each.name for each in kinds_for(self.zone.broker.kind)]
        return Verdict(kinds, self.stage.injected, self._missed, evidence, found, self.journal, drained_in)

    async def _try_again(self, schedule: Sequence[Planned]) -> None:
        """The kinds whose moment never came get some more, and other targets, while writers still write."""
        dice = random.Random(self._seed)
        for _ in range(TRIES_AGAIN):
            never = set(self._missed) - {each.fault for each in self.stage.injected}
            once = {planned.fault.name: planned for planned in schedule if planned.fault.name in never}
            again = [each._replace(targets=tuple(dice.choice(each.fault.choices))) for each in once.values()]
            await asyncio.gather(*map(self._inflict, again))

    async def _inflict(self, planned: Planned) -> None:
        """One fault, once what it needs is there and its targets are free of others."""
        name, on, asked = planned.fault.name, ", ".join(planned.targets), time.time()
        parked, began = None, asked
        try:
            await planned.fault.prepare(self.stage)
            async with contextlib.AsyncExitStack() as held:
                for target in sorted(planned.targets):
                    await held.enter_async_context(self._busy.setdefault(target, asyncio.Lock()))
                began = time.time()
                parked = await planned.fault.act(self.stage, planned.targets, random.Random(planned.seed))
        except UnexpectedAnswer:  # while it was prepared: it stands in the journal
            self._missed.append(name)
        except Exception as error:
            self.stage.complaints.append(f"{name} on {on} could not be undone: {type(error).__name__}: {error}")
        else:
            if parked is None:
                self._missed.append(name)
            else:
                self.stage.injected.append(Injected(name, on, began, time.time(), parked))
        ended = time.time()
        how = "its moment did not come, " if parked is None else ""
        self._say(f"{name} ({on}): {how}waited {began - asked:.0f} s, took {ended - began:.0f} s")

    async def _repeated(self) -> list[Finding]:
        """A write that is sent again is answered as before; what is drawn anew, as it stands by now."""
        known = [write for write in self.journal.acknowledged if not write.path.endswith(DRAWN_ANEW)]
        found = []
        for write in random.Random(self._seed).sample(known, min(REPEATED, len(known))):
            answer = await self.writers.callers.repeat(write)
            if not answer.replayed or not is_as_before(answer.body, write.answer):
                found.append(Finding("doubled", f"{write.path} sent again was answered otherwise"))
        return found


def is_as_before(again: Mapping[str, Any], first: Mapping[str, Any]) -> bool:
    """Whether an answer says the same once more; what is shown once, such as a name, is null by then."""
    return again.keys() == first.keys() and all(again[name] in (value, None) for name, value in first.items())
