"""Common consumption: what the main meter shows and no sub-meter does, divided by area so that it sums exactly."""

from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.utilities.billing.common_consumption import divide
from services.incubator.utilities.billing.drafting import Unbilled
from tests.incubator.utilities.conftest import V1, Post, at, instant, meter_of, point_at, tariff

QUANTITIES = st.integers(0, 10**9).map(lambda thousandths: Fraction(thousandths, 1000))


@given(QUANTITIES, QUANTITIES, st.dictionaries(st.text(min_size=1), st.integers(1, 10**7), min_size=1, max_size=9))
def test_shares_sum_to_what_is_common_and_none_is_negative(
    submeters: Fraction, common: Fraction, weights: dict[str, int]
) -> None:
    divided = divide(submeters + common, submeters, weights, tolerance_bps=200)
    assert sum(divided.shares.values()) == divided.common == common
    assert all(share >= 0 for share in divided.shares.values())


def test_the_largest_remainder_gets_what_is_left_over() -> None:
    divided = divide(Fraction(1, 100), Fraction(), {"a": 1, "b": 1, "c": 1}, tolerance_bps=0)
    assert divided.shares == {"a": Fraction(4, 1000), "b": Fraction(3, 1000), "c": Fraction(3, 1000)}


@pytest.mark.parametrize(("submeters", "bps", "exceeded"), [(1005, 200, True), (1020, 200, True), (1000, 0, False)])
def test_u6_within_the_tolerance_nothing_is_common(submeters: int, bps: int, exceeded: bool) -> None:
    divided = divide(Fraction(1000), Fraction(submeters), {"a": 1}, tolerance_bps=bps)
    assert divided == (Fraction(), {"a": Fraction()}, exceeded)


@pytest.mark.parametrize(("submeters", "bps"), [("1030", 200), ("1020.001", 200), ("1000.001", 0)])
def test_u6_beyond_the_tolerance_it_is_refused(submeters: str, bps: int) -> None:
    with pytest.raises(Unbilled) as refused:
        divide(Fraction(1000), Fraction(submeters), {"a": 1}, tolerance_bps=bps)
    assert refused.value.code == "submeters_exceed_main"


# over HTTP: a site with a main meter and two sub-meters

pytestmark = pytest.mark.usefixtures("tenants")
BillMonth = Callable[[str], Awaitable[Any]]
Finalise = Callable[[], Awaitable[None]]
Read = Callable[..., Awaitable[Any]]


@pytest.fixture
def fill(post: Post) -> Read:
    """Gives a site a main meter of five digits and sub-meters, and reads all of them at the end of July."""

    async def fill(site: Any, main: str | None, *subs: str | None, main_since: str = "2026-07-01") -> list[Any]:
        published = await post("/tariffs", tariff("1"))
        mains = {"site_id": site["id"], "utility": "electricity", "role": "main", "place": "B1"}
        points = [await post("/service-points", mains | {"opened_on": main_since})] if main else []
        for number, _ in enumerate(subs, start=1):
            said = point_at(site, published, place=f"room {number}", number=number, area=100 * number)
            points.append(await post("/service-points", said))
        for point, value in zip(points, [main, *subs] if main else subs, strict=True):
            meter = await post("/meters", meter_of(point, serial=point["id"], initial="0"))
            if value is not None:
                said = {"at": instant("2026-07-31 23:00"), "value": value}
                await post(f"/meters/{meter['id']}/readings", said)
        return points

    return fill


async def bills(staff: httpx.AsyncClient, site: Any) -> list[tuple[str, str]]:
    """Of each bill of a site in July: what was its own, and its share of what was common."""
    found = (await staff.get(f"{V1}/utility-bills", params={"site_id": site["id"]})).json()["data"]
    ordered = sorted(found, key=lambda bill: bill["business_id"])
    return [(bill["measured"]["own"]["value"], bill["measured"]["common"]["value"]) for bill in ordered]


async def run_of(staff: httpx.AsyncClient, run_id: str) -> Any:
    return (await staff.get(f"{V1}/billing-runs/{run_id}")).json()


