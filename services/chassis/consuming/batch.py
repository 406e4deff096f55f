"""A batch of records folded into one unit of work: every event exactly once, in the order of its subject."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.chassis.consuming.breaker import Breaker
from services.chassis.consuming.group import Group
from services.chassis.consuming.inbox import Inbox, Progress
from services.chassis.consuming.letter import Letter, opened
from services.chassis.consuming.positions import Positions
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Envelope, Undecodable
from services.chassis.domain.errors import Reject
from services.chassis.domain.times import utc_now
from services.chassis.kafka.decoding import decode
from services.chassis.kafka.parking import ASIDE, Reason, id_of_parked, parked_row
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.mongo import TRANSIENT
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Document, Insert, Put, Remove
from services.chassis.telemetry.instruments import CONSUMER_EVENTS
from services.chassis.telemetry.logs import applied_trace

Outcome = Literal["applied", "ignored", "duplicate", "parked"]

FOR_A_PERSON: frozenset[Reason] = frozenset({"poison", "undecodable"})
"""Parked for a reason of their own: a second delivery changes nothing about them."""
NOT_COUNTED: frozenset[Reason] = ASIDE | {"behind"}
"""What says nothing about this service, so that its circuit breaker does not count it: others could stop it at will.

Nor does a gap while a generation is built from a log that was cut: what is missing may stand in it once more, later."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a record that failed alone: it is to be parked; by its place alone where nothing else works."""

    error: str
    attempts: int
    as_unreadable: bool = False


class Failed(Exception):
    """The batch cannot take effect; `at` is the record whose handler said so, None where it is not known."""

    def __init__(self, at: int | None, cause: Exception) -> None:
        super().__init__(str(cause))
        self.at, self.cause = at, cause


