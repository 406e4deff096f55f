"""The hand of a writer at the incubator: each thing that it makes or does has a key of its own."""

import itertools
from collections.abc import Mapping
from typing import Any, Final

from deploy.chaos.journal import By, Callers
from deploy.public_api import call, pages

V1: Final = "/v1/incubator"
ABOUT: Final = "chaos"


class Hand:
    """Writes until it is answered.

    Args:
        callers: in whose names.
    """

    def __init__(self, callers: Callers) -> None:
        self.journal = callers.journal
        self._callers = callers
        self._numbers = itertools.count(1)

    async def made(self, by: By, path: str, **body: Any) -> str:
        """What was made, by its id. Raises UnexpectedAnswer, once it stands in the journal."""
        made = await self.post(by, path, body)
        assert made is not None, "no rule may refuse it"
        return str(made["id"])

    async def post(self, by: By, path: str, body: Mapping[str, Any], *declined: str) -> dict[str, Any] | None:
        """As `Callers.post`: None where a rule of these codes refuses it."""
        key = f"offered-{next(self._numbers)}"
        return await self._callers.post(by, f"{V1}/{path}", key, body, declined=declined)

    async def seen(self, path: str) -> dict[str, Any]:
        """What an officer sees there. Raises UnexpectedAnswer."""
        return (await call(self._callers.officer, "GET", f"{V1}/{path}", about=ABOUT)).body

    async def listed(self, path: str, **params: str) -> list[dict[str, Any]]:
        """All that an officer sees in a list. Raises UnexpectedAnswer."""
        found = pages(self._callers.officer, f"{V1}/{path}", about=ABOUT, limit="200", **params)
        return [each async for each in found]
