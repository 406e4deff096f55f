"""What the gateway says about a caller, and that a service believes it and nothing else."""

import base64

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.identity import LIFETIME, RENEWED_BEFORE, Identity
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unauthenticated
from services.chassis.http.security import Identities
from tests.gateway.gate import OFFICER, PARTNER


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


KEY = Ed25519PrivateKey.generate()
PRIVATE, PUBLIC = encoded(KEY.private_bytes_raw()), encoded(KEY.public_key().public_bytes_raw())


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("caller", [PARTNER, OFFICER, Caller("p", "c", "k", "auditor", frozenset())])
def test_a_service_reads_the_caller_that_was_signed(caller: Caller) -> None:
    token = Identity(PRIVATE).token(caller, "registry")
    assert Identities(PUBLIC, "registry").read(token.decode()) == caller


def test_a_token_for_one_service_is_not_believed_by_another() -> None:
    token = Identity(PRIVATE).token(PARTNER, "registry")
    with pytest.raises(Unauthenticated):
        Identities(PUBLIC, "metrics").read(token.decode())


def test_a_token_signed_by_another_key_is_not_believed() -> None:
    stranger = encoded(Ed25519PrivateKey.generate().private_bytes_raw())
    with pytest.raises(Unauthenticated):
        Identities(PUBLIC, "registry").read(Identity(stranger).token(PARTNER, "registry").decode())


def test_a_token_says_who_for_whom_and_how_long_and_nothing_else() -> None:
    clock = Clock()
    token = Identity(PRIVATE, clock).token(PARTNER, "registry")
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "typ": "JWT"}
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "aud": "registry",
        "iat": 1_000_000,
        "exp": 1_000_060,
        "partner_id": "prt_a",
        "client_id": "cli_a",
        "key_id": "key_a",
        "kind": "partner",
        "scope": "registry:filings:read registry:filings:write",
    }


def test_a_token_is_kept_until_it_nears_its_end_and_then_renewed() -> None:
    clock = Clock()
    identity = Identity(PRIVATE, clock)
    first = identity.token(PARTNER, "registry")
    clock.now += LIFETIME - RENEWED_BEFORE - 1
    assert identity.token(PARTNER, "registry") == first
    clock.now += 1
    renewed = identity.token(PARTNER, "registry")
    assert renewed != first
    assert jwt.decode(renewed, options={"verify_signature": False})["exp"] == int(clock.now) + LIFETIME


def test_tokens_are_kept_apart_by_caller_and_by_service() -> None:
    identity = Identity(PRIVATE)
    tokens = {identity.token(caller, name) for caller in (PARTNER, OFFICER) for name in ("registry", "metrics")}
    assert len(tokens) == 4


def test_a_caller_whose_scopes_changed_gets_another_token() -> None:
    identity = Identity(PRIVATE)
    less = Caller(PARTNER.partner_id, PARTNER.client_id, PARTNER.key_id, PARTNER.kind, frozenset())
    assert identity.token(PARTNER, "registry") != identity.token(less, "registry")


@pytest.mark.parametrize("malformed", ["", "short", "not base64 !"])
def test_a_malformed_key_is_refused_at_the_start(malformed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever the sentence: the gateway must not start
        Identity(malformed)
