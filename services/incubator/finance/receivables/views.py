"""What callers see of aged receivables."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.answers.csv_table import Cell
from services.chassis.http.answers.table import Table
from services.chassis.http.view import Shown, Tagged
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.receivables.aging import Owed
from services.incubator.finance.statements.views import major


class AgedAmounts(Shown):
    """What was owed, in minor units, by how many days it was past due."""

    not_due: int
    """Not due yet, or due on that very day."""
    days_1_30: int
    """1 to 30 days past due."""
    days_31_60: int
    """31 to 60 days past due."""
    days_61_90: int
    """61 to 90 days past due."""
    days_over_90: int
    """More than 90 days past due."""
    unallocated: int
    """What was paid or credited and was on no invoice; it is not more than 0."""
    total: int
    """All of these together."""


class AgedReceivable(AgedAmounts):
    """What one business owed."""

    business_id: BusinessId
    """The business that owes it."""
    name: str
    """The legal name of the business."""


class AgedReceivablesView(Tagged):
    """What businesses owed the zone at the end of a day, by how long it was past due."""

    as_of: Day
    """At the end of this day."""
    currency: CurrencyCode
    """Of all amounts (ISO 4217)."""
    rows: list[AgedReceivable]
    """By business; who owed nothing and was owed nothing is left out."""
    totals: AgedAmounts
    """All rows together."""

    @classmethod
    def of(cls, rows: Sequence[Owed], names: Mapping[str, str], as_of: date, currency: str) -> Self:
        shown = [
            AgedReceivable(business_id=each.business_id, name=names[each.business_id], total=each.total, **each.amounts)
            for each in rows
        ]
        sums = {name: sum(getattr(row, name) for row in shown) for name in AgedAmounts.model_fields}
        return cls(as_of=as_of, currency=currency, rows=shown, totals=AgedAmounts(**sums))

    def table(self) -> Table:
        columns = ("Business", "Name", *(name.replace("_", " ") for name in AgedAmounts.model_fields))
        rows: list[tuple[Cell, ...]] = [(row.business_id, row.name, *self._amounts(row)) for row in self.rows]
        facts = [("As of", str(self.as_of)), ("Currency", self.currency)]
        return Table("Aged receivables", facts, columns, rows, ("", "Total", *self._amounts(self.totals)))

    def _amounts(self, of: AgedAmounts) -> list[Decimal]:
        return [major(getattr(of, name), self.currency) for name in AgedAmounts.model_fields]
