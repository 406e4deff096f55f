"""For what founders are asked who they are, and for how long that is known: what applicants are told as they apply.

Both are told before (PIPL art. 17), and nothing is known for longer than it is needed for that (art. 19 and 47).
"""

from datetime import date
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict

MONTHS: Final = 6


class FoundersPurpose(StrEnum):
    """For what founders and answers are asked."""

    ADMISSION = "admission"
    """To decide who gets a seat, and to answer for that."""


class Retention(BaseModel):
    """For what founders and answers are asked, and for how long they are known."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    purpose: FoundersPurpose = FoundersPurpose.ADMISSION
    """To decide who gets a seat, and to answer for that; for nothing else."""
    months_after_end: int = MONTHS
    """So many months after an application was rejected or withdrawn, founders, answers and reasons are erased; of one
    that nobody decided, so many after the last day of its cohort."""


def known_through(end: date) -> date:
    """The last day on which founders are known whose application, or whose cohort, ended on a day."""
    return end + relativedelta(months=MONTHS) if end.year < date.max.year else date.max
