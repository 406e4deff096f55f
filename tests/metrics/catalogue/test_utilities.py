"""Water and electricity: exact to the last digit on every day, whatever is rated anew, and by tenant."""

import asyncio
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.domain.money import apportion
from services.chassis.testing.moments import day
from services.contracts.incubator.meters import PointRole
from services.contracts.incubator.tariffs import Utility
from services.metrics.catalogue.utilities import CONSUMPTION
from services.metrics.figures.periods import DAY, periods
from tests.metrics.happenings import figures, id_of, told_by
from tests.metrics.questions import Asked, in_any_order
from tests.metrics.supplies import closed, opened, rated

MONTHS = ["2026-06", "2026-07", "2026-12"]


# a quantity over its days


async def test_a_quantity_is_spread_over_its_days_and_they_sum_to_it() -> None:
    asked = await Asked.after([rated("2026-07-01", "2026-07-31", "12.345")])
    days = await asked.series("water_m3", "2026-07-01", "2026-08-02", "day")
    assert [point.value for point in days.points] == [399] * 7 + [398] * 24 + [0, 0]
    assert (days.value, days.decimals, days.unit) == (12_345, 3, "m3")
    for period, value in (
        ("2026-07", 12_345),
        ("2026-Q3", 12_345),
        ("2026", 12_345),
        ("", 12_345),
        ("2026-07-01", 399),
    ):
        assert (await asked.value("water_m3", period=period)).value == value


@given(st.integers(0, 10**9), st.integers(1, 31))
def test_the_rate_by_days_is_the_largest_remainder(thousandths: int, number: int) -> None:
    event = rated("2026-07-01", f"2026-07-{number:02d}", f"{thousandths / 1000:.3f}")
    steps = {fact.on: fact.set["water"] for fact in CONSUMPTION.facts_of(event)}
    rates = [steps[max(on for on in steps if on <= f"2026-07-{each:02d}")] for each in range(1, number + 1)]
    assert rates == list(apportion(thousandths, dict.fromkeys(range(number), 1)).values())
    assert steps[(day("2026-07-01") + number * DAY).isoformat()] is None


async def test_what_is_rated_anew_takes_the_place_of_what_was_said_with_all_its_days() -> None:
    first, again = rated("2026-07-01", "2026-07-31", "31.004"), rated("2026-07-01", "2026-07-20", "10", sequence=2)
    for events in ([first, again], [again, first]):
        asked = await Asked.after(events)
        assert (await asked.value("water_m3", period="2026-07")).value == 10_000
        assert (await asked.value("water_m3", period="2026-07-21")).value == 0
        assert figures(asked.store) == figures((await Asked.after([again])).store)


async def test_a_later_bill_corrects_an_earlier_month_whatever_the_ids_of_the_bills() -> None:
    july = rated("2026-07-01", "2026-07-31", "40", bill=9, period="2026-07", sequence=5)
    corrected = rated("2026-07-01", "2026-07-31", "34", bill=2, period="2026-08", sequence=1)
    for events in ([july, corrected], [corrected, july]):
        assert (await (await Asked.after(events)).value("water_m3", period="2026-07")).value == 34_000


async def test_water_and_electricity_never_meet() -> None:
    asked = await Asked.after(
        [
            rated("2026-07-01", "2026-07-31", "12"),
            rated("2026-07-01", "2026-07-31", "800", point=2, bill=2, utility=Utility.ELECTRICITY, site=2),
        ]
    )
    assert [(await asked.value(kpi)).value for kpi in ("water_m3", "electricity_kwh")] == [12_000, 800_000]
    assert await asked.values("electricity_kwh", "site") == {id_of("sit", 2): 800_000}


async def test_what_lies_ahead_is_not_there_yet() -> None:
    asked = await Asked.after([rated("2026-07-01", "2026-07-30", "30")])
    answer = await asked.value("water_m3", period="2026-07", as_of="2026-07-10")
    assert (answer.value, answer.n) == (10_000, 1)


@pytest.mark.parametrize(("ends_on", "value"), [("2026-06-30", "1"), ("2026-07-31", "much")])
def test_what_cannot_be_spread_is_refused(ends_on: str, value: str) -> None:
    with pytest.raises(Reject):
        CONSUMPTION.facts_of(rated("2026-07-01", ends_on, value))


class Bill(NamedTuple):
    """One thing that a bill said of a month of a service point."""

    point: int
    month: str
    rank: tuple[str, int, int]
    first: date
    last: date
    thousandths: int


@st.composite
def bills(draw: st.DrawFn) -> tuple[list[Bill], list[list[Event]]]:
    """Some months of some service points, rated anew on their own bills and on later ones, in any order."""
    said: list[Bill] = []
    events: list[Event] = []
    for point in range(1, 1 + draw(st.integers(1, 3))):
        for month in draw(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=3, unique=True)):
            for sequence in range(1, 1 + draw(st.integers(1, 4))):
                on_bill = draw(st.sampled_from([each for each in [*MONTHS, "2027-01"] if each >= month]))
                number = draw(st.integers(1, 9)) * 100 + MONTHS.index(month) * 10 + point
                first, last = sorted(draw(st.tuples(*[st.integers(1, monthrange(2026, int(month[5:]))[1])] * 2)))
                amount = draw(st.integers(0, 10**6))
                days = day(f"{month}-{first:02d}"), day(f"{month}-{last:02d}")
                said.append(Bill(point, month, (on_bill, number, sequence), *days, amount))
                iso = [each.isoformat() for each in days]
                event = rated(
                    iso[0], iso[1], f"{amount / 1000:.3f}", point=point, site=point % 2, bill=number, period=on_bill
                )
                events.append(told_by(event.bill_id, event, sequence))
    return said, draw(in_any_order(events))


