"""A whole zone of tiny services under the real launcher, started as its own program and ended in every way."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from deploy.launch.supervision import RESTARTS
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ROOT, RunningNote, ServerNote, ZoneFolder

pytestmark = [pytest.mark.server, pytest.mark.long]

Start = Callable[..., "Zone"]
T = TypeVar("T")


class Zone:
    """The tiny zone as a process of its own."""

    def __init__(self, folder: Path, *options: str, port: int | None = None, **environment: str) -> None:
        self.folder = ZoneFolder(folder)
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.tiny_zone", str(self.port), *options],
            cwd=ROOT,
            env={**os.environ, "ZONE_FOLDER": str(folder), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self) -> RunningNote:
        return within(40, lambda: note if (note := self.folder.running()) and note.ready else None)

    def processes(self) -> list[int]:
        """Its servers, and the children that its services have told of."""
        note = self.folder.running()
        assert note is not None
        told = [self.folder.logs / f"{server.name}.log" for server in note.servers]
        children = [int(pid) for log in told for pid in re.findall(r"my child is (\d+)", log.read_text())]
        return [server.pid for server in note.servers if server.pid] + children

    def server(self, name: str) -> ServerNote | None:
        """What the launcher tells of one part; None while it tells nothing."""
        note = self.folder.running()
        return next((server for server in note.servers if server.name == name), None) if note else None

    def kill(self, name: str) -> ServerNote:
        """End a part as a power cut would, and wait for its successor. Returns what is told of that."""
        before = self.server(name)
        assert before is not None
        assert before.pid is not None
        os.kill(before.pid, signal.SIGKILL)
        return within(20, lambda: after if (after := self.server(name)) and after.pid != before.pid else None)

    def broker_told_to(self, name: str) -> str:
        """Where the last start of a service was told that the broker is."""
        return "".join(re.findall(r"the broker at (\S+)", (self.folder.logs / f"{name}.log").read_text())[-1:])

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said."""
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture(autouse=True, scope="module")
def ctrl_c_is_heard() -> Iterator[None]:
    """Also by tests that a shell runs in the background, whose children would ignore it otherwise (POSIX XCU 2.11)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """A zone that is ready, for tests that leave it as it is."""
    zone = Zone(tmp_path_factory.mktemp("running") / "zone")
    zone.wait_until_ready()
    yield zone
    zone.process.kill()
    zone.end()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts tiny zones in one folder, and leaves none behind."""
    zones: list[Zone] = []

    def start_one(*options: str, port: int | None = None, **environment: str) -> Zone:
        zones.append(Zone(tmp_path / "zone", *options, port=port, **environment))
        return zones[-1]

    yield start_one
    for zone in zones:
        zone.process.kill()
        zone.end()


