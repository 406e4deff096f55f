"""Conditional requests (RFC 9110 §13): the versions that a caller names, and the entity tags that it names them by."""

import re

from fastapi import Request

from services.chassis.domain.errors import BadRequest
from services.chassis.store.precondition import Precondition

ENTITY_TAG = re.compile(r'"(v\d{1,10})(?:\.[0-9a-z_]{1,40})?"')


def precondition(request: Request) -> Precondition | None:
    """`If-Match` for the resource that the path names; `*` asks only that there is one.

    Raises:
        BadRequest: it is not a list of the entity tags that this API gives out.
    """
    sent = request.headers.get("if-match")
    if sent is None:
        return None
    names = frozenset(map(str, request.path_params.values()))
    if sent.strip() == "*":
        return Precondition(names, None)
    tags = [ENTITY_TAG.fullmatch(tag.strip()) for tag in sent.split(",")]
    if not all(tags):
        place = {"header": "If-Match", "code": "malformed_header", "detail": 'an ETag such as "v3", or *'}
        raise BadRequest("If-Match cannot be read.", code="malformed_header", errors=[place])
    return Precondition(names, frozenset(tag[1] for tag in tags if tag))
