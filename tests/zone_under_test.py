"""A whole zone for a test: real database, real broker, real processes on free ports, and callers of each kind."""

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.korla.businesses import businesses
from deploy.korla.codes import make_uscc
from deploy.launch.launcher import Launcher
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import free_port
from deploy.machine.server import Server
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.public_api import call, connect, the_office
from deploy.services import SERVICES
from services.chassis.http import client as http_client
from services.chassis.http.client import Client

PATIENCE = 30.0
_numbers = itertools.count(1)


class ZoneUnderTest:
    """A running zone, and how a test acts in it.

    Args:
        launcher: has started it.
    """

    def __init__(self, launcher: Launcher) -> None:
        self.launcher, self.url = launcher, launcher.url
        self.folder = launcher.folder

    @property
    def operator_key(self) -> str:
        return self.folder.operator_key.read_text().strip()

    def server(self, name: str) -> Server:
        """One of its processes: `registry`, `gateway`, `mongod`, …"""
        return next(each for each in self.launcher.servers if each.name == name)

    async def service(self, name: str, path: str) -> tuple[int, str]:
        """What a service answers behind the gateway's back, such as its `/readyz`."""
        answer = await http_client.answer(self.server(name).address, path, timeout=5)
        assert answer is not None, f"{name} does not answer"
        return answer

    def command(self, *words: str) -> str:
        """What `./zone …` prints about this zone."""
        return zone_command(self.folder, *words)

    @contextlib.asynccontextmanager
    async def people(self) -> AsyncIterator["People"]:
        """A partner and an officer of their own, each with a key."""
        async with contextlib.AsyncExitStack() as opened:
            operator = await opened.enter_async_context(connect(self.url, self.operator_key))
            name = {"legal_name": f"示例伙伴 {next(_numbers)} (synthetic)"}
            partner_id = (await call(operator, "POST", "/v1/partners", about="test", json=name)).body["id"]
            office_id = (await the_office(operator, about="test"))["id"]
            clients = []
            for owner_id, kind in ((partner_id, "partner"), (office_id, "officer")):
                path = f"/v1/partners/{owner_id}/clients"
                client = (await call(operator, "POST", path, about="test", json={"kind": kind})).body
                made = await call(operator, "POST", f"/v1/clients/{client['id']}/keys", about="test", json={})
                clients.append(await opened.enter_async_context(connect(self.url, made.body["key"])))
            yield People(operator, *clients)


