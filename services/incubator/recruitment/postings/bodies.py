"""What callers send of postings."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Change, Part
from services.chassis.domain.times import Day
from services.contracts.incubator.jobs import EmploymentType
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.postings.terms import (
    Description,
    Openings,
    OrRemote,
    Salary,
    Skills,
    Title,
    Workplace,
)

Employment = Annotated[EmploymentType, Field(strict=False)]


class DraftPosting(Part):
    """A job for which people are sought."""

    business_id: BusinessId
    """Which business seeks them."""
    title: Title
    """What the job is called."""
    description: Description
    """What it is, in plain text of several lines."""
    employment_type: Employment
    """Full time, part time, or how else somebody would work."""
    openings: Openings = 1
    """How many are sought."""
    location: Workplace | None = None
    """Where it is done; null where it is done remotely."""
    remote: OrRemote = None
    """From where it may be done remotely; null where it is done at a location."""
    salary: Salary | None = None
    """What it pays; null where that is not said."""
    valid_through: Day
    """The last day on which somebody can apply."""
    skills: Skills = Field(default=[])
    """What is asked for."""
    fresh_graduates_welcome: bool = False
    """Whether people who have just graduated are meant too."""


class ChangePosting(Part):
    """What is to change of a posting; what is left out stays (RFC 7396)."""

    title: Change[Title] = None
    """What the job is called."""
    description: Change[Description] = None
    """What it is."""
    employment_type: Change[Employment] = None
    """Full time, part time, or how else somebody would work."""
    openings: Change[Openings] = None
    """How many are sought; never fewer than were hired. More than that opens a filled posting again."""
    salary: Salary | None = None
    """What it pays; null where that is not said."""
    valid_through: Change[Day] = None
    """The last day on which somebody can apply."""
    skills: Change[Skills] = None
    """What is asked for, all of it."""
    fresh_graduates_welcome: Change[bool] = None
    """Whether people who have just graduated are meant too."""
