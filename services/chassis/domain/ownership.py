"""Ownership: to whom a noun is shown, declared once a noun in the words that events have (public, owner, zone)."""

from collections.abc import Mapping
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
        audience: see `Audience`; `owner` needs `fields` or `parent`.
        fields: hold partner ids, dotted where they lie deeper; the first is the owner, who also hears its events.
        parent: the noun that it is a part of, whose ownership is its own too.
        parent_id: the field that names the parent.
        watchers: the kinds of caller that see all of it, whoever owns it.
    """

    audience: Audience
    fields: tuple[str, ...] = ()
    parent: type[Any] | None = None
    parent_id: str = ""
    watchers: frozenset[Kind] = WATCHERS

    def sees_all(self, caller: Caller) -> bool:
        """Whether a caller sees every one of this noun; clocks and reactions to events always do."""
        return self.audience == "public" or caller.kind == "system" or caller.kind in self.watchers

    def where(self, caller: Caller) -> dict[str, Any]:
        """The filter that keeps a caller to what it sees of a noun that has fields of its own; empty for all of it."""
        if self.sees_all(caller):
            return {}
        mine = [{field: caller.partner_id} for field in self.fields if caller.kind == "partner"]
        return {"$or": mine} if len(mine) > 1 else mine[0] if mine else {"_id": {"$in": []}}

    def shows(self, row: object, caller: Caller) -> bool:
        """Whether a caller sees this one, by its own fields."""
        return self.sees_all(caller) or (
            caller.kind == "partner" and caller.partner_id in (_value(row, field) for field in self.fields)
        )

    def owner_of(self, row: object) -> str | None:
        """The partner that owns this one; None where nobody outside the zone does."""
        return _value(row, self.fields[0]) if self.fields else None


PUBLIC = Ownership("public")
"""Open to everyone who is let in: the route's scope decides that."""
OF_THE_ZONE = Ownership("zone")
"""The zone's own: its officials and auditors, nobody else."""


def owned_by(*fields: str, public: bool = False, watchers: frozenset[Kind] = WATCHERS) -> Ownership:
    """Owned by the partner that a field names; by several, any of them sees it and the first hears its events.

    Args:
        public: anyone sees that it is there; what of it, the view decides.
        watchers: who sees all, where that is not the officials and auditors.
    """
    return Ownership("public" if public else "owner", fields, watchers=watchers)


def part_of(parent: type[Any], by: str) -> Ownership:
    """A part of another noun: whoever sees that sees this. `by` names the field with the other's id."""
    whole: Ownership = parent.shown_to
    return Ownership(whole.audience, parent=parent, parent_id=by, watchers=whole.watchers)


def _value(row: object, path: str) -> Any:
    found: Any = row
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    return found
