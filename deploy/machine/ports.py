"""TCP ports and socket paths on this machine."""

import asyncio
import random
import socket
from pathlib import Path

from deploy.complaint import Complaint

HOST = "127.0.0.1"
# sun_path of sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
LONGEST_SOCKET_PATH = 103
LASTING = range(12_000, 60_000)
GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""The ports that Linux gives to outgoing connections (ip-sysctl); elsewhere those of RFC 6335 §6."""
GIVEN_OUT_ELSEWHERE = range(32_768, 65_536)


def free_port() -> int:
    """A TCP port that nobody listens on now. Another process may take it before you do; then start again."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def lasting_port() -> int:
    """A TCP port that nobody listens on now, and that no outgoing connection is given while its server is away."""
    while not is_free(port := random.choice(_lasting(given_out()))):
        pass
    return port


def given_out() -> range:
    """The ports from which this system takes one for an outgoing connection (the ephemeral range)."""
    try:
        first, last = map(int, GIVEN_OUT.read_text().split())
    except (OSError, ValueError):
        return GIVEN_OUT_ELSEWHERE
    return range(first, last + 1)


def _lasting(given: range) -> list[int]:
    """Ports that are not given out; all of them where the system would give out each."""
    return [port for port in LASTING if port not in given] or [*LASTING]


class HeldPorts:
    """TCP ports that this process has chosen for its servers, kept from other launchers on this machine.

    Between the choice of a port and its server's start another launcher would find it free too. The UDP port of the
    same number, which nobody else wants, tells it; the system takes that back however its holder dies.
    """

    def __init__(self) -> None:
        self._marks: list[socket.socket] = []

    def take(self, usual: int) -> int:
        """The usual port, or a lasting one where somebody has that."""
        port = usual
        while not (self._mark(port) and is_free(port)):
            port = lasting_port()
        return port

    def give_back(self) -> None:
        """Let others have them."""
        while self._marks:
            self._marks.pop().close()

    def _mark(self, port: int) -> bool:
        mark = socket.socket(type=socket.SOCK_DGRAM)
        try:
            mark.bind((HOST, port))
        except OSError:
            mark.close()
            return False
        self._marks.append(mark)
        return True


def is_free(port: int) -> bool:
    """Whether this process could listen on the port."""
    return _obstacle(port) is None


def require_free(port: int, name: str, advice: str) -> None:
    """Raise Complaint where someone listens on the port already, or this user may not."""
    obstacle = _obstacle(port)
    if isinstance(obstacle, PermissionError):
        raise Complaint(f"Port {port}, which {name} needs, is not for this user: choose one above 1023 with --port.")
    if obstacle is not None:
        raise Complaint(f"Port {port}, which {name} needs, is taken by another process: {advice}.")


def _obstacle(port: int) -> OSError | None:
    """Why this process cannot listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections in TIME_WAIT do not count
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error
    return None


async def listens(port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


def address_in(folder: Path, name: str) -> str:
    """Where a service listens: a socket in the folder, or a port where the path is too long for that."""
    path = folder / f"{name}.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return f"unix:{path}"
    return f"{HOST}:{lasting_port()}"
