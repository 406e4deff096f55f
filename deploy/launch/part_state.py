"""How a part of a running zone is doing, as it says itself."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.machine.zone_folder import ServerNote
from services.chassis.http import client as http_client

FINE = ("ok", "running")


@dataclass(frozen=True)
class PartState:
    """In a word, and where that is not `ok`, why, in a sentence for each thing that it depends on."""

    state: str
    reasons: tuple[str, ...] = ()

    @property
    def is_fine(self) -> bool:
        return self.state in FINE


async def states_of(servers: Sequence[ServerNote]) -> list[PartState]:
    """Of all of them, asked at the same time."""
    return await asyncio.gather(*map(state_of, servers))


async def state_of(server: ServerNote) -> PartState:
    """What a service says of itself; of database and broker whether they run, or the launcher starts them again."""
    if not server.answers_http:
        lives = server.pid is not None and _lives(server.pid)
        return PartState("running" if lives else "is started again")
    answer = await http_client.answer(server.address, "/readyz", timeout=5)
    if answer is None:
        return PartState("does not answer")
    try:
        said = json.loads(answer[1])
        dependencies = said.get("dependencies", {}).items()
        reasons = tuple(
            f"{name} is {each['state']}: {each.get('reason') or 'no reason was given'}"
            for name, each in dependencies
            if each["state"] != "ok"
        )
        return PartState(str(said["state"]), reasons)
    except (ValueError, KeyError, TypeError, AttributeError):
        return PartState(f"answers {answer[0]}")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
