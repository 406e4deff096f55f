"""`./zone health` and `./zone metrics`: the pages of each process, on a port or a Unix socket."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import BaseServer, UnixStreamServer
from typing import ClassVar

import pytest
from typer.testing import CliRunner, Result

from deploy.__main__ import command_line
from deploy.complaint import Complaint
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder

READY = '{"state":"ok","role":"all","dependencies":{"mongodb":{"state":"ok"}}}'
AWAY = '{"state":"down","role":"all","dependencies":{"mongodb":{"state":"down","reason":"no primary"}}}'
MEASURED = "# TYPE zone_outbox_depth gauge\nzone_outbox_depth 0.0\n"


class Pages(BaseHTTPRequestHandler):
    """A process that is well."""

    pages: ClassVar = {"/readyz": (200, READY), "/metrics": (200, MEASURED)}

    def do_GET(self) -> None:
        status, body = self.pages[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class WithoutStore(Pages):
    """A process whose database is away."""

    pages: ClassVar = {"/readyz": (503, AWAY), "/metrics": (500, "no")}


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneFolder]:
    """A zone of a database, a registry and an incubator, of which the second has lost its store, and a dead gateway."""
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    folder = ZoneFolder(tmp_path)
    with ExitStack() as stack:
        assert stack.enter_context(folder.claimed())
        socket = str(tmp_path / "r.sock")
        registry, incubator = UnixStreamServer(socket, Pages), HTTPServer(("127.0.0.1", 0), WithoutStore)
        for server in (registry, incubator):
            stack.enter_context(closing(served(server)))
        addresses = {
            "mongod": "mongodb://127.0.0.1:1/",
            "registry": f"unix:{socket}",
            "incubator": f"http://127.0.0.1:{incubator.server_port}",
            "gateway": f"unix:{tmp_path / 'nobody.sock'}",
        }
        servers = [ServerNote(name, os.getpid(), address) for name, address in addresses.items()]
        folder.tell(RunningNote(os.getpid(), "http://127.0.0.1:1", "2026-01-01T00:00:00+00:00", True, servers))
        yield folder


class served:
    """A server that answers in a thread until it is closed."""

    def __init__(self, server: BaseServer) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def run(*words: str) -> Result:
    return CliRunner().invoke(command_line(words[:1]), words)


def test_the_metrics_of_a_process_on_a_socket_are_printed_as_they_are(zone: ZoneFolder) -> None:
    answer = run("metrics", "registry")
    assert (answer.exit_code, answer.stdout) == (0, MEASURED)


def test_health_shows_every_process_and_fails_where_one_is_not_well(zone: ZoneFolder) -> None:
    answer = run("health")
    assert json.loads(answer.stdout) == {
        "registry": json.loads(READY),
        "incubator": json.loads(AWAY),
        "gateway": {"state": "does not answer"},
    }
    assert answer.exit_code == 1


def test_health_of_one_that_is_well_is_no_failure(zone: ZoneFolder) -> None:
    answer = run("health", "registry")
    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"registry": json.loads(READY)})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("metrics", "gateway"), "gateway does not answer: see ./zone logs gateway."),
        (("metrics", "incubator"), "incubator answers 500: see ./zone logs incubator."),
        (("metrics", "mongod"), "No process is called mongod; there is registry, incubator, gateway."),
        (("health", "regsitry"), "No process is called regsitry; there is registry, incubator, gateway."),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(words: tuple[str, str], sentence: str, zone: ZoneFolder) -> None:
    error = run(*words).exception
    assert isinstance(error, Complaint)
    assert error.sentence == sentence


@pytest.mark.parametrize("words", [("metrics", "registry"), ("health",)])
def test_without_a_zone_it_is_said_how_to_start_one(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    assert str(run(*words).exception) == "No zone is running here. Start one with ./zone up."
