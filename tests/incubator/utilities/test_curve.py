"""The consumption curve: whatever is estimated or corrected in between, all that is billed is what was consumed."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.testing.moments import NOON
from services.contracts.incubator.meters import ReadingSource, ReadingStatus
from services.incubator.utilities.billing.curve import Boundary, Curve, Segment
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Register

REGISTER = Register(digits=3, decimals=0, factor="2.5")
METER = f"mtr_{1:032x}"


def reading(number: int, day: int, dial: int) -> Reading:
    return Reading(
        id=f"rdg_{number:032x}",
        meter_id=METER,
        installation=0,
        service_point_id=f"svp_{1:032x}",
        business_id=None,
        partner_id="par_1",
        at=NOON + timedelta(days=day),
        dial=dial % 1000,
        value=str(dial % 1000),
        source=ReadingSource.ACTUAL,
        rollover=True,
        status=ReadingStatus.ACCEPTED,
    )


def curve_of(readings: list[Reading], superseded: dict[str, str] | None = None) -> Curve:
    return Curve([Segment(METER, 0, REGISTER, NOON, None, readings)], superseded)


def estimated(curve: Curve, day: int) -> Boundary | None:
    found = curve.estimate(NOON + timedelta(days=day))
    if found is None:
        return None
    return Boundary(
        reading_id=f"rdg_{99:032x}",
        meter_id=METER,
        installation=0,
        read_at=found.look.at,
        dial=found.look.dial,
        rollover=found.look.rollover,
        estimated=True,
    )


LOOKS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 400)), min_size=2, max_size=8)


def looks_of(steps: list[tuple[int, int]]) -> list[Reading]:
    """Looks some days apart, with what was consumed in between."""
    found, day, dial = [reading(0, 0, 0)], 0, 0
    for number, (days, much) in enumerate(steps, start=1):
        day, dial = day + days, dial + much
        found.append(reading(number, day, dial))
    return found


@given(LOOKS)
def test_the_curve_ends_at_the_sum_of_all_that_was_consumed(steps: list[tuple[int, int]]) -> None:
    marks = curve_of(looks_of(steps)).marks
    assert marks[-1].total == sum(much for _, much in steps) * Fraction("2.5")
    assert [mark.total for mark in marks] == sorted(mark.total for mark in marks)


@given(LOOKS, st.integers(0, 200), st.integers(1, 60))
def test_an_estimate_lies_between_the_looks_around_it_also_once_there_is_one_after_it(
    steps: list[tuple[int, int]], day: int, later: int
) -> None:
    looks = looks_of(steps)
    boundary = estimated(curve_of(looks), day)
    if boundary is None:
        return
    last = (looks[-1].at - NOON).days
    after = [*looks, reading(90, max(last, day) + later, looks[-1].dial + 5)]
    curve = Curve([Segment(METER, 0, REGISTER, NOON, None, after)], None, [boundary])
    total = curve.total_at(boundary)
    before = max(mark.total for mark in curve.marks if mark.at <= boundary.read_at)
    following = min(mark.total for mark in curve.marks if mark.at > boundary.read_at)
    assert total is not None
    assert before <= total <= following


def test_a_reading_that_was_superseded_is_worth_what_took_its_place() -> None:
    boundary = Boundary(
        reading_id=f"rdg_{1:032x}",
        meter_id=METER,
        installation=0,
        read_at=NOON,
        dial=130,
        rollover=False,
        estimated=False,
    )
    curve = curve_of([reading(0, 0, 100), reading(5, 31, 124), reading(2, 62, 170)])
    superseded = {f"rdg_{1:032x}": f"rdg_{4:032x}", f"rdg_{4:032x}": f"rdg_{5:032x}"}
    assert curve.total_at(boundary) is None
    assert Curve(curve.segments, superseded).total_at(boundary) == 60


def test_an_estimate_may_go_past_the_largest_number_of_the_dial() -> None:
    curve = curve_of([reading(0, 0, 900), reading(1, 10, 990)])
    boundary = estimated(curve, 20)
    assert boundary is not None
    assert (boundary.dial, boundary.rollover) == (80, True)
    assert curve.total_at(boundary) == 180 * Fraction("2.5")
