"""Bills of water and electricity: by days and by tiers, final after a while, corrected once, and there once."""

import json
from collections.abc import Awaitable, Callable
from operator import itemgetter
from typing import Any

import httpx
import pytest

from services.chassis.domain.errors import LostRace
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.period import Period
from services.incubator.sites.site import Site
from services.incubator.utilities.billing.effects import bill_site
from tests.incubator.registry_says import business
from tests.incubator.utilities.conftest import V1, Post, at, instant, meter_of, point_at, tariff
from tests.refusals import reason

pytestmark = pytest.mark.usefixtures("tenants")

BillMonth = Callable[[str], Awaitable[Any]]
Finalise = Callable[[], Awaitable[None]]


class Metered:
    """A service point with a meter, and what can be done to it."""

    def __init__(self, post: Post, staff: httpx.AsyncClient, point: Any, meter: Any) -> None:
        self.post, self.staff, self.point, self.meter = post, staff, point, meter

    async def reads(self, when: str, value: str, **more: Any) -> Any:
        body = {"at": instant(when), "value": value, **more}
        return await self.post(f"/meters/{self.meter['id']}/readings", body)

    async def bill(self, period: str) -> Any:
        asked = {"service_point_id": self.point["id"], "period": period}
        found = (await self.staff.get(f"{V1}/utility-bills", params=asked)).json()["data"]
        return found[0] if found else None


Meters = Callable[..., Awaitable[Metered]]


@pytest.fixture
def metered(post: Post, staff: httpx.AsyncClient, site: Any) -> Meters:
    """Opens a service point with a meter, by default of 1.00 a kWh."""
    made: list[Any] = []

    async def metered(
        *, price: Any = None, opened_on: str = "2026-07-01", initial: str = "100", meter: Any = None, **more: Any
    ) -> Metered:
        published = await post("/tariffs", price or tariff("1"))
        place = more.pop("place", f"3-{len(made)}")
        point = await post("/service-points", point_at(site, published, place=place, **more) | {"opened_on": opened_on})
        said = meter_of(point, serial=f"EX-{len(made)}", initial=initial, **(meter or {}))
        made.append(point)
        return Metered(post, staff, point, await post("/meters", said))

    return metered


def lines(bill: Any) -> dict[str, int]:
    return {line["kind"]: line["amount"]["amount"] for line in bill["lines"]}


async def run_of(staff: httpx.AsyncClient, run_id: str) -> Any:
    return (await staff.get(f"{V1}/billing-runs/{run_id}")).json()


# by days and by tiers


@pytest.mark.parametrize(("opened_on", "fen"), [("2026-08-31", 100), ("2026-08-10", 2200), ("2026-08-01", 3100)])
async def test_u1_part_of_a_month_costs_part_of_the_month(
    metered: Meters, bill_month: BillMonth, opened_on: str, fen: int
) -> None:
    one = await metered(price=tariff(standing=3100), opened_on=opened_on)
    await one.reads("2026-08-31 23:59", "100")
    await bill_month("2026-08")
    assert lines(await one.bill("2026-08")) == {"consumption": 0, "standing": fen}


async def test_u1_two_tenants_of_one_place_pay_one_month_together(
    metered: Meters, post: Post, bill_month: BillMonth
) -> None:
    for standing in (3100, 10000):
        price, place = tariff(standing=standing), f"room {standing}"
        first = await metered(price=price, opened_on="2026-08-01", place=place)
        await first.reads("2026-08-09 18:00", "110", source="final")
        await post(f"/service-points/{first.point['id']}/close", {"closed_on": "2026-08-09"}, 200)
        second = await metered(price=price, opened_on="2026-08-10", number=2, place=place)
        await second.reads("2026-08-31 20:00", "100")
        await bill_month("2026-08")
        shares = [lines(await each.bill("2026-08"))["standing"] for each in (first, second)]
        assert sum(shares) == standing
        assert shares[0] == round(standing * 9 / 31)


async def test_u1_the_minimum_goes_by_days_too(metered: Meters, bill_month: BillMonth) -> None:
    price = tariff("1", minimum={"amount": 31000, "currency": "CNY"})
    one = await metered(price=price, opened_on="2026-08-22")
    await one.reads("2026-08-31 20:00", "130")
    await bill_month("2026-08")
    assert lines(await one.bill("2026-08")) == {"consumption": 3000, "minimum": 7000}


