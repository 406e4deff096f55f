"""What callers see of partners, clients and keys: never a seal."""

from datetime import datetime
from typing import ClassVar, Self

from gateway.client import Client
from gateway.key import Key, KeyStatus
from gateway.partner import Partner, Plan
from gateway.scopes import Kind
from gateway.standing import Status
from services.chassis.route import View
from services.chassis.times import Instant
from services.contracts.gateway import ClientId, KeyId
from services.contracts.registry import PartnerId


class PartnerView(View):
    """An organisation whose systems call the zone."""

    at: ClassVar[str] = "/v1/partners"

    legal_name: str
    plan: Plan
    status: Status
    office: bool

    @classmethod
    def of(cls, partner: Partner) -> Self:
        return cls(
            id=partner.id,
            version=partner.version,
            last_event_id=partner.last_event_id,
            legal_name=partner.legal_name,
            plan=partner.plan,
            status=partner.status,
            office=partner.office,
        )


class ClientView(View):
    """One system of a partner; `scopes` is what it may do today."""

    at: ClassVar[str] = "/v1/clients"

    partner_id: PartnerId
    kind: Kind
    scopes: list[str]
    status: Status

    @classmethod
    def of(cls, client: Client) -> Self:
        return cls(
            id=client.id,
            version=client.version,
            last_event_id=client.last_event_id,
            partner_id=client.partner_id,
            kind=client.kind,
            scopes=sorted(client.scopes),
            status=client.status,
        )


class KeyView(View):
    """A key, without its secret."""

    at: ClassVar[str] = "/v1/keys"

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
        return cls(
            id=key.id,
            version=key.version,
            last_event_id=key.last_event_id,
            client_id=key.client_id,
            last4=key.last4,
            scopes=sorted(key.scopes_of(client)),
            status=key.status(at),
            not_before=key.not_before,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            replaced_by=key.replaced_by,
            **more,
        )


class NewKeyView(KeyView):
    """A key at its birth. `key` is shown this once; a repeat under the same Idempotency-Key shows null in its place."""

    shown_once: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str | None
