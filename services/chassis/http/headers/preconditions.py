"""Conditional requests (RFC 9110 §13): which versions and which entity tags a caller names."""

import re
from collections.abc import Collection
from typing import Final

from fastapi import Request

from services.chassis.domain.errors import BadRequest
from services.chassis.store.precondition import Precondition

TAG: Final = r'(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\xff]*")'
"""RFC 9110 §8.8.3; a list of them may have empty elements (§5.6.1)."""
LISTED: Final = re.compile(rf"[ \t]*(?:{TAG}[ \t]*)?(?:,|\Z)")
VERSION: Final = re.compile(r'"(v[0-9]{1,10})(?:\.[0-9a-z_]{1,40})?"')
"""What this API gives out of an aggregate, see `view.entity_tag`."""


def precondition(request: Request) -> Precondition | None:
    """`If-Match` for the resource that the path names; `*` asks only that there is one.

    The comparison is a strong one (§8.8.3.2): a weak tag, and one that this API never gave out, name no version.

    Raises:
        BadRequest: it is no list of entity tags.
    """
    sent = _sent(request, "If-Match")
    if sent is None:
        return None
    names = frozenset(map(str, request.path_params.values()))
    if sent.strip() == "*":
        return Precondition(names, None)
    named = (version_of(tag) for weak, tag in _tags(sent, "If-Match") if not weak)
    return Precondition(names, frozenset(version for version in named if version))


def tags_at_hand(request: Request) -> Collection[str]:
    """The entity tags of `If-None-Match`, compared weakly (§13.1.2); `*` alone is any.

    Raises:
        BadRequest: it is no list of entity tags.
    """
    sent = _sent(request, "If-None-Match") or ""
    return ["*"] if sent.strip() == "*" else [tag for _, tag in _tags(sent, "If-None-Match")]


def version_of(tag: str) -> str | None:
    """The version that an entity tag of this API names: `v3`; None where it is not of an aggregate."""
    found = VERSION.fullmatch(tag)
    return found[1] if found else None


def _sent(request: Request, name: str) -> str | None:
    """A field that is a list, its lines together (§5.3); None where it was not sent."""
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None


def _tags(sent: str, name: str) -> list[tuple[bool, str]]:
    """The entity tags of a list, each with whether it is weak. Raises BadRequest."""
    found, at = [], 0
    while at < len(sent):
        each = LISTED.match(sent, at)
        if each is None:
            place = {"header": name, "code": "malformed_header", "detail": 'ETags such as "v3.0123456789abcdef", or *'}
            raise BadRequest(f"{name} cannot be read.", code="malformed_header", errors=[place])
        if each["tag"]:
            found.append((each["weak"] is not None, each["tag"]))
        at = each.end()
    return found
