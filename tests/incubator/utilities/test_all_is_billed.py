"""Whatever is read late, estimated or corrected: all that is billed in the end is what the meter shows in the end."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.times import zone_midnight
from services.contracts.incubator.meters import PointRole, ReadingSource, ReadingStatus
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.period import Period
from services.incubator.kernel.quantity import Quantity, Unit
from services.incubator.utilities.billing.curve import Curve, Estimate, Segment
from services.incubator.utilities.billing.drafting import Known, Unbilled, boundary_of, corrections, take
from services.incubator.utilities.billing.utility_bill import Measured, UtilityBill
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Register
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.tariff import Tariff
from services.incubator.utilities.tariffs.terms import TariffTerms
from tests.incubator.registry_says import business
from tests.incubator.utilities.conftest import tariff

REGISTER = Register(digits=6, decimals=1)
BEGAN = date(2026, 1, 1)
MONTHS = [Period.of(f"2026-{month:02}") for month in range(1, 8)]
TARIFF = Tariff(
    id=f"trf_{1:032x}",
    name="示例单一制",
    utility=Utility.ELECTRICITY,
    versions=[
        TariffTerms.model_validate(
            {name: value for name, value in tariff("1").items() if name not in ("name", "utility")}
        )
    ],
)
POINT = ServicePoint.open(
    site_id=f"sit_{1:032x}",
    utility=Utility.ELECTRICITY,
    role=PointRole.SUPPLY,
    place="3-302",
    business_id=business(),
    partner_id="par_1",
    area_hundredths=100,
    tariff_id=TARIFF.id,
    opened_on=BEGAN,
)


def reading(number: int, at: datetime, dial: int) -> Reading:
    return Reading(
        id=f"rdg_{number:032x}",
        meter_id=f"mtr_{1:032x}",
        installation=0,
        service_point_id=POINT.id,
        business_id=business(),
        partner_id="par_1",
        at=at,
        dial=dial,
        value=REGISTER.shown(dial),
        source=ReadingSource.ACTUAL,
        rollover=False,
        status=ReadingStatus.ACCEPTED,
    )


LOOKS = st.lists(
    st.tuples(
        st.integers(1, 40),  # days after the look before
        st.integers(0, 3_000),  # what was consumed since then
        st.integers(0, 3_000),  # by how much it was first misread, at most that
        st.integers(0, 3),  # months after which it is known
        st.integers(0, 3),  # months after which it is corrected
    ),
    min_size=3,
    max_size=10,
)


def curve_known_in(month: int, looks: list[tuple[int, int, int, int, int]], bills: list[UtilityBill]) -> Curve:
    """The curve as it is known as a month is billed: some looks are not known yet, some not corrected."""
    began = zone_midnight(BEGAN)
    found, superseded = [reading(0, began, 0)], {}
    day, dial = 0, 0
    for number, (days, much, misread, late, corrected) in enumerate(looks, start=1):
        day, dial = day + days, dial + much
        at = began + timedelta(days=day, hours=8)
        known_in = (at.year - 2026) * 12 + at.month - 1 + late
        if known_in > month:
            continue
        if known_in + corrected > month:
            found.append(reading(number, at, dial - min(misread, much)))
        else:
            found.append(reading(100 + number, at, dial))
            superseded[f"rdg_{number:032x}"] = f"rdg_{100 + number:032x}"
    ends = [bill.measured.end for bill in bills if bill.measured]
    return Curve([Segment(f"mtr_{1:032x}", 0, REGISTER, began, None, found)], superseded, ends)


def billed(month: int, curve: Curve, earlier: list[UtilityBill]) -> UtilityBill | None:
    known = Known(POINT, curve, earlier, None)
    try:
        taken = take(known, MONTHS[month].days)
    except Unbilled:
        return None
    end = boundary_of(curve, taken.end, f"rdg_{900 + month:032x}" if isinstance(taken.end, Estimate) else "")
    bill = UtilityBill.begin(
        POINT,
        MONTHS[month].text,
        tariff_id=TARIFF.id,
        tariff_version=1,
        currency="CNY",
        finalises_at=MONTHS[month].days.ends_at,
    )
    nothing = Quantity.of(0, Unit.KILOWATT_HOUR)
    own = Quantity.of(taken.own, Unit.KILOWATT_HOUR)
    bill.draft(
        TARIFF.terms(1),
        days=taken.days,
        measured=Measured(start=taken.start, end=end, own=own, common=nothing),
        standing=0,
        minimum=0,
        corrections=list(corrections(known, {TARIFF.id: TARIFF})),
    )
    return bill


@given(LOOKS)
def test_u3_all_bills_and_their_corrections_sum_to_what_the_meter_shows(
    looks: list[tuple[int, int, int, int, int]],
) -> None:
    bills: list[UtilityBill] = []
    for month in range(len(MONTHS)):
        bill = billed(month, curve_known_in(month, looks, bills), bills)
        if bill is None:
            break
        bills.append(bill)
    if not bills:
        return
    quantity, money = Fraction(), 0
    for bill in bills:
        assert bill.measured is not None
        quantity += bill.measured.own.exact
        quantity += sum((each.now.exact - each.before.exact for each in bill.corrections), Fraction())
        money += bill.total.amount - bill.credit.amount
    last = curve_known_in(len(bills) - 1, looks, bills[:-1])
    assert bills[-1].measured is not None
    assert quantity == last.total_at(bills[-1].measured.end)
    assert money == quantity * 100
