"""From a partner's POST through the gateway to the figure that holds it, at a steady rate, in a whole zone."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median, quantiles
from typing import Any

from deploy.bench.contest import Line
from deploy.bench.stage import Stage
from deploy.korla.businesses import businesses
from deploy.korla.clients import partner_and_officer
from deploy.korla.codes import make_uscc
from deploy.launcher import Launcher
from deploy.ports import free_port
from deploy.public_api import call, connect
from deploy.zone_folder import ZoneFolder
from services.chassis.http import Client

A_SECOND, SECONDS = 50, 8
LOOK_EVERY = 0.004
AT_ONCE = 8


def payload(number: int) -> dict[str, Any]:
    """An industrial business with a name and a code of its own, as a new one has no opening figures."""
    digits = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:07d}")
    own = {
        "name": {"legal": f"示例{digits * 2}有限公司", "language": "zh"},
        "identifiers": [{"scheme": "CN-USCC", "id": make_uscc("1", f"B{number:07d}")}],
    }
    return businesses()[0].payload | own


class Counter:
    """Registers businesses, and sees when each is in the figures."""

    def __init__(self, partner: Client, officer: Client, operator: Client) -> None:
        self._partner, self._officer, self._operator = partner, officer, operator
        self.answered: list[float] = []
        self.readable: list[float] = []

    async def prepare(self, number: int) -> str:
        """A registration that waits for nothing but an officer's approval; its filing's id."""
        about = f"business {number}"
        filing = (
            await call(
                self._partner, "POST", "/v1/registry/registrations", about=about, json={"payload": payload(number)}
            )
        ).body
        path = f"/v1/registry/filings/{filing['id']}"
        declared = {"declaration": {"accepted": True, "name": "示例人"}}
        await call(self._partner, "POST", f"{path}/submit", about=about, json=declared)
        await call(self._officer, "POST", f"{path}/assign", about=about, json={})
        return str(filing["id"])

    async def register(self, filing_id: str) -> None:
        """Approve it; note when that is answered, and when the event of the new business is in the figures."""
        started = time.perf_counter()
        path = f"/v1/registry/filings/{filing_id}/approve"
        headers = {"Idempotency-Key": f"approve-{filing_id}"}
        approved = await self._officer.post(path, json={"comment": "in order"}, headers=headers)
        approved.raise_for_status()
        self.answered.append(time.perf_counter() - started)
        asked = {"event_id": f"{approved.json()['business_id']}:0000000001"}
        while True:
            state = await self._operator.get("/v1/metrics/projection/status", params=asked)
            state.raise_for_status()
            if state.json()["state"] == "applied":
                break
            await asyncio.sleep(LOOK_EVERY)
        self.readable.append(time.perf_counter() - started)


async def measure(stage: Stage) -> list[Line]:
    """Raises Problem where the zone cannot be started."""
    folder = ZoneFolder(stage.folder / "zone")
    with folder.claimed():
        launcher = Launcher(
            folder,
            port=free_port(),
            kafka=os.environ.get("ZONE_KAFKA") or "auto",
            json_logs=True,
            mongo_port=free_port(),
            kafka_port=free_port(),
        )
        try:
            await launcher.start()
            return await _in_a_zone(launcher.url, folder.operator_key.read_text().strip())
        finally:
            await asyncio.to_thread(launcher.stop)


async def _in_a_zone(url: str, operator_key: str) -> list[Line]:
    def connected(key: str) -> Client:
        return connect(url, key)

    async with (
        connected(operator_key) as operator,
        partner_and_officer(operator, connected) as (partner, officer),
    ):
        counter = Counter(partner, officer, operator)
        filings = await _few_at_once(range(A_SECOND * SECONDS), counter.prepare)
        begin = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number, filing_id in enumerate(filings):
                await asyncio.sleep(max(begin + number / A_SECOND - time.perf_counter(), 0))
                tasks.create_task(counter.register(filing_id))
        rate = len(filings) / (time.perf_counter() - begin)
    load = os.getloadavg()[0]
    return [
        _line("POST approve, until it is answered", counter.answered, f"{rate:.0f} a second, load {load:.1f}"),
        _line("POST approve, until the figures hold it", counter.readable, "", "p99 < 50 ms when idle"),
    ]


def _line(name: str, seconds: Sequence[float], note: str, goal: str = "") -> Line:
    settled = list(seconds)[A_SECOND:]  # the first second warms up connections and caches
    percentiles = quantiles(settled, n=100)
    return Line(f"{name}: p50 / p99", f"{median(settled) * 1000:.0f} / {percentiles[98] * 1000:.0f} ms", note, goal)


async def _few_at_once(numbers: Sequence[int], do: Callable[[int], Awaitable[str]]) -> list[str]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(number: int) -> str:
        async with turns:
            return await do(number)

    return await asyncio.gather(*map(in_turn, numbers))
