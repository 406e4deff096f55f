"""What callers see of partners, clients and keys, never a seal; and what they are told of themselves."""

from datetime import datetime
from typing import ClassVar, Self

from gateway import limits
from gateway.access.client import Client
from gateway.access.key import Key, KeyStatus
from gateway.access.partner import AccessStatus, Partner
from gateway.access.scopes import Kind, Scope
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import Instant
from services.chassis.http.paging import MOST_ON_A_PAGE
from services.chassis.http.view import Shown, Tagged, View
from services.contracts.gateway.access import ClientId, KeyId, PartnerId, Plan
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import MOST_DRAFTS


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


class CallerLimits(Shown):
    """How much a client may ask for at once; each process of the gateway counts by itself."""

    requests_at_once: int
    """Requests that may be under way at one service; one more waits a second, and is then 429 `too_many_in_flight`."""
    own_requests_at_once: int
    """Requests that may be under way at routes that the gateway answers itself, such as this one."""
    uploads_at_once: int
    """Bodies over `body_bytes` that may be under way at one service, where an operation takes them."""
    body_bytes: int
    """Bytes of a body; an operation that takes another number says so in its `x-body-limit`."""
    bodies_bytes: int
    """Bytes of bodies that may be under way together."""
    rows_a_page: int
    """The largest `limit` of a list."""
    drafts: int | None
    """Filings of the partner that may be begun and not handed in; null for who works for the zone, whom none holds."""

    @classmethod
    def of(cls, caller: Caller, body_limit: int) -> Self:
        """What is enforced of this caller."""
        return cls(
            requests_at_once=limits.of_requests().a_client,
            own_requests_at_once=limits.OWN_AT_ONCE,
            uploads_at_once=limits.of_uploads().a_client,
            body_bytes=body_limit,
            bodies_bytes=limits.BODIES_A_CLIENT,
            rows_a_page=MOST_ON_A_PAGE,
            drafts=MOST_DRAFTS if caller.kind == "partner" else None,
        )


class Me(Tagged):
    """Who calls, and what they may do."""

    partner_id: PartnerId
    """The partner whose system calls; the zone's own office has the officials."""
    legal_name: str
    """As that partner is registered where it comes from."""
    plan: Plan
    """How much it may ask for, by name."""
    client_id: ClientId
    """The client that calls."""
    kind: Kind
    """Whom it acts for."""
    key_id: KeyId
    """The key that it calls with."""
    expires_at: Instant | None
    """The first moment at which that key is good no more; null where it has no end."""
    scopes: list[Scope]
    """What this key opens today: never more than its client may do."""
    businesses: list[BusinessId] | None
    """The businesses that it may act for; null where it is not limited to some: a partner's client acts for all of its
    partner's, an official by kind and scopes."""
    limits: CallerLimits
    """How much it may ask for at once."""

    @classmethod
    def of(cls, partner: Partner, client: Client, key: Key, may: CallerLimits) -> Self:
        """A key, with whom it stands for."""
        return cls(
            partner_id=partner.id,
            legal_name=partner.legal_name,
            plan=partner.plan,
            client_id=client.id,
            kind=client.kind,
            key_id=key.id,
            expires_at=key.expires_at,
            scopes=sorted(key.scopes_of(client)),
            businesses=None,
            limits=may,
        )
