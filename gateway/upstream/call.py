"""A call from the gateway to a service: what goes up, what comes back, and the ways in which it fails."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from gateway.headers import Headers
from services.chassis.domain.errors import BadRequest, Unavailable, ZoneError

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"


class UpstreamFailed(ZoneError):
    """502: a service did not answer as HTTP does, or failed without a word."""

    status: ClassVar[int] = 502
    code = "upstream_failed"


class Unreachable(Unavailable):
    """503: no connection, or it ended before a byte of an answer came to what changes nothing, or nothing twice."""

    code = "upstream_unreachable"


class OutcomeUnknown(Unavailable):
    """503: it was sent, and the connection ended before a byte of an answer came."""

    code = "outcome_unknown"


class BrokenAnswer(UpstreamFailed):
    """502: the connection ended early or what came is not HTTP/1.1."""

    code = "upstream_broken"


class DeadlinePassed(UpstreamFailed):
    """504: it took too long."""

    status, code = 504, "upstream_timeout"


class ConnectDeadline(DeadlinePassed):
    """504: no connection in time."""

    code = "upstream_connect_timeout"


class HeadDeadline(DeadlinePassed):
    """504: no head of an answer in time after the request was sent."""

    code = "upstream_head_timeout"


class TotalDeadline(DeadlinePassed):
    """504: the exchange as a whole was not done in time."""

    code = "upstream_total_timeout"


class NoSlot(Unavailable):
    """503: every connection to the service is busy, and stayed so."""

    code = "upstream_busy"


class TooManyInFlight(ZoneError):
    """429: one client has as much under way as one may have at once.

    A quota of concurrent requests, so the problem is that of the RateLimit draft (draft-ietf-httpapi-ratelimit-headers,
    §5), as IANA registers it.
    """

    status: ClassVar[int] = 429
    code = "too_many_in_flight"

    def __init__(self, detail: str) -> None:
        members: dict[str, Any] = {"type": QUOTA_EXCEEDED, "violated-policies": ["in-flight"]}
        super().__init__(detail, headers={"Retry-After": "1"}, **members)


class Malformed(BadRequest):
    """400: the request cannot be written as HTTP/1.1; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. `total` counts from the start, over everything; `None` for what ends when it likes."""

    slot: float = 1.0
    connect: float = 1.0
    head: float = 15.0
    total: float | None = 30.0


class Lane(StrEnum):
    """Kinds of exchanges that cannot take each other's slots, by how long they may last."""

    SHORT = "short"
    UPLOAD = "upload"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a service.

    Attributes:
        base: `http://host:port` or `unix:/path`.
        target: path and query, sent as they are.
        headers: end-to-end fields; Host, framing and the deadline are written by the client.
        body: in one piece, as it comes, or none.
        length: of a streamed body, where it was declared; else it goes chunked.
        client: on whose behalf, for its share of the slots; None where nobody's share is counted.
    """

    base: str
    host: bytes
    method: str
    target: bytes
    headers: Headers
    body: bytes | AsyncIterator[bytes] | None = None
    length: int | None = None
    client: str | None = None
    lane: Lane = Lane.SHORT

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be sent again though it may have been heard (RFC 9110 §9.2.2, or by its Idempotency-Key)."""
        return self.method in REPEATABLE or any(name == b"idempotency-key" for name, _ in self.headers)


def unheard(call: Call) -> Unavailable:
    """Why there is no answer where the connection ended before a byte of one: the service stops, or has died."""
    if call.is_repeatable:
        return Unreachable("The service ended the connection before it answered.")
    return OutcomeUnknown("The service ended the connection before it answered.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose head has come.

    Attributes:
        chunks: its body, as it comes.
        body: its body, where all of it has come.
    """

    status: int
    headers: Headers
    chunks: AsyncIterator[bytes]
    body: bytes | None = None


class Upstream(Protocol):
    """What the edge needs of an HTTP client."""

    def exchange(self, call: Call, deadlines: Deadlines) -> AbstractAsyncContextManager[Answer]:
        """Send a call; inside the context the answer may be read, at its end the connection is free or gone.

        Cancelling breaks the connection off.

        Raises:
            Malformed, NoSlot, TooManyInFlight, Unreachable, OutcomeUnknown, BrokenAnswer, ConnectDeadline,
                HeadDeadline, TotalDeadline: also while the answer is read. What the body's iterator raises comes out
                as it is.
        """

    async def close(self, within: float) -> None:
        """Take no more calls, let those under way finish for so many seconds, break off the rest."""
