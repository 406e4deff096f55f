"""Offices and desks for days on end: who has them, what a day and a month cost, and what time does to them."""

from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import V1, Hear, Json, Pass, created
from tests.incubator.registry_says import business, suspended
from tests.incubator.space.conftest import Add, at
from tests.refusals import reason

ALLOCATIONS = f"{V1}/allocations"
Api = httpx.AsyncClient
MONTHLY = {"price": "3100", "currency": "CNY", "per": "month"}


@pytest.fixture
async def office(add: Add) -> Json:
    return await add(kind="office", usage="allocatable", area_m2=45.5, rate=MONTHLY)


@pytest.fixture
async def desks(add: Add) -> Json:
    daily = {"price": "20", "currency": "CNY", "per": "day"}
    return await add(kind="dedicated_desk", usage="allocatable", units=3, area_m2=10, rate=daily)


def asked(resource: Json, first: str = "07-10", last: str = "08-31", by: int = 1, **more: Any) -> Json:
    said = {"business_id": business(by), "resource_id": resource["id"]}
    return said | {"starts_on": f"2026-{first}", "ends_on": f"2026-{last}"} | more


async def allocated(staff: Api, resource: Json, first: str = "07-10", last: str = "08-31", **more: Any) -> Json:
    return created(await staff.post(ALLOCATIONS, json=asked(resource, first, last, **more)))


async def changed(staff: Api, allocation: Json, **said: Any) -> httpx.Response:
    version = (await staff.get(f"{ALLOCATIONS}/{allocation['id']}")).json()["version"]
    return await staff.patch(f"{ALLOCATIONS}/{allocation['id']}", json=said, headers={"If-Match": f'"v{version}"'})


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, reason(answer)


def told(store: MemoryStore) -> list[tuple[str, Json]]:
    """What was told of allocations, in order: the middle of each event's name, and what it says."""
    rows = [row for _, row in sorted(store.collections["outbox"].items()) if ".allocation." in row["type"]]
    return [(row["type"].split(".")[3], orjson.loads(row["data"])) for row in rows]


def days_claimed(store: MemoryStore) -> set[str]:
    return {key.rpartition(":")[2] for key in store.collections["claims"] if key.startswith("slot|")}


# what it costs and takes


async def test_u1_part_of_a_month_costs_part_of_it_and_the_preview_says_what_is_charged(
    first: Api, staff: Api, office: Json
) -> None:
    preview = (await first.post(f"{ALLOCATIONS}/preview", json=asked(office))).json()
    made = await allocated(staff, office, expected_price=preview["price"])
    assert [(each["period"], each["price"]["amount"]) for each in preview["months"]] == [
        ("2026-07", 220_000),
        ("2026-08", 310_000),
    ]
    assert made["price"] == preview["price"] == {"amount": 530_000, "currency": "CNY"}
    assert made["months"] == preview["months"]
    assert (made["status"], made["units"], made["area_m2"]) == ("confirmed", [0], 45.5)


async def test_a_day_costs_its_price_of_each_unit(staff: Api, desks: Json) -> None:
    made = await allocated(staff, desks, "07-30", "08-02", units=2)
    assert [each["price"]["amount"] for each in made["months"]] == [8_000, 8_000]
    assert made["area_m2"] in (6.66, 6.67)


async def test_units_of_one_resource_have_its_whole_area_together(staff: Api, desks: Json) -> None:
    made = [await allocated(staff, desks) for _ in range(3)]
    assert sorted(each["units"][0] for each in made) == [0, 1, 2]
    assert sum(round(each["area_m2"] * 100) for each in made) == 1000


async def test_each_day_of_each_unit_is_a_claim_until_it_is_over(staff: Api, office: Json, store: MemoryStore) -> None:
    await allocated(staff, office, "07-10", "07-12")
    assert days_claimed(store) == {"D2026-07-10", "D2026-07-11", "D2026-07-12"}
    (last,) = [each for key, each in store.collections["claims"].items() if key.endswith("D2026-07-12")]
    assert last["until"].isoformat() == "2026-07-12T16:00:00+00:00"


