"""Header fields as they stand on the wire, and which of them never pass through the edge."""

from collections.abc import Collection, Iterable
from typing import TypeAlias

Headers: TypeAlias = list[tuple[bytes, bytes]]
"""Names in lower case (as ASGI hands them over), values untouched, order and repetitions kept."""

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""What speaks of one connection only (RFC 9110 §7.6.1); whatever `Connection` lists joins them."""

INTERNAL = b"x-zone-"
"""What the gateway and the services tell each other begins so; nobody outside says it or hears it."""


def connection_listed(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """The names that the `Connection` fields of a message declare to be for this hop only."""
    listed = [value for name, value in headers if name == b"connection"]
    if not listed:
        return frozenset()
    return frozenset(token.strip().lower() for value in listed for token in value.split(b","))


def without(headers: Iterable[tuple[bytes, bytes]], dropped: Collection[bytes], prefixes: tuple[bytes, ...]) -> Headers:
    """The fields that go on: not of this hop, not `dropped`, with none of the `prefixes`."""
    headers = list(headers)
    listed = connection_listed(headers)
    return [
        (name, value)
        for name, value in headers
        if name not in dropped and name not in HOP_BY_HOP and name not in listed and not name.startswith(prefixes)
    ]


def values(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    """Every value of one field, in order."""
    return [value for name, value in headers if name == wanted]
