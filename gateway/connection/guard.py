"""The connection guard: time and size limits against slow, large and broken requests. Who breaks them is shown out.

A protocol for uvicorn (`http=Guard, ws="none"`, and without its proxy, server and date headers).
uvicorn by itself waits for ever for the rest of a head or a body, takes heads of any size, adds the trailers of
a chunked body to the request's headers, loses the body of a request that offers an upgrade, and takes the white space
behind a field's value for a part of it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

import httptools

from gateway.connection.parting import Parting
from gateway.connection.pipeline import Pipeline
from gateway.connection.refusals import HeadTooLarge, RequestTimeout, UriTooLong, spoken, unknown_method
from services.chassis.domain.errors import BadRequest, ZoneError
from services.chassis.http.serving import Together


class Guard(Pipeline):
    """uvicorn's HTTP/1.1 protocol class, with limits of time and size. Other limits: a subclass with its own."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self.url = b""
        self._in_head = False
        self._leaving = False
        self._upgrade_offered = False
        self._refusal: ZoneError | None = None
        self._received = 0  # of the present head, or of the present window of a body
        self._goes_on = True  # after the present request, once its body is there
        self._surplus = 0  # what came after the last word
        self._framing = 0  # of a body: what came beyond six times its content
        self._was_paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._set_timer(self.limits.head_seconds, self._head_is_overdue)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._leaving:
            self._drop(len(data))
        elif self.flow.held:
            self.flow.hold(data)
        else:
            self._feed(memoryview(data))

    def _parse(self, piece: memoryview, behind: memoryview) -> bool:
        self._unset_keepalive_if_required()
        if self._timer is None:
            self._set_timer(self.limits.head_seconds, self._head_is_overdue)
        self._received += len(piece)
        self._framing += len(piece)
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as offered:
            self._decline_upgrade(bytes(piece[offered.args[0] :]) + bytes(behind))
            return False
        except httptools.HttpParserInvalidMethodError:
            refusal, self.url = unknown_method(bytes(piece))
            self._show_out(refusal)
        except httptools.HttpParserError:
            self._show_out(self._refusal or BadRequest("This is not HTTP/1.1 as RFC 9112 has it."))
        else:
            self._after_feeding()
        if self._leaving:
            self._drop(len(behind))
        return not self._leaving and not self.transport.is_closing()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._received = 0
        if self._timer is None:
            self._set_timer(self.limits.head_seconds, self._head_is_overdue)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.url_bytes:
            self._refuse(UriTooLong(f"A request target has at most {self.limits.url_bytes} bytes."))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            return  # a trailer: it came after everything was decided
        super().on_header(name, value.strip(b" \t"))  # RFC 9112 §5.1
        if len(self.headers) > self.limits.head_fields:
            self._refuse(HeadTooLarge(f"A head has at most {self.limits.head_fields} fields."))

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.limits.head_bytes:
            self._refuse(HeadTooLarge(f"A head has at most {self.limits.head_bytes} bytes."))
        if not self.url.startswith(b"/") or b"#" in self.url:
            self._refuse(BadRequest("The request target is a path, without fragment (RFC 9112 §3.2.1)."))
        if self.parser.should_upgrade():
            self._upgrade_offered = True
            return
        self._stop_timer()
        self._in_head, self._in_body = False, True
        self._framing = 0
        super().on_headers_complete()
        self._goes_on = self.cycle.keep_alive and self.scope["http_version"] == "1.1"
        self.cycle.keep_alive = False  # an answer that begins before the body is there says `Connection: close`

    def on_body(self, body: bytes) -> None:
        self._framing -= 7 * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._upgrade_offered:
            return
        self._in_body = False
        self._received = 0
        self._stop_timer()
        super().on_message_complete()
        if not self.cycle.response_started:
            self.cycle.keep_alive = self._goes_on

    def shutdown(self) -> None:
        self._goes_on = False
        super().shutdown()

    def together(self, transport: asyncio.Transport) -> Together:
        return Parting(transport, self.loop, self._takes_leave)

    def _takes_leave(self) -> bool:
        """Whether a connection is to be closed behind an answer that left a body unread: then it is seen out here."""
        if not (self._in_body and self.cycle.response_complete and self.transport.can_write_eof()):
            return False
        self._linger()
        return True

    def _after_feeding(self) -> None:
        if not self._in_body:
            if self._received > self.limits.head_bytes:
                self._show_out(HeadTooLarge(f"A head has at most {self.limits.head_bytes} bytes."))
            return
        self._was_paused |= self.flow.read_paused
        if self._timer is None:
            self._begin_window()
        if self._framing > self.limits.head_bytes:
            self._show_out(BadRequest("Chunk extensions and trailers are longer than is read."))

    def _begin_window(self) -> None:
        self._received = 0
        self._was_paused = self.flow.read_paused
        self._set_timer(self.limits.body_seconds, self._body_is_overdue)

    def _body_is_overdue(self) -> None:
        if self._was_paused or self.flow.held or self._received >= self.limits.body_rate * self.limits.body_seconds:
            self._begin_window()
        else:
            self._show_out(RequestTimeout("The body came too slowly."))

    def _head_is_overdue(self) -> None:
        if self._under_way():
            self._set_timer(self.limits.head_seconds, self._head_is_overdue)  # its turn has not come
        elif self._in_head:
            self._show_out(RequestTimeout("The head came too slowly."))
        else:
            self.transport.close()

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read the request again without the offer, which RFC 9110 §7.8 lets us ignore, and go on with `rest`."""
        closes = b"close" in b",".join(value for name, value in self.headers if name == b"connection").lower()
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/", self.parser.get_http_version().encode()]
        for name, value in self.headers:
            if name not in (b"upgrade", b"connection", b"http2-settings"):
                head += [b"\r\n", name, b": ", value]
        head.append(b"\r\nconnection: close\r\n\r\n" if closes else b"\r\n\r\n")
        self._upgrade_offered = False
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"".join(head) + rest)

    def _refuse(self, error: ZoneError) -> NoReturn:
        """Stop the parser from inside one of its callbacks."""
        self._refusal = error
        raise error

    def _show_out(self, error: ZoneError) -> None:
        """End the connection; with a word, unless that would fall into, or be taken for, another's answer."""
        self._stop_timer()
        under_way = self._under_way()
        may_speak = not under_way or (self._in_body and under_way == [self.cycle] and not self.cycle.response_started)
        for cycle in under_way:
            self._disconnect(cycle)
        if not may_speak or not self.transport.can_write_eof():
            self.transport.abort()
            return
        self.transport.write(spoken(error, self.url))
        self._linger()

    def _linger(self) -> None:
        """Say no more, and drop what still comes: closing at once would reset the connection, and with it the answer.

        RFC 9112 §9.6.
        """
        self.transport.write_eof()
        self._outflow.watch()
        self._leaving = True
        self.flow.resume_reading()
        self._set_timer(self.limits.linger_seconds, self._has_lingered)

    def _has_lingered(self) -> None:
        if self.transport.get_write_buffer_size():
            self._set_timer(self.limits.linger_seconds, self._has_lingered)  # it is taken, or `Outflow` cuts it off
        else:
            self.transport.abort()

    def _drop(self, size: int) -> None:
        self._surplus += size
        if self._surplus > self.limits.linger_bytes:
            self.transport.abort()

    def _set_timer(self, seconds: float, then: Callable[[], Any]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
