"""Water and electricity of the Demonstration Base: meters, a month of readings, and the bills of that month."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from deploy.korla.base.hand import ABOUT, Hand, Json
from deploy.korla.base.house import House
from deploy.korla.base.start_up import StartUp
from deploy.korla.together import together
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import rfc3339, zone_midnight

BILLED_WITHIN: Final = 120.0
"""Seconds within which a billing run must come to its end."""
MAIN: Final = "示例总表"
COMMON: Final = Fraction(1, 20)
"""Of what the start-ups take, what the house takes besides: lights and lifts, kitchens."""
READ_ON: Final = (11, 21)
"""The days of the month on which start-ups look at their meters; the zone does after its last day."""


class Dial(NamedTuple):
    """The dials of one utility, and what start-up number n takes in a month: `least + n * more`."""

    letter: str
    digits: int
    decimals: int
    least: Fraction
    more: Fraction


DIALS: Final = {
    "electricity": Dial("E", 6, 0, Fraction(160), Fraction(35)),
    "water": Dial("W", 5, 1, Fraction(3), Fraction(4, 5)),
}


class Month(NamedTuple):
    """A calendar month of the zone."""

    first: date

    @classmethod
    def before(cls, day: date) -> "Month":
        """The last month that is over on a day."""
        return cls((day.replace(day=1) - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> date:
        """The first day after it."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def text(self) -> str:
        return f"{self.first:%Y-%m}"

    def part(self, day: date) -> Fraction:
        """How much of it is over as a day begins."""
        return Fraction((day - self.first).days, (self.next - self.first).days)


async def metered(start_ups: Sequence[StartUp], house: House, today: date, staff: Hand, owner: Hand) -> list[Json]:
    """The bills of a month for each start-up, final: of the last one that is over, or of that of an earlier load.

    Raises:
        UnexpectedAnswer: something was not billed; see `call`.
    """
    there = await staff.all("service-points", site_id=house.site_id)
    month = Month(min(date.fromisoformat(each["opened_on"]) for each in there)) if there else Month.before(today)
    bills = await _bills(house, month, staff)
    if len(bills) < len(DIALS) * len(start_ups):
        await together(*(_read(start_ups, utility, house, month, there, staff, owner) for utility in DIALS))
        await _billed(house, month, len(bills), today, staff)
        bills = await _bills(house, month, staff)
    return await together(*(_final(bill, staff) for bill in bills))


async def _bills(house: House, month: Month, staff: Hand) -> list[Json]:
    return await staff.all("utility-bills", site_id=house.site_id, period=month.text)


async def _final(bill: Json, staff: Hand) -> Json:
    return bill if bill["status"] == "finalised" else await staff.post(f"utility-bills/{bill['id']}/finalise")


async def _read(
    start_ups: Sequence[StartUp],
    utility: str,
    house: House,
    month: Month,
    there: list[Json],
    staff: Hand,
    owner: Hand,
) -> None:
    """Every meter of one utility is there, and was read all through the month."""
    dial, main = DIALS[utility], {"role": "main", "place": MAIN}
    taken = [dial.least + each.number * dial.more for each in start_ups]
    readings = [
        _point_read(0, main, utility, sum(taken) * (1 + COMMON), house, month, there, staff, staff),
    ]
    for each, total in zip(start_ups, taken, strict=True):
        supplied: Json = {
            "place": each.place,
            "business_id": each.business_id,
            "tariff_id": house.tariffs[utility]["id"],
            "area_m2": each.area,
        }
        readings.append(_point_read(each.number, supplied, utility, total, house, month, there, staff, owner))
    await together(*readings)


async def _point_read(
    number: int,
    place: Json,
    utility: str,
    total: Fraction,
    house: House,
    month: Month,
    there: list[Json],
    staff: Hand,
    owner: Hand,
) -> None:
    """One service point with its meter, read by its owner through the month, and by the zone as it ends."""
    of_it = {"place": place["place"], "utility": utility}
    point = next((each for each in there if of_it.items() <= each.items()), None)
    if point is None:
        opened: dict[str, Any] = {"site_id": house.site_id, "utility": utility, "opened_on": month.first.isoformat()}
        point = await staff.post("service-points", opened | place)
    dial, begins = DIALS[utility], 1000 + 100 * number
    meter_id = point["meter_id"]
    if meter_id is None:
        meter = {
            "serial": f"示例-{dial.letter}-{number:02d}",
            "utility": utility,
            "digits": dial.digits,
            "decimals": dial.decimals,
            "service_point_id": point["id"],
            "at": _midnight(month.first),
            "initial": str(begins),
        }
        meter_id = (await staff.post("meters", meter))["id"]
    for day in (*(month.first.replace(day=day) for day in READ_ON), month.next):
        looks = staff if day == month.next else owner
        value = begins + round(total * month.part(day), dial.decimals)
        said = {"at": _midnight(day), "value": f"{float(value):.{dial.decimals}f}"}
        await looks.post(f"meters/{meter_id}/readings", said)


async def _billed(house: House, month: Month, before: int, today: date, staff: Hand) -> None:
    """The month is billed, in the background."""
    again = f"{today} {before}"
    run, pause = await staff.post("billing-runs", {"period": month.text}, try_=again), 0.05
    try:
        async with asyncio.timeout(BILLED_WITHIN):
            while run["status"] not in ("done", "failed", "cancelled"):
                await asyncio.sleep(pause)
                pause = min(2 * pause, 0.5)
                run = await staff.see(f"billing-runs/{run['id']}")
    except TimeoutError:
        raise UnexpectedAnswer(f"{ABOUT}: {month.text} is not billed after {BILLED_WITHIN:.0f} s.") from None
    wrong = [f"{each['code']}, {each['detail']}" for each in run["problems"] if each["site_id"] == house.site_id]
    if run["status"] != "done" or wrong:
        raise UnexpectedAnswer(f"{ABOUT}: billing {month.text} ended as {run['status']}: {'; '.join(wrong)}")


def _midnight(day: date) -> str:
    return rfc3339(zone_midnight(day))
