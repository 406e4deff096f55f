"""How an application is served."""

import httpx
import pytest

from services.chassis.http import serving


def test_a_client_gives_an_idle_connection_up_before_the_server_does(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[serving._Server] = []

    def run(server: serving._Server) -> None:
        server.started = True
        served.append(server)

    monkeypatch.setattr(serving._Server, "run", run)
    serving.serve(serving.HeadAsGet, "127.0.0.1:0")  # type: ignore[arg-type]  # nothing is asked of it
    (server,) = served
    usual = httpx.Limits().keepalive_expiry
    assert usual is not None
    assert server.config.timeout_keep_alive > 2 * usual
