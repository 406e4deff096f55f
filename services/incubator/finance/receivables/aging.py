"""Aged receivables: what each business owed at the end of a day, by how long past due it was."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.payments.credit import Credit

BUCKETS: Final = (("not_due", 0), ("days_1_30", 30), ("days_31_60", 60), ("days_61_90", 90))
"""Buckets with the last day past due that is in them; what is older is in `OLDEST`."""
OLDEST: Final = "days_over_90"
UNALLOCATED: Final = "unallocated"


class Owed(NamedTuple):
    """What a business owed, in minor units, by bucket; less than 0 is what it had paid and was on no invoice yet."""

    business_id: str
    amounts: dict[str, int]

    @property
    def total(self) -> int:
        """The sum of all buckets."""
        return sum(self.amounts.values())


def bucket_of(due_on: date, day: date) -> str:
    """In which bucket what was due on a day is, at the end of another."""
    past_due = (day - due_on).days
    return next((name for name, last in BUCKETS if past_due <= last), OLDEST)


def aged(invoices: Iterable[Invoice], credits: Iterable[Credit], day: date) -> list[Owed]:
    """What businesses owed at the end of a day, by business.

    Args:
        invoices: issued by then, and not void by then.
        credits: payments and credit notes that counted by then.
    """
    found: dict[str, dict[str, int]] = {}
    empty = [*(name for name, _ in BUCKETS), OLDEST, UNALLOCATED]

    def add(business_id: str, bucket: str, amount: int) -> None:
        if amount:
            found.setdefault(business_id, dict.fromkeys(empty, 0))[bucket] += amount

    for invoice in invoices:
        if invoice.due_on is not None:
            add(invoice.business_id, bucket_of(invoice.due_on, day), invoice.outstanding_on(day))
    for credit in credits:
        add(credit.business_id, UNALLOCATED, -credit.unallocated_on(day))
    return [Owed(business_id, found[business_id]) for business_id in sorted(found)]
