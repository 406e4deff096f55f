"""Space: occupancy by site and kind, areas of incubatees, sites and resources, bookings and memberships."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.chassis.testing.moments import day
from services.contracts.incubator.allocations import (
    AllocationChanged,
    AllocationEnded,
    AllocationStarted,
)
from services.contracts.incubator.memberships import MembershipEnded, MembershipStarted
from services.contracts.incubator.reservations import ReservationCompleted, ReservationConfirmed, ReservationNoShow
from services.contracts.incubator.resources import (
    ResourceAdded,
    ResourceChanged,
    ResourceDayClosed,
    ResourceEvent,
    ResourceRetired,
)
from services.contracts.incubator.sites import SiteChanged, SiteOpened
from services.metrics.figures.periods import DAY
from tests.metrics.happenings import business, id_of, noon, told_by
from tests.metrics.questions import Asked, in_any_order


def site(number: int) -> str:
    return id_of("sit", number)


def closed(
    on: str, *, open: int, occupied: int, at: int = 1, kind: str = "room", usage: str = "bookable", sequence: int = 1
) -> ResourceDayClosed:
    event = ResourceDayClosed(
        site_id=site(at), resource_kind=kind, usage=usage, on=day(on), open=open, occupied=occupied
    )
    number = int(on.replace("-", "")) * 1_000 + at * 100 + len(kind) * 10 + len(usage)
    return told_by(id_of("rdy", number), event, sequence)


def opened(number: int, area: float, on: str = "2026-01-01") -> SiteOpened:
    event = SiteOpened(site_id=site(number), name="示例空间", time_zone="Asia/Shanghai", area_m2=area)
    return told_by(site(number), event, effective_at=noon(on))


def enlarged(number: int, area: float, on: str) -> SiteChanged:
    return told_by(
        site(number), SiteChanged(site_id=site(number), name="示例空间", area_m2=area), 2, effective_at=noon(on)
    )


def of_allocation(number: int, tenant: int, at: int, area: float | None, *, incubating: bool) -> dict[str, Any]:
    return {
        "allocation_id": id_of("alc", number),
        "site_id": site(at),
        "resource_id": id_of("res", number),
        "resource_kind": "office",
        "units": 1,
        "area_m2": area,
        "business_id": business(tenant),
        "business_kind": "cloud",
        "sector": "6513",
        "incubating": incubating,
    }


def moved_in(
    number: int, on: str, *, tenant: int = 0, at: int = 1, area: float | None = 20, incubating: bool = True
) -> AllocationStarted:
    said = of_allocation(number, tenant or number, at, area, incubating=incubating)
    return told_by(said["allocation_id"], AllocationStarted(**said, started_on=day(on)), 2)


def changed(
    number: int, on: str, *, incubating: bool, tenant: int = 0, at: int = 1, sequence: int = 3
) -> AllocationChanged:
    said = of_allocation(number, tenant or number, at, 20, incubating=incubating)
    term: dict[str, Any] = {
        "starts_on": day("2026-01-01"),
        "ends_on": day("2026-12-31"),
        "price": Money(amount=1, currency="CNY"),
    }
    return told_by(said["allocation_id"], AllocationChanged(**said, **term), sequence, effective_at=noon(on))


def moved_out(number: int, on: str, *, tenant: int = 0, at: int = 1, sequence: int = 9) -> AllocationEnded:
    said = of_allocation(number, tenant or number, at, 20, incubating=True)
    return told_by(said["allocation_id"], AllocationEnded(**said, ended_on=day(on)), sequence)


# occupancy


async def test_occupancy_of_a_total_is_that_of_all_minutes_and_no_average_of_sites_m3() -> None:
    """600 of 1,000 minutes at one site, 100 of 4,000 at the other: 0.14 together, not the mean of 0.6 and 0.025."""
    asked = await Asked.after(
        [
            closed("2026-06-30", open=1_000, occupied=600),
            closed("2026-06-30", open=3_000, occupied=0, at=2),
            closed("2026-07-01", open=1_000, occupied=100, at=2),
        ]
    )
    answer = await asked.cells("space_occupancy", "site")
    assert (answer.value, answer.numerator, answer.denominator) == (1400, 700, 5_000)
    assert [cell.value for cell in answer.cells] == [6000, 250]
    months = await asked.series("space_occupancy", "2026-06", "2026-07", "month")
    assert [point.value for point in months.points] == [1500, 1000]
    for granularity in ("quarter", "year"):
        points = (await asked.series("space_occupancy", "2026", "2026-11", granularity)).points
        assert sum(point.denominator or 0 for point in points) == 5_000
    assert (await asked.value("space_occupancy", period="2026")).value == 1400


async def test_a_day_that_is_closed_again_is_corrected_in_whatever_order_it_is_heard() -> None:
    days = [
        closed("2026-06-30", open=600, occupied=60),
        closed("2026-06-30", open=600, occupied=90, sequence=2),
        closed("2026-06-30", open=600, occupied=30, sequence=3),
    ]
    for order in (days, days[::-1], [days[2], days[0], days[1]]):
        answer = await (await Asked.after(order)).value("space_occupancy", period="2026-06-30")
        assert (answer.value, answer.denominator) == (500, 600)


async def test_what_is_allocated_by_days_has_all_minutes_of_a_day_beside_what_is_booked_by_minutes() -> None:
    asked = await Asked.after(
        [
            closed("2026-06-30", open=10, occupied=5, kind="office", usage="allocatable"),
            closed("2026-06-30", open=600, occupied=300),
        ]
    )
    assert await asked.values("space_occupancy", "resource_kind") == {"room": 5000, "office": 5000}
    total = await asked.value("space_occupancy", resource_kind="office", site=site(1))
    assert (total.numerator, total.denominator) == (5 * 1_440, 10 * 1_440)


# areas


async def test_the_share_used_by_incubatees_is_their_area_of_that_of_the_sites() -> None:
    """80 of 100 m² at the first site, 10 of 300 at the second: 90 of 400 together is 22.5 %."""
    asked = await Asked.after(
        [
            opened(1, 100),
            opened(2, 300),
            moved_in(1, "2026-03-01", area=50.25),
            moved_in(2, "2026-03-01", area=29.75),
            moved_in(3, "2026-03-01", area=15, incubating=False),
            moved_in(4, "2026-03-01", area=10, at=2),
        ]
    )
    answer = await asked.cells("share_used_by_incubatees", "site", as_of="2026-03-01")
    assert (answer.value, answer.numerator, answer.denominator) == (2250, 90_00, 400_00)
    assert [cell.value for cell in answer.cells] == [8000, 333]
    months = await asked.series("share_used_by_incubatees", "2026-02", "2026-03", "month")
    assert [point.value for point in months.points] == [0, 2250]
    per = await asked.value("area_per_incubatee", site=site(1))
    assert (per.value, per.unit, per.decimals) == (40_0000, "m2", 4)
    assert (await asked.value("area_allocated")).value == 105_00
    assert (await asked.value("site_area")).decimals == 2


async def test_a_site_without_an_incubatee_uses_nothing_for_them_and_no_site_is_no_share() -> None:
    asked = await Asked.after([opened(1, 100, on="2026-03-01")])
    assert (await asked.value("share_used_by_incubatees")).value == 0
    assert (await asked.value("share_used_by_incubatees", as_of="2026-02-28")).value is None
    assert (await asked.value("area_per_incubatee")).value is None


async def test_a_business_with_two_offices_is_one_incubatee_until_it_has_left_both() -> None:
    asked = await Asked.after(
        [
            moved_in(1, "2026-03-01", tenant=7, area=20),
            moved_in(2, "2026-03-10", tenant=7, area=30),
            moved_out(1, "2026-03-20", tenant=7),
            moved_out(2, "2026-03-25", tenant=7),
        ]
    )
    for on, heads, area in (
        ("2026-03-09", 1, 20_00),
        ("2026-03-20", 1, 50_00),
        ("2026-03-25", 1, 30_00),
        ("2026-03-26", 0, 0),
    ):
        assert (await asked.value("incubatees_housed", as_of=on)).value == heads
        assert (await asked.value("area_of_incubatees", as_of=on)).value == area


async def test_who_no_longer_incubates_keeps_its_area_and_is_no_incubatee_from_that_day_on() -> None:
    asked = await Asked.after([moved_in(1, "2026-03-01", area=20), changed(1, "2026-04-01", incubating=False)])
    assert [(await asked.value(kpi)).value for kpi in ("area_allocated", "area_of_incubatees")] == [20_00, 0]
    assert (await asked.value("area_of_incubatees", as_of="2026-03-31")).value == 20_00


async def test_an_end_that_is_told_again_takes_the_place_of_the_one_before_be_it_earlier_or_later() -> None:
    events = [
        moved_in(1, "2026-03-01"),
        moved_out(1, "2026-05-31", sequence=5),
        moved_out(1, "2026-04-10", sequence=6),
    ]
    for order in (events, events[::-1], [events[1], events[2], events[0]]):
        asked = await Asked.after(order)
        assert (await asked.value("incubatees_housed", as_of="2026-04-10")).value == 1
        assert (await asked.value("incubatees_housed", as_of="2026-04-11")).value == 0


class Stay(NamedTuple):
    """An allocation, and since when its holder incubates no longer."""

    tenant: int
    at: int
    area: int
    first: date
    last: date | None
    incubates_until: date | None

    def area_on(self, on: date) -> int | None:
        """Its area in hundredths as one of an incubatee; None where it is none."""
        there = self.first <= on and (self.last is None or on <= self.last)
        incubates = self.incubates_until is None or on < self.incubates_until
        return self.area * 100 if there and incubates else None


in_2026 = st.integers(0, 300).map(lambda number: date(2026, 1, 1) + number * DAY)


@st.composite
def stays(draw: st.DrawFn) -> tuple[list[Stay], list[list[Event]]]:
    """Some allocations that begin, end, are found to have ended otherwise, and graduate; in any order."""
    found, events = [], list[Event]()
    for number in range(1, 1 + draw(st.integers(1, 5))):
        tenant, at, area, first = (
            draw(st.integers(1, 2)),
            draw(st.integers(1, 2)),
            draw(st.integers(1, 99)),
            draw(in_2026),
        )
        events.append(moved_in(number, first.isoformat(), tenant=tenant, at=at, area=area))
        lasting = draw(st.none() | st.integers(1, 90))
        until = first + lasting * DAY if lasting else None
        if until:
            events.append(changed(number, until.isoformat(), incubating=False, tenant=tenant, at=at))
        last = None
        for sequence in range(5, 5 + draw(st.integers(0, 2))):
            last = first + draw(st.integers(0, 90)) * DAY
            events.append(moved_out(number, last.isoformat(), tenant=tenant, at=at, sequence=sequence))
        found.append(Stay(tenant, at, area, first, last, until))
    return found, draw(in_any_order(events))


@settings(max_examples=40)
@given(stays(), in_2026)
def test_in_whatever_order_stays_are_heard_areas_and_incubatees_are_those_of_the_stays_one_by_one(
    zone: tuple[list[Stay], list[list[Event]]], on: date
) -> None:
    found, batches = zone
    there = [(stay.tenant, stay.at, area) for stay in found if (area := stay.area_on(on)) is not None]

    async def check() -> None:
        asked = await Asked.after(*batches)
        as_of = on.isoformat()
        assert (await asked.value("area_of_incubatees", as_of=as_of)).value == sum(area for *_, area in there)
        heads = {at: len({tenant for tenant, where, _ in there if where == at}) for _, at, _ in there}
        housed = await asked.values("incubatees_housed", "site", as_of=as_of)
        assert {key: value for key, value in housed.items() if value} == {site(at): n for at, n in heads.items()}

    asyncio.run(check())


# sites and resources


async def test_a_site_counts_from_its_opening_with_the_area_of_the_day() -> None:
    asked = await Asked.after([opened(1, 100.5), opened(2, 50, on="2026-05-01"), enlarged(1, 140, "2026-06-01")])
    assert [(await asked.value("site_area", as_of=on)).value for on in ("2026-04-30", "2026-05-31", "2026-06-01")] == [
        100_50,
        150_50,
        190_00,
    ]
    assert (await asked.value("sites_open", as_of="2026-05-01")).value == 2


async def test_units_of_resources_are_those_that_were_added_and_not_retired() -> None:
    def told(event: type[ResourceEvent], number: int, sequence: int, on: str, *, units: int, kind: str) -> Event:
        said = event(
            resource_id=id_of("res", number), site_id=site(1), resource_kind=kind, usage="bookable", units=units
        )
        return told_by(id_of("res", number), said, sequence, effective_at=noon(on))

    asked = await Asked.after(
        [
            told(ResourceAdded, 1, 1, "2026-03-01", units=10, kind="hot_desk"),
            told(ResourceAdded, 2, 1, "2026-03-01", units=1, kind="room"),
            told(ResourceChanged, 1, 2, "2026-04-01", units=12, kind="hot_desk"),
            told(ResourceRetired, 2, 2, "2026-05-01", units=1, kind="room"),
        ]
    )
    assert await asked.values("resource_units", "resource_kind", as_of="2026-04-30") == {"hot_desk": 12, "room": 1}
    assert await asked.values("resource_units", "resource_kind") == {"hot_desk": 12}


# bookings


def of_booking(number: int, event: Any, sequence: int, at: datetime, *, kind: str = "booking", **more: Any) -> Event:
    said = event(
        reservation_id=id_of("rsv", number),
        kind=kind,
        site_id=site(1),
        resource_ids=[id_of("res", 1)],
        business_id=business(number),
        business_kind="cloud",
        sector="6513",
        **more,
    )
    told: Event = told_by(id_of("rsv", number), said, sequence, effective_at=at)
    return told


def confirmed(number: int, at: datetime, *, kind: str = "booking") -> Event:
    time = {"start": at, "end": at, "price": Money(amount=0, currency="CNY")}
    return of_booking(number, ReservationConfirmed, 1, at, kind=kind, **time)


async def test_m1_a_booking_of_half_past_sixteen_utc_on_the_last_day_of_a_month_is_in_the_next_month_in_all_reads() -> (
    None
):
    asked = await Asked.after([confirmed(1, datetime(2026, 3, 31, 16, 30, tzinfo=UTC))])
    periods = {"2026-03": 0, "2026-03-31": 0, "2026-04-01": 1, "2026-04": 1, "2026-Q1": 0, "2026-Q2": 1, "2026": 1}
    for period, value in periods.items():
        answer = await asked.value("bookings_confirmed", period=period)
        assert answer.value == (value or None), period
        assert await asked.values("bookings_confirmed", "kind", period=period) == ({"cloud": 1} if value else {})
    months = await asked.series("bookings_confirmed", "2026-03", "2026-04", "month")
    assert [point.value for point in months.points] == [None, 1]
    to_march = await asked.series("bookings_confirmed", "2026-03-31", "2026-03-31", "day")
    assert [point.value for point in to_march.points] == [None]


async def test_m1_to_the_31_of_march_includes_the_whole_31() -> None:
    asked = await Asked.after([confirmed(1, datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC))])
    assert (await asked.series("bookings_confirmed", "2026-03-01", "2026-03-31", "day")).value == 1


async def test_used_minutes_and_no_shows_of_a_series_are_added_up_though_they_are_told_on_one_day() -> None:
    at = noon("2026-03-31")
    events: Sequence[Event] = [
        of_booking(1, ReservationCompleted, 2, at, minutes=60),
        of_booking(1, ReservationCompleted, 3, at, minutes=45),
        of_booking(1, ReservationNoShow, 4, at),
        of_booking(2, ReservationCompleted, 2, at, minutes=15),
        of_booking(3, ReservationCompleted, 2, at, kind="allocation", minutes=500),
    ]
    asked = await Asked.after(events)
    assert (await asked.value("booked_minutes_used", period="2026-03")).value == 120
    answer = await asked.value("booking_no_show_rate", site=site(1))
    assert (answer.value, answer.numerator, answer.denominator) == (2500, 1, 4)


async def test_a_membership_counts_from_its_first_day_to_its_last() -> None:
    who = {"membership_id": id_of("mbs", 1), "business_id": business(1)}
    started = MembershipStarted(
        **who, plan_id=id_of("pln", 1), starts_on=day("2026-03-01"), included_minutes_per_month=600
    )
    ended = MembershipEnded(**who, ends_on=day("2026-06-30"))
    asked = await Asked.after([told_by(id_of("mbs", 1), ended, 2), told_by(id_of("mbs", 1), started, 1)])
    days = ("2026-02-28", "2026-03-01", "2026-06-30", "2026-07-01")
    assert [(await asked.value("memberships_active", as_of=on)).value for on in days] == [0, 1, 1, 0]