def within(seconds: float, ask: Callable[[], T | None]) -> T:
    """What it answers as soon as that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s")


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_zone_that_exits_after_ready_leaves_nothing_running_and_reports_success(start: Start) -> None:
    zone = start("--exit-after-ready")
    code, said = zone.end()
    assert (code, "welcome" in said, zone.folder.running()) == (0, True, None), said
    assert "It was started with --exit-after-ready." in command(zone, "status").stderr


def test_a_stopped_zone_stops_the_gateway_then_the_services_and_its_stores_last(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    assert command(zone, "stop").returncode == 0
    code, said = zone.end()
    assert code == 0, said
    assert "It was told to stop (SIGTERM)" in command(zone, "status").stderr
    gateway, *services, mongod = [
        (zone.folder.logs / f"{name}.log").stat().st_mtime_ns
        for name in ("gateway", "metrics", "incubator", "registry", "mongod")
    ]
    assert gateway < min(services)
    assert max(services) < mongod


def test_no_process_is_left_when_the_launcher_is_killed(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    processes = zone.processes()
    assert len(processes) == 10  # mongod, broker, four services, four children of theirs
    zone.process.kill()
    within(5, lambda: not any(alive(pid) for pid in processes))


def test_a_killed_zone_starts_again_in_the_same_folder(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    zone.process.kill()
    zone.end()
    assert "ended without a word: it was killed, or the machine went down" in command(zone, "status").stderr
    assert "The zone is not running. Its launcher" in command(zone, "restart", "registry").stderr
    code, said = start("--exit-after-ready").end()
    assert code == 0, said


@pytest.mark.parametrize("part", ["metrics", "gateway", "mongod"])
def test_a_part_that_ends_by_itself_is_started_again_where_it_was(start: Start, part: str) -> None:
    zone = start()
    zone.wait_until_ready()
    before = zone.server(part)
    assert before is not None
    assert zone.kill(part).address == before.address
    assert command(zone, "status").returncode == 0
    assert command(zone, "stop").returncode == 0
    code, said = zone.end()
    assert code == 0
    assert f"{part} was ended by SIGKILL while the zone was running. It is started again." in said
    assert f"{part} is ready again" in said
    assert "[warning  ]" in command(zone, "logs", "launcher", "--level", "warning").stdout


def test_parts_that_a_person_restarts_come_back_one_after_the_other_and_nothing_has_failed(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    before = {name: zone.server(name) for name in ("registry", "gateway", "mongod")}
    done = command(zone, "restart", *before)
    assert (done.returncode, done.stderr.count("is ready again after")) == (0, 3), done.stderr
    for name, was in before.items():
        now = zone.server(name)
        assert now is not None
        assert was is not None
        assert (now.pid != was.pid, now.address) == (True, was.address)
    assert command(zone, "restart", "kitchen").returncode == 1
    assert command(zone, "logs", "launcher", "--level", "warning").stdout == ""
    assert command(zone, "status").returncode == 0


def test_a_broker_that_comes_back_elsewhere_is_told_to_all_who_speak_to_it(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    address = zone.kill("kafka").address
    services = {"registry", "incubator", "metrics", "gateway"}
    within(20, lambda: {zone.broker_told_to(name) for name in services} == {address})
    within(20, lambda: command(zone, "status").returncode == 0)
    warned = command(zone, "logs", "launcher", "--level", "warning").stdout
    assert [line for line in warned.splitlines() if "kafka" not in line] == []  # who is told anew has not failed


def test_no_process_is_left_of_a_part_that_was_started_again(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    before = zone.processes()
    zone.kill("metrics")
    processes = {*before, *zone.processes()}
    zone.process.kill()
    within(5, lambda: not any(alive(pid) for pid in processes))


def test_a_part_that_ends_again_and_again_stops_the_zone_which_says_why(start: Start) -> None:
    zone = start()
    zone.wait_until_ready()
    for _ in range(RESTARTS):
        zone.kill("metrics")
    processes = zone.processes()
    os.kill((zone.server("metrics") or ServerNote("", None, "")).pid or 0, signal.SIGKILL)
    code, said = zone.end()
    assert code == 1
    assert (
        "The zone was stopped, as metrics ended 6 times within a minute: "
        "metrics was ended by SIGKILL while the zone was running." in said
    )
    assert "| ready, my child is" in said
    assert not any(alive(pid) for pid in processes)


def test_without_its_store_nothing_is_waited_for_when_the_zone_stops(start: Start) -> None:
    zone = start(TINY_SERVICE_LINGERS="yes")
    zone.wait_until_ready()
    mongod = zone.server("mongod")
    assert mongod is not None
    assert mongod.pid is not None
    shutil.move(zone.folder.mongo, zone.folder.path / "moved")
    zone.folder.mongo.touch()  # it cannot be started again
    os.kill(mongod.pid, signal.SIGKILL)
    code, said = zone.end()
    assert code == 1
    assert f"as mongod ended {RESTARTS + 1} times within a minute: MongoDB's data folder" in said


def test_two_zones_that_start_at_once_both_come_up(tmp_path: Path) -> None:
    zones = [Zone(tmp_path / name, "--exit-after-ready") for name in ("one", "other")]
    ends = [zone.end() for zone in zones]
    assert [code for code, _ in ends] == [0, 0], ends


def test_a_part_that_ends_before_it_is_ready_fails_the_start_with_its_own_words(start: Start) -> None:
    zone = start(TINY_SERVICE_FAILS="incubator")
    code, said = zone.end()
    assert code == 1
    for told in (said, command(zone, "status").stderr):
        assert "incubator ended with exit code 7 before it was ready." in told
        assert "| the cellar is flooded" in told


def test_an_interrupt_during_the_start_stops_what_was_started(start: Start) -> None:
    zone = start()
    within(20, lambda: (zone.folder.logs / "mongod.log").exists())
    zone.process.send_signal(signal.SIGINT)
    code, said = zone.end()
    assert (code, zone.folder.running()) == (1, None)
    assert "The zone was told to stop before it was ready." in said


def test_a_taken_port_is_named_with_what_to_do(start: Start, running: Zone) -> None:
    code, said = start(port=running.port).end()
    assert code == 1
    assert f"Port {running.port}, which the gateway needs, is taken by another process" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("options", "code"), [((), 0), (("--detach",), 0), (("--fresh",), 1), (("--exit-after-ready",), 1)]
)
def test_a_second_up_says_where_the_zone_runs_and_changes_nothing(
    running: Zone, options: tuple[str, ...], code: int
) -> None:
    before = running.folder.running()
    done = command(running, "up", *options)
    assert done.returncode == code
    assert before is not None
    assert f"The zone runs at {before.url}" in done.stderr
    assert running.folder.running() == before


def test_status_shows_every_part(running: Zone) -> None:
    shown = json.loads(command(running, "status", "--json").stdout)
    assert {server["name"]: server["state"] for server in shown["servers"]} == {
        "mongod": "running", "kafka": "running", "registry": "ok", "incubator": "ok", "metrics": "ok", "gateway": "ok",
    }  # fmt: skip


def test_topics_lists_those_of_the_running_zone_and_creates_none_twice(running: Zone) -> None:
    done = command(running, "topics")
    assert "zone.registry.businesses  12 partitions" in done.stdout
    assert "created" not in done.stdout


def test_the_log_of_each_part_can_be_shown(running: Zone) -> None:
    assert "ready, my child is" in command(running, "logs", "registry").stdout


def command(zone: Zone, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        cwd=ROOT,
        env={**os.environ, "ZONE_FOLDER": str(zone.folder.path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
