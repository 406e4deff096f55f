"""The workload of the incubator: what one business books, takes, posts and is billed, and the money that it seeks."""

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from deploy.chaos.journal import PATIENCE, Callers
from deploy.chaos.offerings.admissions import Admissions
from deploy.chaos.offerings.hand import Hand
from deploy.chaos.offerings.rounds import Rounds
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import rfc3339, utc_now, zone_midnight
from services.incubator.tenants.tenant import book_id

ROOMS, POINTS = 2, 3
HOURS: Final = 20 * 24
"""In which rooms are wanted, from tomorrow on: few enough that wishes meet."""
FIRST_MONTH: Final = date(2020, 1, 1)
LAST_MONTH: Final = date(2025, 12, 1)
LOOK_EVERY = 0.3
LEAST: Final = 20
"""What a meter takes in a month at least."""
DONE = ("done", "failed")
"""How a job ends."""


class Read(NamedTuple):
    """A reading by its id, and what the dial showed."""

    id: str
    dial: int


class Offerings:
    """Who books rooms, reads meters, bills months, posts entries and writes invoices, all for one business.

    Args:
        callers: who sends it.
        dice: what they want.

    Attributes:
        business, book: whose it all is.
        rooms, points: the ids of what is there.
        rounds, admissions: in what the business seeks money, and whom a programme takes.
    """

    def __init__(self, callers: Callers, dice: random.Random) -> None:
        self._hand, self._dice = Hand(callers), dice
        self.rounds, self.admissions = Rounds(self._hand, dice), Admissions(self._hand, dice)
        self._numbers = itertools.count(1)
        self.business = self.book = ""
        self.rooms: list[str] = []
        self.points: list[str] = []
        self._meters: list[str] = []
        self._dials: list[int] = []
        self._at_the_end: list[Read] = []
        self._month = FIRST_MONTH
        self._billing = asyncio.Lock()

    async def open_for(self, business: str) -> None:
        """A site with rooms and meters for a business, once the incubator has heard of it."""
        self.business, self.book = business, book_id(business)
        site = await self._hand.made("officer", "sites", name="示例大厦", address="示例路1号", area_m2=100)
        week = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
        room = {"name": "会议室", "kind": "room", "opening": week}
        rate = {"price": "80", "currency": "CNY", "per": "hour"}
        self.rooms = [
            await self._hand.made("officer", "resources", site_id=site, **room, rate=rate) for _ in range(ROOMS)
        ]
        price = {"unit_price": {"price": "0.4983", "currency": "CNY", "per": "kWh"}, "up_to": None}
        terms: dict[str, Any] = {"effective_from": str(FIRST_MONTH), "mode": "graduated", "tiers": [price]}
        standing = {"standing_per_month": {"amount": 3100, "currency": "CNY"}}
        tariff = await self._hand.made(
            "officer", "tariffs", name="示例电价", utility="electricity", **terms, **standing
        )
        place = {"site_id": site, "utility": "electricity", "business_id": business, "tariff_id": tariff, "area_m2": 10}
        for number in range(POINTS):
            opened = {**place, "place": str(number), "opened_on": str(FIRST_MONTH)}
            point = await self._hand.made("officer", "service-points", **opened)
            register = {"serial": f"C-{number}", "utility": "electricity", "digits": 6, "initial": "0"}
            begins = {"at": _midnight(FIRST_MONTH), "service_point_id": point}
            self._meters.append(await self._hand.made("officer", "meters", **register, **begins))
            self.points.append(point)
            self._dials.append(0)
        await self.rounds.open_for(business)
        await self.admissions.plan()

    async def write(self) -> None:
        """One of all that may be written. Raises UnexpectedAnswer, once it stands in the journal."""
        acts: list[tuple[Callable[[], Awaitable[object]], int]] = [
            (self.book_a_room, 5),
            (self.post_an_entry, 4),
            (self.invoice, 2),
            (self.bill_a_month, 2),
            (self.rounds.raise_money, 2),
            (self.admissions.give_a_seat, 2),
        ]
        (act,) = self._dice.choices([act for act, _ in acts], [weight for _, weight in acts])
        await act()

    async def book_a_room(self, hour: int | None = None, *, gives_back: bool | None = None) -> None:
        """An hour of a room, counted from tomorrow on; of those that were had, every third is given back."""
        hour = self._dice.randrange(HOURS) if hour is None else hour
        gives_back = self._dice.random() < 1 / 3 if gives_back is None else gives_back
        tomorrow = utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        start = tomorrow + timedelta(hours=hour)
        wish = {"business_id": self.business, "resource_ids": [self._dice.choice(self.rooms)], "title": "示例"}
        hours = {"start": rfc3339(start), "end": rfc3339(start + timedelta(hours=1))}
        made = await self._hand.post("partner", "reservations", {**wish, **hours}, "slot_taken", "in_the_past")
        if made and gives_back:
            path = f"reservations/{made['id']}/cancel"
            await self._hand.post("partner", path, {}, "invalid_transition", "cancellation_window_passed")

    async def post_an_entry(self) -> None:
        """An entry of the book of the business, on one of a few days."""
        amount = self._dice.randint(1, 10**6)
        lines = [{"code": "6602", "debit": amount}, {"code": "1002", "credit": amount}]
        said = {"reference": f"entry-{next(self._numbers)}", "description": "示例", "currency": "CNY"}
        day = str(FIRST_MONTH + timedelta(days=self._dice.randrange(90)))
        await self._hand.post("partner", f"books/{self.book}/entries", {**said, "effective_on": day, "lines": lines})

    async def invoice(self) -> None:
        """An invoice that charges something, and is issued."""
        charge = {"kind": "other", "amount": self._dice.randint(1, 10**6), "tax_rate_bps": 600}
        lines = [{**charge, "description": f"charge-{next(self._numbers)}"} for _ in range(2)]
        made = await self._hand.made("officer", "invoices", business_id=self.business, lines=lines)
        await self._hand.post("officer", f"invoices/{made}/finalise", {})

    async def bill_a_month(self) -> None:
        """The next month: each meter is read at its end, sometimes that of the month before again, and all is billed.

        One at a time: who comes meanwhile reads a meter only.
        """
        if self._billing.locked() or self._month > LAST_MONTH:
            return
        async with self._billing:
            month, self._month = self._month, _next(self._month)
            seen = [await self._read(number, _midnight(self._month, hours_before=4)) for number in range(POINTS)]
            if self._at_the_end and self._dice.random() < 0.5:
                await self._correct(self._at_the_end.pop())
            self._at_the_end = seen
            run = await self._hand.made("officer", "billing-runs", period=f"{month:%Y-%m}")
            await self._done(run)

    async def _read(self, number: int, at: str) -> Read:
        """What a meter shows at a moment."""
        self._dials[number] = dial = self._dials[number] + self._dice.randint(LEAST, 10 * LEAST)
        path = f"meters/{self._meters[number]}/readings"
        return Read(await self._hand.made("officer", path, at=at, value=str(dial)), dial)

    async def _correct(self, wrong: Read) -> None:
        """Correct a reading to a little more, by less than what was taken since."""
        value = str(wrong.dial + self._dice.randrange(1, LEAST))
        await self._hand.made("officer", f"readings/{wrong.id}/supersede", value=value)

    async def _done(self, run_id: str) -> None:
        """Wait for the end of a billing run; one that bills less than everything is a complaint.

        Raises:
            UnexpectedAnswer: it does not end.
        """
        give_up = time.monotonic() + PATIENCE
        run: Mapping[str, Any] = {"status": "queued"}
        while run["status"] not in DONE:
            with contextlib.suppress(UnexpectedAnswer):
                run = await self._hand.seen(f"billing-runs/{run_id}")
            if time.monotonic() > give_up:
                raise UnexpectedAnswer(f"chaos: the billing run {run_id} does not end: {run}")
            await asyncio.sleep(LOOK_EVERY)
        if run["status"] == "failed" or run["problems"]:
            self._hand.journal.complaints.append(f"the billing run {run_id}: {run}")


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _midnight(day: date, *, hours_before: int = 0) -> str:
    """The moment in the zone at which a day begins, or so many hours before."""
    return rfc3339(zone_midnight(day) - timedelta(hours=hours_before))
