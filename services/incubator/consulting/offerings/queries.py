"""The filter of a list of offerings, and how paths, bodies and parameters name one."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Path

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.appointments import ConsultingTopic, OfferingId
from services.incubator.consulting.offerings.offering import Offering, OfferingStatus

OfferingRef = Annotated[OfferingId, Path(description="The offering, by its id.")]
OFFERED = ("offering_unknown", "offering_withdrawn")
"""With what `offering_named` refuses."""


class OfferingFilter(Filter):
    """By what they are about, and whether they can be asked for."""

    stored_as: ClassVar[Mapping[str, str]] = {"topic": "topics"}

    topic: ConsultingTopic | None = None
    """What it can be about."""
    status: OfferingStatus | None = None
    """Whether it can be asked for."""


async def offering_named(offering_id: str, tx: Tx) -> Offering:
    """The offering that a member `offering_id` of a body names, if it can be asked for.

    Raises:
        Unprocessable: `offering_unknown`.
        Conflict: `offering_withdrawn`.
    """
    offering = await tx.find(Offering, offering_id)
    if offering is None:
        raise refusal(Violation("offering_unknown", "There is no such offering.", ("offering_id",)))
    if offering.status is OfferingStatus.WITHDRAWN:
        raise Conflict("This consultation is not offered any more.", code="offering_withdrawn")
    return offering
