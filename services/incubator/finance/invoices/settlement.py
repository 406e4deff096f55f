"""A settlement: a part of what is owed that a payment or a credit note took away."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.times import Day


class Settlement(BaseModel):
    """A part of what is owed that a payment or a credit note took away, from a day on, and until it was undone.

    Attributes:
        by: the payment or the credit note.
        number: which of its allocations.
    """

    model_config = ConfigDict(extra="forbid")

    by: str
    number: int
    amount: int
    on: Day
    undone_on: Day | None = None

    def counts_on(self, day: date) -> bool:
        return self.on <= day and (self.undone_on is None or day < self.undone_on)
