"""What staff sends of consultants."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.contracts.incubator.appointments import ConsultingTopic
from services.contracts.incubator.sites import SiteId
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.local_time import TimeZoneName
from services.incubator.kernel.opening import Exceptions, Weekly

ConsultantName = Annotated[str, Text(at_most=100)]
Topics = Annotated[list[ConsultingTopic], Field(min_length=1, max_length=30)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A tag of BCP 47."""
Languages = Annotated[list[Language], Field(min_length=1, max_length=20)]
PerWeek = Annotated[int, Field(ge=1, le=50)]


class AddConsultant(Part):
    """Somebody who gives advice."""

    site_id: SiteId
    """The site that the consultant belongs to."""
    name: ConsultantName
    """How the person is called."""
    topics: Topics
    """About what the consultant gives advice."""
    languages: Languages
    """In which languages, as tags of BCP 47."""
    time_zone: TimeZoneName | None = None
    """By whose wall clock the hours are told; null for that of the site."""
    weekly_availability: Weekly
    """The hours in a week."""
    exceptions: Exceptions = Field(default=[])
    """Days with other hours."""
    terms: Terms = Field(default=Terms())
    """How early an appointment is asked for and cancelled, and with how much around it."""
    max_per_week: PerWeek
    """Appointments that one business has with this consultant in a week at most, by the calendar of the zone."""


class ChangeConsultant(Part):
    """What is to change; what is left out stays (RFC 7396). Appointments stay too."""

    name: Change[ConsultantName] = None
    """How the person is called."""
    topics: Change[Topics] = None
    """About what the consultant gives advice, all of it."""
    languages: Change[Languages] = None
    """In which languages, all of them."""
    weekly_availability: Change[Weekly] = None
    """Other hours in a week, all of them."""
    exceptions: Change[Exceptions] = None
    """Other days with hours of their own, all of them."""
    terms: Change[Terms] = None
    """Other terms, all of them."""
    max_per_week: Change[PerWeek] = None
    """Another weekly limit of each business."""
