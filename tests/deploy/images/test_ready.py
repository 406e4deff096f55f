"""What a container runs to learn whether its process is well, and to show a person the pages of that process."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.machine.zone_folder import ROOT

READY = ROOT / "deploy" / "images" / "inside" / "ready.py"


class Away(BaseHTTPRequestHandler):
    """A process whose database is away, and which measures all the same."""

    def do_GET(self) -> None:
        status, body = {"/readyz": (503, b"no primary"), "/metrics": (200, b"zone_outbox_depth 0.0\n")}[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def listen() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Away)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"0.0.0.0:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def run(listen: str, *words: str) -> tuple[int, str, str]:
    told = os.environ | {"ZONE_LISTEN": listen}
    ran = subprocess.run([sys.executable, READY, *words], env=told, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def test_one_that_is_not_ready_says_why_and_fails(listen: str) -> None:
    assert run(listen) == (1, "", "no primary\n")


def test_a_page_is_printed_as_it_is(listen: str) -> None:
    assert run(listen, "/metrics") == (0, "zone_outbox_depth 0.0\n", "")
