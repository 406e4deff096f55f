"""Loads the opening figures through the public API, and goes on where an earlier load stopped: the register, and the
Demonstration Base beside it, from the moment on at which its start-ups are registered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from deploy.korla.base.demonstration_base import Base, furnished
from deploy.korla.base.start_up import FIRST, START_UPS
from deploy.korla.base.times import Time
from deploy.korla.businesses import businesses
from deploy.korla.clients import Connect, partner_and_officer, registry_staff
from deploy.korla.entry import Entry
from deploy.korla.registrar import Json, Progress, Registrar, registered
from deploy.korla.targets import set_targets
from deploy.korla.together import AT_ONCE, both, together
from deploy.public_api import UnexpectedAnswer, call, connect
from services.chassis.http.client import Client
from services.metrics.catalogue.all import SUBJECTS

LOOK_AGAIN: Final = 0.2
SETTLED_WITHIN: Final = 120.0
"""Seconds within which the figures must show what was registered."""

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Report:
    """What was done to the register: how many businesses were registered, and how many were there before."""

    registered: int
    found: int

    def __str__(self) -> str:
        if not self.registered:
            return f"all {self.found} businesses are registered already"
        before = f", {self.found} were there already" if self.found else ""
        return f"{self.registered} businesses registered{before}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in the register and in the Demonstration Base, and how many targets it set."""

    register: Report
    base: Base
    targets: int = 0

    def __str__(self) -> str:
        done = [
            *(["the Demonstration Base is open"] if self.base.changed else []),
            *([f"{self.targets} targets set"] if self.targets else []),
        ]
        if not done and not self.register.registered:
            done = ["nothing was changed"]
        return "; ".join([str(self.register), *done])


async def load_opening_figures(base_url: str, operator_key: str, progress: Progress) -> Loaded:
    """Register all businesses that are not there yet, furnish the Base, wait until the figures show both, set targets.

    Args:
        base_url: of the gateway, without a path.
        operator_key: may make partners, clients and keys.

    Raises:
        UnexpectedAnswer: the zone refused something; what was made until then stays, and another load goes on from
            there.
    """
    connected, entries = partial(connect, base_url), businesses()
    async with connected(operator_key) as operator:
        there: dict[int, Json] = {}

        async def register() -> Report:
            report = await _register(entries, there, operator, connected, progress)
            progress(len(entries), len(entries), "waiting for the figures and the Demonstration Base")
            await _all_settled(operator, list(there.values()))
            return report

        report, base = await both(register(), _open_base(entries, there, operator, connected))
        await all_counted(operator, base.told)
        targets = await set_targets(operator)
    return Loaded(report, base, targets)


async def load(entries: list[Entry], connected: Connect, operator_key: str, progress: Progress) -> Report:
    """Register these entries, over any kind of connection; where all are there, nothing is made, not even a key."""
    async with connected(operator_key) as operator:
        there: dict[int, Json] = {}
        report = await _register(entries, there, operator, connected, progress)
        progress(len(entries), len(entries), "waiting for the figures")
        await _all_settled(operator, list(there.values()))
    return report


async def _register(
    entries: list[Entry], there: dict[int, Json], operator: Client, connected: Connect, progress: Progress
) -> Report:
    """Register what is missing; `there` learns of each that is registered: place in the list → business."""

    async def look_up(numbered: tuple[int, Entry]) -> None:
        place, entry = numbered
        if business := await registered(operator, entry):
            there[place] = business
            progress(len(there), len(entries), entry.name)

    await _each(enumerate(entries), look_up)
    found = len(there)
    if found < len(entries):
        async with registry_staff(operator, connected) as staff:
            registrar = Registrar(staff, there, progress, len(entries))
            await registrar.find_open_filings()
            missing = [(place, entry) for place, entry in enumerate(entries) if place not in there]
            await _each([each for each in missing if each[1].host is None], registrar.bring_in)
            await _each([each for each in missing if each[1].host is not None], registrar.bring_in)
    return Report(registered=len(entries) - found, found=found)


async def _open_base(entries: list[Entry], there: Mapping[int, Json], operator: Client, connected: Connect) -> Base:
    """Furnish the Base once all of its start-ups are registered, while the others still are."""
    while not all(place in there for place in range(FIRST, FIRST + START_UPS)):
        await asyncio.sleep(LOOK_AGAIN)
    async with partner_and_officer(operator, connected) as (partner, officer):
        return await furnished(entries, officer, partner, Time())


async def _all_settled(operator: Client, there: list[Json]) -> None:
    async with _in_time("every business"):
        await _each(there, lambda business: settled(operator, business))


async def all_counted(operator: Client, told: Mapping[str, str]) -> None:
    """Return once the figures show what they count of the Base.

    Args:
        told: of each thing that it has, by its id, the last event of it.

    Raises:
        UnexpectedAnswer: they do not within `SETTLED_WITHIN` seconds.
    """
    counted = {prefix for subject in SUBJECTS for prefix in subject.heard_of}
    events = [event_id for id, event_id in told.items() if id.partition("_")[0] in counted]
    async with _in_time("the Demonstration Base"):
        await _each(events, lambda event_id: _applied(operator, event_id, f"Demonstration Base, event {event_id}"))


@asynccontextmanager
async def _in_time(what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(SETTLED_WITHIN):
            yield
    except TimeoutError:
        raise UnexpectedAnswer(
            f"The figures do not show {what} after {SETTLED_WITHIN:.0f} s; see ./zone logs metrics."
        ) from None


async def settled(operator: Client, business: Json) -> None:
    """Return once metrics has applied the last event of a business."""
    event_id = business["last_event_id"]
    await _applied(operator, event_id, f"{business['name']['legal']}, event {event_id}")


async def _applied(operator: Client, event_id: str, about: str) -> None:
    params = {"event_id": event_id}
    pause = 0.05
    while True:
        answer = await call(operator, "GET", "/v1/metrics/projection/status", about=about, params=params)
        match answer.body["status"]:
            case "applied":
                return
            case "not_yet":
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1.0)
            case state:
                raise UnexpectedAnswer(f"{about} is {state} in metrics; see ./zone dead-letters list.")


async def _each(things: Iterable[Thing], do: Callable[[Thing], Awaitable[None]]) -> None:
    """Do something for each thing, a few at once; the first failure stops the others and is raised."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(thing: Thing) -> None:
        async with turns:
            await do(thing)

    await together(*map(in_turn, things))
