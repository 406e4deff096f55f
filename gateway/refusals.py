"""What the connection guard says to someone whom it shows out."""

import secrets

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.outlet import PROBLEM, date
from services.chassis.errors import ZoneError, problem


class RequestTimeout(ZoneError):
    """408: the rest of the request did not come in time (RFC 9110 §15.5.9)."""

    status, code = 408, "request_timeout"


class UriTooLong(ZoneError):
    """414: a request target longer than is read."""

    status, code = 414, "uri_too_long"


class HeadTooLarge(ZoneError):
    """431: more or longer header fields than are read (RFC 6585 §5)."""

    status, code = 431, "head_too_large"


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
            b"cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n",
            b"date: " + date() + b"\r\nx-request-id: ",
            request_id.encode("ascii"),
            b"\r\n\r\n",
            body,
        )
    )
