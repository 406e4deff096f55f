"""What callers see of partners, clients and keys: never a seal."""

from datetime import datetime
from typing import ClassVar, Self

from gateway.access.client import Client
from gateway.access.key import Key, KeyStatus
from gateway.access.partner import Partner
from gateway.access.scopes import Kind, Scope
from gateway.access.standing import AccessStatus
from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.gateway.access import ClientId, KeyId, PartnerId, Plan


class PartnerView(View):
    """An organisation whose systems call the zone."""

    at: ClassVar[str] = "/v1/partners"

    legal_name: str
    """What it is called in the register that it stands in."""
    plan: Plan
    """How much it may ask for."""
    status: AccessStatus
    """Let in, or shut out with all its keys."""
    office: bool
    """Whether it is the zone's own office, whose clients are the officials."""

    @classmethod
    def of(cls, partner: Partner) -> Self:
        return cls.showing(partner)


class ClientView(View):
    """One system of a partner."""

    at: ClassVar[str] = "/v1/clients"

    partner_id: PartnerId
    """The partner whose system it is."""
    kind: Kind
    """Whom it acts for."""
    scopes: list[Scope]
    """What it may do today."""
    status: AccessStatus
    """Let in, or shut out with its keys."""

    @classmethod
    def of(cls, client: Client) -> Self:
        return cls.showing(client, scopes=sorted(client.scopes))


class KeyView(View):
    """A key, without its secret."""

    at: ClassVar[str] = "/v1/keys"

    client_id: ClientId
    """The client that it is a key of."""
    last4: str
    """The last four characters of the key, by which people tell it from others."""
    scopes: list[Scope]
    """What it opens today."""
    status: KeyStatus
    """Whether it is good now."""
    not_before: Instant
    """From when it is good."""
    expires_at: Instant | None
    """The first moment at which it is good no more; null where it has no end."""
    revoked_at: Instant | None
    """When it was revoked; null where it was not."""
    replaced_by: KeyId | None
    """The key that was made in its place."""

    @classmethod
    def of(cls, key: Key, client: Client, at: datetime, /, **more: str) -> Self:
        """How a key stands at a moment."""
        return cls.showing(key, scopes=sorted(key.scopes_of(client)), status=key.status(at), **more)


class IssuedKeyView(KeyView):
    """A key at its birth, with its secret."""

    shown_once: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str | None
    """The key itself, shown this once: whoever has it is the client. Null where a request is
    repeated under its Idempotency-Key, more than ten minutes after the first time."""
