"""The filter of a list of consultants, and how paths and bodies name one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from fastapi import Path

from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.appointments import ConsultantId, ConsultingTopic
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.resource import Resource
from services.incubator.consulting.consultants.bodies import Language
from services.incubator.consulting.consultants.consultant import Consultant, ConsultantStatus

ConsultantRef = Annotated[ConsultantId, Path(description="The consultant, by its id.")]


class ConsultantFilter(Filter):
    """By where they are, what they know, and whether they take appointments."""

    stored_as: ClassVar[Mapping[str, str]] = {"topic": "topics", "language": "languages"}

    site_id: SiteId | None = None
    """The site that a consultant belongs to."""
    topic: ConsultingTopic | None = None
    """About what a consultant gives advice."""
    language: Language | None = None
    """In which language."""
    status: ConsultantStatus | None = None
    """Whether a consultant takes new appointments."""


async def calendar_of(consultant: Consultant, tx: Tx) -> Resource:
    """The calendar of a consultant."""
    return await tx.get(Resource, consultant.resource_id)


async def calendars_of(consultants: Sequence[Consultant], tx: Tx) -> list[Resource]:
    """The calendar of each, in their order."""
    await tx.load(Resource, [each.resource_id for each in consultants])
    return [await calendar_of(each, tx) for each in consultants]


async def consultant_named(consultant_id: str, tx: Tx) -> Consultant:
    """The consultant that a member `consultant_id` of a body names. Raises Unprocessable: `consultant_unknown`."""
    consultant = await tx.find(Consultant, consultant_id)
    if consultant is None:
        raise refusal(Violation("consultant_unknown", "There is no such consultant.", ("consultant_id",)))
    return consultant
