"""What a bill says, from what is known of a service point: where it begins and ends, how much, and what to correct."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from services.chassis.domain.money import Money
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import Quantity
from services.incubator.kernel.rating import prorated
from services.incubator.utilities.billing.curve import Boundary, Curve, Estimate, Mark
from services.incubator.utilities.billing.utility_bill import BillStatus, Correction, UtilityBill
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.tariff import UNITS, Tariff


class Unbilled(Exception):
    """Why a service point, or a whole site, is not billed; the others are."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Known:
    """What is known of a service point as a month is billed.

    Attributes:
        earlier: its bills of earlier months, the first one first.
        bill: the bill of this month, where there is one.
    """

    point: ServicePoint
    curve: Curve
    earlier: Sequence[UtilityBill]
    bill: UtilityBill | None

    def is_open(self, days: Days) -> bool:
        """Whether a month may be billed or billed anew: it is no final bill's, and no later month was billed."""
        if self.bill is not None and self.bill.status is BillStatus.FINALISED:
            return False
        return self.point.billed_through is None or self.point.billed_through <= days.last

    def is_settled(self, days: Days) -> bool:
        """Whether what it took in a month, its share of common consumption included, stays as it was billed."""
        return self.bill is not None and self.bill.measured is not None and not self.is_open(days)


class Taken(NamedTuple):
    """What a service point took in some days; its end is a boundary that is known, a look, or an estimate."""

    days: Days
    start: Boundary
    end: Mark | Estimate
    own: Fraction


def take(known: Known, days: Days) -> Taken:
    """What a service point took in the days of a month on which it was held.

    Raises:
        Unbilled: `earlier_month_unbilled`, `no_meter`, `readings_missing`, `no_history_for_estimate`.
    """
    previous = next((bill.measured.end for bill in reversed(known.earlier) if bill.measured), None)
    first_unbilled = known.point.opened_on
    if known.earlier and known.earlier[-1].ends_on:
        first_unbilled = known.earlier[-1].ends_on + A_DAY
    if first_unbilled < days.first:
        raise Unbilled("earlier_month_unbilled", "An earlier month of this service point was not billed yet.")
    if not known.curve.marks:
        raise Unbilled("no_meter", "No meter was ever read at this service point.")
    return measure(known.curve, previous, days)


def measure(curve: Curve, previous: Boundary | None, days: Days) -> Taken:
    """What was taken from the end of the days before, or from the first look, to the end of these.

    Raises:
        Unbilled: `readings_missing`, `no_history_for_estimate`.
    """
    start = previous or boundary_of(curve, curve.marks[0])
    begins = curve.total_at(start)
    if begins is None:
        raise Unbilled("readings_missing", "The reading that this month begins with is not known any more.")
    end = curve.look_near(days.ends_at, after=start.read_at) or curve.estimate(days.ends_at, at_least=begins)
    if end is None:
        detail = "Nobody looked near the end of the month, and there is no week of readings to estimate it by."
        raise Unbilled("no_history_for_estimate", detail)
    return Taken(days, start, end, max(end.total - begins, Fraction()))


def boundary_of(curve: Curve, end: Mark | Estimate, reading_id: str = "") -> Boundary:
    """A look or an estimate as the boundary that a bill keeps; of an estimate, with the reading that was made of it."""
    segment = end.segment if isinstance(end, Estimate) else curve.segments[end.segment]
    return Boundary(
        reading_id=reading_id if isinstance(end, Estimate) else end.reading_id,
        meter_id=segment.meter_id,
        installation=segment.installation,
        read_at=end.look.at,
        dial=end.look.dial,
        rollover=isinstance(end, Estimate) and end.look.rollover,
        estimated=isinstance(end, Estimate),
    )


def corrections(known: Known, tariffs: Mapping[str, Tariff]) -> Iterator[Correction]:
    """What earlier bills did not know yet, each month once: its difference to what was billed so far (G-U2).

    Raises:
        Violated: `amount_too_large`.
    """
    for bill in known.earlier:
        if bill.measured is None or bill.starts_on is None or bill.ends_on is None:
            continue
        starts, ends = known.curve.total_at(bill.measured.start), known.curve.total_at(bill.measured.end)
        if starts is None or ends is None:
            continue
        now = max(ends - starts, Fraction()) + bill.measured.common.exact
        said = (each for later in known.earlier for each in later.corrections if each.service_period == bill.period)
        before = bill.measured.exact + sum((each.now.exact - each.before.exact for each in said), Fraction())
        if now != before:
            terms = tariffs[bill.tariff_id].terms(bill.tariff_version)
            unit = UNITS[bill.utility]
            difference = bill.price_of(now, terms) - bill.price_of(before, terms)
            yield Correction(
                service_period=bill.period,
                starts_on=bill.starts_on,
                ends_on=bill.ends_on,
                tariff_version=bill.tariff_version,
                before=Quantity.of(before, unit),
                now=Quantity.of(now, unit),
                amount=Money(amount=difference, currency=terms.currency),
            )


def by_days(amount: int, point: ServicePoint, beside: Sequence[ServicePoint], period: Period) -> int:
    """What a service point pays of an amount for a whole month: by the days that it was held (G-U1).

    Who held the same place before and after it pays the rest, so that together they never pay more than all of it.

    Args:
        beside: the service points of its place, itself among them.
    """
    each_held = {each.id: period.days.held(each.opened_on, each.closed_on) for each in beside}
    held = {id: days.number for id, days in each_held.items() if days}
    if sum(held.values()) > period.days.number:  # two at one place at one time are no successors
        held = {point.id: held[point.id]}
    return prorated(amount, held, of=period.days.number)[point.id]
