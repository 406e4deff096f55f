"""One connection to a service: a call written on it, and the head of its answer."""

import asyncio
from typing import Any, cast
from urllib.parse import urlsplit

import httpunk
from httpunk.asyncio import H1ClientProtocol

from gateway.headers import Headers
from gateway.upstream.call import (
    BrokenAnswer,
    Call,
    ConnectDeadline,
    HeadDeadline,
    Malformed,
    Unreachable,
)
from gateway.upstream.timer import CallTimer
from gateway.upstream.upload import Upload

DEADLINE_HEADER = b"x-zone-deadline"
"""Milliseconds that are left for the whole call when its head is written."""


class Line(H1ClientProtocol):
    """A connection, and whether anything was said or heard on it in the present exchange.

    Overrides four methods of httpunk's stream; its version is pinned, and the contract tests stand over it.
    """

    transport: asyncio.Transport | None = None
    http: httpunk.H1Connection
    said = heard = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        super().connection_made(transport)  # type: ignore[no-untyped-call]  # httpunk types its surface only

    def data_received(self, data: bytes) -> None:
        self.heard = True
        super().data_received(data)  # type: ignore[no-untyped-call]  # as above

    def send_all(self, data: bytes) -> Any:
        self.said = True
        return super().send_all(data)  # type: ignore[no-untyped-call]  # as above

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    drop = abort

    def forget(self) -> None:
        """Drop a connection whose making was interrupted: uvloop then closes it without a word to its protocol."""
        if self.transport is not None:
            self.transport.abort()
            self.connection_lost(None)  # type: ignore[no-untyped-call]  # as above

    @property
    def is_reusable(self) -> bool:
        closing = self.transport is None or self.transport.is_closing()
        return not (closing or self.http.closed or self.http.busy)

    async def begin(self, call: Call, upload: Upload | None, timer: CallTimer) -> httpunk.Response:
        """Write a call and wait for the head of its answer; on any failure the connection is gone."""
        self.said = self.heard = False
        if upload is None:
            timer.allow(timer.deadlines.head, HeadDeadline)
        else:
            timer.allow_the_rest()  # the head is due once the body has been sent
        try:
            request = httpunk.Request(
                call.method,
                call.target.decode("ascii"),
                headers=httpunk.HeaderMap(_head(call, timer.left)),
                body=upload or call.body,
            )
            response = await self.http.send_request(request)
            _check(response)
        except BaseException as exc:
            self.drop()
            if isinstance(exc, ValueError) and not self.said:
                raise Malformed("The request cannot be written as HTTP/1.1.") from exc
            raise
        if upload is not None:
            upload.answered = True
        timer.allow_the_rest()
        return response


def _check(response: httpunk.Response) -> None:
    """Refuse what hyper reads but nobody behind us should have to."""
    if response.is_upgrade:
        raise BrokenAnswer("The service changed the protocol unasked.")
    if response.status > 599:
        raise BrokenAnswer("The service answered with a status that does not exist (RFC 9110 §15).")
    lengths = response.headers.get_all("content-length")
    codings = response.headers.get_all("transfer-encoding")
    if (lengths and codings) or not all(value.isdigit() for value in lengths):
        raise BrokenAnswer("The service framed its answer ambiguously (RFC 9112 §6.3).")
    if any(coding.lower() != b"chunked" for coding in codings):
        raise BrokenAnswer("The service coded its answer in a way that was not asked for (RFC 9112 §6.1).")


def _head(call: Call, left: int | None) -> Headers:
    """The fields of a call: ours once and only once, then the caller's."""
    headers = [(b"host", call.host)]
    if left is not None:
        headers.append((DEADLINE_HEADER, b"%d" % left))
    if isinstance(call.body, bytes):
        headers.append((b"content-length", b"%d" % len(call.body)))
    elif call.body is not None and call.length is not None:
        headers.append((b"content-length", b"%d" % call.length))
    return headers + call.headers  # a streamed body of unknown length: httpunk writes `chunked`


async def dial(base: str, timer: CallTimer) -> Line:
    """A fresh connection.

    Raises:
        Unreachable: refused, no such socket, no file descriptors left.
    """
    timer.allow(timer.deadlines.connect, ConnectDeadline)
    loop = asyncio.get_running_loop()
    line = Line()
    try:
        if base.startswith("unix:"):
            await loop.create_unix_connection(lambda: line, base.removeprefix("unix:"))
        else:
            address = urlsplit(base)
            await loop.create_connection(lambda: line, address.hostname or "", address.port or 80)
        line.http = cast(httpunk.H1Connection, await line.ready())
    except OSError as exc:
        line.forget()
        raise Unreachable("The service cannot be reached.") from exc
    except BaseException:
        line.forget()
        raise
    return line