async def test_days_that_another_has_are_refused_with_when_and_not_by_whom(
    second: Api, staff: Api, office: Json, store: MemoryStore
) -> None:
    await allocated(staff, office, "07-10", "07-31")
    before = days_claimed(store)
    answer = await second.post(f"{ALLOCATIONS}/preview", json=asked(office, "07-31", "08-31", by=2))
    assert problem(answer) == (409, "slot_taken")
    assert answer.json()["conflicts"] == [
        {"resource_id": office["id"], "starts_on": "2026-07-10", "ends_on": "2026-07-31"}
    ]
    assert business(1) not in answer.text
    assert problem(await staff.post(ALLOCATIONS, json=asked(office, "07-01", "07-31", by=2))) == (422, "in_the_past")
    await allocated(staff, office, "08-01", "08-31", by=2)
    assert before < days_claimed(store)


async def test_several_units_are_allocated_together_or_not_at_all(staff: Api, desks: Json) -> None:
    await allocated(staff, desks, units=2)
    assert problem(await staff.post(ALLOCATIONS, json=asked(desks, by=2, units=2))) == (409, "slot_taken")
    await allocated(staff, desks, by=2)


async def test_what_is_listed_as_free_can_be_allocated_and_nothing_else(
    first: Api, staff: Api, desks: Json, office: Json, room: Json, site: Json
) -> None:
    await allocated(staff, desks, units=2)
    await allocated(staff, office, "08-01", "08-31")

    async def free(**more: Any) -> dict[str, int]:
        said = {"site_id": site["id"], "starts_on": "2026-07-06", "ends_on": "2026-07-31"} | more
        answer = await first.get(f"{ALLOCATIONS}/available", params=said)
        assert answer.status_code == 200, answer.text
        return {each["resource"]["id"]: each["free_units"] for each in answer.json()["data"]}

    assert await free() == {desks["id"]: 1, office["id"]: 1}
    assert await free(units=2, kind="dedicated_desk") == {}
    assert await free(ends_on="2026-08-01") == {desks["id"]: 1}
    assert problem(await staff.post(ALLOCATIONS, json=asked(desks, "07-06", "07-31", units=2))) == (409, "slot_taken")


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (("2026-07-05", "2026-07-31"), "in_the_past"),
        (("2026-07-31", "2026-07-30"), "empty_interval"),
        (("2026-07-31", "2032-07-30"), "window_too_large"),
    ],
)
async def test_days_on_which_nothing_can_be_free_are_refused(
    first: Api, site: Json, days: tuple[str, str], code: str
) -> None:
    said = {"site_id": site["id"], "starts_on": days[0], "ends_on": days[1]}
    answer = await first.get(f"{ALLOCATIONS}/available", params=said)
    assert problem(answer) == (422, code)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"starts_on": "2026-07-05"}, "in_the_past"),
        ({"ends_on": "2026-07-09"}, "empty_interval"),
        ({"ends_on": "2026-02-29"}, "date_invalid"),
        ({"ends_on": "2032-07-10"}, "too_long"),
        ({"ends_on": "9999-12-31"}, "date_range"),
        ({"units": 2}, "too_many_units"),
        ({"units": 0}, "invalid"),
        ({"resource_id": "res_" + "0" * 32}, "resource_unknown"),
        ({"price": 1}, "unknown_field"),
    ],
)
async def test_what_cannot_be_allocated_is_refused_at_its_place(
    staff: Api, office: Json, said: dict[str, Any], code: str
) -> None:
    answer = await staff.post(ALLOCATIONS, json=asked(office) | said)
    assert answer.status_code == 422, answer.text
    assert code in {each["code"] for each in answer.json()["errors"]}


async def test_what_is_booked_is_not_allocated_and_what_is_allocated_not_booked(
    first: Api, staff: Api, office: Json, room: Json
) -> None:
    assert problem(await staff.post(ALLOCATIONS, json=asked(room))) == (422, "not_allocatable")
    said = {"business_id": business(1), "resource_ids": [office["id"]], "title": "评审"}
    hours = {"start": at("07-06 10:00"), "end": at("07-06 12:00")}
    answer = await first.post(f"{V1}/reservations", json=said | hours)
    assert problem(answer) == (422, "not_bookable")


