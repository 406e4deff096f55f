"""Ownership: to whom a noun is shown, declared once a noun in the words that events have (public, owner, zone)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.chassis.domain.caller import Caller, Kind

Audience = Literal["public", "owner", "zone"]
"""To whom it is open: anyone who is let in, the partner that owns it, or nobody outside the zone."""

WATCHERS: frozenset[Kind] = frozenset({"officer", "supervisor", "auditor"})
"""Who decides and who audits sees every partner's."""


@dataclass(frozen=True)
class Ownership:
    """Who sees a noun. What a caller may not see is 404 to them, like what does not exist.

    Attributes:
        audience: see `Audience`.
        fields: hold partner ids, dotted where they lie deeper; the first is the owner, who also hears its events.
        only: the owner sees it only while these fields have these values.
        parent: the noun that it is a part of: whoever has the whole of that open has this open.
        parent_id: the field that names the parent.
        watchers: the kinds of caller to whom all of it is open, whoever owns it.
        or_the_zones: one whose owner field is None is the zone's own: its events are told to nobody outside.
        public_while: a field and the values of it for which anyone sees that it is there.
    """

    audience: Audience
    fields: tuple[str, ...] = ()
    only: tuple[tuple[str, Any], ...] = ()
    parent: type[Any] | None = None
    parent_id: str = ""
    watchers: frozenset[Kind] = WATCHERS
    or_the_zones: bool = False
    public_while: tuple[str, tuple[Any, ...]] | None = None

    def watches(self, caller: Caller) -> bool:
        """Whether every one of this noun is open to a caller; to clocks and reactions to events it always is."""
        return caller.kind == "system" or caller.kind in self.watchers

    def where(self, caller: Caller) -> dict[str, Any]:
        """The filter that keeps a caller to those of a noun, which is no part of another, that it sees."""
        if self.audience == "public" or self.watches(caller):
            return {}
        stored = ["_id" if field == "id" else field for field in self.fields] if caller.kind == "partner" else []
        seen: list[dict[str, Any]] = [{field: caller.partner_id, **dict(self.only)} for field in stored]
        if self.public_while is not None:
            seen.append({self.public_while[0]: {"$in": list(self.public_while[1])}})
        return {"$or": seen} if len(seen) > 1 else seen[0] if seen else {"_id": {"$in": []}}

    def opens(self, row: object, caller: Caller) -> bool:
        """Whether the whole of this one is open to a caller, by its own fields."""
        return self.watches(caller) or (
            caller.kind == "partner"
            and caller.partner_id in (_value(row, field) for field in self.fields)
            and all(_value(row, field) == value for field, value in self.only)
        )

    def shows(self, row: object, caller: Caller) -> bool:
        """Whether a caller sees that this one is there; of what is public, anyone does."""
        return self.audience == "public" or self._is_public_now(row) or self.opens(row, caller)

    def _is_public_now(self, row: object) -> bool:
        return self.public_while is not None and _value(row, self.public_while[0]) in self.public_while[1]

    def owner_of(self, row: object) -> str | None:
        """The partner that owns this one; None where nobody outside the zone does."""
        return _value(row, self.fields[0]) if self.fields else None


PUBLIC = Ownership("public")
"""Open to everyone who is let in: the route's scope decides that."""
OF_THE_ZONE = Ownership("zone")
"""The zone's own: its officials and auditors, nobody else."""
OF_ITS_STAFF = Ownership("zone", watchers=WATCHERS | {"operator"})
"""The zone's own, open to its operator too."""


def owned_by(
    *fields: str,
    public: bool = False,
    only: Mapping[str, Any] | None = None,
    watchers: frozenset[Kind] = WATCHERS,
    or_the_zones: bool = False,
    public_while: tuple[str, Sequence[Any]] | None = None,
) -> Ownership:
    """Owned by the partner that a field names; by several, any of them sees it and the first hears its events.

    Args:
        public: anyone sees that it is there; what of it, the view decides.
        only: see `Ownership.only`.
        watchers: to whom all of it is open, where that is not the officials and auditors.
        or_the_zones: see `Ownership.or_the_zones`.
        public_while: see `Ownership.public_while`.
    """
    audience: Audience = "public" if public else "owner"
    return Ownership(
        audience,
        fields,
        tuple((only or {}).items()),
        watchers=watchers,
        or_the_zones=or_the_zones,
        public_while=None if public_while is None else (public_while[0], tuple(public_while[1])),
    )


def part_of(parent: type[Any], by: str) -> Ownership:
    """A part of another noun: whoever has that open has this open. `by` names the field with the other's id."""
    whole: Ownership = parent.shown_to
    return Ownership("owner", parent=parent, parent_id=by, watchers=whole.watchers)


def _value(row: object, path: str) -> Any:
    found: Any = row
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    return found
