"""Idempotency: a write that is repeated under one key takes effect once, and is answered as it was the first time."""

import hashlib
import re
from datetime import timedelta

from fastapi import Request, Response

from services.chassis.domain.errors import BadRequest, Unprocessable
from services.chassis.http.security import identified
from services.chassis.store.writes import Document

IDEMPOTENCY_KEY = re.compile(r'(?P<quote>"?)(?P<key>[A-Za-z0-9._~-]{1,128})(?P=quote)')
KEPT_FOR = timedelta(hours=48)
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
