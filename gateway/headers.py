"""Header fields as they stand on the wire, and which of them never pass through the edge."""

from collections.abc import Iterable
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


def without(headers: Headers, dropped: frozenset[bytes], prefixes: tuple[bytes, ...]) -> Headers:
    """The fields that go on: not `dropped` (`HOP_BY_HOP` is in it), not of this hop, with none of the `prefixes`."""
    if listed := connection_listed(headers):
        dropped |= listed
    return [field for field in headers if field[0] not in dropped and not field[0].startswith(prefixes)]


def values(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    """Every value of one field, in order."""
    return [value for name, value in headers if name == wanted]


def acceptable(fields: Iterable[str]) -> frozenset[str]:
    """What `Accept`, `Accept-Encoding` and the like name with a weight above zero (RFC 9110 §12.4.2), in lower case."""
    parts = (part.split(";") for part in ",".join(fields).lower().split(","))
    return frozenset(name.strip() for name, *parameters in parts if not any(map(_is_zero, parameters)))


def _is_zero(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name.strip() == "q" and weight.strip().rstrip("0") in {"", "0."}
