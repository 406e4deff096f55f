"""From a partner's POST through the gateway to the figure that holds it, at a steady rate, in a whole zone."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from statistics import median, quantiles
from typing import Any

from deploy.bench.contest import Line
from deploy.bench.processors import used_by
from deploy.bench.stage import Stage
from deploy.korla.businesses import businesses
from deploy.korla.clients import partner_and_officer
from deploy.korla.codes import make_uscc
from deploy.launch.launcher import Launcher
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import call, connect
from services.chassis.http.client import Client

RATES, SECONDS = (10, 50), 8
WARM_UP = 20
"""Requests after which connections and caches are what they will be."""
GOALS = {10: "p50 <= 30 ms alone", 50: "p99 < 50 ms on an idle machine"}
CPU_GOALS = {50: "<= 20 ms"}
LOOK_EVERY = 0.005
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
    """Registers businesses, and sees when each is in the figures.

    One reader looks at the number of active businesses; were each business looked for by itself, the looking would
    be most of the load. The first to be answered is taken for the first to be counted.
    """

    def __init__(self, partner: Client, officer: Client) -> None:
        self._partner, self._officer = partner, officer
        self.answered: list[float] = []
        self.readable: list[float] = []
        self._waiting: deque[float] = deque()

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
        """Approve it, and note how long the answer took."""
        started = time.perf_counter()
        path = f"/v1/registry/filings/{filing_id}/approve"
        headers = {"Idempotency-Key": f"approve-{filing_id}"}
        approved = await self._officer.post(path, json={"comment": "in order"}, headers=headers)
        approved.raise_for_status()
        self.answered.append(time.perf_counter() - started)
        self._waiting.append(started)

    async def look(self, before: int, businesses: int) -> None:
        """Until so many more are counted, note how long each took from its request to the figure that holds it."""
        while len(self.readable) < businesses:
            count, now = await self.count(), time.perf_counter()
            while self._waiting and len(self.readable) < count - before:
                self.readable.append(now - self._waiting.popleft())
            await asyncio.sleep(LOOK_EVERY)

    async def count(self) -> int:
        found = await self._officer.get("/v1/metrics/kpis/businesses_active/value")
        found.raise_for_status()
        return int(found.json()["value"])


async def measure(stage: Stage) -> list[Line]:
    """Raises Complaint where the zone cannot be started."""
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
            return await _in_a_zone(launcher.url, folder)
        finally:
            await asyncio.to_thread(launcher.stop)


async def _in_a_zone(url: str, folder: ZoneFolder) -> list[Line]:
    def connected(key: str) -> Client:
        return connect(url, key)

    async with (
        connected(folder.operator_key.read_text().strip()) as operator,
        partner_and_officer(operator, connected) as (partner, officer),
    ):
        lines: list[Line] = []
        for rate in RATES:
            counter = Counter(partner, officer)
            numbers = range(rate * SECONDS + WARM_UP)
            filings = await _few_at_once([rate * 1_000 + number for number in numbers], counter.prepare)
            before, used, begin = await counter.count(), _used(folder), time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(counter.look(before, len(filings)))
                for number, filing_id in enumerate(filings):
                    await asyncio.sleep(max(begin + number / rate - time.perf_counter(), 0))
                    tasks.create_task(counter.register(filing_id))
            at = f"{rate} a second (done: {len(filings) / (time.perf_counter() - begin):.0f})"
            load = f"load {os.getloadavg()[0]:.1f}"
            lines.append(_line(f"POST approve, answered, {at}", counter.answered, load))
            lines.append(_line(f"POST approve, in the figures, {at}", counter.readable, load, GOALS.get(rate, "")))
            each = {name: (now - used[name]) / len(filings) * 1000 for name, now in _used(folder).items()}
            parts = ", ".join(f"{name} {ms:.0f}" for name, ms in sorted(each.items(), key=itemgetter(1), reverse=True))
            lines.append(
                Line(f"processor time of each, {at}", f"{sum(each.values()):.0f} ms", parts, CPU_GOALS.get(rate, ""))
            )
        return lines


def _used(folder: ZoneFolder) -> dict[str, float]:
    """Seconds of processor time by process: all of the zone's, and this one, which asks."""
    note = folder.running()
    names = {server.pid: server.name for server in note.servers if server.pid} if note else {}
    names[os.getpid()] = "measuring"
    return {names[pid]: seconds for pid, seconds in used_by(names).items()}


def _line(name: str, seconds: Sequence[float], note: str, goal: str = "") -> Line:
    settled = list(seconds)[WARM_UP:]
    percentiles = quantiles(settled, n=100)
    return Line(name, f"p50 {median(settled) * 1000:.0f} ms, p99 {percentiles[98] * 1000:.0f} ms", note, goal)


async def _few_at_once(numbers: Sequence[int], do: Callable[[int], Awaitable[str]]) -> list[str]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(number: int) -> str:
        async with turns:
            return await do(number)

    return await asyncio.gather(*map(in_turn, numbers))
