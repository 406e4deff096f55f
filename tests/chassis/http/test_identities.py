"""Identities that the gateway signed, as a service reads them."""

import base64
import time

import jwt
import pytest

from services.chassis.domain.errors import Unauthenticated
from services.chassis.http.security import Identities
from services.chassis.testing.callers import IDENTITY_KEY

CLOCKS_DIFFER = 5
LIFETIME = 60


@pytest.fixture
def identities() -> Identities:
    public = IDENTITY_KEY.public_key().public_bytes_raw()
    return Identities(base64.urlsafe_b64encode(public).decode().rstrip("="), "registry")


def signed_at(moment: float) -> str:
    at = int(moment)
    claims = {"aud": "registry", "iat": at, "exp": at + LIFETIME, "partner_id": "par", "client_id": "cli"}
    return jwt.encode(claims | {"key_id": "key", "kind": "partner", "scope": "a b"}, IDENTITY_KEY, algorithm="EdDSA")


def test_an_identity_is_believed_until_it_expires(identities: Identities) -> None:
    assert identities.read(signed_at(time.time())).scopes == {"a", "b"}
    with pytest.raises(Unauthenticated):
        identities.read(signed_at(time.time() - LIFETIME - 1))


def test_an_identity_from_a_gateway_whose_clock_is_ahead_is_believed(identities: Identities) -> None:
    assert identities.read(signed_at(time.time() + CLOCKS_DIFFER)).client_id == "cli"