async def test_what_is_common_is_divided_by_area(
    staff: httpx.AsyncClient, owner: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth
) -> None:
    points = await fill(site, "100", "40", "50")
    await bill_month("2026-07")
    assert await bills(staff, site) == [("40", "3.333"), ("50", "6.667")]
    asked = {"site_id": site["id"], "period": "2026-07"}
    (found,) = (await staff.get(f"{V1}/common-consumption", params=asked)).json()["data"]
    assert (found["main"]["value"], found["submeters"]["value"], found["common"]["value"]) == ("100", "90", "10")
    assert {id: share["value"] for id, share in found["shares"].items()} == {
        points[1]["id"]: "3.333",
        points[2]["id"]: "6.667",
    }
    assert (await owner.get(f"{V1}/common-consumption")).json()["data"] == []


async def test_u6_a_little_more_on_the_sub_meters_is_a_warning(
    staff: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth
) -> None:
    await fill(site, "1000", "500", "505")
    run = await run_of(staff, await bill_month("2026-07"))
    assert await bills(staff, site) == [("500", "0"), ("505", "0")]
    assert ([note["code"] for note in run["warnings"]], run["problems"]) == (["submeters_exceed_main"], [])


async def test_u6_much_more_on_the_sub_meters_stops_this_site_and_no_other(
    staff: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth, post: Post
) -> None:
    other = await post("/sites", {"name": "示例孵化楼", "address": "示例路2号", "area_m2": 800})
    await fill(site, "1000", "500", "530")
    await fill(other, None, "10")
    run = await run_of(staff, await bill_month("2026-07"))
    assert [(note["code"], note["site_id"]) for note in run["problems"]] == [("submeters_exceed_main", site["id"])]
    assert (await bills(staff, site), await bills(staff, other)) == ([], [("10", "0")])


async def test_nothing_is_divided_while_a_sub_meter_is_unknown(
    staff: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth
) -> None:
    points = await fill(site, "100", "40", None)
    run = await run_of(staff, await bill_month("2026-07"))
    assert [(note["code"], note["service_point_id"]) for note in run["problems"]] == [
        ("no_history_for_estimate", points[2]["id"]),
        ("common_consumption_unknown", None),
    ]
    assert await bills(staff, site) == []


async def test_running_a_month_again_divides_it_the_same(
    staff: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth, store: MemoryStore
) -> None:
    await fill(site, "100", "40", "50")
    await bill_month("2026-07")
    before, told = store.rows("common_consumption"), len(store.rows("outbox"))
    await bill_month("2026-07")
    assert (store.rows("common_consumption"), len(store.rows("outbox"))) == (before, told)


async def test_what_was_divided_stays_as_it_was_billed_once_a_later_month_is(
    staff: httpx.AsyncClient, fill: Read, site: Any, bill_month: BillMonth, finalise: Finalise, clock: FixedClock
) -> None:
    points = await fill(site, "100", "40", "50")
    asked = {"site_id": site["id"], "period": "2026-07"}
    for period in ("2026-07", "2026-08"):
        await bill_month(period)
    (before,) = (await staff.get(f"{V1}/common-consumption", params=asked)).json()["data"]
    clock.at = at("2026-09-20")
    await finalise()
    assert set(before["shares"]) == {each["id"] for each in points[1:]}
    assert (await staff.get(f"{V1}/common-consumption", params=asked)).json()["data"] == [before]


@pytest.mark.parametrize(("read_before", "common"), [("150", "10"), (None, "37")])
async def test_what_the_main_meter_showed_before_the_month_is_nobodys(
    staff: httpx.AsyncClient,
    fill: Read,
    site: Any,
    bill_month: BillMonth,
    post: Post,
    store: MemoryStore,
    read_before: str | None,
    common: str,
) -> None:
    points = await fill(site, "250", "40", "50", main_since="2026-06-01")
    (main,) = (await staff.get(f"{V1}/meters", params={"service_point_id": points[0]["id"]})).json()["data"]
    if read_before:
        said = {"at": instant("2026-07-01 08:00"), "value": read_before}
        await post(f"/meters/{main['id']}/readings", said)
    for _ in range(2):
        await bill_month("2026-07")
    (found,) = (await staff.get(f"{V1}/common-consumption", params={"site_id": site["id"]})).json()["data"]
    assert found["common"]["value"] == common
    assert len([row for row in store.rows("readings") if row["source"] == "estimated"]) == (read_before is None)
