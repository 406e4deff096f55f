"""Whatever is asked in whatever order: nobody shares a slot or a day, minutes add up, and nothing ever breaks."""

from collections import Counter
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.callers import client_of
from services.chassis.testing.callers import settings as told
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.reservation import Reservation
from services.incubator.main import service
from tests.incubator.conftest import OFFICER, V1, Json, created
from tests.incubator.registry_says import business, registered
from tests.incubator.space.conftest import MORNING, wanted

QUARTERS = st.integers(0, 40)
HELD = st.sampled_from([None, 10])
ACTS = st.one_of(
    st.tuples(st.just("book"), st.integers(1, 2), QUARTERS, st.integers(1, 8), HELD),
    st.tuples(
        st.just("series"), st.integers(1, 2), QUARTERS, st.integers(1, 3), st.sampled_from(["fail", "skip"]), HELD
    ),
    st.tuples(st.just("prolong"), st.integers(0, 5), st.integers(1, 5)),
    st.tuples(st.just("move"), st.integers(0, 5), QUARTERS, st.integers(1, 3)),
    st.tuples(st.sampled_from(["cancel", "confirm", "check-in", "check-out", "no-show"]), st.integers(0, 5)),
    st.tuples(st.just("blackout"), QUARTERS, st.integers(1, 8), st.sampled_from(["fail", "cancel"])),
    st.tuples(st.just("lift"), st.integers(0, 2)),
    st.tuples(st.just("allocate"), st.integers(1, 2), st.integers(0, 20), st.integers(0, 40), st.integers(1, 2)),
    st.tuples(st.just("end"), st.integers(0, 3), st.integers(0, 60)),
    st.tuples(st.just("time"), st.integers(1, 60 * 30)),
)


