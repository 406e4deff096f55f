"""Who loads the opening figures: a partner who owns and books, and officers of the office, as anyone would."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from deploy.public_api import UnexpectedAnswer, call, pages, the_office
from services.chassis.domain.times import rfc3339, utc_now
from services.chassis.http.client import Client

PARTNER: Final = "示例数据录入伙伴 (synthetic)"
KEY_LIFETIME: Final = timedelta(hours=1)

SCOPES: Final = {
    "partner": {
        *("registry:businesses:read", "registry:filings:read", "registry:filings:write"),
        *("incubator:read", "incubator:write"),
    },
    "officer": {
        *("registry:businesses:read", "registry:filings:read", "registry:filings:write", "registry:review"),
        *("incubator:read", "incubator:write", "incubator:manage"),
    },
}
"""What each of them does in a load."""

Connect = Callable[[str], Client]
"""Opens a client of the public API that calls with this key."""


@contextlib.asynccontextmanager
async def partner_and_officer(operator: Client, connect: Connect) -> AsyncIterator[tuple[Client, Client]]:
    """Two clients of the loader's own, whose keys are made for this load and revoked after it.

    The partner and the clients are made once and found again by later loads.
    """
    async with registry_staff(operator, connect) as staff:
        yield staff.partner, staff.officer


@dataclass(frozen=True, slots=True)
class RegistryStaff:
    """Who enters businesses into the register.

    Attributes:
        owner_id: the partner that owns them.
        clerk: an officer who files for it. officer: another one, who decides: nobody decides what they have drafted.
    """

    owner_id: str
    partner: Client
    clerk: Client
    officer: Client


@contextlib.asynccontextmanager
async def registry_staff(operator: Client, connect: Connect) -> AsyncIterator[RegistryStaff]:
    """The partner and two officers, with keys as `partner_and_officer`."""
    found = [
        partner async for partner in pages(operator, "/v1/partners", about=PARTNER) if partner["legal_name"] == PARTNER
    ]
    partner = found[0] if found else await _make(operator, "/v1/partners", {"legal_name": PARTNER}, "partner")
    office = await the_office(operator, about=PARTNER)
    async with contextlib.AsyncExitStack() as opened:
        connected = []
        for owner, kind, number in ((partner, "partner", 0), (office, "officer", 0), (office, "officer", 1)):
            client = await _client(operator, owner["id"], kind, number)
            key = await opened.enter_async_context(_key(operator, client["id"]))
            connected.append(await opened.enter_async_context(connect(key)))
        yield RegistryStaff(partner["id"], partner=connected[0], officer=connected[1], clerk=connected[2])


async def _client(operator: Client, owner_id: str, kind: str, number: int) -> dict[str, Any]:
    """The nth client of this kind that may do what a load needs, oldest first; the office has others too."""
    path = f"/v1/partners/{owner_id}/clients"
    able = [
        client
        async for client in pages(operator, path, about=PARTNER, kind=kind, status="active")
        if SCOPES[kind].issubset(client["scopes"])
    ]
    return (
        able[number]
        if number < len(able)
        else await _make(operator, path, {"kind": kind}, f"{kind}-{number}-of-{owner_id}")
    )


@contextlib.asynccontextmanager
async def _key(operator: Client, client_id: str) -> AsyncIterator[str]:
    """A key for one load. A key is shown once and never again, so that every load needs a new one."""
    expires_at = rfc3339(utc_now() + KEY_LIFETIME)
    made = await call(operator, "POST", f"/v1/clients/{client_id}/keys", about=PARTNER, json={"expires_at": expires_at})
    try:
        yield made.body["key"]
    finally:
        # It ends by itself within the hour; what the load has to say matters more.
        with contextlib.suppress(UnexpectedAnswer):
            await call(operator, "DELETE", f"/v1/keys/{made.body['id']}", about=PARTNER)


async def _make(operator: Client, path: str, body: dict[str, Any], what: str) -> dict[str, Any]:
    made = await call(operator, "POST", path, about=PARTNER, json=body, idempotency_key=f"korla-{what}")
    return made.body
