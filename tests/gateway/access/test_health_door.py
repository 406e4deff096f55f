"""The gateway's own health is for who runs it; for everyone else those paths do not exist."""

from ipaddress import ip_network
from typing import Any

import pytest

from gateway.edge.health_door import HealthDoor

NETWORKS = (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"), ip_network("::1/128"))


async def served_by(path: str, peer: tuple[str, int] | None, *headers: tuple[bytes, bytes], type: str = "http") -> str:
    """Which of the two applications a request came to."""
    seen: list[str] = []

    def app(name: str) -> Any:
        async def served(scope: Any, receive: Any, send: Any) -> None:
            seen.append(name)

        return served

    door = HealthDoor(app("own"), app("edge"), NETWORKS)
    nothing: Any = None
    await door({"type": type, "path": path, "client": peer, "headers": list(headers)}, nothing, nothing)
    return seen[0]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
@pytest.mark.parametrize("peer", [None, ("127.0.0.1", 1), ("127.0.0.9", 1), ("::1", 1), ("10.1.2.3", 1)])
async def test_who_runs_the_gateway_sees_its_health(path: str, peer: tuple[str, int] | None) -> None:
    assert await served_by(path, peer) == "own"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
@pytest.mark.parametrize("address", ["10.2.0.1", "203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7"])
async def test_a_caller_from_outside_meets_the_edge(path: str, address: str) -> None:
    assert await served_by(path, (address, 1)) == "edge"


@pytest.mark.parametrize("name", [b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"])
async def test_what_a_proxy_on_this_machine_forwards_comes_from_outside(name: bytes) -> None:
    assert await served_by("/metrics", ("127.0.0.1", 1), (name, b"")) == "edge"
    assert await served_by("/metrics", None, (name, b"203.0.113.7")) == "edge"


@pytest.mark.parametrize("path", ["/", "/metrics/", "/v1/registry/metrics", "//metrics", "/Metrics", "/livez/x"])
async def test_every_other_path_is_the_edges_business(path: str) -> None:
    assert await served_by(path, ("127.0.0.1", 1)) == "edge"


async def test_what_is_not_http_goes_through_the_edge() -> None:
    assert await served_by("", None, type="lifespan") == "edge"
