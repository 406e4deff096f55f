"""What an alert rule watches for: a figure beyond a threshold, or a target that stands in some way."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import ge, gt, le, lt
from typing import Annotated, Final

from pydantic import Field

from services.chassis.domain.money import LARGEST
from services.chassis.domain.part import Part
from services.metrics.targets.judgement import TargetStatus
from services.metrics.targets.target import TargetId

OneStatus = Annotated[TargetStatus, Field(strict=False)]


class Op(StrEnum):
    """How a figure compares with a threshold."""

    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"


COMPARES: Final[Mapping[Op, Callable[[int, int], bool]]] = {Op.LT: lt, Op.LE: le, Op.GT: gt, Op.GE: ge}
SAYS_NOTHING: Final = frozenset({TargetStatus.NOT_STARTED, TargetStatus.NOT_AVAILABLE})
"""Of a target that stands so, nothing is known."""


class AlertCondition(Part):
    """Either `op` and `threshold`, or `target_id` and `target_status`."""

    op: Annotated[Op, Field(strict=False)] | None = None
    """The figure is less than (`lt`), at most (`le`), more than (`gt`) or at least (`ge`) the threshold."""
    threshold: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] | None = None
    """As the KPI has it: shown / 10^decimals."""
    target_id: TargetId | None = None
    """A target of the same figure and cell."""
    target_status: Annotated[list[OneStatus], Field(min_length=1, max_length=20)] | None = None
    """It stands in one of these ways at the end of the period."""

    @property
    def is_of_one_kind(self) -> bool:
        """Whether it says all of one kind of condition and nothing of the other."""
        of_figure = [self.op is not None, self.threshold is not None]
        of_target = [self.target_id is not None, self.target_status is not None]
        return (all(of_figure) and not any(of_target)) or (all(of_target) and not any(of_figure))

    def holds_of(self, value: int | None) -> bool | None:
        """Whether it holds of a figure; None where there is none."""
        if self.op is None or self.threshold is None:
            raise ValueError("this one is about a target")
        return None if value is None else COMPARES[self.op](value, self.threshold)

    def holds_at(self, status: TargetStatus) -> bool | None:
        """Whether it holds of a target that stands so; None where that says nothing, and is not watched for."""
        if status in (self.target_status or ()):
            return True
        return None if status in SAYS_NOTHING else False
