"""On which terms a business incubates, and with what figures it began."""

from datetime import date

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.money import PositiveOrZero


class Term(BaseModel):
    """For how long a business incubates, as its programme said at the enrolment."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    months: int
    """How many months from the first day on."""
    max_extensions: int
    """How often that can be extended."""
    extension_months: int
    """By how many months each time."""
    extension_notice_days: int
    """How many days before the last day an extension is given at the latest."""

    def last_day(self, starts_on: date, extensions: int) -> date:
        """The last day, included: months are added at once, with the day clamped to the end of the month."""
        return starts_on + relativedelta(months=self.months + extensions * self.extension_months)


class IncubationBaseline(BaseModel):
    """With what figures a business began."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    revenue: PositiveOrZero | None = None
    """Of the last year that has ended."""
    staff: int | None = Field(default=None, ge=0, le=1_000_000)
    """How many people work there."""
    valuation: PositiveOrZero | None = None
    """What it is worth."""
