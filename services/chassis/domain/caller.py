"""Who acts: a client of the zone with its kind and scopes, or the zone itself."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["partner", "officer", "supervisor", "auditor", "operator", "system", "public"]
OFFICIAL: frozenset[Kind] = frozenset({"officer", "supervisor"})


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client, of one kind, with the scopes that its key was given."""

    partner_id: str
    client_id: str
    key_id: str
    kind: Kind
    scopes: frozenset[str]

    @property
    def is_official(self) -> bool:
        """An officer or a supervisor: someone who may see and decide for the zone."""
        return self.kind in OFFICIAL


SYSTEM = Caller("system", "system", "system", "system", frozenset())
"""Clocks and reactions to events; no client can be this one."""


ANONYMOUS = Caller("", "anonymous", "", "public", frozenset())
"""Somebody without credentials; only a route without a scope lets them in."""
