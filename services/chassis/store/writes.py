"""What a unit of work wants done, as plain data: a store applies all of it in one transaction, or nothing.

A write whose rule has a refusal of its own carries it, so that what a store refuses is told in the rule's words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from services.chassis.domain.errors import LostRace, ZoneError

Document = dict[str, Any]

Bounds = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Insert:
    """A new document; its `_id` must be free."""

    collection: str
    document: Document

    @property
    def id(self) -> str:
        return str(self.document["_id"])


@dataclass(frozen=True, slots=True)
class Replace:
    """A known document in a new version; the stored one must still look as `guard` says."""

    collection: str
    id: str
    guard: Mapping[str, Any]
    document: Document


@dataclass(frozen=True, slots=True)
class Put:
    """A document that simply stands afterwards, whatever stood there before."""

    collection: str
    document: Document

    @property
    def id(self) -> str:
        return str(self.document["_id"])


@dataclass(frozen=True, slots=True)
class Remove:
    """A document that is gone afterwards, whether it stood there or not; one that is not as `where` says stays."""

    collection: str
    id: str
    where: Mapping[str, Any] = field(default_factory=dict)


HAS_END: Final[Mapping[str, datetime]] = {"$gt": datetime(1970, 1, 1, tzinfo=UTC)}
"""Of `until`: a claim that is held for a time; the index of these has no others."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A unique key taken for a holder, until a moment or until released.

    One whose `until` has passed may be taken over by another; its holder may take it again at any time.

    `taken` is the rule's own refusal while another holds it.
    """

    id: str
    holder: str
    until: datetime | None
    now: datetime
    taken: ZoneError | None
    collection: str = "claims"

    def document(self) -> Document:
        return {"_id": self.id, "holder": self.holder, "until": self.until}

    def may_take_over(self, found: Document) -> bool:
        """Whether the time of another's claim is over."""
        return found["until"] is not None and found["until"] <= self.now


@dataclass(frozen=True, slots=True)
class Release:
    """A unique key given back, by its holder only; nothing happens where somebody else holds it."""

    id: str
    holder: str
    collection: str = "claims"


@dataclass(frozen=True, slots=True)
class Adjust:
    """Counters moved without having read them, and `version` with them.

    Args:
        increments: field → delta (integers).
        at_most, at_least: field → bound that must hold *after* the move; a number, or the name of another field, which
            is looked at after the move too. Names may be dotted; what is not there counts as 0.
        where: fields that must equal, such as a status.
        create: the rest of the document where there is none yet; None where it must exist.
        refused: the rule's own refusal where the guard does not hold.
    """

    collection: str
    id: str
    increments: dict[str, int]
    at_most: dict[str, int | str] = field(default_factory=dict)
    at_least: dict[str, int | str] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    create: Mapping[str, Any] | None = None
    refused: ZoneError | None = None

    @property
    def moves(self) -> dict[str, int]:
        """Every counter that moves, `version` among them."""
        return {**self.increments, "version": 1}


Write = Insert | Replace | Put | Remove | Claim | Release | Adjust


def refusal(write: Write) -> Exception:
    """What to raise where a store will not do it: what its rule says, or that somebody else was faster."""
    match write:
        case Claim(taken=ZoneError() as told) | Adjust(refused=ZoneError() as told):
            return told
        case _:
            return LostRace(f"{write.collection}|{write.id}")


class Refused(Exception):
    """The store will not do some of the writes, so it did none; never leaves `services/chassis`.

    Args:
        writes: those of one collection that are known to be refused, in the order in which they were tried.
        told: what their caller is to be told; left out, the `refusal` of the first.
    """

    def __init__(self, writes: Sequence[Write], told: Exception | None = None) -> None:
        self.writes, self.told = writes, told or refusal(writes[0])
        super().__init__(str(self.told))


class InvalidDocument(Exception):
    """A document is not what the validator of its collection says: a bug of whoever wrote it, never a refusal.

    Args:
        write: what would have made it.
        members: that are missing or not as they should be; no values, which no log may hold.
    """

    def __init__(self, write: Write, members: Iterable[str]) -> None:
        super().__init__(f"{write.collection}|{write.id} breaks the validator of its collection: {', '.join(members)}")


ORDER = ("idempotency", "offsets", "claims", "", "inbox", "parked", "outbox")
"""What is likely to refuse comes first, and before all whether a request is a repeated one; "" is everything else."""
PLACES = {name: place for place, name in enumerate(ORDER)}


def by_collection(writes: Iterable[Write]) -> dict[str, list[Write]]:
    """The writes in the `ORDER` in which a store applies them.

    Within a collection they are sorted by kind and id: few commands, and two commits take locks in one order. What is
    given back for another holder of the same unit of work to have comes first.
    """
    groups: dict[str, list[Write]] = {}
    for write in writes:
        groups.setdefault(write.collection, []).append(write)
    ranked = sorted(groups, key=lambda name: (PLACES.get(name, PLACES[""]), name))
    return {name: _ranked(groups[name]) for name in ranked}


def _ranked(writes: list[Write]) -> list[Write]:
    claimed_at = {each.id: place for place, each in enumerate(writes) if isinstance(each, Claim)}
    handed_over = {
        place for place, each in enumerate(writes) if isinstance(each, Release) and place < claimed_at.get(each.id, -1)
    }
    order = sorted(
        range(len(writes)), key=lambda place: (place not in handed_over, type(writes[place]).__name__, writes[place].id)
    )
    return [writes[place] for place in order]
