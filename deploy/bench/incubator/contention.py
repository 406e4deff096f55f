"""200 writers who want hours of one room, through two replicas; and that no two of them got the same."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from deploy.bench.contest import Clock, Contest, Line, Stopwatch, Took
from deploy.bench.incubator.scene import TODAY, V1, opened, rooms, routes_on, tenants
from deploy.bench.stage import Stage
from deploy.bench.write import repeated
from services.chassis.domain.times import rfc3339
from services.chassis.http.client import Client
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource

WRITERS, SECONDS, ROUNDS = 200, 2.0, 3
HOURS: Final = 60 * 24
"""Of the room that are to be had: sixty days of it, so that some wishes meet and most do not."""
HOUR = timedelta(hours=1)
ONE, EACH = "one room", "a room each"


class Wishes:
    """Hours that writers want, of one room after the other."""

    def __init__(self, apis: Sequence[Client], business: str) -> None:
        self._apis, self._business = itertools.cycle(apis), business
        self._dice = random.Random(1)

    async def granted(self, rooms: Sequence[Resource], clock: Clock) -> Took:
        """What all writers together are granted of these rooms in a while; raises where they are told anything else
        than that it is taken."""
        accepted, turns, watch = 0, itertools.cycle(rooms), Stopwatch(clock)

        async def want(_: int) -> None:
            nonlocal accepted
            answer = await next(self._apis).post(f"{V1}/reservations", json=self._wish(next(turns)))
            if answer.status_code != 409 or answer.json()["code"] != "slot_taken":
                answer.raise_for_status()
                accepted += 1

        await repeated(want, WRITERS, clock, SECONDS)
        watch.end()
        return watch.took(accepted)

    def _wish(self, room: Resource) -> dict[str, object]:
        start = TODAY + (1 + self._dice.randrange(HOURS)) * HOUR
        about = {"business_id": self._business, "resource_ids": [room.id], "title": "示例 (synthetic)"}
        return {**about, "start": rfc3339(start), "end": rfc3339(start + HOUR)}


async def overlaps(store: MongoStore) -> int:
    """Slots that are not claimed by exactly one accepted reservation."""
    made = [Reservation.from_document(each) async for each in store.database[Reservation.collection].find()]
    taken = Counter(claim.key for each in made for claim in each.claims())
    claimed = Counter([each["_id"] async for each in store.database["claims"].find({"_id": {"$regex": "^slot"}})])
    return sum(((taken - claimed) + (claimed - taken)).values())


async def measure(stage: Stage) -> list[Line]:
    store = await opened(stage, "contention")
    [business] = await tenants(store, 1)
    apis = [routes_on(GroupCommit(store)) for _ in range(2)]
    wishes, clock = Wishes(apis, business), stage.clock("mongod")
    fresh = iter([[each] for each in await rooms(store, ROUNDS)])
    many = await rooms(store, WRITERS)
    found = await Contest.of(
        {
            ONE: lambda: wishes.granted(next(fresh), clock),
            EACH: partial(wishes.granted, many, clock),
        },
        ROUNDS,
    )
    doubled = await overlaps(store)
    for api in apis:
        await api.aclose()
    store.close()
    return [
        found.line(f"{WRITERS} writers, {EACH}: accepted", EACH),
        found.line(f"{WRITERS} writers, {ONE}: accepted", ONE, EACH),
        Line("slots of accepted reservations that are not claimed exactly once", str(doubled), goal="0"),
    ]
