"""Servers that tests share: one real MongoDB and one real Kafka broker a test run, on free ports.

`mongo_url`        a replica set of one: use databases of your own, others use the same server
`kafka_bootstrap`  a broker with the zone's topics, chosen by ZONE_KAFKA as for ./zone up
`new_topic`        makes a topic of your own on it: `await new_topic()`, or with a number of partitions
`server_starts`    asked for by each fixture that starts a server, which marks its tests as `server`
"""

import asyncio
import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.routing import APIRoute
from hypothesis import settings

from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import free_port
from deploy.machine.server import Server
from deploy.servers.broker import choose_broker
from deploy.servers.embedded_kafka import EmbeddedKafka
from deploy.servers.mock_cluster import MockCluster
from deploy.servers.mongod import Mongod
from deploy.servers.topics import CONFIGURATION, PARTITIONS, create_zone_topics, zone_topics
from services.chassis.domain.errors import ZoneError
from services.chassis.http.problems import Problem
from services.chassis.kafka.topics import create_topics
from services.chassis.specs.refusals import undeclared
from tests.distribution import pytest_xdist_make_scheduler, turn

__all__ = ["pytest_xdist_make_scheduler"]  # pytest looks for its hooks here

settings.register_profile("zone", deadline=None)  # how long an example takes says nothing of what it shows
settings.load_profile("zone")

ROOT = Path(__file__).resolve().parent.parent

NewTopic = Callable[..., Awaitable[str]]


@pytest.fixture(autouse=True, scope="session")
def tracebacks_are_plain() -> None:
    """As in a service's own log: what structlog prints by itself shows every variable, and takes seconds each time."""
    *before, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, plain])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, and have the largest begin first."""
    for item in items:
        if "server_starts" in getattr(item, "fixturenames", ()):
            item.add_marker("server")
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(1800))
    items.sort(key=turn)


@pytest.fixture(scope="session")
def server_starts() -> None:
    """Starts nothing itself: by its name it is known before a test runs that it needs a server."""


@pytest.fixture(autouse=True)
def every_start_of_a_server_is_announced(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is not marked as `server` starts none: a quick run would start it too."""
    if not request.node.get_closest_marker("server"):
        monkeypatch.setattr(Server, "start", _unannounced)
        monkeypatch.setattr(MockCluster, "__init__", _unannounced)


def _unannounced(self: Server | MockCluster, *arguments: object, **options: object) -> None:
    pytest.fail(f"starts {type(self).__name__} and is not marked: let its fixture ask for `server_starts`")


@dataclass(frozen=True)
class SharedKafka:
    """The broker of this test run."""

    bootstrap: str
    mock: MockCluster | None = None

    async def new_topic(self, partitions: int = PARTITIONS, *, of: str = "test") -> str:
        name = f"zone.{of}.{uuid.uuid4().hex}"
        if self.mock:
            self.mock.create_topic(name, partitions)
        else:
            await create_topics(self.bootstrap, [name], partitions, CONFIGURATION)
        return name


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def kafka_jars() -> KafkaJars:
    """Apache Kafka's jars, where ./zone keeps them too."""
    return KafkaJars(ROOT / ".zone" / "kafka" / "lib")


@pytest.fixture(scope="session")
def mongo_url(run_folder: Path, server_starts: None) -> Iterator[str]:
    """The URL of a MongoDB replica set of one, in which fail points may be set."""

    @contextlib.contextmanager
    def running() -> Iterator[str]:
        folder = run_folder / "mongod"
        server = Mongod(
            folder / "data", port=free_port(), log=folder / "log", oplog_mb=64, cache_gb=0.25, test_commands=True
        )
        asyncio.run(server.start())
        yield server.address
        server.kill()  # nobody wants its data any more

    with one_for_all_workers(run_folder / "mongod.url", running) as url:
        yield url


@pytest.fixture(scope="session")
def shared_kafka(run_folder: Path, kafka_jars: KafkaJars, server_starts: None) -> Iterator[SharedKafka]:
    """A broker of the kind that ZONE_KAFKA chooses, with the zone's topics."""
    folder = run_folder / "kafka"
    wish = os.environ.get("ZONE_KAFKA") or "auto"
    broker = choose_broker(wish, folder, kafka_jars, {}, port=free_port(), log=folder / "log").broker

    @contextlib.contextmanager
    def running() -> Iterator[str]:
        asyncio.run(broker.start())
        asyncio.run(create_zone_topics(broker.bootstrap))
        yield broker.bootstrap
        broker.stop()

    if isinstance(broker, EmbeddedKafka):  # cheap enough for one in each worker, where topics can be made at any time
        with MockCluster(zone_topics()) as mock:
            yield SharedKafka(mock.bootstrap, mock)
    else:
        with one_for_all_workers(run_folder / "kafka.bootstrap", running) as bootstrap:
            yield SharedKafka(bootstrap)


@pytest.fixture(scope="session")
def kafka_bootstrap(shared_kafka: SharedKafka) -> str:
    """`HOST:PORT` of the broker."""
    return shared_kafka.bootstrap


@pytest.fixture(scope="session")
def broker_keeps_its_log(shared_kafka: SharedKafka) -> bool:
    """Whether it is a real broker, not one in memory."""
    return shared_kafka.mock is None


@pytest.fixture
def new_topic(shared_kafka: SharedKafka) -> NewTopic:
    """Makes a topic that no other test knows and gives its name."""
    return shared_kafka.new_topic


@contextlib.contextmanager
def one_for_all_workers(note: Path, running: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a server that the first worker starts, and ends when the last one needs it no more.

    Every user holds a shared lock, which the system takes back from a worker that crashes too.
    """
    with note.with_suffix(".turn").open("w") as turn, note.with_suffix(".users").open("w") as users:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with contextlib.ExitStack() as server:
            if is_ours := not note.exists():
                note.write_text(server.enter_context(running()))
            fcntl.flock(users, fcntl.LOCK_SH)
            fcntl.flock(turn, fcntl.LOCK_UN)
            try:
                yield note.read_text()
            finally:
                fcntl.flock(users, fcntl.LOCK_UN)
                while is_ours and not _nobody_uses(turn.fileno(), users.fileno(), note):
                    time.sleep(0.05)


def _nobody_uses(turn: int, users: int, note: Path) -> bool:
    """Whether the last user has gone; if so, a later one starts a server of its own."""
    fcntl.flock(turn, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        note.unlink()
        return True
    finally:
        fcntl.flock(turn, fcntl.LOCK_UN)


@pytest.fixture(autouse=True)
def every_code_is_declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No route of the zone refuses with a code that it does not declare, whatever a test asks of it in this process."""
    found: set[str] = set()
    written = Problem.__init__

    def noted(problem: Problem, error: ZoneError, scope: Mapping[str, Any]) -> None:
        written(problem, error, scope)
        route = scope.get("route")
        if isinstance(route, APIRoute) and route.endpoint.__module__.startswith(("services.", "gateway.")):
            found.update(f"{route.name} says {code}" for code in undeclared(route, error))

    monkeypatch.setattr(Problem, "__init__", noted)
    yield
    assert not found, "declare them with @refuses, or at the rule"
