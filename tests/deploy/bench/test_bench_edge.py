"""The gateway beside nginx, where there is none."""

from pathlib import Path

import pytest

from deploy.bench.edge import gateway, nginx
from deploy.bench.edge.nginx import Nginx
from deploy.bench.stage import Stage


async def test_without_nginx_the_part_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nginx, "installed", lambda: None)
    (line,) = await gateway.measure(Stage(tmp_path, "", "", "", {}))
    assert "apt-get install nginx-light" in line.measured


def test_nginx_lets_in_the_key_that_the_gateway_does(tmp_path: Path) -> None:
    server = Nginx("nginx", tmp_path, port=1, key="zk_live_0", upstream="unix:/canned.sock")
    server.prepare()
    written = (tmp_path / "nginx.conf").read_text()
    assert '"Bearer zk_live_0" 1;' in written
    assert "server unix:/canned.sock;" in written
