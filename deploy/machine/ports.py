"""TCP ports and socket paths on this machine."""

import asyncio
import random
import socket
from pathlib import Path

from deploy.complaint import Complaint

HOST = "127.0.0.1"
# sun_path of sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
LONGEST_SOCKET_PATH = 103
LASTING = (12_000, 32_000)


def free_port() -> int:
    """A TCP port that nobody listens on now. Another process may take it before you do; then start again."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def lasting_port() -> int:
    """A TCP port that nobody listens on now, and that no outgoing connection is given while its server is away.

    Systems give those ports from 32768 (Linux) or 49152 (RFC 6335 §6) on.
    """
    while preferred_port(port := random.randrange(*LASTING)) != port:
        pass
    return port


def preferred_port(usual: int) -> int:
    """The usual port, or another one where somebody has that."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections in TIME_WAIT do not count
        try:
            probe.bind((HOST, usual))
        except OSError:
            return free_port()
    return usual


def require_free(port: int, name: str, advice: str) -> None:
    """Raise Complaint where someone listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections in TIME_WAIT do not count
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Complaint(f"Port {port}, which {name} needs, is taken by another process: {advice}.") from error


async def listens(port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


def address_in(folder: Path, name: str) -> str:
    """Where a service listens: a socket in the folder, or a free port where the path is too long for that."""
    path = folder / f"{name}.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return f"unix:{path}"
    return f"{HOST}:{free_port()}"
