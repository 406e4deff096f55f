"""Idempotency: a write that is repeated under one key takes effect once, and is answered as it was the first time."""

import hashlib
import re
from datetime import timedelta

from fastapi import Request, Response

from services.chassis.domain.errors import BadRequest, Unprocessable
from services.chassis.http.security import identified
from services.chassis.store.writes import Document

QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
"""A string of structured fields (RFC 9651 §3.3.3), as draft-ietf-httpapi-idempotency-key-header has the key."""
BARE = re.compile(r"[!#-~](?:[ -~]*[!-~])?")
"""The key without quotes and escapes, as most who send one have it."""
LONGEST_KEY = 255
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
        raise Unprocessable("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    headers = {**stored["headers"], REPLAYED: "true"}
    return Response(bytes(stored["body"]), status_code=stored["status"], headers=headers)
