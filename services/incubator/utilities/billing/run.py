"""A billing run: the bills of a month, made or made anew, and what stood in the way of some."""

from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.part import Part
from services.contracts.incubator.meters import ServicePointId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.period import PeriodText

MOST_NOTES = 1_000
"""Of each kind; a run that has more than that has been told enough."""


class Note(Part):
    """Why something was not billed, or what somebody should look at."""

    code: str
    """What it is: stable, for programs."""
    detail: str
    """The same in a sentence."""
    site_id: SiteId
    """The site whose bills it is about."""
    utility: Utility = Field(strict=False)
    """Water or electricity."""
    service_point_id: ServicePointId | None = None
    """The service point; null where it is all of the site."""


class BillingRun(Aggregate):
    """A billing run of one month. Running it again bills what could not be billed, and makes drafts anew.

    Attributes:
        job_id: the job that does it, site by site.
        sites: how many of its sites, water and electricity counted apart, are done.
        bills: how many bills it made, or made anew with another result.
        problems: what was not billed; the others were.
        warnings: what was billed, and should be looked at.
    """

    collection: ClassVar[str] = "billing_runs"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("period", 1), ("_id", 1)),)
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["period", "job_id", "sites", "bills", "problems", "warnings"],
            "properties": {
                "sites": {"bsonType": ["int", "long"], "minimum": 0},
                "bills": {"bsonType": ["int", "long"], "minimum": 0},
            },
        }
    }

    period: PeriodText
    job_id: str
    sites: int = 0
    bills: int = 0
    problems: list[Note] = Field(default=[])
    warnings: list[Note] = Field(default=[])

    @classmethod
    def order(cls, period: str, *, job_id: str) -> Self:
        """A run that a job will do."""
        return cls(id=new_id("brn"), period=period, job_id=job_id)

    def note(self, *, bills: int, problems: list[Note], warnings: list[Note]) -> None:
        """One more site is done."""
        self.sites += 1
        self.bills += bills
        self.problems = [*self.problems, *problems][:MOST_NOTES]
        self.warnings = [*self.warnings, *warnings][:MOST_NOTES]
