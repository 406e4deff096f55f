"""Deduplication state of a group: which event of each subject took effect last, and how many are parked."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.chassis.store.document_store import Store
from services.chassis.store.writes import Document, Insert, Replace, Write


@dataclass(slots=True)
class Progress:
    """One subject: `sequence` took effect last, `parked` wait for a person or for those before them.

    `hash` is that of the event that took effect last, empty where none did or it is not known.
    """

    sequence: int
    parked: int
    hash: str = ""


class Inbox:
    """Rows `{_id: <group>|<subject>, sequence, parked, hash}` of some subjects, read and written by compare-and-set.

    Every change to a subject's parked events changes its row too, so that a consumer and a replay of dead
    letters, or two consumers, can never both believe to be the next.
    """

    def __init__(self, group: str, rows: Iterable[Document]) -> None:
        self._group = group
        prefix = len(f"{group}|")
        self._rows = {row["_id"][prefix:]: row for row in rows}
        self._now: dict[str, Progress] = {}

    @classmethod
    async def read(cls, store: Store, group: str, subjects: Iterable[str]) -> "Inbox":
        ids = cls.ids(group, subjects)
        return cls(group, await store.read("inbox", ids) if ids else ())

    @staticmethod
    def ids(group: str, subjects: Iterable[str]) -> list[str]:
        """Under which the rows of some subjects stand."""
        return [f"{group}|{subject}" for subject in dict.fromkeys(subjects)]

    @property
    def stopped(self) -> set[str]:
        """The subjects that have parked events."""
        return {subject for subject, row in self._rows.items() if row["parked"]}

    def of(self, subject: str) -> Progress:
        """A subject as it stands after what this batch did so far; change it in place."""
        progress = self._now.get(subject)
        if progress is None:
            row = self._rows.get(subject)
            progress = Progress(row["sequence"], row["parked"], row["hash"]) if row else Progress(0, 0)
            self._now[subject] = progress
        return progress

    def writes(self) -> list[Write]:
        """What changed."""
        changed: list[Write] = []
        for subject, progress in self._now.items():
            id = f"{self._group}|{subject}"
            row = {"_id": id, "sequence": progress.sequence, "parked": progress.parked, "hash": progress.hash}
            before = self._rows.get(subject)
            if before is None and (progress.sequence or progress.parked):
                changed.append(Insert("inbox", row))
            elif before is not None and before != row:
                guard = {"sequence": before["sequence"], "parked": before["parked"]}
                changed.append(Replace("inbox", id, guard, row))
        return changed