class Batch:
    """One attempt at some records. A failed one is thrown away whole, with all that its handlers did to its `Tx`.

    Args:
        group: who consumes.
        records: in the order of their partitions.
        breaker: as it stood before; folding ends early where it opens.
        worker: the place among those of the group of the one that does it.
        judgement: on the only record, once it has failed alone.
        is_replay: a person wants parked events tried again.
    """

    def __init__(
        self,
        group: Group,
        records: Sequence[Record],
        breaker: Breaker,
        *,
        worker: int = 0,
        judgement: Judgement | None = None,
        is_replay: bool = False,
    ) -> None:
        self.tx = Tx(group.store, now=utc_now(), worker=worker)
        self.taken = 0
        self.moves: dict[Partition, int] = {}
        self.outcomes: Counter[Outcome] = Counter()
        self.applied: list[Envelope] = []
        self.parked: list[Document] = []
        self.breaker = breaker.copy()
        if judgement is not None and judgement.as_unreadable:
            self.letters = [Letter(record, fault="unreadable", error=judgement.error) for record in records]
        else:
            self.letters = [opened(record, group.keys) for record in records]
        self.inbox = Inbox(group.name, ())
        self._group, self._judgement, self._is_replay = group, judgement, is_replay
        self._held: dict[str, Document] = {}
        self._decodes: dict[str, bool] = {}
        """Whether somebody wants a type decoded; asked once a batch."""

    @property
    def envelopes(self) -> list[Envelope]:
        return [letter.envelope for letter in self.letters if letter.envelope is not None]

    async def fold(self) -> None:
        """Run the handlers and buffer everything but the positions. Raises Failed, or what is transient."""
        at, place = None, Partition("", -1)
        outside = applied_trace.get()
        try:
            await self._read()
            for letter in self.letters:
                at, envelope = self.taken, letter.envelope
                applied_trace.set(envelope.trace_id if envelope else "")
                outcome = await self._take(letter)
                self.outcomes[outcome] += 1
                if outcome == "applied" and envelope:
                    self.applied.append(envelope)
                self.taken += 1
                record = letter.record
                if record.partition != place.number or record.topic != place.topic:
                    place = record.place
                self.moves[place] = record.offset + 1
                if self.breaker.is_open:
                    break
        except TRANSIENT:
            raise
        except Exception as error:
            raise Failed(at, error) from error
        finally:
            applied_trace.set(outside)
        for write in self.inbox.writes():
            self.tx.write(write)

    async def commit(self, positions: Positions | None = None) -> None:
        """Documents, events, inbox, parked and positions, in one transaction. Raises Failed, or what is transient."""
        if positions is not None:
            for write in positions.writes(self.moves):
                self.tx.write(write)
        try:
            await self.tx.commit()
        except TRANSIENT:
            raise
        except Exception as error:
            raise Failed(None, error) from error
        if positions is not None:
            positions.moved(self.moves)
        if self._group.is_shown():
            for outcome, count in self.outcomes.items():
                CONSUMER_EVENTS.add(count, {"outcome": outcome})

    async def _read(self) -> None:
        """One query for the inbox and the documents that handlers announced, all as they were at one moment.

        Else a document might lack what the inbox says took effect. Parked events are asked for where there are any.
        """
        name, store = self._group.name, self._group.store
        ids = Inbox.ids(name, (envelope.subject for envelope in self.envelopes))
        if not ids:
            return
        wanted: dict[type[Aggregate], dict[str, None]] = {}
        for letter in self.letters:
            self._find_due(letter)
            for reaction, given in letter.due:
                for cls, id in reaction.loads(given) if reaction.loads is not None else ():
                    wanted.setdefault(cls, {})[id] = None
        documents = {cls.collection: list(of_it) for cls, of_it in wanted.items()}
        found = await store.read_together({"inbox": ids, **documents})
        self.inbox = Inbox(name, found["inbox"])
        for cls, of_it in wanted.items():
            await self.tx.load(cls, of_it, found[cls.collection])
        if stopped := self.inbox.stopped:
            blocked = [id_of_parked(name, each.id) for each in self.envelopes if each.subject in stopped]
            self._held = {row["_id"]: row for row in await store.read("parked", blocked)}

    def _find_due(self, letter: Letter) -> None:
        """Who reacts, and the event for those who want it decoded; whether it may run is not known yet."""
        envelope, handlers = letter.envelope, self._group.handlers
        if envelope is None or self._judgement is not None:
            return
        decodes = self._decodes.get(envelope.type)
        if decodes is None:
            decodes = self._decodes[envelope.type] = handlers.decodes(envelope.type)
        if decodes:
            try:
                letter.event = decode(envelope)
            except Undecodable as error:
                letter.error = str(error)
        letter.due = handlers.due(envelope, letter.event)

    async def _take(self, letter: Letter) -> Outcome:
        """The rule of one record. Raises whatever its handler raises."""
        envelope = letter.envelope
        if envelope is None:
            return self._park(letter, None, letter.fault)
        progress = self.inbox.of(envelope.subject)
        held = self._held.get(id_of_parked(self._group.name, envelope.id)) if self._held else None
        known = held["hash"] if held else progress.hash if envelope.sequence == progress.sequence else ""
        if known and known != envelope.hash:
            letter.error = f"{envelope.id} is known with the hash {known}, and this says {envelope.hash or 'none'}"
            return self._park(letter, None, "contradicting")
        if envelope.sequence <= progress.sequence:
            return "duplicate"
        if envelope.sequence > progress.sequence + 1:
            if held:
                return "duplicate"
            return self._park(letter, progress, "behind" if progress.parked else "gap")
        if held and held["reason"] in FOR_A_PERSON and not self._is_replay:
            return "duplicate"
        if self._judgement is not None:
            letter.error = self._judgement.error
            return self._park(letter, progress, "poison")
        if letter.error and self._is_replay:
            raise Reject(letter.error)
        if letter.error:
            return self._park(letter, progress, "undecodable")
        outcome = await self._run(letter)
        progress.sequence, progress.hash = envelope.sequence, envelope.hash
        if held:  # those before it have come at last
            progress.parked -= 1
            self.tx.write(Remove("parked", held["_id"]))
            del self._held[held["_id"]]
        self.breaker.handled()
        return outcome

    async def _run(self, letter: Letter) -> Outcome:
        for reaction, given in letter.due:
            await reaction.run(given, self.tx)
        return "applied" if letter.due else "ignored"

    def _park(self, letter: Letter, progress: Progress | None, reason: Reason) -> Outcome:
        """Keep it with its reason; nothing of its subject overtakes it. Without `progress` it stands in nobody's way.

        Raises:
            Reject: what stands in nobody's way is tried again, and is still what it was.
        """
        if progress is None and self._is_replay:
            raise Reject(letter.error)
        envelope = letter.envelope if progress is not None else None
        attempts = self._judgement.attempts if self._judgement else 0
        row = parked_row(self._group.name, letter.record, envelope, reason, letter.error, self.tx.now, attempts)
        self.parked.append(row)
        if progress is None or row["_id"] in self._held:
            self.tx.write(Put("parked", row))  # by its place, or one that waited and now failed
        else:
            self.tx.write(Insert("parked", row))
            progress.parked += 1
            self._held[row["_id"]] = row
        if reason not in NOT_COUNTED and (reason != "gap" or self._group.is_shown()):
            self.breaker.parked()
        return "parked"
