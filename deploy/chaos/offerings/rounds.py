"""The workload of investment: rounds in which more is pledged than they take, and which end at their deadline."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from deploy.chaos.journal import PATIENCE, By
from deploy.chaos.offerings.hand import Hand
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import rfc3339, utc_now

INVESTORS, PLEDGES = 4, 5
FOUNDED_ON: Final = "2020-01-01"
CURRENCY: Final = "CNY"
CAP: Final = 10**6
"""What a round takes, in minor units; as pledges go, some of them wait."""
FALLS_SHORT: Final = 0.25
OUT_OF_REACH: Final = PLEDGES * CAP
"""A target that no round comes to."""
BOTH: Final[Sequence[By]] = ("partner", "officer")
IN_TIME: Final = (4.0, 8.0, 16.0)
"""Seconds until the deadline, as one try after the other comes to nothing: faults keep pledges from coming in time."""
LOOK_EVERY = 0.3


class Rounds:
    """A business that seeks money, and investors who promise it.

    Args:
        hand: who writes.
        dice: what they want.

    Attributes:
        investors, classes: the ids of what is there: of the shares those of the founders, and of who comes in later.
        due: rounds that may be closed, as their deadline has passed and money was taken.
    """

    def __init__(self, hand: Hand, dice: random.Random) -> None:
        self._hand, self._dice = hand, dice
        self._business = ""
        self.investors: list[str] = []
        self.classes: list[str] = []
        self.due: list[str] = []

    async def open_for(self, business: str) -> None:
        """Investors, of whom the first has founded the business, and shares that it may give to the others."""
        self._business = business
        for number in range(INVESTORS):
            self.investors.append(await self._hand.made("partner", "investors", name=f"示例人{number}", kind="person"))
        usual = {"authorised": 10**12, "effective_on": FOUNDED_ON}
        for prefix, kind in (("CS", "common"), ("PS", "preferred")):
            said = {"name": prefix, "id_prefix": prefix, "class_type": kind, **usual}
            self.classes.append(await self._hand.made("partner", f"businesses/{business}/share-classes", **said))
        founded = {"share_class_id": self.classes[0], "investor_id": self.investors[0], "effective_on": FOUNDED_ON}
        shares = {"shares": 1000, "paid": {"amount": 100_000, "currency": CURRENCY}}
        await self._hand.made("partner", f"businesses/{business}/cap-events/issue", **founded, **shares)

    async def raise_money(self) -> None:
        """A round from its beginning to its end: most close."""
        if self._dice.random() < FALLS_SHORT:
            await self.fall_short()
        else:
            await self.come_due()
            await self.close_one()

    async def fall_short(self) -> None:
        """A round that misses its target, and fails as somebody wants to close it, or by the clock."""
        round, _ = await self._over(IN_TIME[0], target=OUT_OF_REACH)
        await self._close(round)

    async def come_due(self) -> None:
        """One more round may be closed; none where faults keep all pledges from coming in time."""
        for seconds in IN_TIME:
            round, taken = await self._over(seconds, target=1)
            if taken:
                self.due.append(round)
                return
            await self._hand.post("partner", f"rounds/{round}/cancel", {}, "invalid_transition")

    async def close_one(self) -> None:
        """Close what is due, if anything is: both sides ask for it, and it happens once."""
        if self.due:
            await self._close(self.due.pop(0))

    async def _over(self, seconds: float, *, target: int) -> tuple[str, bool]:
        """A round whose deadline has passed, and whether money was taken."""
        deadline = utc_now() + timedelta(seconds=seconds)
        round = await self._opened(rfc3339(deadline), target)
        investors = self._dice.choices(self.investors, k=PLEDGES)
        taken = await asyncio.gather(*(self._take_part(round, investor) for investor in investors))
        await asyncio.sleep(max(0.0, (deadline - utc_now()).total_seconds()))
        return round, any(taken)

    async def _close(self, round: str) -> None:
        give_up = time.monotonic() + PATIENCE
        path = f"rounds/{round}/close"
        while True:
            both = [self._hand.post(by, path, {}, "invalid_transition", "close_too_early") for by in BOTH]
            await asyncio.gather(*both)
            if (await self._hand.seen(f"rounds/{round}"))["status"] != "open":
                return
            if time.monotonic() > give_up:  # a clock ten minutes behind is not wrong for so long
                raise UnexpectedAnswer(f"chaos: the round {round} cannot be closed")
            await asyncio.sleep(LOOK_EVERY)

    async def _opened(self, deadline: str, target: int) -> str:
        """A round for shares, or for a promise of shares."""
        terms: dict[str, Any] = {"opens_at": f"{FOUNDED_ON}T00:00:00Z", "deadline": deadline, "target": target}
        terms |= {"hard_cap": max(CAP, target), "cancel_before_hours": 0}
        terms["oversubscription"] = self._dice.choice(("waitlist", "reject", "pro_rata"))
        instrument = self._dice.choice(("priced_equity", "priced_equity", "convertible"))
        if instrument == "priced_equity":
            terms |= {"pre_money": self._dice.randint(10, 100) * CAP, "share_class_id": self.classes[1]}
        else:
            terms["discount_bps"] = 2_000
        said = {"business_id": self._business, "name": "示例轮", "instrument": instrument, "currency": CURRENCY}
        round = await self._hand.made("partner", "rounds", **said, terms=terms)
        await self._hand.post("partner", f"rounds/{round}/open", {}, "deadline_passed")
        return round

    async def _take_part(self, round: str, investor: str) -> bool:
        """A pledge; most are accepted and paid, some are taken back, and some are never answered."""
        promised = {"amount": self._dice.randint(1, CAP // 2), "currency": CURRENCY}
        what_next = self._dice.random()
        pledge = {"investor_id": investor, "amount": promised}
        refusals = ("round_not_open", "deadline_passed", "round_oversubscribed")
        made = await self._hand.post("partner", f"rounds/{round}/commitments", pledge, *refusals)
        if made is None or what_next < 0.2:
            return False
        path = f"commitments/{made['id']}"
        if what_next < 0.3:
            await self._hand.post("partner", f"{path}/cancel", {}, "invalid_transition", "cancellation_window_passed")
            return False
        if await self._hand.post("partner", f"{path}/accept", {}, "invalid_transition") is None:  # it waits for room
            return False
        return bool(await self._hand.post("partner", f"{path}/fund", {"amount": promised}, "invalid_transition"))
