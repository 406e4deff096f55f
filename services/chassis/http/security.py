"""An identity that the gateway signed, turned into a `Caller`, and the dependency that a route's signature names."""

import base64
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from services.chassis.domain.caller import ANONYMOUS, Caller, Kind
from services.chassis.domain.errors import Forbidden, Unauthenticated
from services.chassis.process import Process

IDENTITY_HEADER = "x-zone-identity"
CACHED_IDENTITIES = 10_000
CALLER = "zone.caller"
"""In the scope of a request: whom its identity spoke for when it was asked first."""


class Identities:
    """Reads identity tokens: compact JWS, Ed25519, `aud` = this service, signed by the gateway alone.

    Args:
        public_key: the gateway's, raw 32 bytes as base64url.
        audience: this service's name.
    """

    def __init__(self, public_key: str, audience: str) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(public_key + "=="))
        self._audience = audience
        self._seen: dict[str, tuple[Caller, float]] = {}

    def read(self, token: str | None) -> Caller:
        """The caller that a token speaks for.

        Raises:
            Unauthenticated: no token, or one that is expired, meant for another service, or not signed by the gateway.
        """
        if not token:
            raise Unauthenticated("This service is reached through the gateway only.")
        caller, expires = self._seen.get(token, (None, 0.0))
        if caller is not None and time.time() < expires:
            return caller
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=["EdDSA"],
                audience=self._audience,
                # Of a gateway whose clock is a little ahead `iat` is to come: it says when, not from when (RFC 7519).
                options={"require": ["exp", "aud", "iat"], "verify_iat": False},
            )
            caller = Caller(
                partner_id=claims["partner_id"],
                client_id=claims["client_id"],
                key_id=claims["key_id"],
                kind=claims["kind"],
                scopes=frozenset(claims["scope"].split()),
            )
        except (jwt.InvalidTokenError, KeyError, AttributeError):
            raise Unauthenticated("The identity of the caller cannot be verified.") from None
        if len(self._seen) >= CACHED_IDENTITIES:
            self._seen.clear()
        self._seen[token] = (caller, float(claims["exp"]))
        return caller


class CallerOf(SecurityBase):
    """A dependency that lets in callers with the route's scopes and, where given, of these kinds.

    `Officer = Annotated[Caller, Security(CallerOf("officer", "supervisor"), scopes=["registry:review"])]`
    The scopes stand in the OpenAPI document, from which the gateway reads them.
    """

    def __init__(self, *kinds: Kind) -> None:
        self.model = BearerScheme(description="An API key: `Authorization: Bearer zk_live_…`")
        self.scheme_name = "zone"
        self._kinds = kinds

    async def __call__(self, request: Request, needed: SecurityScopes) -> Caller:
        caller = caller_of(request)
        if missing := set(needed.scopes) - caller.scopes:
            raise Forbidden(
                f"This needs the scope {', '.join(sorted(missing))}.", code="insufficient_scope", scopes=sorted(missing)
            )
        if self._kinds and caller.kind not in self._kinds:
            raise Forbidden(f"Only {' or '.join(self._kinds)} may do this.", code="wrong_kind_of_caller")
        return caller


async def let_in(request: Request, dependant: Dependant) -> None:
    """Ask all the `CallerOf` of an endpoint now: before a large body of somebody who may not send it is taken in.

    Raises:
        Unauthenticated, Forbidden: see `CallerOf`.
    """
    for inner in dependant.dependencies:
        if isinstance(inner.call, CallerOf):
            scopes = [*(inner.parent_oauth_scopes or ()), *(inner.own_oauth_scopes or ())]
            await inner.call(request, SecurityScopes(scopes))
        await let_in(request, inner)


def caller_of(request: Request) -> Caller:
    """The caller of a request, who stays so to its end: a large body may take longer than an identity is good for.

    Raises:
        Unauthenticated: see `Identities.read`.
    """
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None:
        caller = request.scope[CALLER] = Process.of(request).identify(request.headers.get(IDENTITY_HEADER))
    return caller


def identified(request: Request) -> Caller:
    """Who calls; `ANONYMOUS` where the gateway vouched for nobody, which only routes without a scope accept."""
    return caller_of(request) if IDENTITY_HEADER in request.headers else ANONYMOUS
