"""A bill that staff makes final before its time: it is charged at once, and only once."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from services.chassis.testing.moments import FixedClock
from tests.incubator.utilities.conftest import V1, Post, at, instant, meter_of, point_at, tariff

pytestmark = pytest.mark.usefixtures("tenants")

BillMonth = Callable[[str], Awaitable[Any]]


@pytest.fixture
async def draft(post: Post, staff: httpx.AsyncClient, site: Any, bill_month: BillMonth, clock: FixedClock) -> Any:
    """The draft of a bill for July: 30 kWh of 1 yuan each."""
    clock.at = at("2026-08-02 09:00")
    published = await post("/tariffs", tariff("1"))
    point = await post("/service-points", point_at(site, published))
    meter = await post("/meters", meter_of(point, initial="100"))
    await post(f"/meters/{meter['id']}/readings", {"at": instant("2026-08-01 00:00"), "value": "130"})
    await bill_month("2026-07")
    (bill,) = (await staff.get(f"{V1}/utility-bills", params={"service_point_id": point["id"]})).json()["data"]
    return bill


async def test_a_draft_is_made_final_at_once_and_stands_on_the_invoice_that_gathers(
    draft: Any, post: Post, staff: httpx.AsyncClient
) -> None:
    bill = await post(f"/utility-bills/{draft['id']}/finalise", status=200)
    assert (bill["status"], bill["total"]["amount"]) == ("finalised", 3000)
    invoice = (await staff.get(f"{V1}/invoices/{bill['invoice_id']}")).json()
    assert (invoice["status"], [line["source"] for line in invoice["lines"]]) == ("draft", [bill["id"]])
    assert invoice["total"] == 3390


async def test_a_final_bill_is_not_made_final_again(draft: Any, post: Post, staff: httpx.AsyncClient) -> None:
    bill = await post(f"/utility-bills/{draft['id']}/finalise", status=200)
    answer = await staff.post(f"{V1}/utility-bills/{draft['id']}/finalise")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    invoice = (await staff.get(f"{V1}/invoices/{bill['invoice_id']}")).json()
    assert len(invoice["lines"]) == 1


async def test_what_is_learned_of_a_bill_that_was_final_early_corrects_the_next_one(
    draft: Any, post: Post, staff: httpx.AsyncClient, bill_month: BillMonth, clock: FixedClock
) -> None:
    await post(f"/utility-bills/{draft['id']}/finalise", status=200)
    point = {"service_point_id": draft["service_point_id"]}
    readings = (await staff.get(f"{V1}/readings", params=point)).json()["data"]
    await post(f"/readings/{readings[-1]['id']}/supersede", {"value": "128"})
    clock.at = at("2026-09-02 09:00")
    meter = readings[-1]["meter_id"]
    await post(f"/meters/{meter}/readings", {"at": instant("2026-09-01 00:00"), "value": "150"})
    await bill_month("2026-08")
    august = (await staff.get(f"{V1}/utility-bills", params=point | {"period": "2026-08"})).json()["data"][0]
    assert [each["amount"]["amount"] for each in august["corrections"]] == [-200]


async def test_only_staff_makes_a_bill_final(draft: Any, owner: httpx.AsyncClient) -> None:
    answer = await owner.post(f"{V1}/utility-bills/{draft['id']}/finalise")
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
