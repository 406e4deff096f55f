"""Whole messages: a request that goes up in one piece, and an answer that came in one and reads in one way only.

Nearly every exchange of the zone is such a pair. What is not exactly so is not judged here: httpunk reads it.
"""

import re
from typing import NamedTuple

from gateway.headers import Headers
from gateway.upstream.call import Call

LONGEST_BODY = 64 * 1024
"""Bytes of a request's body that are written with its head; what fits into one write is not stopped half way."""
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Without HEAD, whose answers announce a body that they do not have."""
FRAMING = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection", b"trailer", b"te", b"upgrade"})
"""What a request says of itself: written by us, once."""
KNOWN_NAMES = 1000

_TARGET = re.compile(rb"/[!-~]*")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9])(?: [\t -~\x80-\xff]*)?"
    rb"((?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*)+)"
)
_LENGTH = re.compile(rb"[0-9]{1,9}")
_LONGEST_HEAD, _MOST_FIELDS = 16 * 1024, 64
_NOT_PLAIN = frozenset(
    {b"transfer-encoding", b"connection", b"keep-alive", b"proxy-connection", b"upgrade", b"trailer"}
)
_WITHOUT_BODY = frozenset({204, 304})

_names: set[bytes] = set()
"""Names that were seen and may be written."""


class Whole(NamedTuple):
    """An answer; names in lower case."""

    status: int
    headers: Headers
    body: bytes


def written(call: Call, fields: Headers) -> bytes | None:
    """A whole request with its head, whose own fields are `fields`; None where that could be read in two ways."""
    body = call.body or b""
    if call.method not in METHODS or not isinstance(body, bytes) or len(body) > LONGEST_BODY:
        return None
    if not _TARGET.fullmatch(call.target) or not all(name in _names or _learnt(name) for name, _ in call.headers):
        return None
    lines = [b"%b: %b\r\n" % field for field in fields]
    lines += [b"%b: %b\r\n" % field for field in call.headers]
    head = b"%b %b HTTP/1.1\r\n%b\r\n" % (call.method.encode("ascii"), call.target, b"".join(lines))
    ends = len(lines) + 2
    if head.count(b"\r") != ends or head.count(b"\n") != ends or len(head.translate(None, _CONTROLS)) != len(head):
        return None
    return head + body


def answered(data: bytes) -> Whole | None:
    """The answer that `data` is, the whole of it and nothing else; None where it is anything less plain."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end or len(head) > _LONGEST_HEAD or (match := _HEAD.fullmatch(head)) is None:
        return None
    status, headers, length = int(match[1]), [], None
    for line in match[2][2:].split(b"\r\n"):
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip(b"\t ")
        if name in _NOT_PLAIN:
            return None
        if name == b"content-length":
            if length is not None or not _LENGTH.fullmatch(value):
                return None
            length = int(value)
        headers.append((name, value))
    if len(headers) > _MOST_FIELDS:
        return None
    due = 0 if status in _WITHOUT_BODY else length
    return Whole(status, headers, body) if len(body) == due else None


def _learnt(name: bytes) -> bool:
    if name in FRAMING or not _NAME.fullmatch(name):
        return False
    if len(_names) < KNOWN_NAMES:
        _names.add(name)
    return True
