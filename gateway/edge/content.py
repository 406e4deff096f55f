"""Content types and negotiation: what a body may be, and what the caller must be ready to read."""

from gateway.edge.inbound import Inbound
from gateway.edge.operation import Operation
from gateway.headers import Headers, acceptable, values
from services.chassis.domain.errors import TooLarge, UnsupportedMediaType, ZoneError

BODY_AT_MOST = 1024 * 1024
"""Bytes; an operation that takes another number says so in the table of operations."""

READABLE = frozenset({"application/json", "application/problem+json"})
"""Every operation may answer so: at least its refusals are problems."""


class NotAcceptable(ZoneError):
    """406: the caller reads nothing that is written here (RFC 9110 §15.5.7)."""

    status, code = 406, "not_acceptable"


def check(request: Inbound, operation: Operation, body_at_most: int = BODY_AT_MOST) -> None:
    """Let a request pass whose body and wishes can be met, before a byte of the body is read.

    Raises:
        TooLarge: more than `body_at_most` bytes declared.
        UnsupportedMediaType: compressed, or of a type that the operation does not take.
        NotAcceptable: `Accept` leaves out everything the operation answers.
    """
    if request.length is not None and request.length > body_at_most:
        raise too_large(body_at_most)
    if any(coding.strip().lower() != b"identity" for coding in values(request.headers, b"content-encoding")):
        raise UnsupportedMediaType("Send the body uncompressed.", code="content_encoding_not_supported")
    if request.length != 0 and operation.accepts and _media_type(request.headers) not in operation.accepts:
        raise UnsupportedMediaType(f"The body must be {' or '.join(sorted(operation.accepts))}.")
    if not _acceptable(values(request.headers, b"accept"), operation.produces | READABLE):
        raise NotAcceptable(f"Answers here are {' or '.join(sorted(operation.produces | READABLE))}.")


def too_large(body_at_most: int) -> TooLarge:
    """The refusal of a body that is, or turned out to be, longer than is taken."""
    return TooLarge(f"At most {body_at_most} bytes are taken in one request.")


def _media_type(headers: Headers) -> str:
    sent = values(headers, b"content-type")
    return sent[0].split(b";")[0].strip().lower().decode("latin-1") if sent else ""


def _acceptable(accept: list[bytes], produced: frozenset[str]) -> bool:
    """Whether any range of `Accept` (RFC 9110 §12.5.1) covers something produced; none sent covers all."""
    if not any(value.strip() for value in accept):
        return True
    for media_range in acceptable(value.decode("latin-1") for value in accept):
        group, _, name = media_range.partition("/")
        if media_range in {"*/*", "*"} or media_range in produced:
            return True
        if name == "*" and any(each.startswith(f"{group}/") for each in produced):
            return True
    return False
