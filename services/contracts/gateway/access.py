"""What the gateway tells everyone: who may call the zone."""

from typing import Annotated, Literal

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of

PARTNERS = Topic("zone.gateway.partners")
"""Partners, their clients and keys; never a secret."""

PartnerId = Annotated[str, id_of("par")]
ClientId = Annotated[str, id_of("cli")]
KeyId = Annotated[str, id_of("key")]

Plan = Literal["standard"]
"""What a partner is entitled to. There is one plan so far."""
Standing = Literal["active", "suspended"]
"""Whether a partner or a client may call the zone at the moment."""
ClientKind = Literal["partner", "officer", "supervisor", "auditor", "operator"]
"""Whom a client acts for: a partner's businesses, the register, its supervision, its audit, or the zone's operation."""

OperatorKeyReason = Literal["asked", "file_gone"]
"""Why the operator's key was made anew: somebody on the zone's machine asked, or a start found none there."""


class PartnerAdmitted(Event, name="zone.gateway.partner.admitted.v1", topic=PARTNERS):
    """A partner may call the zone."""

    partner_id: PartnerId
    plan: Growing[Plan]


class PartnerStatusChanged(Event, name="zone.gateway.partner.status_changed.v1", topic=PARTNERS):
    """A partner was suspended, or let in again."""

    partner_id: PartnerId
    status: Growing[Standing]


class ClientAdmitted(Event, name="zone.gateway.client.admitted.v1", topic=PARTNERS):
    """A partner's system got an identity of its own, of one kind."""

    partner_id: PartnerId
    client_id: ClientId
    kind: Growing[ClientKind]
    scopes: list[str]


class ClientStatusChanged(Event, name="zone.gateway.client.status_changed.v1", topic=PARTNERS):
    """A client was suspended, or let in again."""

    partner_id: PartnerId
    client_id: ClientId
    status: Growing[Standing]


class ClientScopesChanged(Event, name="zone.gateway.client.scopes_changed.v1", topic=PARTNERS):
    """A client may do more, or less, than before; what its keys may do follows."""

    partner_id: PartnerId
    client_id: ClientId
    scopes: list[str]


class KeyIssued(Event, name="zone.gateway.key.issued.v1", topic=PARTNERS):
    """A client got a key."""

    client_id: ClientId
    key_id: KeyId
    scopes: list[str]
    replaces: KeyId | None = None


class KeyRevoked(Event, name="zone.gateway.key.revoked.v1", topic=PARTNERS):
    """A key is no longer good."""

    client_id: ClientId
    key_id: KeyId


class OperatorKeyRenewed(Event, name="zone.gateway.operator_key.renewed.v1", topic=PARTNERS):
    """The operator's key was made anew by the zone's own machine: past the API, so that no key says who asked."""

    client_id: ClientId
    key_id: KeyId
    """The new one; all others of that client were revoked with it."""
    reason: Growing[OperatorKeyReason]
