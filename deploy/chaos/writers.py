"""The workload of the registry: businesses and annual reports through the gateway."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

from deploy.chaos.journal import By, Callers, Journal
from deploy.chaos.offerings.offerings import Offerings
from deploy.korla.businesses import businesses
from deploy.korla.codes import make_uscc
from deploy.public_api import UnexpectedAnswer

PLANTS = 22
HOST, HOSTED = businesses()[PLANTS], businesses()[-1]
"""Templates: a business that takes others in, after an officer's look; and one that is taken in, by rule alone."""
YEARS = range(2018, 2026)
PAUSE = 0.6
"""Seconds between two writes of one writer."""
OFFERED, REPORTED = 0.5, 0.6
"""How many of the writes are the incubator's, and how many of the others reports."""


class Writers:
    """A partner and an officer who write, one small thing after another.

    Args:
        url: of the gateway.
        journal: where every answer goes.
        dice: what they write; the payloads of one seed are the same.
    """

    def __init__(self, url: str, journal: Journal, dice: random.Random) -> None:
        self.journal = journal
        self.callers = Callers(url, journal, dice)
        self.offerings = Offerings(self.callers, dice)
        self._dice = dice
        self._numbers = itertools.count(1)
        self._host = ""

    @contextlib.asynccontextmanager
    async def admitted(self, operator_key: str) -> AsyncIterator[None]:
        """With keys, with a host that takes other businesses in, and with what the incubator offers it."""
        async with self.callers.admitted(operator_key):
            self._host = await self._register_host()
            await self.offerings.open_for(self._host)
            yield

    async def write_until(self, stop: asyncio.Event) -> None:
        """One writer: of businesses, or of what the incubator offers them."""
        while not stop.is_set():
            with contextlib.suppress(UnexpectedAnswer):  # it stands in the journal
                await (self.offerings.write() if self._dice.random() < OFFERED else self._write())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._dice.uniform(0, 2 * PAUSE)):
                    await stop.wait()

    async def _write(self) -> None:
        open_years = [each for each in self.journal.businesses if len(self.journal.reported[each]) < len(YEARS)]
        if open_years and self._dice.random() < REPORTED:
            await self.report(self._dice.choice(open_years))
        else:
            await self.register()

    async def register(self) -> str:
        """A cloud business at the host's address; it enters the register by rule. Returns its id."""
        filing = await self._file("/v1/registry/registrations", self._registration(HOSTED.hosted_by(self._host)))
        self._enter(filing["business_id"])
        return str(filing["business_id"])

    async def report(self, business: str) -> None:
        """The figures of a year that a business has not reported yet."""
        year = next(year for year in YEARS if year not in self.journal.reported[business])
        self.journal.reported[business].append(year)
        figures = {name: self._money() for name in ("revenue", "valuation")}
        payload = {"period": str(year), **figures, "employees": self._dice.randint(1, 50)}
        await self._file(f"/v1/registry/businesses/{business}/annual-reports", payload)

    async def _file(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Draft and submit."""
        number = next(self._numbers)
        filing = await self._post("partner", path, f"draft-{number}", {"payload": payload})
        declared = {"declaration": {"accepted": True, "name": "示例人"}}
        path = f"/v1/registry/filings/{filing['id']}/submit"
        return await self._post("partner", path, f"submit-{number}", declared)

    async def _register_host(self) -> str:
        filing = await self._file("/v1/registry/registrations", self._registration(dict(HOST.payload)))
        for action, body in (("assign", {}), ("approve", {"comment": "in order"})):
            path = f"/v1/registry/filings/{filing['id']}/{action}"
            filing = await self._post("officer", path, f"{action}-host", body)
        self._enter(filing["business_id"])
        return str(filing["business_id"])

    async def _post(self, by: By, path: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One write, until it is answered. Raises UnexpectedAnswer, once it stands in the journal."""
        answer = await self.callers.post(by, path, key, body)
        assert answer is not None, "no rule may refuse it"
        return answer

    def _enter(self, business: str) -> None:
        self.journal.businesses.append(business)
        self.journal.reported[business] = []

    def _registration(self, template: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        digits = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:07d}")
        category = template["identifiers"][0]["id"][1]
        figures = {"as_of": "2017-04-30", "revenue": None, "revenue_period": None, "employees": 8}
        return template | {
            "name": {"legal": f"示例{digits * 2}有限公司", "language": "zh"},
            "legal_form": "limited_company",
            "identifiers": [{"scheme": "CN-USCC", "id": make_uscc(category, f"C{number:07d}")}],
            "opening_figures": figures | {"valuation": self._money()},
        }

    def _money(self) -> dict[str, Any]:
        return {"amount": self._dice.randint(1, 10**9), "currency": "CNY"}
