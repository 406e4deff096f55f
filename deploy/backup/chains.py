"""Verification by the hash chains: whether outboxes, aggregates and what consumers have heard fit together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from services.chassis.store.outbox_row import row_hash
from services.chassis.store.writes import Document

MOST = 20
"""Faults that are told one by one."""


class Numbered(NamedTuple):
    """An aggregate: how many events it has recorded, and the hash of the last."""

    sequence: int
    last_hash: str


class Kept(NamedTuple):
    """The events of an aggregate that its outbox holds; `first` is one after the last where it holds none."""

    first: int
    last: int
    hash: str


@dataclass
class Chains:
    """The chains of all services of a zone.

    Attributes:
        events: rows whose place in their chain was found right.
        gone: events that stand in no outbox any more, by service.
        faults: what does not fit, in words.
    """

    events: int = 0
    gone: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _kept: dict[str, Kept] = field(default_factory=dict)

    def outbox(self, service: str, rows: Iterable[Document], aggregates: Mapping[str, Numbered]) -> None:
        """Follow the chain of every aggregate of a service to the hash that it carries itself.

        A row that was brought back from the log lacks what only the outbox says, such as who acted; its hash is
        what the next one is chained to.

        Args:
            rows: in the order of their ids.
        """
        left = dict(aggregates)
        for subject, own in groupby(rows, key=lambda row: str(row["_id"]).rpartition(":")[0]):
            numbered = left.pop(subject, None)
            if numbered is None:
                self.faults.append(f"{service} has events of {subject}, which is not there")
                continue
            kept = self._followed(service, list(own))
            if (kept.last, kept.hash) != numbered:
                self.faults.append(f"{service}: the chain of {subject} does not end where {subject} says")
            self._note(service, subject, kept)
        for subject, numbered in left.items():
            self._note(service, subject, Kept(numbered.sequence + 1, numbered.sequence, numbered.last_hash))

    def _followed(self, service: str, rows: list[Document]) -> Kept:
        numbers = [int(row["_id"].rpartition(":")[2]) for row in rows]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            self.faults.append(f"{service}: events are missing in the middle of {rows[0]['_id']} and what follows it")
        previous = "" if numbers[0] == 1 else None
        for row in rows:
            is_whole = row.get("actor") is not None
            if is_whole and previous is not None and row_hash(previous, row) != row["hash"]:
                self.faults.append(f"{service}: the chain of hashes is broken at {row['_id']}")
            self.events += 1
            previous = row["hash"]
        return Kept(numbers[0], numbers[-1], previous or "")

    def _note(self, service: str, subject: str, kept: Kept) -> None:
        self._kept[subject] = kept
        if kept.first > 1:
            self.gone[service] = self.gone.get(service, 0) + kept.first - 1

    def inbox(self, rows: Iterable[Document]) -> None:
        """See that a consumer has heard nothing that was never said, nor needs what is nowhere any more."""
        for row in rows:
            group, _, subject = row["_id"].partition("|")
            kept, heard = self._kept.get(subject), row["sequence"]
            if kept is None:
                self.faults.append(f"{group} has heard of {subject}, which is not there")
            elif heard > kept.last or (heard == kept.last and row["hash"] not in ("", kept.hash)):
                self.faults.append(f"{group} has heard something else of {subject} than {subject} has said")
            elif heard + 1 < kept.first and heard < kept.last and not row["parked"]:
                self.faults.append(f"{group} waits for events of {subject} that are nowhere any more")

    def told(self) -> Iterator[str]:
        """The faults in words, at most `MOST`."""
        yield from self.faults[:MOST]
        if len(self.faults) > MOST:
            yield f"and {len(self.faults) - MOST} more"


def numbered(documents: Iterable[Mapping[str, Any]]) -> dict[str, Numbered]:
    """Those of some aggregates that have recorded anything."""
    return {
        each["_id"]: Numbered(each["sequence"], each["last_hash"]) for each in documents if each.get("sequence", 0) > 0
    }
