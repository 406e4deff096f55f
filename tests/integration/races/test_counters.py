"""What is used up on a real MongoDB, through the routes of two processes: minutes, memberships, money and numbers."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from pymongo.errors import WriteError

from services.chassis.domain.aggregate import Row
from services.chassis.store.mongo import MongoStore
from services.incubator.space import examples as space
from services.incubator.space.allocations import examples as allocations
from services.incubator.tenants.tenant import book_id
from services.incubator.utilities.metering import examples as metering
from tests.incubator.conftest import V1, Json, created
from tests.incubator.finance.books import INVOICES, charge
from tests.incubator.registry_says import business
from tests.incubator.space.conftest import MORNING, wanted
from tests.integration.outcomes import outcomes
from tests.integration.races.conftest import AT_ONCE, Pair, added

UNSEEN: Mapping[str, Json] = {
    "minutes_used": {"membership_id": "mbs_1", "month": "2026-07", "used": 0},
    "resource_days": {
        "site_id": "sit_1",
        "resource_kind": "room",
        "usage": "bookable",
        "on": MORNING,
        "open": 1,
        "occupied": 1,
    },
}
"""Documents of nouns that no example shows."""
RESERVATIONS, MEMBERSHIPS = f"{V1}/reservations", f"{V1}/memberships"


@pytest.fixture
async def plan(staff: Pair) -> Json:
    overage = {"price": "60", "currency": "CNY", "per": "hour"}
    said = {"name": "创业套餐", "covers": ["hot_desk"], "included_minutes_per_month": 600, "overage": overage}
    return created(await staff[0].post(f"{V1}/plans", json=said))


async def test_s5_no_included_minute_is_used_twice_and_what_is_cancelled_comes_back(
    first: Pair, staff: Pair, site: Json, plan: Json, store: MongoStore
) -> None:
    said = {"business_id": business(1), "plan_id": plan["id"], "starts_on": "2026-07-01"}
    membership = created(await staff[0].post(MEMBERSHIPS, json=said))
    desks = await added(staff, site, units=100)
    body = wanted(desks, start="07-06 10:00", end="07-06 10:15")
    answers = await asyncio.gather(*(first[n].post(RESERVATIONS, json=body) for n in range(60)))
    made = [created(each) for each in answers]
    assert sum(each["credits_minutes"] for each in made) == 600
    assert sum(each["price"]["amount"] for each in made) == 20 * 15 * 100
    assert all(each["credits_minutes"] * 100 + each["price"]["amount"] == 1500 for each in made)
    used = [each async for each in store.database["minutes_used"].find({})]
    assert [(each["_id"], each["used"]) for each in used] == [(f"{membership['id']}|2026-07", 600)]
    paths = (f"{RESERVATIONS}/{each['id']}/cancel" for each in made)
    cancelled = await asyncio.gather(*(first[n].post(path, json={}) for n, path in enumerate(paths)))
    assert outcomes(cancelled) == {(200, "cancelled"): 60}
    assert [each["used"] async for each in store.database["minutes_used"].find({})] == [0]


async def test_a_business_has_one_membership_however_many_are_started_at_once(staff: Pair, plan: Json) -> None:
    said = {"business_id": business(1), "plan_id": plan["id"], "starts_on": "2026-07-01"}
    answers = await asyncio.gather(*(staff[n].post(MEMBERSHIPS, json=said) for n in range(AT_ONCE)))
    assert outcomes(answers) == {(201, "active"): 1, (409, "membership_exists"): AT_ONCE - 1}


async def test_t2_an_account_without_overdraft_is_emptied_exactly(first: Pair, store: MongoStore) -> None:
    book = f"{V1}/books/{book_id(business(1))}"
    new = {"code": "100201", "name": "cash", "type": "asset", "constraint": "no_overdraft"}
    created(await first[0].post(f"{book}/accounts", json=new))

    def entry(reference: str, debit: str, credit: str, amount: int) -> Json:
        lines = [{"code": debit, "debit": amount}, {"code": credit, "credit": amount}]
        said = {"effective_on": "2026-07-01", "description": "x", "currency": "CNY", "lines": lines}
        return said | {"reference": reference}

    created(await first[0].post(f"{book}/entries", json=entry("in", "100201", "4001", 5)))
    answers = await asyncio.gather(
        *(first[n].post(f"{book}/entries", json=entry(f"out {n}", "6602", "100201", 1)) for n in range(AT_ONCE))
    )
    assert outcomes(answers) == {(201, ""): 5, (409, "overdraft"): AT_ONCE - 5}
    assert sorted(each.json()["number"] for each in answers if each.status_code == 201) == [2, 3, 4, 5, 6]
    (account,) = await store.database["accounts"].find({"code": "100201"}).to_list(None)
    assert (account["debit"], account["credit"]) == (5, 5)


async def test_f4_fifty_invoices_that_are_finalised_at_once_have_fifty_numbers_in_a_row(staff: Pair) -> None:
    new = [{"business_id": business(n % 2 + 1), "lines": [charge()]} for n in range(50)]
    drafts = [
        created(each) for each in await asyncio.gather(*(staff[n].post(INVOICES, json=new[n]) for n in range(50)))
    ]
    answers = await asyncio.gather(
        *(staff[n].post(f"{INVOICES}/{each['id']}/finalise", json={}) for n, each in enumerate(drafts))
    )
    assert sorted(each.json()["number"] for each in answers) == list(range(1, 51))


@pytest.mark.parametrize(
    ("collection", "change"),
    [
        ("minutes_used", {"used": -1}),
        ("allocations", {"units": []}),
        ("allocations", {"status": "held"}),
        ("allocations", {"ends_on": "2026-07-31"}),
        ("resources", {"units": 0}),
        ("resources", {"usage": "shared"}),
        ("reservations", {"status": "lost"}),
        ("resource_days", {"occupied": -1}),
        ("service_points", {"status": "gone"}),
        ("readings", {"dial": -1}),
    ],
)
async def test_t5_the_database_itself_refuses_what_no_service_may_store(
    store: MongoStore, collection: str, change: Json
) -> None:
    rows: Sequence[Row] = [*space.KEPT, *allocations.KEPT, *metering.KEPT]
    known = next((each.to_document() for each in rows if each.collection == collection), None)
    document = known or {"_id": "x", **UNSEEN[collection]}
    await store.database[collection].insert_one(document)
    with pytest.raises(WriteError) as refused:
        await store.database[collection].update_one({"_id": document["_id"]}, {"$set": change})
    assert refused.value.code == 121
