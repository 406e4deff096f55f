"""What the document of the API shows of bills and billing runs: those of a synthetic business."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.caller import SYSTEM
from services.chassis.domain.times import parse_instant
from services.incubator.kernel.period import Period
from services.incubator.kernel.quantity import Quantity, Unit
from services.incubator.sites.examples import SITE
from services.incubator.tenants.examples import BUSINESS, DIGITS, OWNER
from services.incubator.utilities.billing.bodies import StartBillingRun
from services.incubator.utilities.billing.clocks import order_run
from services.incubator.utilities.billing.common_consumption import CommonConsumption, common_id
from services.incubator.utilities.billing.curve import Boundary
from services.incubator.utilities.billing.run import BillingRun, Note
from services.incubator.utilities.billing.utility_bill import Measured, UtilityBill
from services.incubator.utilities.billing.views import BillingRunView, CommonConsumptionView, UtilityBillView
from services.incubator.utilities.metering.examples import METER, OPENED, POINT, READING
from services.incubator.utilities.tariffs.examples import TARIFF
from services.incubator.utilities.tariffs.terms import charges, total_of

JULY: Final = Period.of("2026-07")
TERMS: Final = TARIFF.terms(1)
RATED: Final = Fraction(4908)


def _boundary(reading_id: str, dial: int) -> Boundary:
    read_at = OPENED if dial == 30 else READING.at
    return Boundary(
        reading_id=reading_id,
        meter_id=METER.id,
        installation=0,
        read_at=read_at,
        dial=dial,
        rollover=False,
        estimated=False,
    )


LINES: Final = charges(TERMS, RATED, standing=TERMS.standing_per_month.amount, minimum=TERMS.least)
BILL: Final = UtilityBill(
    id=f"ubl_{DIGITS}",
    version=1,
    sequence=2,
    service_point_id=POINT.id,
    site_id=SITE.id,
    utility=POINT.utility,
    business_id=BUSINESS,
    partner_id=OWNER,
    period=JULY.text,
    starts_on=JULY.days.first,
    ends_on=JULY.days.last,
    tariff_id=TARIFF.id,
    tariff_version=1,
    standing=TERMS.standing_per_month.amount,
    minimum=TERMS.least,
    measured=Measured(
        start=_boundary(f"rdg_{'0' * 31}1", 30),
        end=_boundary(READING.id, READING.dial),
        own=Quantity.of(4896, Unit.KILOWATT_HOUR),
        common=Quantity.of(12, Unit.KILOWATT_HOUR),
    ),
    lines=LINES,
    total=TERMS.standing_per_month.model_copy(update={"amount": total_of(LINES)}),
    credit=TERMS.standing_per_month.model_copy(update={"amount": 0}),
    finalises_at=parse_instant("2026-08-11T01:00:00Z"),
)
_ORDERED: Final = order_run(JULY.text, by=SYSTEM, at=READING.at)
JOB: Final = _ORDERED[1].model_copy(update={"id": f"job_{DIGITS}", "version": 1, "partner_id": OWNER})
RUN: Final = BillingRun(
    id=f"brn_{DIGITS}",
    version=3,
    period=JULY.text,
    job_id=JOB.id,
    sites=2,
    bills=41,
    problems=[
        Note(
            code="no_history_for_estimate",
            detail="Nobody looked near the end of the month, and there is no week of readings to estimate it by.",
            site_id=SITE.id,
            utility=POINT.utility,
            service_point_id=POINT.id,
        )
    ],
)

COMMON: Final = CommonConsumption(
    id=common_id(SITE.id, POINT.utility, JULY.text),
    version=1,
    site_id=SITE.id,
    utility=POINT.utility,
    period=JULY.text,
    main=Quantity.of(4908, Unit.KILOWATT_HOUR),
    submeters=Quantity.of(4896, Unit.KILOWATT_HOUR),
    common=Quantity.of(12, Unit.KILOWATT_HOUR),
    shares={POINT.id: Quantity.of(12, Unit.KILOWATT_HOUR)},
    mains={},
    exceeded=False,
)

KEPT: Final[Sequence[Row]] = (BILL, JOB, RUN, COMMON)
BODIES: Final[Sequence[BaseModel]] = (StartBillingRun(period=JULY.text),)
ANSWERS: Final[Sequence[BaseModel]] = (
    UtilityBillView.of(BILL),
    BillingRunView.of(RUN, JOB),
    CommonConsumptionView.of(COMMON),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
