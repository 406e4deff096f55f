"""What the document of the API shows of prepaid schedules: that of a rent paid in advance."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.chart import EXPENSE
from services.incubator.finance.examples import BOOK
from services.incubator.finance.schedules.bodies import BeginSchedule
from services.incubator.finance.schedules.schedule import PrepaidSchedule
from services.incubator.finance.schedules.views import PrepaidScheduleView
from services.incubator.tenants.examples import DIGITS

SCHEDULE: Final = PrepaidSchedule.begin(
    BOOK, description="Rent of a half-year", code=EXPENSE, amount=600_000, first_period="2026-12", months=6
).model_copy(update={"id": f"pps_{DIGITS}", "version": 1})

KEPT: Final[Sequence[Row]] = (SCHEDULE,)
BODIES: Final[Sequence[BaseModel]] = (
    BeginSchedule(description="Rent of a half-year", amount=600_000, currency="CNY", first_period="2026-12", months=6),
)
ANSWERS: Final[Sequence[BaseModel]] = (PrepaidScheduleView.of(SCHEDULE),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
