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

QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
"""A string of structured fields (RFC 9651 §3.3.3), as draft-ietf-httpapi-idempotency-key-header has the key."""
BARE = re.compile(r"[!#-~](?:[ -~]*[!-~])?")
"""The key without quotes and escapes, as most who send one have it."""
LONGEST_KEY = 255
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
    key = key_in(sent)
    if not 1 <= len(key) <= LONGEST_KEY:
        detail = f"1-{LONGEST_KEY} printable ASCII characters, quoted or bare"
        place = {"header": "Idempotency-Key", "code": "malformed_header", "detail": detail}
        raise BadRequest("The Idempotency-Key cannot be read.", code="malformed_header", errors=[place])
    said = b"\n".join((request.method.encode(), request.url.path.encode(), request.url.query.encode(), body))
    client = identified(request).client_id
    return {"_id": f"{client}|{operation}|{key}", "fingerprint": hashlib.sha256(said).hexdigest()}


def key_in(sent: str) -> str:
    """The key in a header field: the same whether it is quoted or bare; empty where there is none to be read."""
    if quoted := QUOTED.fullmatch(sent):
        return re.sub(r'\\(["\\])', r"\1", quoted[1])
    return sent if BARE.fullmatch(sent) else ""


def replayed(stored: Document, fingerprint: str) -> Response:
    """The stored answer of the first request with this key.

    Raises:
        Unprocessable: `idempotency_key_reused`, where that request was another one.
    """
    if stored["fingerprint"] != fingerprint:
        detail = "This Idempotency-Key was used for another request."
        place = {"header": "Idempotency-Key", "code": "idempotency_key_reused", "detail": detail}
        raise Unprocessable(detail, errors=[place])
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
