"""Brings one business after another into the register, as it stood: an officer files for its owner, another decides."""

from collections.abc import Callable
from typing import Any, Final

from deploy.korla.clients import RegistryStaff
from deploy.korla.entry import Entry
from deploy.public_api import UnexpectedAnswer, call, pages
from services.chassis.http.client import Client

OPEN: Final = ("draft", "submitted", "in_review", "changes_requested", "approved")
ENDED: Final = frozenset({"rejected", "withdrawn", "lapsed"})

Progress = Callable[[int, int, str], None]
"""Told after each business: how many of how many are there, and the name of the last one."""
Json = dict[str, Any]


async def registered(client: Client, entry: Entry) -> Json | None:
    """The business with this code, if it is registered."""
    params = {"scheme": "CN-USCC", "identifier": entry.code}
    answer = await call(client, "GET", "/v1/registry/businesses", about=_named(entry), params=params)
    found: list[Json] = answer.body["data"]
    return found[0] if found else None


class Registrar:
    """What is there already, what was begun, and how to get from one to the other.

    Args:
        staff: who files and who decides.
        there: place in the list → business, of those that are registered; grows with each that is brought in.
    """

    def __init__(self, staff: RegistryStaff, there: dict[int, Json], progress: Progress, total: int) -> None:
        self.staff = staff
        self.partner = staff.partner
        self.there = there
        self.progress = progress
        self.total = total
        self.open: dict[str, Json] = {}

    async def find_open_filings(self) -> None:
        """Remember what an earlier load began and did not finish, by code; the furthest of several counts."""
        for status in OPEN:
            about = f"filings in status {status}"
            async for filing in pages(self.partner, "/v1/registry/filings", about=about, status=status):
                if filing["type"] == "registration":
                    self.open[filing["payload"]["identifiers"][0]["id"]] = filing

    async def bring_in(self, numbered: tuple[int, Entry]) -> None:
        """Register a business that is not there; its host, if it has one, is there."""
        place, entry = numbered
        filing = self.open.get(entry.code) or await self.draft(entry)
        while filing["status"] != "completed":
            filing = await self.advance(filing, _named(entry))
        business = await registered(self.partner, entry)
        if business is None:
            raise UnexpectedAnswer(f"{_named(entry)}: filing {filing['id']} is completed, the business is not there.")
        self.there[place] = business
        self.progress(len(self.there), self.total, entry.name)

    async def draft(self, entry: Entry) -> Json:
        """A filing to go on with: a new one, or the one that an earlier try made without hearing of it.

        Where that one has ended without a registration, the next key gives a new one.
        """
        payload = entry.payload if entry.host is None else entry.hosted_by(self.there[entry.host]["id"])
        body = {
            "requested_effective_at": entry.entered_at,
            "on_behalf_of": self.staff.owner_id,
            "payload": payload,
        }
        key = f"korla-{entry.code}"
        while True:
            answer = await call(
                self.staff.clerk,
                "POST",
                "/v1/registry/registrations",
                about=_named(entry),
                json=body,
                idempotency_key=key,
                not_yet="partner_unknown",
            )
            filing = answer.body
            if answer.replayed:
                path = f"/v1/registry/filings/{filing['id']}"
                filing = (await call(self.partner, "GET", path, about=_named(entry))).body
            if filing["status"] not in ENDED:
                return filing
            key = f"korla-{entry.code}-after-{filing['id']}"

    async def advance(self, filing: Json, about: str) -> Json:
        """Take a filing one step on: the clerk submits it, and its host takes it in, or an officer decides it."""
        body: Json
        match filing["status"]:
            case "draft":
                client, action = self.staff.clerk, "submit"
                body = {"declaration": {"accepted": True, "name": "示例录入员"}}
            case "submitted" if filing["awaits_host"]:
                client, action, body = self.partner, "confirm-hosting", {}
            case "submitted":
                client, action, body = self.staff.officer, "assign", {}
            case "in_review":
                client, action, body = self.staff.officer, "approve", {"comment": "Synthetic opening figures."}
            case status:
                block = filing.get("block") or {}
                raise UnexpectedAnswer(
                    f"{about}: filing {filing['id']} is {status} {block.get('code', '')}".rstrip()
                    + "; an officer must decide it first."
                )
        answer = await call(
            client,
            "POST",
            f"/v1/registry/filings/{filing['id']}/{action}",
            about=about,
            json=body,
            # The version is part of the key: what is done in another state of the filing is another act.
            idempotency_key=f"korla-{filing['id']}-{filing['version']}-{action}",
        )
        return filing | answer.body


def _named(entry: Entry) -> str:
    return f"{entry.name} ({entry.code})"