async def test_more_than_an_amount_can_be_is_refused(staff: Api, add: Add) -> None:
    dear = await add(
        kind="office", usage="allocatable", units=9, rate=MONTHLY | {"price": "999999999999", "per": "day"}
    )
    answer = await staff.post(ALLOCATIONS, json=asked(dear, units=9))
    assert problem(answer) == (422, "amount_too_large")


async def test_nothing_is_allocated_at_another_price_than_expected(staff: Api, office: Json) -> None:
    body = asked(office, expected_price={"amount": 1, "currency": "CNY"})
    answer = await staff.post(ALLOCATIONS, json=body)
    assert problem(answer) == (409, "price_changed")
    assert answer.json()["price"] == {"amount": 530_000, "currency": "CNY"}


# for whom


async def test_staff_allocates_and_a_partner_sees_its_own(first: Api, second: Api, staff: Api, office: Json) -> None:
    made = await allocated(staff, office)
    assert problem(await first.post(ALLOCATIONS, json=asked(office))) == (403, "insufficient_scope")
    assert (await first.get(f"{ALLOCATIONS}/{made['id']}")).json()["id"] == made["id"]
    assert problem(await second.get(f"{ALLOCATIONS}/{made['id']}")) == (404, "not_found")
    assert (await second.get(ALLOCATIONS)).json()["data"] == []


async def test_a_suspended_business_keeps_what_it_has_and_gets_no_more(
    staff: Api, office: Json, desks: Json, hear: Hear
) -> None:
    made = await allocated(staff, office)
    await hear(suspended(1))
    assert problem(await staff.post(ALLOCATIONS, json=asked(desks))) == (409, "business_not_active")
    assert problem(await changed(staff, made, ends_on="2026-09-30")) == (409, "business_not_active")
    assert (await changed(staff, made, ends_on="2026-08-15")).status_code == 200


# what time does to it


async def test_it_begins_and_ends_with_days_of_the_zone_and_each_month_is_a_line_once_it_is_over(
    staff: Api, office: Json, pass_time: Pass, store: MemoryStore
) -> None:
    made = await allocated(staff, office, "07-10", "08-15", incubating=True)

    async def status() -> tuple[str, str | None]:
        found = (await staff.get(f"{ALLOCATIONS}/{made['id']}")).json()
        return found["status"], found["charged_through"]

    await pass_time(days=3, hours=14, minutes=59)  # one minute before midnight in Shanghai
    assert await status() == ("confirmed", None)
    await pass_time(minutes=1)
    assert await status() == ("running", None)
    await pass_time(days=22)
    assert await status() == ("running", "2026-07-31")
    await pass_time(days=15)
    assert await status() == ("ended", "2026-07-31")
    await pass_time(days=16)
    assert await status() == ("ended", "2026-08-15")
    await pass_time(days=60)
    invoices = (await staff.get(f"{V1}/invoices", params={"business_id": business(1)})).json()["data"]
    lines = [line for invoice in invoices for line in invoice["lines"]]
    assert [(line["amount"], line["service_from"], line["service_through"], line["source"]) for line in lines] == [
        (220_000, "2026-07-10", "2026-07-31", f"{made['id']}-2026-07"),
        (150_000, "2026-08-01", "2026-08-15", f"{made['id']}-2026-08"),
    ]
    assert {(line["kind"], line["tax_rate_bps"], line["quantity"]["unit"]) for line in lines} == {("space", 900, "day")}
    assert made["price"]["amount"] == sum(line["amount"] for line in lines)
    said = told(store)
    assert [name for name, _ in said] == ["confirmed", "started", "ended"]
    assert said[1][1] | {"allocation_id": "", "site_id": "", "resource_id": ""} == {
        "allocation_id": "",
        "site_id": "",
        "resource_id": "",
        "resource_kind": "office",
        "units": 1,
        "area_m2": 45.5,
        "business_id": business(1),
        "business_kind": "cloud",
        "sector": "65",
        "incubating": True,
        "started_on": "2026-07-10",
    }
    assert said[2][1]["ended_on"] == "2026-08-15"


async def test_a_clock_that_was_away_for_months_charges_each_of_them(staff: Api, office: Json, pass_time: Pass) -> None:
    await allocated(staff, office, "07-10", "12-31")
    await pass_time(days=150)  # it is 3 December
    invoices = (await staff.get(f"{V1}/invoices", params={"business_id": business(1)})).json()["data"]
    assert [line["amount"] for line in invoices[0]["lines"]] == [220_000, *[310_000] * 4]


