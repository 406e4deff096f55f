"""A body is read strictly: what two readers could understand differently is refused, with the place it stands at."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from services.chassis.errors import BadRequest, Unprocessable

DEEPEST = 64
"""Levels of nesting; nothing in the public API needs ten."""
ESCAPED_TROUBLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class _Repeated(dict[str, Any]):
    """An object in which a member stood twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Repeated(members)


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"{name} is not JSON.", code="malformed_json")


def read_json(raw: bytes) -> Any:
    """The value of a JSON text (RFC 8259, and I-JSON's rules of RFC 7493: UTF-8, no member twice, no lone surrogate).

    Raises:
        BadRequest: `malformed_json`, with the place; every repeated member is listed.
        Unprocessable: a string holds NUL; each place is listed.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8 at byte {error.start}.", code="malformed_json") from None
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise BadRequest(detail, code="malformed_json") from None
    except RecursionError:
        raise BadRequest(f"The body is nested deeper than {DEEPEST} levels.", code="malformed_json") from None
    except ValueError:
        raise BadRequest("The body holds a number with too many digits.", code="malformed_json") from None
    _inspect(value, trouble=bool(ESCAPED_TROUBLE.search(raw)))
    return value


def _inspect(value: Any, *, trouble: bool) -> None:
    unreadable, unacceptable = [], []
    for pointer, each in _walk(value, "", 0):
        if isinstance(each, _Repeated):
            unreadable.append({"pointer": pointer, "code": "repeated_member", "detail": "a member stands here twice"})
        elif trouble and isinstance(each, str):
            if "\x00" in each:
                detail = "a string cannot hold the character NUL"
                unacceptable.append({"pointer": pointer, "code": "character_not_allowed", "detail": detail})
            if any("\ud800" <= character <= "\udfff" for character in each):
                unreadable.append({"pointer": pointer, "code": "lone_surrogate", "detail": "half of a character"})
    if unreadable:
        raise BadRequest("The body cannot be read in one way only.", code="malformed_json", errors=unreadable)
    if unacceptable:
        raise Unprocessable("A value is not acceptable.", code="character_not_allowed", errors=unacceptable)


def _walk(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > DEEPEST:
        raise BadRequest(f"The body is nested deeper than {DEEPEST} levels.", code="malformed_json")
    yield pointer, value
    if isinstance(value, dict):
        for name, member in value.items():
            inner = f"{pointer}/{escaped(name)}"
            if "\x00" in name or any("\ud800" <= character <= "\udfff" for character in name):
                yield inner, name
            yield from _walk(member, inner, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{pointer}/{index}", depth + 1)


def escaped(name: str) -> str:
    """One reference token of a JSON pointer (RFC 6901 §3), safe to print: what is not text becomes U+FFFD."""
    name = name.replace("~", "~0").replace("/", "~1").replace("\x00", "\ufffd")
    return name.encode("utf-8", "replace").decode()