async def test_u2_a_bill_keeps_the_rounded_amount_and_running_it_again_changes_nothing(
    metered: Meters, bill_month: BillMonth, store: MemoryStore
) -> None:
    one = await metered(price=tariff("0.067", utility="water"))
    await one.reads("2026-07-31 20:00", "155")
    await bill_month("2026-07")
    first, told = await one.bill("2026-07"), len(store.rows("outbox"))
    await bill_month("2026-07")
    assert first["total"]["amount"] == 369
    assert await one.bill("2026-07") == first
    assert len(store.rows("outbox")) == told


async def test_u4_tariffs_price_the_product_of_dial_and_factor(metered: Meters, bill_month: BillMonth) -> None:
    one = await metered(initial="00123", meter={"factor": "40"})
    await one.reads("2026-07-31 20:00", "00125")
    await bill_month("2026-07")
    bill = await one.bill("2026-07")
    assert (bill["measured"]["own"], bill["total"]["amount"]) == ({"value": "80", "unit": "kWh"}, 8000)


async def test_what_two_meters_measured_is_added_up(metered: Meters, post: Post, bill_month: BillMonth) -> None:
    one = await metered()
    new = {"serial": "EX-NEW", "digits": 6, "factor": "2", "initial": "3"}
    body = {"at": instant("2026-07-15 10:00"), "final": "160", "meter": new}
    one.meter = await post(f"/meters/{one.meter['id']}/exchange", body)
    await one.reads("2026-07-31 20:00", "10")
    await bill_month("2026-07")
    assert (await one.bill("2026-07"))["measured"]["own"]["value"] == "74"


@pytest.mark.parametrize(
    ("looks", "own"),
    [
        ([("2026-07-30 00:00", "130"), ("2026-08-02 00:00", "133")], "33"),
        ([("2026-07-31 00:00", "131"), ("2026-08-02 00:00", "133")], "31"),
        ([("2026-08-03 23:00", "134")], "34"),
    ],
)
async def test_the_nearer_of_two_looks_around_a_boundary_counts_and_of_equal_ones_the_earlier(
    metered: Meters, bill_month: BillMonth, looks: Any, own: str
) -> None:
    one = await metered()
    for when, value in looks:
        await one.reads(when, value)
    await bill_month("2026-07")
    assert (await one.bill("2026-07"))["measured"]["own"]["value"] == own


# estimates


async def test_a_month_that_nobody_read_is_estimated_by_the_average(
    metered: Meters, bill_month: BillMonth, staff: httpx.AsyncClient
) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    await bill_month("2026-07")
    bill = await one.bill("2026-07")
    assert (bill["measured"]["own"]["value"], bill["measured"]["end"]["estimated"]) == ("78", True)
    reading = (await staff.get(f"{V1}/readings/{bill['measured']['end']['reading_id']}")).json()
    assert (reading["source"], reading["value"], reading["read_at"]) == (
        "estimated",
        "178",
        "2026-07-31T16:00:00.000Z",
    )


async def test_a_month_without_a_week_of_history_is_noted_and_the_others_are_billed(
    metered: Meters, bill_month: BillMonth, staff: httpx.AsyncClient
) -> None:
    silent, other = await metered(), await metered()
    await other.reads("2026-07-31 20:00", "130")
    run = await run_of(staff, await bill_month("2026-07"))
    assert (run["status"], run["bills"]) == ("done", 1)
    assert [(note["code"], note["service_point_id"]) for note in run["problems"]] == [
        ("no_history_for_estimate", silent.point["id"])
    ]
    assert await silent.bill("2026-07") is None
    await silent.reads("2026-08-01 20:00", "131")
    await bill_month("2026-07")
    assert (await silent.bill("2026-07"))["measured"]["own"]["value"] == "31"


async def test_an_estimate_never_stands_in_the_way_of_a_look_below_it(metered: Meters, bill_month: BillMonth) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    await bill_month("2026-07")
    assert (await one.reads("2026-08-20 00:00", "153"))["status"] == "accepted"


