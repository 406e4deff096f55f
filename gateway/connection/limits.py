"""Time and size limits of one connection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What the guard allows a caller.

    Attributes:
        head_seconds: from the first byte (of a new connection: from its start) to the end of the head.
        body_seconds, body_rate: a body may take so long, or longer while so many bytes a second arrive.
        write_seconds, write_rate: who takes less than so many bytes a second of an answer, so long, is cut off.
        pipelined: requests that are read ahead while one is being answered; the rest waits to be read.
        probe_seconds: how often somebody who has closed its side is asked whether it still listens.
        linger_bytes, linger_seconds: what is still read, and dropped, of someone who was answered before a body was
            read; closing at once would reset the connection and with it the answer.
    """

    head_seconds: float = 10
    head_bytes: int = 16 * 1024
    head_fields: int = 100
    url_bytes: int = 8 * 1024
    body_seconds: float = 30
    body_rate: int = 1024
    write_seconds: float = 10
    write_rate: int = 1024
    pipelined: int = 8
    probe_seconds: float = 0.5
    linger_bytes: int = 16 * 1024 * 1024
    linger_seconds: float = 5
