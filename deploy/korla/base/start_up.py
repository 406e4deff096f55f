"""The start-ups of the Demonstration Base: cloud businesses of the opening figures that work in its house."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from deploy.korla.base.hand import Hand
from deploy.korla.base.house import House
from deploy.korla.businesses import HOSTS
from deploy.korla.entry import Entry
from deploy.korla.plants import PLANTS
from deploy.korla.registrar import Json, registered
from deploy.korla.together import together
from deploy.public_api import UnexpectedAnswer

FIRST: Final = len(PLANTS) + len(HOSTS)
START_UPS: Final = 8
MEMBERS: Final = 6
"""So many of them have a membership; the others pay for each hour."""
HEARD_OF_WITHIN: Final = 60.0
"""Seconds within which the incubator must know a business that was registered."""


class StartUp(NamedTuple):
    """A start-up, and its own rooms.

    Attributes:
        number: 1, 2, 3, …, by which what it has is told from what the others have.
        area: in square metres.
    """

    number: int
    business_id: str
    name: str
    place: str
    area: int


async def moved_in(entries: Sequence[Entry], staff: Hand) -> list[StartUp]:
    """The start-ups among all businesses of the opening figures, as soon as the incubator knows them.

    Raises:
        UnexpectedAnswer: one is not registered, or not heard of in time; see `call`.
    """
    chosen = entries[FIRST : FIRST + START_UPS]
    return await together(*(_moved_in(number, entry, staff) for number, entry in enumerate(chosen, start=1)))


async def with_memberships(start_ups: Sequence[StartUp], house: House, today: date, staff: Hand) -> int:
    """Memberships for most of them, from the first day of the month on; answers how many there are."""
    first = today.replace(day=1).isoformat()
    members = start_ups[:MEMBERS]
    return sum(await together(*map(partial(_member, house=house, first=first, staff=staff), members)))


async def _member(start_up: StartUp, house: House, first: str, staff: Hand) -> int:
    there = await staff.all("memberships", business_id=start_up.business_id)
    if not there:
        plan = house.plans[start_up.number % len(house.plans)]
        said = {"business_id": start_up.business_id, "plan_id": plan["id"], "starts_on": first}
        await staff.post("memberships", said)
    return max(len(there), 1)


async def _moved_in(number: int, entry: Entry, staff: Hand) -> StartUp:
    async with staff.turns:
        business = await registered(staff.client, entry)
    if business is None:
        raise UnexpectedAnswer(f"{entry.name} is not registered, and the Demonstration Base has a place for it.")
    await _heard_of(business, staff)
    return StartUp(number, business["id"], entry.name, f"A-{100 + number}", 20 + 5 * number)


async def _heard_of(business: Json, staff: Hand) -> None:
    name, pause = business["name"]["legal"], 0.05
    try:
        async with asyncio.timeout(HEARD_OF_WITHIN):
            while not any(each["business_id"] == business["id"] for each in await staff.all("tenants", q=name)):
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1.0)
    except TimeoutError:
        raise UnexpectedAnswer(
            f"{name} is no tenant after {HEARD_OF_WITHIN:.0f} s; see ./zone dead-letters list."
        ) from None