async def test_a_look_below_an_estimate_rates_the_month_anew_by_days(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock
) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    clock.at = at("2026-08-05")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    clock.at = at("2026-09-02")
    await one.reads("2026-09-01 00:00", "171")  # 21 in 42 days: half a kWh a day, 5.5 until the boundary
    await bill_month("2026-08")
    july, august = await one.bill("2026-07"), await one.bill("2026-08")
    assert july["measured"]["own"]["value"] == "78"
    (correction,) = august["corrections"]
    assert (correction["service_period"], correction["before"]["value"], correction["now"]["value"]) == (
        "2026-07",
        "78",
        "56",
    )
    assert (august["measured"]["own"]["value"], august["total"]["amount"], august["credit"]["amount"]) == ("15", 0, 700)


async def test_a_look_above_an_estimate_leaves_the_month_as_it_was_billed(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock
) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    clock.at = at("2026-08-05")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    clock.at = at("2026-09-02")
    await one.reads("2026-09-01 00:00", "190")
    await bill_month("2026-08")
    august = await one.bill("2026-08")
    assert (august["measured"]["own"]["value"], august["corrections"]) == ("12", [])


# corrections


@pytest.fixture
async def corrected(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post
) -> Metered:
    """Reads 100, 130, 170 with the bill of July final, then 130 is found to have been 124."""
    one = await metered(price=tariff("0.50"))
    clock.at = at("2026-08-05")
    wrong = await one.reads("2026-08-01 00:00", "130")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    dearer = {name: value for name, value in tariff("1").items() if name not in ("name", "utility")}
    await post(f"/tariffs/{one.point['tariff_id']}/versions", dearer | {"effective_from": "2026-09-01"})
    clock.at = at("2026-10-05")
    await one.reads("2026-09-01 00:00", "150")
    await one.reads("2026-10-01 00:00", "170")
    await bill_month("2026-08")
    clock.at = at("2026-10-20")
    await finalise()
    await post(f"/readings/{wrong['id']}/supersede", {"value": "124"})
    return one


async def test_u3_a_closed_period_is_corrected_once_by_the_tariff_that_held_then(
    corrected: Metered, bill_month: BillMonth, finalise: Finalise, clock: FixedClock
) -> None:
    await bill_month("2026-09")
    july, august, september = [await corrected.bill(f"2026-0{month}") for month in (7, 8, 9)]
    assert (july["measured"]["own"]["value"], july["total"]["amount"]) == ("30", 1500)
    assert (august["measured"]["own"]["value"], august["total"]["amount"]) == ("20", 1000)
    said = [
        (
            each["service_period"],
            each["tariff_version"],
            each["before"]["value"],
            each["now"]["value"],
            each["amount"]["amount"],
        )
        for each in september["corrections"]
    ]
    assert said == [("2026-07", 1, "30", "24", -300), ("2026-08", 1, "20", "26", 300)]
    assert (september["tariff_version"], september["total"]["amount"]) == (2, 2000)
    clock.at = at("2026-11-20")
    await finalise()
    await corrected.reads("2026-11-01 00:00", "180")
    await bill_month("2026-10")
    assert (await corrected.bill("2026-10"))["corrections"] == []


async def test_u3_the_next_bill_has_its_own_consumption_and_one_correction_of_the_month_before(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post, store: MemoryStore
) -> None:
    one = await metered()
    clock.at = at("2026-08-05")
    wrong = await one.reads("2026-08-01 00:00", "130")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    await post(f"/readings/{wrong['id']}/supersede", {"value": "124"})
    clock.at = at("2026-09-02")
    await one.reads("2026-09-01 00:00", "170")
    await bill_month("2026-08")
    july, august = await one.bill("2026-07"), await one.bill("2026-08")
    (correction,) = august["corrections"]
    assert (july["status"], july["measured"]["own"]["value"], august["measured"]["own"]["value"]) == (
        "finalised",
        "30",
        "46",
    )
    assert (correction["service_period"], correction["amount"]["amount"]) == ("2026-07", -600)
    assert august["total"]["amount"] + july["total"]["amount"] == 7000
    told = [row["type"].split(".")[3] for row in store.rows("outbox") if row["_id"].startswith(august["id"])]
    assert told == ["drafted", "rated", "adjusted", "rated"]


