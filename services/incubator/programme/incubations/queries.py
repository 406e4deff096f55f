"""The filter of a list of incubations, and how paths name them and their milestones."""

from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter
from services.contracts.incubator.startups.incubations import IncubationId, MilestoneId, Outcome
from services.contracts.incubator.startups.programmes import CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.incubations.status import IncubationStatus

IncubationRef = Annotated[IncubationId, Path(description="The incubation, by its id.")]
MilestoneRef = Annotated[MilestoneId, Path(description="The milestone, by its id.")]


class IncubationFilter(Filter):
    """By programme, cohort and business, and by how far it has come."""

    program_id: ProgramId | None = None
    """In which programme."""
    cohort_id: CohortId | None = None
    """In which cohort."""
    business_id: BusinessId | None = None
    """Which business."""
    status: IncubationStatus | None = None
    """Whether it incubates, and how that ended."""
    outcome: Outcome | None = None
    """What was seen last to have become of it."""
