"""What each kind of client may be given: the zone's whole table of rights."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, get_args

from pydantic import Field

from services.chassis.domain.violations import Violation, at_path, refuse
from services.contracts.gateway.access import ClientKind

Kind = ClientKind
Scope = Annotated[str, Field(pattern="^[a-z]+(:[a-z]+)*$")]
"""The name of a right; the list grows with the zone, so callers take it for a text."""
KINDS: tuple[Kind, ...] = get_args(Kind)
ADMINISTRATORS: frozenset[Kind] = frozenset({"operator"})
"""Who sees all partners, clients and keys: who runs the zone, not who decides in it."""

_OFFICER = frozenset(
    {
        "registry:businesses:read",
        "registry:filings:read",
        "registry:filings:write",
        "registry:review",
        "incubator:read",
        "incubator:write",
        "incubator:manage",
        "metrics:read",
    }
)

SCOPES: Mapping[Kind, frozenset[str]] = {
    "partner": frozenset(
        {
            "registry:businesses:read",
            "registry:filings:read",
            "registry:filings:write",
            "incubator:read",
            "incubator:write",
            "metrics:read",
            "keys:manage",
        }
    ),
    "officer": _OFFICER,
    "supervisor": _OFFICER,
    "auditor": frozenset(
        {
            "registry:businesses:read",
            "registry:filings:read",
            "incubator:read",
            "metrics:read",
        }
    ),
    "operator": frozenset(
        {
            "registry:businesses:read",
            "metrics:read",
            "metrics:manage",
            "keys:manage",
            "admin",
        }
    ),
}
"""Only what an operation asks for is here. An auditor never writes; an operator runs the zone, no more.

A supervisor has an officer's scopes; what only supervisors do, the register asks of the kind."""


def chosen(wanted: Sequence[str] | None, allowed: Collection[str]) -> list[str] | None:
    """The scopes that somebody asks for, sorted; None asks for all there are, those of later versions included.

    Raises:
        Unprocessable: `scope_not_allowed`, `scope_repeated`; each place in the body's `/scopes` is listed.
    """
    if wanted is None:
        return None
    refuse(*at_path(_wrong(wanted, allowed), "scopes"))
    return sorted(wanted)


def _wrong(wanted: Sequence[str], allowed: Collection[str]) -> Iterator[Violation]:
    for place, scope in enumerate(wanted):
        if scope not in allowed:
            yield Violation("scope_not_allowed", f"The choice is {', '.join(sorted(allowed))}.", (place,))
        elif scope in wanted[:place]:
            yield Violation("scope_repeated", "It stands in the list before.", (place,))
