"""KPIs that follow from others: nothing of them is kept."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from services.metrics.figures.kpi import Kind, Kpi, Measured, Part, Timing
from services.metrics.figures.sums import Excluded, Sum


@dataclass(frozen=True)
class Derived(Kpi):
    """A pure function of other KPIs' values, in total only; null where one of them is.

    As many contribute as to the input to which most do.

    Attributes:
        inputs: kept KPIs, each in one cell.
        compute: from their values, in this order, to its own.
    """

    _: KW_ONLY
    inputs: tuple[Part, ...]
    compute: Callable[..., int | None]

    kind: ClassVar[Kind] = "derived"

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.inputs

    @property
    def timing(self) -> Timing:
        """A stock where all of its inputs are."""
        return "stock" if all(part.kpi.timing == "stock" for part in self.inputs) else "flow"

    def read(self, sums: Sequence[Sum]) -> Measured:
        found = [part.kpi.read([each]) for part, each in zip(self.inputs, sums, strict=True)]
        values = [each.value for each in found]
        excluded: dict[str, Excluded] = {}
        for each in found:
            excluded |= each.excluded
        value = None if None in values else self.compute(*values)
        return Measured(value, max(each.n for each in found), excluded=excluded)