async def test_a_draft_that_no_longer_corrects_a_month_says_again_what_was_billed_of_it(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post, store: MemoryStore
) -> None:
    one = await metered()
    clock.at = at("2026-08-05")
    wrong = await one.reads("2026-08-01 00:00", "130")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    better = await post(f"/readings/{wrong['id']}/supersede", {"value": "124"})
    clock.at = at("2026-09-02")
    await one.reads("2026-09-01 00:00", "170")
    await bill_month("2026-08")
    await post(f"/readings/{better['id']}/supersede", {"value": "130"})
    await bill_month("2026-08")
    august = await one.bill("2026-08")
    assert august["corrections"] == []
    rows = [json.loads(row["data"]) for row in store.rows("outbox") if row["type"].endswith("consumption.rated.v1")]
    of_july = [(row["period"], row["quantity"]["value"]) for row in rows if row["starts_on"] == "2026-07-01"]
    assert sorted(of_july, key=itemgetter(0)) == [("2026-07", "30"), ("2026-08", "24"), ("2026-08", "30")]


@pytest.fixture
async def overbilled(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post
) -> tuple[Metered, Any]:
    """Fifty of July are final, and then found to have been none; ten of August are billed. With the bill of July."""
    one = await metered()
    clock.at = at("2026-08-05")
    wrong = await one.reads("2026-08-01 00:00", "150")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    await post(f"/readings/{wrong['id']}/supersede", {"value": "100"})
    clock.at = at("2026-09-02")
    await one.reads("2026-09-01 00:00", "110")
    await bill_month("2026-08")
    return one, await one.bill("2026-07")


async def test_u3_what_corrections_leave_over_is_a_credit_and_the_total_is_never_below_nothing(
    overbilled: tuple[Metered, Any],
) -> None:
    august = await overbilled[0].bill("2026-08")
    assert (august["total"]["amount"], august["credit"]["amount"]) == (0, 4000)


@pytest.mark.usefixtures("zone_book")
async def test_u3_what_is_left_over_becomes_a_credit_note_on_the_invoice_of_the_month_that_was_corrected(
    overbilled: tuple[Metered, Any], finalise: Finalise, clock: FixedClock, post: Post, staff: httpx.AsyncClient
) -> None:
    one, july = overbilled
    await post(f"/invoices/{july['invoice_id']}/finalise", {}, 200)
    clock.at = at("2026-09-20")
    await finalise()
    august = await one.bill("2026-08")
    (note,) = (await staff.get(f"{V1}/credit-notes")).json()["data"]
    assert (note["invoice_id"], note["subtotal"], note["tax"]) == (july["invoice_id"], 4000, 520)
    invoice = (await staff.get(f"{V1}/invoices/{august['invoice_id']}")).json()
    assert invoice["id"] != july["invoice_id"]
    assert [line["amount"] for line in invoice["lines"]] == [1000, -1000]
    assert invoice["total"] == 0


@pytest.mark.usefixtures("zone_book")
async def test_u3_what_an_invoice_gave_back_already_is_not_credited_on_it_again(
    overbilled: tuple[Metered, Any], finalise: Finalise, clock: FixedClock, post: Post, staff: httpx.AsyncClient
) -> None:
    one, july = overbilled
    back = {"kind": "electricity", "description": "Goodwill", "amount": -4500, "tax_rate_bps": 1300}
    await post(f"/invoices/{july['invoice_id']}/lines", {"lines": [back]}, 200)
    await post(f"/invoices/{july['invoice_id']}/finalise", {}, 200)
    clock.at = at("2026-09-20")
    await finalise()
    august = await one.bill("2026-08")
    assert (august["status"], (await staff.get(f"{V1}/credit-notes")).json()["data"]) == ("finalised", [])
    invoice = (await staff.get(f"{V1}/invoices/{august['invoice_id']}")).json()
    assert [line["amount"] for line in invoice["lines"]] == [1000, -5000]


async def test_u3_what_is_left_over_takes_from_a_draft_of_an_invoice_while_that_is_one(
    overbilled: tuple[Metered, Any], finalise: Finalise, clock: FixedClock, staff: httpx.AsyncClient
) -> None:
    one, july = overbilled
    clock.at = at("2026-09-20")
    await finalise()
    assert (await one.bill("2026-08"))["invoice_id"] == july["invoice_id"]
    invoice = (await staff.get(f"{V1}/invoices/{july['invoice_id']}")).json()
    assert [line["amount"] for line in invoice["lines"]] == [5000, 1000, -5000]


