"""A series: the rule by which a reservation recurs, and how far it has been followed."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.errors import Conflict
from services.chassis.domain.times import Instant
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.recurrence import Recurrence

END = frozenset({"count", "until"})


class Series(BaseModel):
    """The rule of a series.

    Attributes:
        start, end: of the first occurrence as it was asked for, from which the rule counts.
        foreseen: the highest number that was ever judged; what was left out or dropped up to it never comes back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Recurrence
    start: Instant
    end: Instant
    foreseen: int

    @property
    def first(self) -> Interval:
        return Interval(self.start, self.end)

    def followed_by(self, rule: Recurrence, foreseen: int) -> Self:
        """The same series with another end.

        Raises:
            Conflict: `another_rule`, more than its end is different.
        """
        if self.rule.model_dump(exclude=set(END)) != rule.model_dump(exclude=set(END)):
            detail = "Of a series only the end can be another; for another rule make a new one."
            raise Conflict(detail, code="another_rule")
        return self.model_copy(update={"rule": rule, "foreseen": max(self.foreseen, foreseen)})
