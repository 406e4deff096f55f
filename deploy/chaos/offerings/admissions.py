"""The workload of the programme: many apply for cohorts of one seat, and all are to be given it at once."""

import asyncio
import random
from datetime import timedelta
from typing import Final

from deploy.chaos.offerings.hand import Hand
from services.chassis.domain.times import rfc3339, utc_now, zone_date

COHORTS, APPLICANTS = 6, 5
KEPT: Final = 4
"""Cohorts that are left to faults: nobody was decided on in them."""
TAKES: Final = timedelta(days=16)
"""How long applications are taken: days pass twice until they are judged."""
YEARS_LATER: Final = timedelta(days=5 * 365)
"""When who was given a seat is to start: however many days pass, seats are given until then."""
FOUNDER: Final = {"name": "示例创始人", "share_bps": 10_000}
SEATED: Final = "accepted"


class Admissions:
    """Officers who give the seats of cohorts, and applicants who give them back.

    Args:
        hand: who writes.
        dice: in which cohort.

    Attributes:
        cohorts: all of them, by their ids.
    """

    def __init__(self, hand: Hand, dice: random.Random) -> None:
        self._hand, self._dice = hand, dice
        self.cohorts: list[str] = []
        self._fresh: dict[str, list[str]] = {}
        self._begun: list[str] = []

    async def plan(self) -> None:
        """A programme with cohorts, which open and close by the clock."""
        program = await self._hand.made("officer", "programs", name="示例计划")
        await self._hand.post("officer", f"programs/{program}/open", {})
        now = utc_now()
        times = {"opens_at": "2020-01-01T00:00:00Z", "closes_at": rfc3339(now + TAKES)}
        days = {"starts_on": str(zone_date(now + YEARS_LATER)), "ends_on": str(zone_date(now + 2 * YEARS_LATER))}
        for number in range(COHORTS):
            said = {"name": f"示例{number}", "seats": 1, **times, **days}
            self.cohorts.append(await self._hand.made("officer", f"programs/{program}/cohorts", **said))

    async def are(self, status: str) -> bool:
        """Whether all cohorts have come so far."""
        return all(each["status"] == status for each in await self._hand.listed("cohorts"))

    async def apply(self) -> None:
        """Some apply for each cohort, and are invited. Each is a team that has no business yet."""
        for cohort in self.cohorts:
            self._fresh[cohort] = list(await asyncio.gather(*(self._invited(cohort) for _ in range(APPLICANTS))))

    async def give_a_seat(self, *, kept: int = KEPT) -> None:
        """The one seat of a cohort: all are accepted at once, or who has it lets the first in line have it.

        Args:
            kept: how many cohorts are left as they are, with nobody decided on.
        """
        if len(self._fresh) > kept:
            cohort, applicants = self._fresh.popitem()
            self._begun.append(cohort)
            await asyncio.gather(*map(self._decide, applicants))
        elif self._begun:
            await self._pass_on(self._dice.choice(self._begun))

    async def _invited(self, cohort: str) -> str:
        application = await self._hand.made("partner", "applications", cohort_id=cohort, founders=[FOUNDER])
        await self._hand.post("partner", f"applications/{application}/submit", {})
        for act in ("screen", "interview"):
            await self._hand.post("officer", f"applications/{application}/{act}", {})
        return application

    async def _decide(self, application: str) -> None:
        """Give the seat; who comes too late waits for it."""
        path = f"applications/{application}"
        if await self._hand.post("officer", f"{path}/accept", {}, "cohort_full") is None:
            await self._hand.post("officer", f"{path}/waitlist", {})

    async def _pass_on(self, cohort: str) -> None:
        """The seat is given back; officer and clock fill it, whoever is first."""
        for each in await self._hand.listed("applications", cohort_id=cohort, status=SEATED):
            await self._hand.post("partner", f"applications/{each['id']}/withdraw", {}, "invalid_transition")
        await self._hand.post("officer", f"cohorts/{cohort}/promote", {}, "cohort_full", "nobody_in_line")
