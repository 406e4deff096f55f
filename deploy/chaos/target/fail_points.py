"""Fail points of a process: around a commit, inside it, around a publication, in a handler, in its guards.

| switch | text | what happens |
|---|---|---|
| `api-before-commit`, `api-after-commit`, `relay-before-publish`, … | signal | sent to itself there |
| `consumer-…`, `job-…`, `clock-…` | signal | likewise, of other commits |
| `closing-…`, `seat-…` | signal | likewise, of those that close a round, or give a seat |
| `in-transaction` | signal | with everything written and nothing committed; `holds` names a document that it holds |
| `everything` | | it takes every partition for its own |
| `poison` | business ids | handlers refuse their events |
| `large` | | the next event is over the limit |
| `no-sequence-checks` | | events that took effect already do so again (a control) |
| `no-fencing` | | positions and inbox are set without being compared (a control) |
| `no-claims` | | what is unique is not claimed (a control) |
"""

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiokafka.conn import AIOKafkaConnection

from deploy.chaos.target.switches import Switches
from services.chassis.background import clocks
from services.chassis.background.condition import Condition
from services.chassis.background.jobs import Jobs
from services.chassis.consuming.batch import Batch
from services.chassis.consuming.letter import Letter
from services.chassis.consuming.members import Members, Rank
from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.publishing.publisher import Publisher
from services.chassis.store import outbox_row
from services.chassis.store.mongo import MongoStore
from services.chassis.store.outbox_row import LARGEST_EVENT
from services.chassis.store.transaction import Transaction
from services.chassis.store.writes import Adjust, Claim, Insert, Put, Replace, Write

FENCES = ("offsets", "inbox")
COMMITTERS = {"offsets": "consumer", "idempotency": "api", "jobs": "job"}
"""Collections of which each has one kind of transaction that writes it; one that orders a job is its API's."""
DECIDES: Mapping[str, Callable[[Write], bool]] = {
    "closing": lambda write: (
        isinstance(write, Replace) and write.collection == "rounds" and write.document["status"] == "closed"
    ),
    "seat": lambda write: (
        isinstance(write, Adjust) and write.collection == "cohorts" and write.increments.get("seats_taken", 0) > 0
    ),
}
"""What is decided once → the write that decides it."""
LEASE_SECONDS = 5.0
"""For how long who runs a clock or a job has it: shorter than in a zone, and than a pause, so that others take over."""
HELD = ("offsets", "idempotency")
"""Collections of which a consumer's and an API's every transaction writes a document that others want too."""


def install(switches: Switches, *, kafka_port: int) -> None:
    """Put all points into this process."""
    with_short_leases()
    around_commits(switches)
    around_publications(switches)
    in_membership(switches)
    in_events(switches)
    in_handlers(switches)
    in_sequence_checks(switches)
    through_port(kafka_port)


def reach(switches: Switches, point: str, *, holds: str = "") -> None:
    """Die or stop here where that was asked for, once; what it holds it says before."""
    if number := switches.take(point):
        if holds:
            switches.turn_on("holds", holds)
        os.kill(os.getpid(), signal.Signals[number])


def put(owner: Any, name: str, value: Any) -> None:
    """Replace a member of the chassis, in this process alone."""
    assert hasattr(owner, name), f"{owner} has no {name} any more: the point is gone"
    setattr(owner, name, value)


def with_short_leases() -> None:
    """Give leases of jobs and clocks `LEASE_SECONDS`, so that others take over within a pause."""
    real = Jobs.__init__

    def init(self: Jobs, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs, lease_seconds=LEASE_SECONDS)

    put(Jobs, "__init__", init)
    put(clocks, "LEASE_SECONDS", LEASE_SECONDS)


def around_commits(switches: Switches) -> None:
    """Put the points before, inside and after commits, and those that take away fences and claims."""
    real_transact, real_run, real_finish = MongoStore.transact, Transaction.run, Transaction._finish
    here = threading.local()

    async def transact(self: MongoStore, writes: Sequence[Write]) -> None:
        passed = moments(writes)
        for moment in passed:
            reach(switches, f"{moment}-before-commit")
        if switches.is_on("no-fencing"):
            writes = [unfenced(write) for write in writes]
        if switches.is_on("no-claims"):
            writes = [write for write in writes if not isinstance(write, Claim)]
        await real_transact(self, writes)
        for moment in passed:
            reach(switches, f"{moment}-after-commit")

    def run(self: Transaction) -> Sequence[Write]:
        here.holds = next((f"{each.collection} {each.id}" for each in self.writes if each.collection in HELD), "")
        return real_run(self)

    def finish(session: Any) -> None:
        if here.holds:
            reach(switches, "in-transaction", holds=here.holds)
        real_finish(session)

    put(MongoStore, "transact", transact)
    put(Transaction, "run", run)
    put(Transaction, "_finish", staticmethod(finish))


def moments(writes: Sequence[Write]) -> list[str]:
    """Whose commit it is, and what is decided by it."""
    return [committer(writes), *(what for what, decides in DECIDES.items() if any(map(decides, writes)))]


def committer(writes: Sequence[Write]) -> str:
    """Whose commit it is, by what is in it: what is neither asked, heard nor ordered is a clock's."""
    collections = {write.collection for write in writes}
    return next((who for collection, who in COMMITTERS.items() if collection in collections), "clock")


def unfenced(write: Write) -> Write:
    """A position or a subject's progress that is set whatever stood there."""
    if isinstance(write, Insert | Replace) and write.collection in FENCES:
        return Put(write.collection, write.document)
    return write


def around_publications(switches: Switches) -> None:
    """Put the points before and after the relay publishes."""
    real = Publisher.publish

    async def publish(self: Publisher, rows: Any) -> None:
        reach(switches, "relay-before-publish")
        await real(self, rows)
        reach(switches, "relay-after-publish")

    put(Publisher, "publish", publish)


def in_membership(switches: Switches) -> None:
    """Put the point at which a worker takes every partition for its own."""
    real = Members.announce

    async def announce(self: Members, condition: Condition) -> Rank:
        rank = await real(self, condition)
        return Rank(0, 1) if switches.is_on("everything") else rank

    put(Members, "announce", announce)


def in_events(switches: Switches) -> None:
    """Put the point at which an event becomes too large."""
    real = outbox_row.canonical

    def canonical(event: Event) -> bytes:
        return b"0" * (LARGEST_EVENT + 1) if switches.take("large") is not None else real(event)

    put(outbox_row, "canonical", canonical)


def in_handlers(switches: Switches) -> None:
    """Put the point at which handlers refuse the events of some businesses."""
    real = Batch._run

    async def run(self: Batch, letter: Letter) -> Any:
        poisoned = (switches.read("poison") or "").split()
        if letter.due and letter.envelope is not None and letter.envelope.business_id in poisoned:
            raise Reject("poisoned by the fault suite")
        return await real(self, letter)

    put(Batch, "_run", run)


def in_sequence_checks(switches: Switches) -> None:
    """Put the point at which an event that took effect does so again."""
    real_take = Batch._take

    async def take(self: Batch, letter: Letter) -> Any:
        if switches.is_on("no-sequence-checks") and letter.envelope is not None:
            self.inbox.of(letter.envelope.subject).sequence = letter.envelope.sequence - 1
        return await real_take(self, letter)

    put(Batch, "_take", take)


def through_port(port: int) -> None:
    """Every broker is reached through one port, whatever address it gives itself."""
    real = AIOKafkaConnection.connect

    async def connect(self: Any) -> Any:
        self._port = port
        return await real(self)

    put(AIOKafkaConnection, "connect", connect)
