"""The bodies of requests about partners, clients and keys."""

from typing import Annotated

from pydantic import Field

from gateway.access.partner import AccessStatus, LegalName
from gateway.access.scopes import Kind
from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.contracts.gateway.access import Plan

Scopes = Annotated[list[Annotated[str, Text(at_most=100)]], Field(min_length=1, max_length=50)]
NewStatus = Annotated[AccessStatus, Field(strict=False)]


class AdmitPartner(Part):
    """An organisation that is to be let in."""

    legal_name: LegalName
    """What it is called in the register that it stands in."""
    plan: Plan = "standard"
    """How much it may ask for."""


class ChangePartner(Part):
    """What is to change of a partner; what is left out stays (RFC 7396)."""

    legal_name: Change[LegalName] = None
    """Its new legal name."""
    status: Change[NewStatus] = None
    """Shut it out with all its keys, or let it in again."""


class AdmitClient(Part):
    """A system of a partner that is to get an identity."""

    kind: Kind
    """Whom it acts for: officials for the zone's office, `partner` elsewhere."""
    scopes: Scopes | None = None
    """What it may do; null for all of its kind, those of later versions of the zone included."""


class ChangeClient(Part):
    """What is to change of a client; what is left out stays (RFC 7396)."""

    scopes: Scopes | None = None
    """What it may do; null gives all of its kind."""
    status: Change[NewStatus] = None
    """Shut it out with its keys, or let it in again."""


class IssueKey(Part):
    """The key that is wanted."""

    scopes: Scopes | None = None
    """What it opens; null for all that its client may do."""
    not_before: Instant | None = None
    """From when it is good; null for at once."""
    expires_at: Instant | None = None
    """Until when; null for until it is revoked."""


class RotateKey(Part):
    """How one key takes the place of another."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24
    """For so many hours both keys are good."""