class Zone:
    """A site with two rooms that share a kind, two offices, and a membership of the first business."""

    def __init__(self, api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock) -> None:
        self.api, self.store, self.clock = api, store, clock
        self.made: dict[str, list[str]] = {"reservations": [], "blackouts": [], "allocations": []}

    async def furnish(self) -> None:
        for number in (1, 2):
            tx = memory_tx(self.store)
            await heard.hear(service.handlers, tx, registered(number, by=number))
            await tx.commit()
        site = await self.posted("sites", name="示例电商大厦", address="示例路1号", area_m2=100)
        week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
        usual = {"site_id": site["id"], "name": "x", "opening": week, "units": 2}
        rate = {"price": "40", "currency": "CNY", "per": "hour"}
        terms = {"buffer_after": 15}
        self.room = await self.posted("resources", **usual, kind="room", rate=rate, terms=terms)
        monthly = {"price": "1000.01", "currency": "CNY", "per": "month"}
        self.office = await self.posted("resources", **usual, kind="office", usage="allocatable", rate=monthly)
        said = {"name": "x", "covers": ["room"], "included_minutes_per_month": 120, "overage": rate}
        plan = await self.posted("plans", **said)
        await self.posted("memberships", business_id=business(1), plan_id=plan["id"], starts_on="2026-07-01")

    async def posted(self, path: str, **body: Any) -> Json:
        return created(await self.api.post(f"{V1}/{path}", json=body))

    def hours(self, quarter: int, quarters: int) -> Json:
        """A time on the grid, some quarters of an hour from now."""
        start = self.clock.at.replace(minute=0) + timedelta(minutes=15 * (quarter + 4))
        return {"start": start.isoformat(), "end": (start + timedelta(minutes=15 * quarters)).isoformat()}

    def day(self, days: int) -> str:
        today: date = (self.clock.at + timedelta(hours=8)).date()
        return (today + timedelta(days=days)).isoformat()

    async def act(self, name: str, *said: Any) -> httpx.Response | None:
        match name, said:
            case "book", (by, quarter, quarters, hold):
                body = wanted(self.room, by=by) | self.hours(quarter, quarters) | {"hold_minutes": hold}
                return await self.make("reservations", body)
            case "series", (by, quarter, count, on_conflict, hold):
                rule = {"recurrence": {"freq": "daily", "count": count}, "on_conflict": on_conflict}
                body = wanted(self.room, by=by) | self.hours(quarter, 3) | rule | {"hold_minutes": hold}
                return await self.make("reservations", body)
            case "prolong", (place, count):
                return await self.changed("reservations", place, {"recurrence": {"freq": "daily", "count": count}})
            case "blackout", (quarter, quarters, on_conflict):
                what = {"resource_ids": [self.room["id"], self.office["id"]], "reason": "x"}
                body = what | {"on_conflict": on_conflict} | self.hours(quarter, quarters)
                return await self.make("blackouts", body)
            case "allocate", (by, first, days, units):
                said_of = {"business_id": business(by), "resource_id": self.office["id"], "units": units}
                return await self.make(
                    "allocations", said_of | {"starts_on": self.day(first), "ends_on": self.day(first + days)}
                )
            case "move", (place, quarter, number):
                return await self.on("reservations", place, f"reschedule?number={number}", self.hours(quarter, 4))
            case "lift", (place,):
                return await self.on("blackouts", place, "lift", {})
            case "end", (place, days):
                return await self.changed("allocations", place, {"ends_on": self.day(days)})
            case "time", (minutes,):
                self.clock.at += timedelta(minutes=minutes)
                return None
        return await self.on("reservations", said[0], name, {})

    async def make(self, path: str, body: Json) -> httpx.Response:
        answer = await self.api.post(f"{V1}/{path}", json=body)
        if answer.status_code == 201:
            self.made[path].append(answer.json()["id"])
        return answer

    async def on(self, path: str, place: int, action: str, body: Json) -> httpx.Response | None:
        ids = self.made[path]
        return await self.api.post(f"{V1}/{path}/{ids[place % len(ids)]}/{action}", json=body) if ids else None

    async def changed(self, path: str, place: int, body: Json) -> httpx.Response | None:
        ids = self.made[path]
        if not ids:
            return None
        one, any_version = f"{V1}/{path}/{ids[place % len(ids)]}", {"If-Match": "*"}
        return await self.api.patch(one, json=body, headers=any_version)

    async def tick(self) -> None:
        for clock in service.clocks:
            await clock.task(self.clock.at, lambda: Tx(self.store, now=self.clock.at))

    async def check(self) -> None:
        tx = Tx(self.store, now=self.clock.at)
        reservations = await tx.select(Reservation, {}, limit=1000)
        holders: list[Reservation | Allocation | Blackout] = [
            *reservations,
            *await tx.select(Allocation, {}, limit=100),
            *await tx.select(Blackout, {}, limit=100),
        ]
        taken = Counter(claim.key for holder in holders for claim in holder.claims())
        claimed = {key for key in self.store.collections.get("claims", {}) if key.startswith("slot|")}
        assert set(taken.values()) <= {1}
        assert taken.keys() == claimed
        credits = Counter[str]()
        for each in reservations:
            for credit in each.paid_credits():
                credits[credit.month] += credit.minutes
        ledgers = {row["month"]: row["used"] for row in self.store.rows("minutes_used")}
        assert {month: used for month, used in ledgers.items() if used} == dict(credits)
        assert max(ledgers.values(), default=0) <= 120
        for row in self.store.rows("resource_days"):
            assert row["occupied"] >= 0
            assert row["usage"] == "bookable" or row["occupied"] <= 2


@settings(max_examples=30)
@given(st.lists(ACTS, min_size=5, max_size=25))
async def test_in_whatever_order_things_are_asked_for_nobody_shares_anything_and_minutes_add_up(
    acts: list[tuple[Any, ...]],
) -> None:
    store, clock = MemoryStore.of(service), FixedClock(MORNING)
    async with AsyncExitStack() as stack:
        app = service.routes_on(store, told(), clock=clock)
        zone = Zone(await stack.enter_async_context(client_of(app, OFFICER, "incubator")), store, clock)
        await zone.furnish()
        for name, *said in acts:
            answer = await zone.act(name, *said)
            if answer:
                assert answer.status_code in (200, 201, 404, 409, 410, 422), answer.text
            await zone.tick()
            await zone.check()