def taken(said: Sequence[Bill], first: date, end: date) -> dict[str, int]:
    """Site → what was taken there, by the last statement of each month, day by day; '' for all of them."""
    newest: dict[tuple[int, str], Bill] = {}
    for bill in sorted(said, key=lambda each: (each.rank[0], id_of("ubl", each.rank[1]), each.rank[2])):
        newest[bill.point, bill.month] = bill
    found = {"": 0}
    for bill in newest.values():
        days = [bill.first + number * DAY for number in range((bill.last - bill.first).days + 1)]
        for on, amount in zip(
            days, apportion(bill.thousandths, dict.fromkeys(range(len(days)), 1)).values(), strict=True
        ):
            if first <= on < end:
                site = id_of("sit", bill.point % 2)
                found[""] += amount
                found[site] = found.get(site, 0) + amount
    return found


@settings(max_examples=40)
@given(bills(), st.sampled_from(["2026-07-14", "2026-06", "2026-07", "2026-Q3", "2026-12", "2026", "2027"]))
def test_in_whatever_order_bills_come_every_period_and_site_has_what_the_last_of_them_say(
    zone: tuple[list[Bill], list[list[Event]]], period: str
) -> None:
    said, batches = zone

    async def check() -> None:
        asked = await Asked.after(*batches)
        (span,) = [
            each for each in periods(day("2026-06-01"), day("2028-01-01"), kind_of(period)) if each.name == period
        ]
        expected = taken(said, span.first, span.end)
        assert ((await asked.value("water_m3", period=period, as_of="2028-01-01")).value or 0) == expected.pop("")
        found = await asked.values("water_m3", "site", period=period, as_of="2028-01-01")
        assert {site: value for site, value in found.items() if value} == {s: v for s, v in expected.items() if v}

    asyncio.run(check())


def kind_of(period: str) -> Any:
    return {4: "year", 10: "day"}.get(len(period), "quarter" if "Q" in period else "month")


# by tenant


async def test_consumption_per_tenant_divides_by_the_average_tenants_of_the_period() -> None:
    """Three tenants, one of them for the last 10 of 30 days: 70 tenant-days, 2.3333 tenants, 60 m3 / 2.3333."""
    asked = await Asked.after(
        [
            opened(1, "2026-01-01"),
            opened(2, "2026-05-10"),
            opened(3, "2026-06-21"),
            rated("2026-06-01", "2026-06-30", "60"),
        ]
    )
    answer = await asked.value("water_per_tenant", period="2026-06")
    assert (answer.value, answer.decimals, answer.unit) == (25_7143, 4, "m3")
    assert (answer.numerator, answer.denominator) == (60_000 * 30, 70)
    assert (await asked.value("tenant_days_supplied", period="2026-06", utility="water")).value == 70
    assert (await asked.value("electricity_per_tenant", period="2026-06")).value is None
    assert (await asked.value("water_per_tenant")).value is None


async def test_a_quarter_per_tenant_is_its_consumption_by_its_tenant_days_and_no_average_of_its_months_m3() -> None:
    asked = await Asked.after(
        [
            opened(1, "2026-04-01"),
            opened(2, "2026-06-01"),
            rated("2026-04-01", "2026-04-30", "30"),
            rated("2026-06-01", "2026-06-30", "90"),
        ]
    )
    months = await asked.series("water_per_tenant", "2026-04", "2026-06", "month")
    assert [point.value for point in months.points] == [30_0000, 0, 45_0000]
    quarter = Fraction(120 * 91, 30 + 31 + 60)
    whole = floor(quarter * 10_000 + Fraction(1, 2))
    assert (await asked.value("water_per_tenant", period="2026-Q2")).value == whole
    assert months.value == whole


async def test_a_tenant_with_several_service_points_is_one_until_the_last_of_them_is_closed() -> None:
    events = [
        opened(1, "2026-03-01", tenant=7),
        opened(2, "2026-03-11", tenant=7),
        closed(1, "2026-03-20", tenant=7),
        closed(2, "2026-03-25", tenant=7),
        opened(3, "2026-03-01", tenant=7, utility=Utility.ELECTRICITY),
        opened(4, "2026-01-01", role=PointRole.MAIN),
    ]
    for order in (events, events[::-1]):
        asked = await Asked.after(order)
        assert await asked.values("tenants_supplied", "utility", as_of="2026-03-25") == {"water": 1, "electricity": 1}
        assert await asked.values("tenants_supplied", "utility", as_of="2026-03-26") == {"electricity": 1}
        days = await asked.values("tenant_days_supplied", "utility", period="2026-03")
        assert days == {"water": 25, "electricity": 31}
