"""Administration of dead letters: list, show, replay, discard; safe while the consumer runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

import structlog

from services.chassis.consuming.batch import Batch, Failed
from services.chassis.consuming.breaker import Breaker
from services.chassis.consuming.group import Group
from services.chassis.consuming.inbox import Inbox
from services.chassis.domain.errors import LostRace
from services.chassis.domain.times import utc_now
from services.chassis.kafka.parking import RELAY, Reason, in_words, trace_of_parked
from services.chassis.kafka.records import Record
from services.chassis.store.writes import Document, Insert, Put, Remove, Replace, Write

LISTED_AT_MOST = 10_000
ORDER = [("subject", 1), ("sequence", 1), ("_id", 1)]
IN_THE_LOG = itemgetter("topic", "partition", "offset")
log = structlog.get_logger("zone.dead_letters")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which parked events: those that fit all that is given; all of them where nothing is."""

    event: str | None = None
    subject: str | None = None
    reason: Reason | None = None

    def where(self, groups: Iterable[str]) -> dict[str, Any]:
        where: dict[str, Any] = {"group": {"$in": list(groups)}}
        if self.event is not None:
            where["_id"] = {"$in": [f"{group}|{self.event}" for group in groups]}
        if self.subject is not None:
            where["subject"] = self.subject
        if self.reason is not None:
            where["reason"] = self.reason
        return where


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one parked event; `detail` says why where it stayed."""

    id: str
    outcome: Literal["applied", "discarded", "failed", "waits", "sent again", "would be replayed", "would be discarded"]
    detail: str = ""


class DeadLetters:
    """The parked events of one service: those of its consumer, and those that no broker took from its relay.

    Every step is one transaction that moves the subject's `inbox` row by compare-and-set. A live event of the
    subject that comes meanwhile is therefore either parked behind, and taken next, or finds nothing parked any
    more and is applied in its order; whoever commits second reads again.

    Args:
        group: of the service, with its handlers.
    """

    def __init__(self, group: Group) -> None:
        self._group, self._store = group, group.store

    async def parked(self, selection: Selection, limit: int = LISTED_AT_MOST) -> list[Document]:
        """Parked rows by subject and sequence, those without a subject first."""
        return await self._store.select("parked", selection.where((self._group.name, RELAY)), ORDER, limit)

    async def replay(
        self, selection: Selection, *, dry_run: bool = False, give_up_missing: str | None = None
    ) -> list[Done]:
        """Try again: of every subject selected all its parked events in order, each in its own transaction.

        The first that fails stays, with one more attempt, and the rest of its subject behind it.

        Args:
            give_up_missing: why events that never came may be passed over, so that those after a gap can follow.
        """
        rows = await self.parked(selection)
        if dry_run:
            return [Done(row["_id"], "would be replayed") for row in rows]
        done: list[Done] = []
        for row in rows:
            if row["group"] == RELAY:
                await self._store.commit([Put("parked", {**row, "again": True})])
                done.append(Done(row["_id"], "sent again", "the relay publishes it within seconds"))
        own = [row for row in rows if row["group"] != RELAY]
        subjects = [row["subject"] for row in own if row["subject"] is not None]
        for row in sorted((row for row in own if row["subject"] is None), key=IN_THE_LOG):
            tried = await self._replay_by_place(row)
            if tried.outcome == "applied":
                subjects.append(Record.from_document(row).envelope().subject)
            done.append(tried)
        for subject in dict.fromkeys(subjects):
            done += await self._replay_subject(subject, give_up_missing)
        return done

    async def discard(self, selection: Selection, *, because: str, dry_run: bool = False) -> list[Done]:
        """Give events up for good; the row moves to `discarded` with the reason, `inbox` moves past the event.

        Only the first of a subject can be discarded, and with it what is missing before it: those behind wait for
        it. Afterwards they can be replayed.

        Raises:
            ValueError: no reason is written down.
        """
        if not because.strip():
            raise ValueError("An event is given up only with a written reason.")
        rows = await self.parked(selection)
        if dry_run:
            return [Done(row["_id"], "would be discarded") for row in rows]
        return [await self._discard(row, because) for row in rows]

    async def _replay_subject(self, subject: str, give_up_missing: str | None) -> list[Done]:
        done: list[Done] = []
        while (row := await self._first(subject)) is not None:
            inbox = await Inbox.read(self._store, self._group.name, [subject])
            due = inbox.of(subject).sequence + 1
            if row["sequence"] > due and give_up_missing is None:
                missing = f"{due}" if row["sequence"] == due + 1 else f"{due} to {row['sequence'] - 1}"
                return [*done, Done(row["_id"], "waits", f"of {subject} the events {missing} never came")]
            try:
                if row["sequence"] > due:
                    inbox.of(subject).sequence, inbox.of(subject).hash = row["sequence"] - 1, ""
                    await self._store.commit(inbox.writes())
                    log.warning("missing_events_given_up", subject=subject, first=due, because=give_up_missing)
                elif row["sequence"] < due:  # it took effect by other means
                    inbox.of(subject).parked -= 1
                    await self._store.commit([*inbox.writes(), Remove("parked", row["_id"])])
                else:
                    await self._try(row)
                    done.append(Done(row["_id"], "applied"))
            except LostRace:
                continue
            except Failed as failed:
                return [*done, await self._failed(row, failed.cause)]
        return done

    async def _first(self, subject: str) -> Document | None:
        where = {"group": self._group.name, "subject": subject}
        rows = await self._store.select("parked", where, [("sequence", 1)], 1)
        return rows[0] if rows else None

    async def _try(self, row: Document, *writes: Write) -> None:
        """Raises Failed, or LostRace where the consumer was faster."""
        batch = Batch(self._group, [Record.from_document(row)], Breaker(), is_replay=True)
        for write in writes:
            batch.tx.write(write)
        await batch.fold()
        await batch.commit()

    async def _replay_by_place(self, row: Document) -> Done:
        """What could not be read or believed as it came; if it can be by now, it is treated as if it came just now."""
        if row["reason"] == "contradicting":
            return Done(
                row["_id"], "failed", "another event of its number took effect or waits: it can only be discarded"
            )
        while True:
            try:
                await self._try(row, Remove("parked", row["_id"]))
            except LostRace:
                continue
            except Failed as failed:
                return await self._failed(row, failed.cause)
            return Done(row["_id"], "applied", "or parked again where its subject is not that far")

    async def _failed(self, row: Document, cause: Exception) -> Done:
        error = in_words(cause)
        tried = {**row, "attempts": row["attempts"] + 1, "error": error}
        try:
            await self._store.commit([Replace("parked", row["_id"], {"attempts": row["attempts"]}, tried)])
        except LostRace:
            log.info("dead_letter_moved_meanwhile", id=row["_id"], **trace_of_parked(row))
        return Done(row["_id"], "failed", error)

    async def _discard(self, row: Document, because: str) -> Done:
        gone: list[Write] = [
            Remove("parked", row["_id"]),
            Insert("discarded", {**row, "because": because, "discarded_at": utc_now()}),
        ]
        while True:
            writes: list[Write] = []
            if row["subject"] is not None and row["group"] != RELAY:
                first = await self._first(row["subject"])
                if first is None or first["_id"] != row["_id"]:
                    before = first["_id"] if first else "nothing any more"
                    return Done(row["_id"], "waits", f"{before} is parked before it")
                inbox = await Inbox.read(self._store, self._group.name, [row["subject"]])
                progress = inbox.of(row["subject"])
                if row["sequence"] > progress.sequence:
                    progress.sequence, progress.hash = row["sequence"], row["hash"]
                progress.parked -= 1
                writes = inbox.writes()
            try:
                await self._store.commit([*writes, *gone])
            except LostRace:
                continue
            log.warning("event_discarded", id=row["_id"], because=because, **trace_of_parked(row))
            return Done(row["_id"], "discarded", because)
