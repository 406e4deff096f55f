"""A body is read strictly: what two readers could understand differently is refused, with the place it stands at."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from services.chassis.domain.errors import MOST_ERRORS, BadRequest, Unprocessable, escaped

DEEPEST = 64
"""Levels of nesting; nothing in the public API needs ten."""
ESCAPED_TROUBLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
TROUBLE = re.compile("[\x00\ud800-\udfff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


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
        BadRequest: `malformed_json`, with the place; every repeated member is listed, up to `MOST_ERRORS`.
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
    if not _has_repeated(value) and not trouble:
        return
    unreadable, unacceptable = [], []
    for pointer, each in _walk(value):
        if isinstance(each, _Repeated):
            unreadable.append({"pointer": pointer, "code": "repeated_member", "detail": "a member stands here twice"})
        elif isinstance(each, str):
            if "\x00" in each:
                detail = "a string cannot hold the character NUL"
                unacceptable.append({"pointer": pointer, "code": "character_not_allowed", "detail": detail})
            if LONE_SURROGATE.search(each):
                unreadable.append({"pointer": pointer, "code": "lone_surrogate", "detail": "half of a character"})
        if max(len(unreadable), len(unacceptable)) == MOST_ERRORS:
            break
    if unreadable:
        raise BadRequest("The body cannot be read in one way only.", code="malformed_json", errors=unreadable)
    if unacceptable:
        raise Unprocessable("A value is not acceptable.", errors=unacceptable)


def _has_repeated(value: Any) -> bool:
    """Whether a member stands twice anywhere; level by level, for a megabyte of brackets must cost next to nothing.

    Raises:
        BadRequest: it is nested too deeply.
    """
    found, depth, level = False, 0, [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        if depth > DEEPEST:
            raise BadRequest(f"The body is nested deeper than {DEEPEST} levels.", code="malformed_json")
        found = found or any(isinstance(each, _Repeated) for each in level)
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [child for children in inner for child in children if isinstance(child, dict | list)]
    return found


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every object, list and text in a value, the names of members that are no text included, with its pointer."""
    waiting = [("", value)]
    while waiting:
        pointer, each = waiting.pop()
        yield pointer, each
        if isinstance(each, dict):
            children = [(f"{pointer}/{escaped(name)}", member) for name, member in each.items()]
            names = [(f"{pointer}/{escaped(name)}", name) for name in each if TROUBLE.search(name)]
            waiting += reversed(names + children)
        elif isinstance(each, list):
            parts = [(f"{pointer}/{place}", part) for place, part in enumerate(each)]
            waiting += [part for part in reversed(parts) if isinstance(part[1], dict | list | str)]
