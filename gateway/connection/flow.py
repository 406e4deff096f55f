"""Flow control of one connection, both ways: reading ahead within a bound, and cutting off who takes nothing."""

import asyncio
import fcntl
import struct
import termios
from socket import SO_LINGER, SOL_SOCKET
from socket import socket as Socket

from uvicorn.protocols.http.flow_control import FlowControl

from gateway.connection.limits import Limits


class Inflow(FlowControl):
    """uvicorn's flow control, and bytes that were read and wait to be parsed: while they do, nothing more is read."""

    held = b""

    def hold(self, data: bytes) -> None:
        self.held += data
        self.pause_reading()

    def release(self) -> bytes:
        """What was held; it is not any more."""
        held, self.held = self.held, b""
        return held

    def resume_reading(self) -> None:
        if not self.held:
            super().resume_reading()


class Outflow:
    """Watches how fast a client takes what was written to it, while nothing more is; one that is too slow is cut off.

    Bytes in the system's send buffer count as not taken: it holds megabytes, and says that it has room only when
    there is much of it.
    """

    def __init__(self, transport: asyncio.Transport, limits: Limits) -> None:
        self._transport, self._limits = transport, limits
        self._timer: asyncio.TimerHandle | None = None
        self._left = 0

    def watch(self) -> None:
        """From now on, until `rest`, until all is taken, or until it is cut off."""
        if self._timer is None:
            self._left = self._unsent()
            self._wait()

    def rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._limits.write_seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        before, self._left = self._left, self._unsent()
        if before - self._left < min(before, self._limits.write_rate * self._limits.write_seconds):
            self._cut_off()
        elif self._left:
            self._wait()

    def _cut_off(self) -> None:
        """With a reset: closing alone would leave what it has not taken with the system, for as long as it likes."""
        socket: Socket = self._transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))  # socket(7): on, and no seconds
        self._transport.abort()

    def _unsent(self) -> int:
        """Bytes that the client has not acknowledged, those in the system's buffer included (tcp(7), SIOCOUTQ)."""
        descriptor = self._transport.get_extra_info("socket").fileno()
        try:
            (queued,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0\0\0\0"))
        except OSError:  # closed meanwhile
            queued = 0
        return self._transport.get_write_buffer_size() + int(queued)
