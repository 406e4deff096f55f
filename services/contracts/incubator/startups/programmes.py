"""What the incubator tells of programmes: cohorts to everyone, applications to whose they are, scores to the zone."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Instant
from services.contracts.registry.businesses import BusinessId, BusinessKind

APPLICATIONS = Topic("zone.incubator.applications")
"""Programmes with their cohorts, who applies for them, and who incubates."""

ProgramId = Annotated[str, id_of("prg")]
CohortId = Annotated[str, id_of("coh")]
ApplicationId = Annotated[str, id_of("app")]


class AdmissionStatus(StrEnum):
    """How far an application for a cohort has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCREENING = "screening"
    INTERVIEW = "interview"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    ENROLLED = "enrolled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ProgramOpened(Event, name="zone.incubator.program.opened.v1", topic=APPLICATIONS, audience="public"):
    """A programme may have cohorts from now on."""

    program_id: ProgramId
    name: str


class ProgramClosed(Event, name="zone.incubator.program.closed.v1", topic=APPLICATIONS, audience="public"):
    """A programme has no new cohorts any more; those that run go on."""

    program_id: ProgramId


class CohortEvent(Event):
    """What every event of a cohort says."""

    program_id: ProgramId
    cohort_id: CohortId


class CohortOpened(CohortEvent, name="zone.incubator.cohort.opened.v1", topic=APPLICATIONS, audience="public"):
    """Applications for a cohort are taken, in `[opens_at, closes_at)`; its form and rules are frozen."""

    name: str
    opens_at: Instant
    closes_at: Instant
    seats: int
    form_version: int


class CohortCorrected(CohortEvent, name="zone.incubator.cohort.corrected.v1", topic=APPLICATIONS, audience="public"):
    """The form or the rules of an open cohort were corrected: drafts must take the new version up."""

    form_version: int


class CohortClosed(CohortEvent, name="zone.incubator.cohort.closed.v1", topic=APPLICATIONS, audience="public"):
    """The time for applications is over; they are reviewed."""


class CohortStarted(CohortEvent, name="zone.incubator.cohort.started.v1", topic=APPLICATIONS, audience="public"):
    """The first day of a cohort has come."""


class CohortFinished(CohortEvent, name="zone.incubator.cohort.finished.v1", topic=APPLICATIONS, audience="public"):
    """The last day of a cohort is over."""


class CohortCancelled(CohortEvent, name="zone.incubator.cohort.cancelled.v1", topic=APPLICATIONS, audience="public"):
    """A cohort does not take place; who applied is withdrawn."""


class ApplicationEvent(Event):
    """What every event of an application says; the business is null where a team applies that has none yet."""

    application_id: ApplicationId
    program_id: ProgramId
    cohort_id: CohortId
    business_id: BusinessId | None
    business_kind: Growing[BusinessKind] | None
    sector: str | None


class ApplicationSubmitted(
    ApplicationEvent, name="zone.incubator.application.submitted.v1", topic=APPLICATIONS, audience="owner"
):
    """Somebody applied."""

    form_version: int


class ApplicationReopened(
    ApplicationEvent, name="zone.incubator.application.reopened.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied changes the application, while applications are taken."""


class ApplicationScreened(
    ApplicationEvent, name="zone.incubator.application.screened.v1", topic=APPLICATIONS, audience="owner"
):
    """An application is looked at."""


class ApplicationInvited(
    ApplicationEvent, name="zone.incubator.application.invited.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied is invited to an interview."""


class ApplicationScored(
    ApplicationEvent, name="zone.incubator.application.scored.v1", topic=APPLICATIONS, audience="zone"
):
    """A reviewer gave points."""

    reviews: int
    """How many reviews are complete."""
    complete: bool
    """Whether these are as many as are needed."""


class ApplicationAccepted(
    ApplicationEvent, name="zone.incubator.application.accepted.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied gets a seat."""

    from_waiting_list: bool


class ApplicationRejected(
    ApplicationEvent, name="zone.incubator.application.rejected.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied gets no seat."""


class ApplicationWaitlisted(
    ApplicationEvent, name="zone.incubator.application.waitlisted.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied gets a seat if one is free."""


class ApplicationWithdrawn(
    ApplicationEvent, name="zone.incubator.application.withdrawn.v1", topic=APPLICATIONS, audience="owner"
):
    """Who applied does not want it any more, is erased, or the cohort does not take place."""

    had_seat: bool


class ApplicationErased(
    ApplicationEvent, name="zone.incubator.application.erased.v1", topic=APPLICATIONS, audience="owner"
):
    """What was known of founders is gone; whoever has a copy of it erases that too."""