# who has left


async def test_u5_who_has_left_still_gets_a_last_bill_by_the_final_reading(
    metered: Meters, bill_month: BillMonth, clock: FixedClock, post: Post, staff: httpx.AsyncClient
) -> None:
    clock.at = at("2026-07-25")
    one = await metered(price=tariff("1", standing=3100))
    await post(f"/service-points/{one.point['id']}/close", {"closed_on": "2026-07-20"}, 200)
    clock.at = at("2026-08-01 09:00")
    await bill_month("2026-07")
    clock.at = at("2026-08-03")
    late = {"at": instant("2026-07-22 08:00"), "value": "150", "source": "final"}
    refused = await staff.post(f"{V1}/meters/{one.meter['id']}/readings", json=late)
    assert (refused.status_code, refused.json()["code"]) == (409, "service_point_closed")
    await one.reads("2026-07-20 18:00", "150", source="final")
    await bill_month("2026-07")
    bill = await one.bill("2026-07")
    assert (bill["ends_on"], lines(bill)) == ("2026-07-20", {"consumption": 5000, "standing": 2000})


async def test_u5_a_final_reading_that_comes_after_the_last_bill_is_corrected_on_a_bill_of_its_own(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post
) -> None:
    one = await metered()
    clock.at = at("2026-07-25")
    await one.reads("2026-07-11 00:00", "110")
    await post(f"/service-points/{one.point['id']}/close", {"closed_on": "2026-07-20"}, 200)
    clock.at = at("2026-08-01 09:00")
    await bill_month("2026-07")
    clock.at = at("2026-08-20")
    await finalise()
    assert (await one.bill("2026-07"))["measured"]["own"]["value"] == "20"
    await one.reads("2026-07-20 18:00", "114", source="final")
    clock.at = at("2026-09-02")
    await bill_month("2026-08")
    august = await one.bill("2026-08")
    assert (august["measured"], august["lines"], august["credit"]["amount"]) == (None, [], 600)


async def test_a_place_whose_meter_was_removed_takes_nothing(
    metered: Meters, bill_month: BillMonth, clock: FixedClock, store: MemoryStore
) -> None:
    clock.at = at("2026-10-01 09:00")
    one = await metered()
    await one.reads("2026-07-11 00:00", "110")
    await one.reads("2026-07-20 18:00", "120", source="final")
    for period in ("2026-07", "2026-08", "2026-09"):
        await bill_month(period)
    owns = [(await one.bill(period))["measured"]["own"]["value"] for period in ("2026-07", "2026-08", "2026-09")]
    assert (owns, (await one.bill("2026-09"))["corrections"]) == (["20", "0", "0"], [])
    assert [row["source"] for row in store.rows("readings")] == ["initial", "actual", "final"]


# drafts and final bills


async def test_a_draft_is_made_anew_until_its_time_is_over_and_then_final(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, staff: httpx.AsyncClient
) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    clock.at = at("2026-08-01 09:00")
    await bill_month("2026-07")
    draft = await one.bill("2026-07")
    assert (draft["status"], draft["finalises_at"]) == ("draft", "2026-08-11T01:00:00.000Z")
    clock.at = at("2026-08-11 08:59")
    await one.reads("2026-08-02 00:00", "170")
    await finalise()
    assert (await one.bill("2026-07"))["status"] == "draft"
    clock.at = at("2026-08-11 09:00")
    await finalise()
    final = await one.bill("2026-07")
    assert (final["status"], final["measured"]["own"]["value"]) == ("finalised", "70")
    estimated = (await staff.get(f"{V1}/readings/{draft['measured']['end']['reading_id']}")).json()
    assert (estimated["status"], estimated["superseded_by"]) == ("superseded", final["measured"]["end"]["reading_id"])
    await finalise()
    assert await one.bill("2026-07") == final


