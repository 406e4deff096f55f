"""Error answers of the connection guard, to whom it shows out."""

import re
import secrets

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.edge.inbound import METHODS, MethodNotAllowed
from gateway.edge.outlet import PROBLEM, date
from services.chassis.domain.errors import BadRequest, ZoneError, problem

_REQUEST_LINE = re.compile(rb"(?:\r\n)*[A-Za-z0-9!#$%&'*+.^_`|~-]+ (/[!-\"$-~]{0,8000}) HTTP/1\.1\r\n")


class RequestTimeout(ZoneError):
    """408: the rest of the request did not come in time (RFC 9110 §15.5.9)."""

    status, code = 408, "request_timeout"


class UriTooLong(ZoneError):
    """414: a request target longer than is read."""

    status, code = 414, "uri_too_long"


class HeadTooLarge(ZoneError):
    """431: more or longer header fields than are read (RFC 6585 §5)."""

    status, code = 431, "head_too_large"


def unknown_method(sent: bytes) -> tuple[ZoneError, bytes]:
    """What to say of a method that the parser has no name for, and the request target.

    405 where the request line is one (RFC 9112 §3) and came in one piece; else it is taken for what is not HTTP.
    """
    if line := _REQUEST_LINE.match(sent):
        return MethodNotAllowed(METHODS), line[1]
    return BadRequest("This is not HTTP/1.1 as RFC 9112 has it."), b""


def spoken(error: ZoneError, target: bytes) -> bytes:
    """A whole response: what is shown out here never became a request that something else could answer."""
    request_id = secrets.token_hex(16)
    instance = target.split(b"?")[0].decode("ascii", "replace")
    body = orjson.dumps(problem(error, instance=instance, request_id=request_id))
    return b"".join(
        (
            STATUS_LINE[error.status],
            b"content-type: " + PROBLEM + b"\r\n",
            b"content-length: %d\r\n" % len(body),
            *(f"{name.lower()}: {value}\r\n".encode("ascii") for name, value in error.headers.items()),
            b"cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n",
            b"date: " + date() + b"\r\nx-request-id: ",
            request_id.encode("ascii"),
            b"\r\n\r\n",
            body,
        )
    )
