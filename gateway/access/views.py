"""What callers see of partners, clients and keys: never a seal."""

from datetime import datetime
from typing import ClassVar, Self

from gateway.access.client import Client
from gateway.access.key import Key, KeyStatus
from gateway.access.partner import Partner
from gateway.access.scopes import Kind
from gateway.access.standing import Status
from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.gateway.access import ClientId, KeyId, PartnerId, Plan


class PartnerView(View):
    """An organisation whose systems call the zone."""

    at: ClassVar[str] = "/v1/partners"

    legal_name: str
    plan: Plan
    status: Status
    office: bool

    @classmethod
    def of(cls, partner: Partner) -> Self:
        return cls.showing(partner)


class ClientView(View):
    """One system of a partner; `scopes` is what it may do today."""

    at: ClassVar[str] = "/v1/clients"
    more_than_its_version: ClassVar[bool] = True  # a release may add to the scopes of its kind

    partner_id: PartnerId
    kind: Kind
    scopes: list[str]
    status: Status

    @classmethod
    def of(cls, client: Client) -> Self:
        return cls.showing(client, scopes=sorted(client.scopes))


class KeyView(View):
    """A key, without its secret."""

    at: ClassVar[str] = "/v1/keys"
    more_than_its_version: ClassVar[bool] = True  # `status` follows from the time, `scopes` from its client too

    client_id: ClientId
    last4: str
    scopes: list[str]
    status: KeyStatus
    not_before: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    replaced_by: KeyId | None

    @classmethod
    def of(cls, key: Key, client: Client, at: datetime, /, **more: str) -> Self:
        """How a key stands at a moment."""
        return cls.showing(key, scopes=sorted(key.scopes_of(client)), status=key.status(at), **more)


class NewKeyView(KeyView):
    """A key at its birth. `key` is shown this once; a repeat under the same Idempotency-Key shows null in its place."""

    shown_once: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str | None
