"""Synthetic callers with a signed identity, and a client that calls an application in this process."""

import base64
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from services.chassis.domain.caller import Caller
from services.chassis.http.client import Client, in_process
from services.chassis.http.request_span import RequestSpan
from services.chassis.settings import Settings


def caller(kind: Any = "partner", *, partner: str = "par_1", client: str = "cli_1", scopes: str = "") -> Caller:
    """A synthetic caller."""
    return Caller(partner, client, "key_1", kind, frozenset(scopes.split()))


IDENTITY_KEY = Ed25519PrivateKey.from_private_bytes(b"synthetic key for the tests only")
"""Signs identities in tests, as the gateway does in the zone."""


def settings(**values: Any) -> Settings:
    """Settings for a test, independent of the environment's variables except where they are given."""
    public = IDENTITY_KEY.public_key().public_bytes_raw()
    return Settings(identity_public_key=base64.urlsafe_b64encode(public).decode().rstrip("="), **values)


def identity_of(caller: Caller, audience: str) -> dict[str, str]:
    """The header by which a service knows this caller."""
    now = int(time.time())
    claims = {"aud": audience, "iat": now, "exp": now + 60, "partner_id": caller.partner_id, "kind": caller.kind}
    claims |= {"client_id": caller.client_id, "key_id": caller.key_id, "scope": " ".join(sorted(caller.scopes))}
    return {"X-Zone-Identity": jwt.encode(claims, IDENTITY_KEY, algorithm="EdDSA")}


def client_of(app: FastAPI, caller: Caller | None = None, audience: str = "test") -> Client:
    """An HTTP client that calls an application in this process, as this caller or as nobody."""
    return in_process(RequestSpan(app), identity_of(caller, audience) if caller else {})