async def test_u1_two_tenants_of_one_month_pay_one_month_together(staff: Api, add: Add, pass_time: Pass) -> None:
    office = await add(kind="office", usage="allocatable", rate=MONTHLY | {"price": "1000.01"})
    await allocated(staff, office, "08-01", "08-09")
    await allocated(staff, office, "08-10", "08-31", by=2)
    await pass_time(days=60)
    invoices = (await staff.get(f"{V1}/invoices")).json()["data"]
    assert sum(line["amount"] for each in invoices for line in each["lines"]) == 100_001


async def test_what_costs_nothing_is_no_line(staff: Api, add: Add, pass_time: Pass) -> None:
    await allocated(staff, await add(kind="office", usage="allocatable"))
    await pass_time(days=60)
    assert (await staff.get(f"{V1}/invoices")).json()["data"] == []


async def test_a_resource_that_becomes_dearer_is_not_dearer_for_who_has_it(
    staff: Api, office: Json, pass_time: Pass
) -> None:
    await allocated(staff, office, "08-01", "08-31")
    dearer = {"rate": MONTHLY | {"price": "9999"}}
    assert (
        await staff.patch(f"{V1}/resources/{office['id']}", json=dearer, headers={"If-Match": '"v1"'})
    ).status_code == 200
    await pass_time(days=60)
    (invoice,) = (await staff.get(f"{V1}/invoices")).json()["data"]
    assert [line["amount"] for line in invoice["lines"]] == [310_000]


# changing its end


async def test_an_earlier_last_day_gives_the_days_behind_it_to_others(
    staff: Api, office: Json, store: MemoryStore
) -> None:
    made = await allocated(staff, office)
    answer = await changed(staff, made, ends_on="2026-07-31")
    assert (answer.json()["ends_on"], answer.json()["price"]["amount"]) == ("2026-07-31", 220_000)
    await allocated(staff, office, "08-01", "08-31", by=2)
    assert ("changed", "2026-07-31") in [(name, said.get("ends_on")) for name, said in told(store)]


async def test_a_later_last_day_is_taken_where_it_is_free(staff: Api, office: Json) -> None:
    made = await allocated(staff, office, "07-10", "07-31")
    await allocated(staff, office, "09-01", "09-30", by=2)
    assert (await changed(staff, made, ends_on="2026-08-31")).json()["price"]["amount"] == 530_000
    refused = await changed(staff, made, ends_on="2026-09-01")
    assert problem(refused) == (409, "slot_taken")
    assert (await staff.get(f"{ALLOCATIONS}/{made['id']}")).json()["ends_on"] == "2026-08-31"
    too_long = await changed(staff, made, ends_on="2032-09-01")
    assert problem(too_long) == (422, "too_long")


async def test_one_that_ended_is_found_to_have_ended_before_and_never_goes_on(
    staff: Api, office: Json, pass_time: Pass, store: MemoryStore
) -> None:
    made = await allocated(staff, office, "07-06", "07-20")
    await pass_time(days=20)
    earlier = await changed(staff, made, ends_on="2026-07-15")
    assert (earlier.json()["status"], earlier.json()["price"]["amount"]) == ("ended", 100_000)
    assert [said["ended_on"] for name, said in told(store) if name == "ended"] == ["2026-07-20", "2026-07-15"]
    assert problem(await changed(staff, made, ends_on="2026-07-31")) == (409, "invalid_transition")


async def test_days_that_are_on_an_invoice_stay_on_it(staff: Api, office: Json, pass_time: Pass) -> None:
    made = await allocated(staff, office)
    await pass_time(days=30)
    refused = await changed(staff, made, ends_on="2026-07-30")
    assert problem(refused) == (409, "period_charged")
    assert refused.json()["charged_through"] == "2026-07-31"
    ended = await changed(staff, made, ends_on="2026-07-31")
    assert ended.json()["status"] == "ended"
    await pass_time(days=60)
    (invoice,) = (await staff.get(f"{V1}/invoices")).json()["data"]
    assert [line["amount"] for line in invoice["lines"]] == [220_000]


