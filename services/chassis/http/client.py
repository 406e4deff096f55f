"""HTTP as a client: the only file, with the gateway's upstream client, that imports httpx."""

from typing import Any

import httpx

Client = httpx.AsyncClient
Request = httpx.Request
Response = httpx.Response
TransportError = httpx.TransportError

UNIX = "unix:"


def client(address: str, *, timeout: float = 5.0, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """An HTTP client of one server, for `async with`.

    Args:
        address: `http://host:port`, or `unix:/path.sock` for a server on a Unix socket.
        timeout: seconds that connecting, each read and each write may take.
        headers: sent with every request.

    Proxies and credentials of the environment are left alone: the zone speaks to addresses that it was given.
    """
    if address.startswith(UNIX):
        transport = httpx.AsyncHTTPTransport(verify=False, uds=address.removeprefix(UNIX))
        base = "http://localhost"
    else:
        # Reading the authorities takes 60 ms of CPU, as much as a hundred requests: only where they are asked.
        transport = httpx.AsyncHTTPTransport(verify=address.startswith("https:"))
        base = address
    return httpx.AsyncClient(base_url=base, transport=transport, timeout=timeout, headers=headers, trust_env=False)


async def answer(address: str, path: str, *, timeout: float = 1.0) -> tuple[int, str] | None:
    """Status and body of one GET; None where nothing answers within `timeout` seconds."""
    try:
        async with client(address, timeout=timeout) as http:
            response = await http.get(path)
            return response.status_code, response.text
    except (httpx.HTTPError, OSError):
        return None


def in_process(app: Any, headers: dict[str, str]) -> httpx.AsyncClient:
    """A client of an ASGI application in this process; its lifespan does not run. For tests of routes."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://zone.test", headers=headers)
