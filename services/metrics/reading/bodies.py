"""How a body names a figure and its cell; whatever is wrong with them is told with everything else."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.metrics.catalogue.all import KPIS, breakdown_of, breakdowns_of, dimensions_of
from services.metrics.figures.kpi import Kpi

Name = Annotated[str, Text(at_most=100)]
KpiName = Annotated[Name, rule(KPIS.__contains__, "kpi_unknown", "There is no KPI of this name.")]


def declared(dims: dict[str, str], before: Before) -> Iterator[Violation]:
    """What is wrong with a cell of the KPI that stands before it: it is not kept by these dimensions."""
    kpi = KPIS.get(before.get("kpi", ""))
    if kpi is not None and dims:
        yield from _of_cell(kpi, dims)


def _of_cell(kpi: Kpi, dims: dict[str, str]) -> Iterator[Violation]:
    if breakdown_of(kpi, set(dims)) is None:
        kept = ", ".join("&".join(each) for each in breakdowns_of(kpi))
        detail = f"This figure is kept by {kept} only." if kept else "This figure is known in total only."
        yield Violation("dimension_not_declared", detail)
        return
    for name, value in dims.items():
        try:
            TypeAdapter[str](dimensions_of(kpi)[name].type).validate_python(value)
        except ValidationError:
            yield Violation("dimension_not_declared", "No thing has this value of the dimension.", (name,))


CellDims = Annotated[dict[Name, Name], Field(max_length=10), cross_rule(declared, "dimension_not_declared")]
"""The cell of the KPI that the body names before it, by its dimensions."""
