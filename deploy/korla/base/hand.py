"""A hand at the incubator: one client of the public API that looks for things, and makes those that are not there."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from deploy.public_api import call, pages
from services.chassis.http.client import Client

ABOUT: Final = "Demonstration Base"
Json = dict[str, Any]


@dataclass
class Hand:
    """Whose hand it is, and how many things it has made or changed.

    Attributes:
        turns: what all hands take turns by, so that only so many calls are under way at once.
        told: of each thing that it saw or made, by its id, the last event of it.
    """

    client: Client
    turns: asyncio.Semaphore
    done: int = 0
    told: dict[str, str] = field(default_factory=dict)

    async def all(self, path: str, **params: str) -> list[Json]:
        """Everything that a list has, oldest first."""
        async with self.turns:
            found = pages(self.client, f"/v1/incubator/{path}", about=ABOUT, **params, limit="200")
            return [self._seen(each) async for each in found]

    async def see(self, path: str, **params: str) -> Json:
        """What stands at a path."""
        async with self.turns:
            return self._seen(
                (await call(self.client, "GET", f"/v1/incubator/{path}", about=ABOUT, params=params)).body
            )

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, try_: str = "") -> Json:
        """Make something, or do something to it; asked again in the same words, it takes effect once.

        Args:
            try_: tells apart what is asked in the same words and is to be done again.

        Raises:
            UnexpectedAnswer: see `call`.
        """
        words = json.dumps([path, body, try_], sort_keys=True)
        key = f"korla-{hashlib.sha256(words.encode()).hexdigest()[:40]}"
        async with self.turns:
            made = await call(
                self.client, "POST", f"/v1/incubator/{path}", about=ABOUT, json=body or {}, idempotency_key=key
            )
        self.done += 1
        return self._seen(made.body)

    async def named(self, path: str, wanted: Mapping[str, Any], there: list[Json], *, by: str = "name") -> Json:
        """The oldest of what is there that has the name of what is wanted; made where nothing has."""
        found = (each for each in there if each[by] == wanted[by])
        return next(found, None) or await self.post(path, wanted)

    def _seen(self, thing: Json) -> Json:
        """The same thing; what it told last is kept, in whatever order answers come."""
        if told := thing.get("last_event_id"):
            self.told[thing["id"]] = max(told, self.told.get(thing["id"], ""))
        return thing