async def test_u2_a_final_bill_is_charged_on_an_invoice_to_the_fen(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, staff: httpx.AsyncClient
) -> None:
    one = await metered(price=tariff("0.067", utility="water", standing=310))
    two = await metered(price=tariff("1"))
    for each in (one, two):
        await each.reads("2026-07-31 20:00", "155")
    await bill_month("2026-07")
    clock.at = at("2026-09-20")
    await finalise()
    bills = [await each.bill("2026-07") for each in (one, two)]
    (invoice_id,) = {bill["invoice_id"] for bill in bills}
    invoice = (await staff.get(f"{V1}/invoices/{invoice_id}")).json()
    charged = {line["source"]: 0 for line in invoice["lines"]}
    for line in invoice["lines"]:
        charged[line["source"]] += line["amount"]
    assert charged == {bill["id"]: bill["total"]["amount"] for bill in bills}
    assert [bill["total"]["amount"] for bill in bills] == [369 + 310, 5500]
    rates = {line["kind"]: line["tax_rate_bps"] for line in invoice["lines"]}
    assert rates == {"water": 900, "electricity": 1300}


async def test_a_final_bill_stays_whatever_is_read_later(
    metered: Meters, bill_month: BillMonth, finalise: Finalise, clock: FixedClock, post: Post
) -> None:
    one = await metered()
    wrong = await one.reads("2026-07-31 20:00", "150")
    await bill_month("2026-07")
    clock.at = at("2026-09-20")
    await finalise()
    final = await one.bill("2026-07")
    await post(f"/readings/{wrong['id']}/supersede", {"value": "120"})
    await bill_month("2026-07")
    assert await one.bill("2026-07") == final


async def test_months_are_billed_one_after_the_other(
    metered: Meters, bill_month: BillMonth, staff: httpx.AsyncClient
) -> None:
    one = await metered()
    await one.reads("2026-07-31 20:00", "150")
    await one.reads("2026-08-31 20:00", "180")
    run = await run_of(staff, await bill_month("2026-08"))
    assert [note["code"] for note in run["problems"]] == ["earlier_month_unbilled"]


async def test_two_runs_at_once_make_one_bill(metered: Meters, store: MemoryStore, site: Any) -> None:
    one = await metered()
    await one.reads("2026-07-21 00:00", "150")
    units = [memory_tx(store, at=at("2026-08-01 09:00")) for _ in range(2)]
    for tx in units:
        await bill_site(await tx.get(Site, site["id"]), Utility.ELECTRICITY, Period.of("2026-07"), tx)
    await units[0].commit()
    bill = await one.bill("2026-07")
    with pytest.raises(LostRace):
        await units[1].commit()
    again = memory_tx(store, at=at("2026-08-01 09:00"))
    found = await bill_site(await again.get(Site, site["id"]), Utility.ELECTRICITY, Period.of("2026-07"), again)
    await again.commit()
    assert found.made == []
    assert await one.bill("2026-07") == bill
    assert len(store.rows("utility_bills")) == 1


async def test_a_month_that_is_not_over_is_not_billed(staff: httpx.AsyncClient, clock: FixedClock) -> None:
    clock.at = at("2026-08-31 23:59")
    answer = await staff.post(f"{V1}/billing-runs", json={"period": "2026-08"})
    assert (answer.status_code, reason(answer)) == (422, "period_not_over")
    for wrong in ("2026-13", "2026-8", "2026"):
        assert (await staff.post(f"{V1}/billing-runs", json={"period": wrong})).status_code == 422


async def test_a_partner_sees_its_own_bills_and_no_runs(
    metered: Meters, bill_month: BillMonth, owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    one = await metered()
    await one.reads("2026-07-31 20:00", "150")
    run_id = await bill_month("2026-07")
    bill = await one.bill("2026-07")
    assert (await owner.get(f"{V1}/utility-bills/{bill['id']}")).json() == bill
    assert (bill["business_id"], bill["total"]["amount"]) == (business(1), 5000)
    assert (await stranger.get(f"{V1}/utility-bills/{bill['id']}")).status_code == 404
    assert (await stranger.get(f"{V1}/utility-bills")).json()["data"] == []
    assert (await owner.get(f"{V1}/billing-runs/{run_id}")).status_code == 404
    assert (await owner.post(f"{V1}/billing-runs", json={"period": "2026-07"})).status_code == 403