def zone_command(folder: ZoneFolder, *words: str) -> str:
    """What `./zone …` prints about the zone of a folder."""
    ran = subprocess.run(
        [sys.executable, "-m", "deploy", *words],
        cwd=ROOT, env=os.environ | {"ZONE_FOLDER": str(folder.path)}, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


class People:
    """Callers of the public API."""

    def __init__(self, operator: Client, partner: Client, officer: Client) -> None:
        self.operator, self.partner, self.officer = operator, partner, officer

    async def draft(self, **changes: Any) -> dict[str, Any]:
        """A draft registration of an industrial business that nobody has registered yet."""
        body = {"payload": registration(**changes)}
        return (await call(self.partner, "POST", "/v1/registry/registrations", about="test", json=body)).body

    async def submitted(self, **changes: Any) -> dict[str, Any]:
        """A registration that waits for an officer."""
        filing = await self.draft(**changes)
        declared = {"declaration": {"accepted": True, "name": "示例人"}}
        return dict((await self.act(self.partner, filing, "submit", declared)).body)

    async def assigned(self, **changes: Any) -> dict[str, Any]:
        """A registration that an officer has taken up."""
        filing = await self.submitted(**changes)
        return dict((await self.act(self.officer, filing, "assign", {})).body)

    async def registered(self, **changes: Any) -> dict[str, Any]:
        """A business that has been registered, by an officer's approval."""
        filing = await self.assigned(**changes)
        await self.act(self.officer, filing, "approve", {"comment": "in order"})
        return await self.business(filing["business_id"])

    async def act(self, who: Client, filing: Mapping[str, Any], action: str, body: Mapping[str, Any]) -> Any:
        """One action on a filing, repeated with its own key while the zone is busy."""
        path, key = f"/v1/registry/filings/{filing['id']}/{action}", f"{action}-{filing['id']}"
        return await call(who, "POST", path, about="test", json=body, idempotency_key=key)

    async def business(self, business_id: str) -> dict[str, Any]:
        return (await call(self.partner, "GET", f"/v1/registry/businesses/{business_id}", about="test")).body

    async def kpi(self, kpi: str, **dimensions: str) -> int | None:
        """The value of a KPI today."""
        path = f"/v1/metrics/kpis/{kpi}/value"
        value: int | None = (await call(self.officer, "GET", path, about="test", params=dimensions)).body["value"]
        return value

    async def counted(self, event_id: str, state: str = "applied") -> None:
        """Wait until metrics says that an event has this state."""
        async with asyncio.timeout(PATIENCE):
            while await self.status_of(event_id) != state:
                await asyncio.sleep(0.05)

    async def status_of(self, event_id: str) -> str:
        path, asked = "/v1/metrics/projection/status", {"event_id": event_id}
        return str((await call(self.officer, "GET", path, about="test", params=asked)).body["status"])

    async def tenant(self, business_id: str) -> dict[str, Any]:
        """The incubator's copy of a business, as soon as there is one."""
        async with asyncio.timeout(PATIENCE):
            while (answer := await self.partner.get(f"/v1/incubator/tenants/{business_id}")).status_code == 404:
                await asyncio.sleep(0.05)
        found: dict[str, Any] = answer.json()
        return found


def brokers() -> list[str]:
    """The brokers with which a zone is tested: the one that `ZONE_KAFKA` names, else each that this machine can run."""
    chosen = os.environ.get("ZONE_KAFKA", "auto")
    if chosen != "auto":
        return [chosen]
    can_run_apache = KafkaJars(ROOT / ".zone" / "kafka" / "lib").obstacle() is None
    return ["apache", "embedded"] if can_run_apache else ["embedded"]


on_one_broker = pytest.mark.parametrize("zone", brokers()[:1], indirect=True)
"""Marks a test that sees nothing of the broker."""


def registration(*, valuation: int | None = 100_00, **changes: Any) -> dict[str, Any]:
    """The payload of an industrial business with a code and a name of its own."""
    number = next(_numbers) + os.getpid() % 1000 * 1000
    digits = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:07d}")
    payload = dict(businesses()[0].payload)
    payload["name"] = {"legal": f"示例{digits * 2}有限公司", "language": "zh"}
    payload["identifiers"] = [{"scheme": "CN-USCC", "id": make_uscc("1", f"T{number:07d}")}]
    money = {"amount": valuation, "currency": "CNY"} if valuation is not None else None
    figures = {"as_of": "2018-04-30", "valuation": money, "revenue": None, "revenue_period": None, "employees": 8}
    return payload | {"opening_figures": figures} | changes


@contextlib.contextmanager
def zone_under_test(
    path: Path, *, kafka: str, services: Mapping[str, str] = SERVICES, environment: Mapping[str, str] | None = None
) -> Iterator[ZoneUnderTest]:
    """A zone in a folder of its own, with this kind of broker (as in `ZONE_KAFKA`); stopped and gone afterwards."""
    folder = ZoneFolder(path)
    with folder.claimed() as ours, _told(environment or {}):
        assert ours
        port, mongo_port, kafka_port = free_port(), free_port(), free_port()
        launcher = Launcher(
            folder, port=port, kafka=kafka, services=services, mongo_port=mongo_port, kafka_port=kafka_port
        )
        try:
            asyncio.run(launcher.start())
            launcher.tell_ready()
            yield ZoneUnderTest(launcher)
        finally:
            launcher.stop()


@contextlib.contextmanager
def _told(environment: Mapping[str, str]) -> Iterator[None]:
    """The variables of the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


async def died(server: Server) -> None:
    """Wait until a process has been killed."""
    async with asyncio.timeout(PATIENCE):
        while server.process.running:
            await asyncio.sleep(0.02)
    assert server.process.exit_code == -signal.SIGKILL
