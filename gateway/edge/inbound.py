"""Request parsing at the edge: read strictly, or refused; never repaired."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from gateway.headers import HOP_BY_HOP, INTERNAL, Headers, values, without
from services.chassis.domain.errors import BadRequest, ZoneError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# RFC 3986 §3.3 without `;`, every escape complete; §3.4 with what browsers leave bare in a query.
# Possessive, so that what does not match is refused in one pass.
_PATH = re.compile(rb"(?:/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]++|%[0-9A-Fa-f]{2})*+)++")
_QUERY = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|]++|%[0-9A-Fa-f]{2})*+")
# RFC 9110 §7.2, RFC 3986 §3.2: a name or an address in brackets, and a port; no login.
_HOST = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=%]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
# What two readers of one path understand differently: NUL, an encoded slash or backslash, dot segments, `//`.
_AMBIGUOUS = re.compile(rb"%00|%2f|%5c|//|/(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)
_SUSPICIOUS = (b"%", b"//", b"/.")
"""One of them is in every path that is ambiguous."""

_SINGLE = (b"authorization", b"content-type", b"idempotency-key")
_DROPPED = HOP_BY_HOP.union(
    {
        # What a client might say about itself, and nobody behind the edge may believe.
        b"forwarded",
        b"x-real-ip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"true-client-ip",
        b"x-http-method",
        b"x-http-method-override",
        b"x-method-override",
        b"x-original-url",
        b"x-rewrite-url",
        # What the edge itself answers for: credentials, framing, the trace.
        b"authorization",
        b"host",
        b"content-length",
        b"expect",
        b"baggage",
        b"b3",
        b"traceparent",
        b"tracestate",
        b"x-request-id",
    }
)
_DROPPED_PREFIXES = (INTERNAL, b"x-forwarded-", b"x-b3-")


class MethodNotAllowed(ZoneError):
    """405: not a method of this path (RFC 9110 §15.5.6)."""

    status, code = 405, "method_not_allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("This path does not know that method.", headers={"Allow": ", ".join(allowed)})


class VersionNotSupported(ZoneError):
    """505: an answer of unknown length cannot be framed for HTTP/1.0, so it is not spoken here."""

    status: ClassVar[int] = 505
    code = "http_version_not_supported"


@dataclass(frozen=True, slots=True)
class Inbound:
    """The parsed request: what is left of one that may go on.

    Attributes:
        path: as sent, escapes and all; ASCII.
        headers: end-to-end fields, without credentials, framing, trace, and what only the zone may say.
        length: of the body in bytes; 0 where there is none, `None` where it is chunked.
    """

    method: str
    path: bytes
    query: bytes
    headers: Headers
    length: int | None

    @property
    def target(self) -> bytes:
        """Path and query, as they go into the request line."""
        return self.path + b"?" + self.query if self.query else self.path


def read(method: str, version: str, path: bytes, query: bytes, headers: Headers) -> Inbound:
    """The request, if every reader behind the edge will understand it alike.

    Raises:
        VersionNotSupported: not HTTP/1.1.
        MethodNotAllowed: none of `METHODS`.
        BadRequest: no Host or several, an ambiguous path, framing or field.
    """
    if version != "1.1":
        raise VersionNotSupported("Speak HTTP/1.1 (behind nginx: `proxy_http_version 1.1`).")
    if method not in METHODS:
        raise MethodNotAllowed(METHODS)
    if len(hosts := values(headers, b"host")) != 1 or not _HOST.fullmatch(hosts[0]):
        raise BadRequest("Exactly one Host is needed (RFC 9112 §3.2).", errors=[_bad(b"host")])
    if not _PATH.fullmatch(path) or (any(sign in path for sign in _SUSPICIOUS) and _AMBIGUOUS.search(path)):
        raise BadRequest("The path can be read in more than one way.", code="ambiguous_path")
    if not _QUERY.fullmatch(query):
        raise BadRequest("The query has characters that must be percent-encoded (RFC 3986 §3.4).")
    names = [name for name, _ in headers]
    if repeated := [name for name in _SINGLE if names.count(name) > 1]:
        raise BadRequest("A field that is sent once came twice.", errors=[_bad(name) for name in repeated])
    return Inbound(method, path, query, without(headers, _DROPPED, _DROPPED_PREFIXES), _length(headers))


def _length(headers: Headers) -> int | None:
    """How long the body is, from the one field that says so (RFC 9112 §6.3)."""
    declared, codings = values(headers, b"content-length"), values(headers, b"transfer-encoding")
    if codings:
        if declared or [coding.lower() for coding in codings] != [b"chunked"]:
            raise BadRequest("A body is framed by Content-Length, or by chunked and nothing else.")
        return None
    if not declared:
        return 0
    if len(declared) > 1 or not re.fullmatch(rb"[0-9]{1,15}", declared[0]):
        raise BadRequest("Content-Length is one number.", errors=[_bad(b"content-length")])
    return int(declared[0])


def _bad(name: bytes) -> dict[str, str]:
    return {
        "header": name.decode("ascii"),
        "code": "malformed_header",
        "detail": "At most once, well formed.",
    }
