"""The identity token: who calls, told to a service, short-lived and signed; the only identity that services believe."""

import base64
import time
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.chassis.domain.caller import Caller

LIFETIME = 60
"""Seconds that a token is good for."""
RENEWED_BEFORE = 20
"""Seconds before its end that a token is no longer handed out: longer than clocks differ and calls wait."""
CACHED_TOKENS = 10_000


class Identity:
    """Signs `X-Zone-Identity`: a compact JWS (RFC 7515, EdDSA of RFC 8037) of the caller for one service.

    A signature costs more than passing a request on, so a token is kept until it nears its end.

    Args:
        private_key: raw 32 bytes as base64url, a secret of the gateway alone.
        clock: seconds since the epoch.

    Raises:
        ValueError: not such a key.
    """

    def __init__(self, private_key: str, clock: Callable[[], float] = time.time) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(private_key + "=="))
        self._clock = clock
        self._tokens: dict[tuple[Caller, str], tuple[bytes, float]] = {}

    def token(self, caller: Caller, service: str) -> bytes:
        """A token good for at least `RENEWED_BEFORE` seconds, for the audience `service`."""
        now = self._clock()
        known = self._tokens.get((caller, service))
        if known is not None and now < known[1] - RENEWED_BEFORE:
            return known[0]
        if len(self._tokens) >= CACHED_TOKENS:
            self._tokens.clear()
        token, expires = self._sign(caller, service, int(now)), int(now) + LIFETIME
        self._tokens[caller, service] = (token, expires)
        return token

    def _sign(self, caller: Caller, service: str, now: int) -> bytes:
        claims = {
            "aud": service,
            "iat": now,
            "exp": now + LIFETIME,
            "partner_id": caller.partner_id,
            "client_id": caller.client_id,
            "key_id": caller.key_id,
            "kind": caller.kind,
            "scope": " ".join(sorted(caller.scopes)),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA").encode("ascii")
