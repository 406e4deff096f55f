"""The order of requests and answers on one connection: read ahead within a bound, heard out, and cut off where stuck.

uvicorn by itself reads ahead whatever comes, breaks off the answer to a caller that has closed its own side, and waits
for ever for one that does not read.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gateway.connection.flow import Inflow, Outflow
from gateway.connection.limits import Limits
from gateway.edge.leaving import LEAVING, Leaving
from gateway.edge.operation import ENDLESS
from services.chassis.http.serving import HttpProtocol

PIECE = 16 * 1024
"""Bytes that are parsed at once: as many requests as fit into them may wait beyond the limit of a pipeline."""


class Pipeline(HttpProtocol, ABC):
    """uvicorn's HTTP/1.1 protocol class, with both directions of its connection under control."""

    limits: ClassVar[Limits] = Limits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self.flow: Inflow = Inflow(self.transport)
        self._outflow = Outflow(self.transport, self.limits)
        self._cycles: list[RequestResponseCycle] = []
        self._in_body = False
        self._half_closed = False
        self._probing: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._outflow.rest()
        if self._probing is not None:
            self._probing.cancel()
        for cycle in self._cycles:  # uvicorn tells the newest only, which may not be the one that runs
            self._disconnect(cycle)
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn's None is false: close
        """The caller has said all it wants to say, and still listens, or has left: only writing to it can tell."""
        under_way = self._under_way()
        if not under_way or self._in_body or any(ENDLESS in cycle.scope for cycle in under_way):
            return False
        self._half_closed = True
        if not self.flow.held:
            self.cycle.keep_alive = False
        self._probe_later()
        return True

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        _more(self.cycle)[LEAVING] = Leaving(self.flow.resume_reading)
        self._cycles = [*self._under_way(), self.cycle]

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.flow.held and not self.transport.is_closing():
            self._feed(memoryview(self.flow.release()))
            self.flow.resume_reading()
        if self._half_closed and not self._under_way():
            self.transport.close()
        self._see_it_out()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._outflow.watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._outflow.rest()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._see_it_out()

    def _feed(self, data: memoryview) -> None:
        """Parse what was read, in pieces; what would make too many requests wait is held until fewer do."""
        while data:
            if len(self.pipeline) >= self.limits.pipelined:
                self.flow.hold(bytes(data))
                return
            piece, data = data[:PIECE], data[PIECE:]
            if not self._parse(piece, data):
                return

    @abstractmethod
    def _parse(self, piece: memoryview, behind: memoryview) -> bool:
        """Feed the parser; false where what is `behind` has been dealt with, or is not to be read any more."""

    def _under_way(self) -> list[RequestResponseCycle]:
        """The requests that are yet to be answered to the end, the one whose turn it is first."""
        return [cycle for cycle in self._cycles if not (cycle.response_complete or cycle.disconnected)]

    def _see_it_out(self) -> None:
        """Watch that what was said before a connection closes is taken."""
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._outflow.watch()

    def _probe_later(self) -> None:
        self._probing = self.loop.call_later(self.limits.probe_seconds, self._probe)

    def _probe(self) -> None:
        """Say something that anyone may ignore (RFC 9110 §15.2.1): who has left, and not only said all, resets it."""
        under_way = self._under_way()
        if under_way and not under_way[0].response_started:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._probe_later()

    @staticmethod
    def _disconnect(cycle: RequestResponseCycle) -> None:
        cycle.disconnected = True
        cycle.waiting_for_100_continue = False
        cycle.message_event.set()
        leaving: Leaving = _more(cycle)[LEAVING]
        leaving.happened()


def _more(cycle: RequestResponseCycle) -> dict[str, Any]:
    """The scope of a request, to which ASGI lets a server add."""
    return cast(dict[str, Any], cycle.scope)