async def test_it_does_not_end_before_it_begins(staff: Api, office: Json) -> None:
    made = await allocated(staff, office)
    assert problem(await changed(staff, made, ends_on="2026-07-09")) == (409, "ends_before_it_begins")


async def test_whether_its_holder_incubates_can_change_and_the_same_again_changes_nothing(
    staff: Api, office: Json, store: MemoryStore
) -> None:
    made = await allocated(staff, office)
    once = await changed(staff, made, incubating=True)
    again = await changed(staff, made, incubating=True)
    assert (once.json()["incubating"], again.json()["last_event_id"]) == (True, once.json()["last_event_id"])
    assert [name for name, _ in told(store)] == ["confirmed", "changed"]


async def test_one_that_has_not_begun_is_cancelled_and_one_that_has_is_not(
    staff: Api, office: Json, store: MemoryStore, pass_time: Pass
) -> None:
    made = await allocated(staff, office)
    cancelled = await staff.post(f"{ALLOCATIONS}/{made['id']}/cancel", json={})
    assert (cancelled.json()["status"], cancelled.json()["allowed_actions"]) == ("cancelled", [])
    assert not days_claimed(store)
    assert problem(await staff.post(f"{ALLOCATIONS}/{made['id']}/cancel", json={})) == (409, "invalid_transition")
    assert problem(await changed(staff, made, ends_on="2026-08-15")) == (409, "invalid_transition")
    running = await allocated(staff, office, "07-06", "07-31")
    assert running["status"] == "running"
    assert problem(await staff.post(f"{ALLOCATIONS}/{running['id']}/cancel", json={})) == (409, "invalid_transition")
    await pass_time(days=90)
    assert len((await staff.get(f"{V1}/invoices")).json()["data"][0]["lines"]) == 1


# resources and blackouts


async def test_c3_a_resource_that_is_retired_or_has_fewer_units_names_who_has_it(
    staff: Api, desks: Json, office: Json
) -> None:
    made = [await allocated(staff, desks) for _ in range(3)]
    path = f"{V1}/resources/{desks['id']}"
    fewer = await staff.patch(path, json={"units": 2}, headers={"If-Match": '"v1"'})
    assert fewer.json()["affected"] == [each["id"] for each in made if each["units"] == [2]]
    retired = await staff.post(f"{path}/retire", json={})
    assert retired.json()["affected"] == [each["id"] for each in made]
    assert problem(await staff.post(ALLOCATIONS, json=asked(desks))) == (409, "resource_retired")


async def test_a_blackout_keeps_days_free_and_cancels_no_allocation(staff: Api, office: Json) -> None:
    said = {"resource_ids": [office["id"]], "start": at("08-01 08:00"), "end": at("08-03 00:00"), "reason": "维修"}
    blackout = created(await staff.post(f"{V1}/blackouts", json=said))
    assert problem(await staff.post(ALLOCATIONS, json=asked(office, "07-10", "08-02"))) == (409, "slot_taken")
    made = await allocated(staff, office, "08-03", "08-31")
    clash = await staff.post(f"{V1}/blackouts", json=said | {"end": at("08-03 00:15"), "on_conflict": "cancel"})
    assert problem(clash) == (409, "slots_taken")
    assert {each["id"] for each in clash.json()["conflicts"]} == {blackout["id"], made["id"]}
    await staff.post(f"{V1}/blackouts/{blackout['id']}/lift", json={})
    await allocated(staff, office, "07-10", "08-02")


async def test_days_are_those_of_the_zone_whatever_the_clocks_of_the_site_show(
    staff: Api, add: Add, pass_time: Pass
) -> None:
    said = {"name": "示例边境驿站", "address": "示例路3号", "area_m2": 80, "time_zone": "Asia/Urumqi"}
    there = created(await staff.post(f"{V1}/sites", json=said))
    office = await add(site_id=there["id"], kind="office", usage="allocatable", rate=MONTHLY)
    made = await allocated(staff, office, "07-07", "07-07")
    await pass_time(hours=15)  # it is midnight in the zone, and ten in the evening at the site
    assert (await staff.get(f"{ALLOCATIONS}/{made['id']}")).json()["status"] == "running"
