"""What callers are told of themselves: who they are, what they may do, and how much of it at once."""

from typing import Self

from gateway import limits
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.access.scopes import Kind, Scope
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import Instant
from services.chassis.http.paging import MOST_ON_A_PAGE
from services.chassis.http.view import Shown, Tagged
from services.chassis.store.unit_of_work import Tx
from services.contracts.gateway.access import ClientId, KeyId, PartnerId, Plan
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import MOST_DRAFTS


class CallerLimits(Shown):
    """How much a client may ask for at once; each process of the gateway counts by itself."""

    requests_at_once: int
    """Requests that may be under way at one service; one more waits a second, and is then 429 `too_many_in_flight`."""
    own_requests_at_once: int
    """The same of the routes that the gateway answers itself, such as this one."""
    uploads_at_once: int
    """The same of bodies that are larger than `body_bytes`, where an operation takes them."""
    body_bytes: int
    """Bytes of a body; an operation that takes another number says so in its `x-body-limit`."""
    bodies_bytes: int
    """Bytes of bodies that may be under way together."""
    rows_a_page: int
    """The largest `limit` of a list."""
    drafts: int | None
    """Filings of the partner that may be begun and not handed in yet; null for officials, who have no such limit."""

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
            drafts=None if caller.is_official else MOST_DRAFTS,
        )


class Me(Tagged):
    """Who calls, and what they may do."""

    partner_id: PartnerId
    """The partner whose system calls; the zone's own office has the officials."""
    legal_name: str
    """Its legal name."""
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
    async def read(cls, caller: Caller, tx: Tx, *, body_limit: int) -> Self:
        """The caller of a request, by the key that it showed.

        Args:
            body_limit: bytes of a body, as this gateway was told.
        """
        key, client = await tx.get(Key, caller.key_id), await tx.get(Client, caller.client_id)
        partner = await tx.get(Partner, caller.partner_id)
        return cls.of(partner, client, key, CallerLimits.of(caller, body_limit))

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
