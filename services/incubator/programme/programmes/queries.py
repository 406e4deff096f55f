"""The filters of lists of programmes and cohorts, and how paths and bodies name them."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.errors import NotFound
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.programmes import CohortId, ProgramId
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.status import CohortStatus, ProgramStatus

ProgramRef = Annotated[ProgramId, Path(description="The programme, by its id.")]
CohortRef = Annotated[CohortId, Path(description="The cohort, by its id.")]


class ProgramFilter(Filter):
    """By whether it has cohorts."""

    status: ProgramStatus | None = None
    """Whether it has cohorts."""


class CohortFilter(Filter):
    """By programme, and by whether applications are taken."""

    program_id: ProgramId | None = None
    """Of which programme."""
    status: CohortStatus | None = None
    """Whether it takes applications, judges them, or runs."""


async def cohort_named(cohort_id: str, tx: Tx) -> Cohort:
    """The cohort that a member `cohort_id` of a body names.

    Raises:
        Unprocessable: `cohort_unknown`.
    """
    try:
        return await tx.visible(Cohort, cohort_id)
    except NotFound:
        raise refusal(Violation("cohort_unknown", "There is no such cohort.", ("cohort_id",))) from None
