"""From an exception to the problem that the caller reads; every answer that is not a success leaves here."""

import http
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core.core_schema import ErrorType
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.chassis.domain.errors import (
    MOST_ERRORS,
    BadRequest,
    LostRace,
    NotFound,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    ZoneError,
    escaped,
    problem,
)
from services.chassis.domain.texts.text import NOT_ALLOWED
from services.chassis.http.security import caller_of

log = structlog.get_logger("zone.problems")

CALLER_LEFT = 499
"""Of a request whose caller left before its body was whole: nobody reads it but our logs, where it is no failure."""

GENERIC = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
}
GENERIC |= {"union_tag_invalid": "not_one_of", "union_tag_not_found": "missing", "string_pattern_mismatch": "pattern"}
GENERIC |= {"string_too_short": "length", "string_too_long": "length", "too_short": "length", "too_long": "length"}
"""pydantic's own kinds of error → our codes; the rest of its kinds is `invalid`, our own keep their name."""
PYDANTICS = frozenset(get_args(ErrorType))
UNSPECIFIC = frozenset({"missing", "not_one_of", "pattern", "length", "invalid", NOT_ALLOWED})

OBJECT = frozenset({"model_type", "dict_type"})
"""Kinds of errors that pydantic words in terms of Python."""
ENUM_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""A value of an enumeration as pydantic names it in a Literal; callers know what stands behind the colon."""

UNREADABLE_PARAMETERS = {
    "limit": "limit_range",
    "cursor": "cursor_invalid",
    "sort": "unknown_parameter",
    "q": "query_invalid",
}
"""Parameters with which anything wrong is a 400, and has this code where no rule says another."""


class Problem(Response):
    """`application/problem+json` (RFC 9457)."""

    media_type = "application/problem+json"

    def __init__(self, error: ZoneError, scope: Mapping[str, Any]) -> None:
        request_id = scope.get("zone.request_id", "0" * 32)
        body = problem(error, instance=scope["path"], request_id=request_id)
        super().__init__(orjson.dumps(body), status_code=error.status, headers=error.headers)


async def told(request: Request, error: Exception) -> Response:
    """The answer to a request that ended in an exception, an unexpected one included."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=CALLER_LEFT)
    return Problem(_refusal_for(request, error), request.scope)


def answer_with_problems(app: FastAPI) -> None:
    """Have an application tell every exception so."""
    for kind in (ZoneError, RequestValidationError, HTTPException, LostRace, ClientDisconnect, Exception):
        app.add_exception_handler(kind, told)


def _refusal_for(request: Request, error: Exception) -> ZoneError:
    if isinstance(error, ZoneError):
        return error
    if isinstance(error, RequestValidationError):
        return from_validation(error, official=_is_official(request))
    if isinstance(error, HTTPException):
        return _of_the_framework(error)
    if isinstance(error, LostRace):
        return Unavailable("Too many others change this at the moment.", code="busy")
    log.error("request_failed", exc_info=error)
    return ZoneError("Something went wrong here; nothing was changed.")


def _of_the_framework(error: HTTPException) -> ZoneError:
    phrase = http.HTTPStatus(error.status_code).phrase
    if error.status_code == 400:
        return BadRequest(f"{phrase}.", headers=error.headers)
    if error.status_code == 404:
        return NotFound("There is no such path here.", code="route_not_found")
    return _with_status(error.status_code, phrase, error.headers)


def _with_status(status: int, phrase: str, headers: Mapping[str, str] | None) -> ZoneError:
    error = ZoneError(f"{phrase}.", code=phrase.lower().replace(" ", "_"), headers=headers)
    error.status = status  # type: ignore[misc]  # a status that only the framework itself answers, such as 405
    return error


def _is_official(request: Request) -> bool:
    try:
        return caller_of(request).is_official
    except Unauthenticated:
        return False


def from_validation(error: RequestValidationError, *, official: bool = False) -> ZoneError:
    """The refusal for a request that did not fit its route: its errors, each with its place, none with its value.

    An error whose context has a sentence `for_officials` tells it to them alone.
    """
    errors = error.errors()[:MOST_ERRORS]
    found = [_one(each, error.body, official=official) for each in errors]
    places = {each["loc"][0] for each in errors}
    if "path" in places:
        return NotFound()
    if "header" in places:
        return BadRequest("A header cannot be read.", code="malformed_header", errors=found)
    if any(each.get("parameter") in UNREADABLE_PARAMETERS for each in found):
        return unreadable_parameters(found)
    return Unprocessable("The request can be read, but not everything in it is acceptable.", errors=found)


def unreadable_parameters(places: Sequence[Mapping[str, str]]) -> BadRequest:
    """The refusal of an address for its parameters; its code is the same, whatever is wrong with how many of them."""
    detail = "A parameter cannot be read." if len(places) == 1 else "Not every parameter can be read."
    return BadRequest(detail, code="malformed_parameter", errors=places)


def _one(error: Mapping[str, Any], body: Any, *, official: bool) -> dict[str, str]:
    where, *path = error["loc"]
    kind, detail = error["type"], ENUM_MEMBER.sub(r"\1", error["msg"])
    if kind in OBJECT:
        detail = "Input should be an object"
    if official and (more := error.get("ctx", {}).get("for_officials")):
        detail = f"{detail} {more}"
    if kind == "union_tag_invalid":
        detail = f"must be one of {error['ctx']['expected_tags']}"
    ends_in_absent = kind == "missing"
    if kind in ("union_tag_invalid", "union_tag_not_found"):  # it stands at the member that says which type it is
        path, ends_in_absent = [*path, error["ctx"]["discriminator"].strip("'")], True
    if where == "body":
        place = {"pointer": pointer_to(path, body, ends_in_absent=ends_in_absent)}
        return place | {"code": code_of(kind), "detail": detail}
    name, code = str(path[0] if path else ""), code_of(kind)
    if where != "header" and code in UNSPECIFIC:
        code = UNREADABLE_PARAMETERS.get(name, code)
    return {_place(where): name, "code": code, "detail": detail}


def _place(where: str) -> str:
    return "header" if where == "header" else "parameter"


def code_of(kind: str) -> str:
    """Our code for a kind of error: pydantic's own kinds in a few words, ours as they were raised."""
    if kind in GENERIC:
        return GENERIC[kind]
    return "invalid" if kind in PYDANTICS else kind


def pointer_to(path: list[str | int], body: Any, *, ends_in_absent: bool) -> str:
    """The RFC 6901 pointer of an error: pydantic's location without the names of unions and validators in it."""
    pointer, here = "", body
    for position, part in enumerate(path):
        if isinstance(here, dict) and part in here:  # noqa: SIM114 – one index type each, for the type checker
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif ends_in_absent and position == len(path) - 1:
            here = None
        else:
            continue
        pointer += f"/{escaped(str(part))}"
    return pointer
