"""What can go wrong, as the caller is told: RFC 9457 problems. A rule that says no raises one of these."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

MOST_ERRORS: Final = 200
"""How many places one refusal lists at most: a small body can be wrong in a hundred thousand."""


class ZoneError(Exception):
    """A refusal with a status, a stable code and a sentence that a person can act on; nothing was changed.

    Args:
        detail: one sentence, without values that the caller sent.
        code: stable, snake_case; the class has a default.
        errors: each `{"pointer" | "parameter" | "header", "code", "detail"}`; all of them, up to
            `MOST_ERRORS`, not the first alone.
        headers: response headers that belong to this answer.
        members: further members of the problem that the code names (`allowed_actions`, `remaining`, …).
    """

    status: ClassVar[int] = 500
    code: str = "internal_error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = errors
        self.headers = dict(headers or {})
        self.members = members

    @property
    def reason(self) -> str:
        """What is wrong, in one code: that of all its errors, where they have one in common, else its own."""
        codes = {each["code"] for each in self.errors}
        return codes.pop() if len(codes) == 1 else self.code


class BadRequest(ZoneError):
    """400: the request cannot be read."""

    status, code = 400, "malformed_request"


class Unauthenticated(ZoneError):
    """401: no credentials, or bad ones."""

    status, code = 401, "unauthenticated"


class Forbidden(ZoneError):
    """403: known, but may not do this."""

    status, code = 403, "forbidden"


class NotFound(ZoneError):
    """404: no such thing, or not yours; the two cannot be told apart."""

    status, code = 404, "not_found"

    def __init__(self, detail: str = "There is nothing here that you may see.", **members: Any) -> None:
        super().__init__(detail, **members)


class Conflict(ZoneError):
    """409: state or uniqueness says no."""

    status, code = 409, "conflict"


class Gone(ZoneError):
    """410: it was there, and is over for good (RFC 9110 §15.5.11)."""

    status, code = 410, "gone"


class PreconditionFailed(ZoneError):
    """412: `If-Match` names another version than the current one (RFC 9110 §13.1.1)."""

    status, code = 412, "precondition_failed"


class TooLarge(ZoneError):
    """413: more than is taken in one request."""

    status, code = 413, "payload_too_large"


class UnsupportedMediaType(ZoneError):
    """415: a body in a form that is not read here."""

    status, code = 415, "unsupported_media_type"


class Unprocessable(ZoneError):
    """422: readable, but not acceptable. Its code is always the same, whether one thing is wrong or many.

    Args:
        code: of what is wrong, where that has no place; else `errors` say it.
    """

    status, code = 422, "validation_failed"

    def __init__(
        self, detail: str, *, code: str | None = None, errors: Sequence[Mapping[str, str]] = (), **members: Any
    ) -> None:
        placeless = [{"code": code, "detail": detail}] if code else []
        super().__init__(detail, errors=errors or placeless, **members)


class PreconditionRequired(ZoneError):
    """428: this change needs `If-Match` (RFC 6585 §3)."""

    status, code = 428, "precondition_required"


class Unavailable(ZoneError):
    """503: not now; the caller may repeat after `Retry-After` seconds."""

    status, code = 503, "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 1, **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **members)


class Reject(Exception):
    """Raised by a handler about a message that can never take effect: it is parked, never retried."""


class LostRace(Exception):
    """Another commit came first; the unit of work runs again on fresh reads. `turn` names what it lost on."""

    def __init__(self, turn: str) -> None:
        super().__init__(turn)
        self.turn = turn


def escaped(name: str) -> str:
    """One reference token of a JSON pointer (RFC 6901 §3), safe to print: what is not text becomes U+FFFD."""
    name = name.replace("~", "~0").replace("/", "~1").replace("\x00", "\ufffd")
    return name.encode("utf-8", "replace").decode()


def problem(error: ZoneError, *, instance: str, request_id: str) -> dict[str, Any]:
    """The RFC 9457 body of a refusal; `instance` is the path, `request_id` what `X-Request-Id` says."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        "request_id": request_id,
    }
    if error.errors:
        body["errors"] = [dict(each) for each in error.errors[:MOST_ERRORS]]
    return body | error.members
