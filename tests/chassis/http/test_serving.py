"""How an application is served."""

import os
from pathlib import Path

import httpx
import pytest

from services.chassis.http import serving


def test_a_client_gives_an_idle_connection_up_before_the_server_does(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[serving._Server] = []

    def run(server: serving._Server, sockets: object) -> None:
        server.started = True
        served.append(server)

    monkeypatch.setattr(serving._Server, "run", run)
    serving.serve(serving.HeadAsGet, "127.0.0.1:0")  # type: ignore[arg-type]  # nothing is asked of it
    (server,) = served
    usual = httpx.Limits().keepalive_expiry
    assert usual is not None
    assert server.config.timeout_keep_alive > 2 * usual


def test_nobody_but_its_owner_connects_to_a_socket(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "service.sock").touch()  # what one before has left
        bound = serving.owners_socket(tmp_path / "service.sock")
    finally:
        os.umask(before)
    bound.close()
    assert (tmp_path / "service.sock").stat().st_mode & 0o777 == 0o600
