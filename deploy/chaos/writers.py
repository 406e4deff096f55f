"""The workload: businesses and annual reports through the gateway, and a journal of all that was acknowledged."""

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.korla.businesses import businesses
from deploy.korla.codes import make_uscc
from deploy.public_api import NOT_NOW, Answer, UnexpectedAnswer, call, connect, the_office
from services.chassis.http.client import Client

PLANTS = 22
HOST, HOSTED = businesses()[PLANTS], businesses()[-1]
"""Templates: a business that takes others in, after an officer's look; and one that is taken in, by rule alone."""
YEARS = range(2018, 2026)
PATIENCE = 120.0
ONCE = 0.01
"""Seconds of patience that are over after one try."""
AGAIN_AFTER = (0.1, 0.4)
"""Seconds; sooner than a caller should, so that faults find writes under way."""
PAUSE = 0.6
"""Seconds between two writes of one writer."""


@dataclass(frozen=True)
class Acknowledged:
    """A write that was answered with 2xx, so that it must never be lost."""

    path: str
    key: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass
class Journal:
    """The history of acknowledged writes: what the writers were told.

    Attributes:
        refused: writes refused as too large; they are sent again.
        unknown: writes of which it was not known whether they took effect; the same key is sent until it says so.
        unanswered: writes without any answer; they may have taken effect or not.
        complaints: answers that no fault explains.
    """

    acknowledged: list[Acknowledged] = field(default_factory=list)
    businesses: list[str] = field(default_factory=list)
    reported: dict[str, list[int]] = field(default_factory=dict)
    refused: int = 0
    unknown: int = 0
    unanswered: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Writers:
    """A partner and an officer who write, one small thing after another.

    Args:
        url: of the gateway.
        journal: where every answer goes.
        dice: what they write; the payloads of one seed are the same.
    """

    def __init__(self, url: str, journal: Journal, dice: random.Random) -> None:
        self.journal = journal
        self._url, self._dice = url, dice
        self._numbers = itertools.count(1)
        self._partner: Client
        self._officer: Client
        self._host = ""

    @contextlib.asynccontextmanager
    async def admitted(self, operator_key: str) -> AsyncIterator[None]:
        """With keys, and with a host that takes other businesses in."""
        async with contextlib.AsyncExitStack() as opened:
            operator = await opened.enter_async_context(connect(self._url, operator_key))
            name = {"legal_name": "示例伙伴 (synthetic)"}
            partner = (await call(operator, "POST", "/v1/partners", about="chaos", json=name)).body["id"]
            office = (await the_office(operator, about="chaos"))["id"]
            for owner, kind in ((partner, "partner"), (office, "officer")):
                path = f"/v1/partners/{owner}/clients"
                client = (await call(operator, "POST", path, about="chaos", json={"kind": kind})).body["id"]
                made = await call(operator, "POST", f"/v1/clients/{client}/keys", about="chaos", json={})
                setattr(self, f"_{kind}", await opened.enter_async_context(connect(self._url, made.body["key"])))
            self._host = await self._register_host()
            yield

    async def write_until(self, stop: asyncio.Event) -> None:
        """One writer."""
        while not stop.is_set():
            open_years = [each for each in self.journal.businesses if len(self.journal.reported[each]) < len(YEARS)]
            with contextlib.suppress(UnexpectedAnswer):  # it stands in the journal
                if open_years and self._dice.random() < 0.6:
                    await self.report(self._dice.choice(open_years))
                else:
                    await self.register()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._dice.uniform(0, 2 * PAUSE)):
                    await stop.wait()

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

    async def repeat(self, write: Acknowledged) -> Answer:
        """The same again, under the same key."""
        return await call(
            self._partner if "/approve" not in write.path and "/assign" not in write.path else self._officer,
            "POST", write.path, about="chaos", json=write.body, idempotency_key=write.key,
        )  # fmt: skip

    async def _file(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Draft and submit."""
        number = next(self._numbers)
        filing = await self._post(self._partner, path, f"draft-{number}", {"payload": payload})
        declared = {"declaration": {"accepted": True, "name": "示例人"}}
        path = f"/v1/registry/filings/{filing['id']}/submit"
        return await self._post(self._partner, path, f"submit-{number}", declared)

    async def _register_host(self) -> str:
        filing = await self._file("/v1/registry/registrations", self._registration(dict(HOST.payload)))
        for action, body in (("assign", {}), ("approve", {"comment": "in order"})):
            path = f"/v1/registry/filings/{filing['id']}/{action}"
            filing = await self._post(self._officer, path, f"{action}-host", body)
        self._enter(filing["business_id"])
        return str(filing["business_id"])

    async def _post(self, client: Client, path: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One write, until it is answered. Raises UnexpectedAnswer, once it stands in the journal."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await call(client, "POST", path, about="chaos", json=body, idempotency_key=key, patience=ONCE)
            except UnexpectedAnswer as error:
                said = str(error)
                self.journal.unknown += "answered 503 outcome_unknown" in said
                if "answered 413 event_too_large" in said:
                    self.journal.refused += 1
                elif "got no answer" not in said and not any(f" answered {code} " in said for code in NOT_NOW):
                    self.journal.complaints.append(said)
                    raise
                elif time.monotonic() > give_up:
                    self.journal.unanswered.append(said)
                    raise
                await asyncio.sleep(self._dice.uniform(*AGAIN_AFTER))
            else:
                self.journal.acknowledged.append(Acknowledged(path, key, body, answer.body))
                return answer.body

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
