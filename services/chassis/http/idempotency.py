"""Idempotency: a write that is repeated under one key takes effect once, and is answered as it was the first time.

What is shown once is kept nowhere. A route that shows such things says how it draws them anew where the answer was
lost: it takes `InLost`, and runs once more for a repeat that comes soon.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant

from services.chassis.domain.errors import BadRequest, Unprocessable
from services.chassis.http.security import identified
from services.chassis.store.writes import Document

IDEMPOTENCY_KEY = re.compile(r'(?P<quote>"?)(?P<key>[A-Za-z0-9._~-]{1,128})(?P=quote)')
KEPT_FOR = timedelta(hours=48)
DRAWN_ANEW_FOR = timedelta(minutes=10)
"""Since the first answer: longer than anyone repeats a request whose answer was lost."""
KEPT_HEADERS = ("content-type", "content-disposition", "content-security-policy", "etag", "location")
REPLAYED = "Idempotent-Replayed"


def record_of(request: Request, operation: str, body: bytes) -> Document | None:
    """The idempotency record of a request, without its answer; None where it carries no key.

    The fingerprint is SHA-256 over method, path, query and `body`: its bytes, or what stands for them.

    Raises:
        BadRequest: the key cannot be read.
    """
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = IDEMPOTENCY_KEY.fullmatch(sent)
    if key is None:
        place = {"header": "Idempotency-Key", "code": "malformed_header", "detail": "1-128 of A-Z a-z 0-9 . _ ~ -"}
        raise BadRequest("The Idempotency-Key cannot be read.", code="malformed_header", errors=[place])
    said = b"\n".join((request.method.encode(), request.url.path.encode(), request.url.query.encode(), body))
    client = identified(request).client_id
    return {"_id": f"{client}|{operation}|{key['key']}", "fingerprint": hashlib.sha256(said).hexdigest()}


def replayed(stored: Document, fingerprint: str) -> Response:
    """The stored answer of the first request with this key.

    Raises:
        Unprocessable: `idempotency_key_reused`, where that request was another one.
    """
    if stored["fingerprint"] != fingerprint:
        raise Unprocessable("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    headers = {**stored["headers"], REPLAYED: "true"}
    return Response(bytes(stored["body"]), status_code=stored["status"], headers=headers)


async def lost_answer(request: Request) -> dict[str, Any] | None:
    """What this request was answered before; None where it is the first, whose answer nobody can have lost."""
    lost: dict[str, Any] | None = request.state.lost
    return lost


InLost = Annotated[dict[str, Any] | None, Depends(lost_answer)]
"""The answer of before, without what it showed once, of a repeat that is to have that anew.

The route takes back what it had made, and makes another in the same unit of work. Where it refuses, the repeat is
answered as the first time.
"""


def draws_anew(dependant: Dependant) -> bool:
    """Whether an endpoint takes `InLost`."""
    return any(inner.call is lost_answer for inner in dependant.dependencies)


def is_drawn_anew(stored: Document, fingerprint: str, now: datetime) -> bool:
    """Whether a repeat runs the endpoint again: it is the same request, and comes soon enough."""
    until: datetime | None = stored.get("drawn_anew_until")
    return until is not None and now < until and stored["fingerprint"] == fingerprint


def said_in(stored: Document) -> Any:
    """The body that a record keeps."""
    return orjson.loads(bytes(stored["body"]))
