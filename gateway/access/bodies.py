"""The bodies of requests about partners, clients and keys."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gateway.access.partner import LegalName
from gateway.access.scopes import Kind
from gateway.access.standing import AccessStatus
from services.chassis.domain.refusals import Refuses
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.contracts.gateway.access import Plan


def _given(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null_not_allowed", "leave the member out to keep what it says")
    return value


NotNull = BeforeValidator(_given)
Scopes = Annotated[list[Annotated[str, Text(at_most=100)]], Field(min_length=1, max_length=50)]
NewStatus = Annotated[AccessStatus, Field(strict=False)]


class Body(BaseModel):
    """A body takes what it names, in the type that it names, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class AdmitPartner(Body):
    """An organisation that is to be let in."""

    legal_name: LegalName
    """Its legal name."""
    plan: Plan = "standard"
    """How much it may ask for."""


class ChangePartner(Body):
    """What is to change of a partner; what is left out stays (RFC 7396)."""

    legal_name: Annotated[LegalName | None, NotNull, Refuses("null_not_allowed")] = None
    """Its new legal name."""
    status: Annotated[NewStatus | None, NotNull, Refuses("null_not_allowed")] = None
    """Shut it out with all its keys, or let it in again."""


class AdmitClient(Body):
    """A system of a partner that is to get an identity."""

    kind: Kind
    """Whom it acts for: officials for the zone's office, `partner` elsewhere."""
    scopes: Scopes | None = None
    """What it may do; null for all of its kind, those of later versions of the zone included."""


class ChangeClient(Body):
    """What is to change of a client; what is left out stays (RFC 7396)."""

    scopes: Scopes | None = None
    """What it may do; null gives all of its kind."""
    status: Annotated[NewStatus | None, NotNull, Refuses("null_not_allowed")] = None
    """Shut it out with its keys, or let it in again."""


class IssueKey(Body):
    """The key that is wanted."""

    scopes: Scopes | None = None
    """What it opens; null for all that its client may do."""
    not_before: Instant | None = None
    """From when it is good; null for at once."""
    expires_at: Instant | None = None
    """Until when; null for until it is revoked."""


class RotateKey(Body):
    """How one key takes the place of another."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24
    """For so many hours both keys are good."""
