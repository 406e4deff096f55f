"""What the incubator tells of who incubates, to whose it is: from the enrolment to what became of a business."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.incubator.startups.programmes import APPLICATIONS, ApplicationId, CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId, BusinessKind

IncubationId = Annotated[str, id_of("inc")]
MilestoneId = Annotated[str, id_of("mil")]


class Outcome(StrEnum):
    """What became of a business that has graduated."""

    OPERATING = "operating"
    ACQUIRED = "acquired"
    IPO = "ipo"
    CLOSED = "closed"


class IncubationEvent(Event):
    """What every event of an incubation says."""

    incubation_id: IncubationId
    program_id: ProgramId
    cohort_id: CohortId
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str


class IncubationStarted(
    IncubationEvent, name="zone.incubator.incubation.started.v1", topic=APPLICATIONS, audience="owner"
):
    """A business incubates, from its first day to its last."""

    application_id: ApplicationId
    starts_on: Day
    ends_on: Day


class IncubationExtended(
    IncubationEvent, name="zone.incubator.incubation.extended.v1", topic=APPLICATIONS, audience="owner"
):
    """A business incubates longer."""

    ends_on: Day
    extensions: int


class IncubationGraduated(
    IncubationEvent, name="zone.incubator.incubation.graduated.v1", topic=APPLICATIONS, audience="owner"
):
    """A business has reached what it was to reach."""

    graduated_on: Day


class IncubationWithdrawn(
    IncubationEvent, name="zone.incubator.incubation.withdrawn.v1", topic=APPLICATIONS, audience="owner"
):
    """A business leaves before it has graduated."""

    ended_on: Day


class IncubationTerminated(
    IncubationEvent, name="zone.incubator.incubation.terminated.v1", topic=APPLICATIONS, audience="owner"
):
    """The zone ends an incubation before graduation, or its business is no more."""

    ended_on: Day


class MilestoneEvent(IncubationEvent):
    """What every event of a milestone says."""

    milestone_id: MilestoneId
    mandatory: bool
    due_on: Day


class MilestoneAdded(MilestoneEvent, name="zone.incubator.milestone.added.v1", topic=APPLICATIONS, audience="owner"):
    """A business is to reach one thing more."""


class MilestoneMet(MilestoneEvent, name="zone.incubator.milestone.met.v1", topic=APPLICATIONS, audience="owner"):
    """A business has reached a milestone, in time or late."""

    met_on: Day


class MilestoneMissed(MilestoneEvent, name="zone.incubator.milestone.missed.v1", topic=APPLICATIONS, audience="owner"):
    """The due day of a milestone is over, and it is not reached."""


class OutcomeReported(IncubationEvent, name="zone.incubator.outcome.reported.v1", topic=APPLICATIONS, audience="owner"):
    """What was seen, on a day, to have become of a business that has graduated; the last one holds."""

    outcome: Growing[Outcome]
    observed_on: Day
    graduated_on: Day


class IncubationErased(
    IncubationEvent, name="zone.incubator.incubation.erased.v1", topic=APPLICATIONS, audience="owner"
):
    """What people wrote of an incubation is gone; whoever has a copy of it erases that too."""
