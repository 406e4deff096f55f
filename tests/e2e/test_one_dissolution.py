"""One dissolution through every process: an individual household, which needs no notice, leaves once it has paid."""

from datetime import date
from typing import Any

import pytest

from deploy.korla.codes import make_uscc
from deploy.public_api import call, connect
from services.chassis.domain.times import utc_now, zone_date
from services.chassis.http.client import Client
from tests.e2e.leaving import leave, supervisor_key, until
from tests.zone_under_test import People, ZoneUnderTest, on_one_broker

pytestmark = [pytest.mark.xdist_group("zone"), on_one_broker]

Json = dict[str, Any]
CODE = make_uscc("2", "THEEND00")


async def test_a_household_with_an_unpaid_invoice_is_dissolved_once_that_is_paid(
    zone: ZoneUnderTest, people: People
) -> None:
    household = {"legal_form": "individual_household", "identifiers": [{"scheme": "CN-USCC", "id": CODE}]}
    business = await people.registered(**household)
    await people.tenant(business["id"])
    await people.counted(business["last_event_id"])
    active = await people.kpi("businesses_active")
    assert active is not None
    invoice = await an_invoice(people.officer, business["id"])

    async with connect(zone.url, await supervisor_key(people.operator)) as supervisor:
        await leave(people, supervisor, business["id"])
    (objection,) = await until(lambda: objections(people, business["id"]), bool)
    assert (objection["raised_by"], objection["status"], objection["debts"]["amount"]) == ("incubator", "open", 100_00)
    dissolving = await people.business(business["id"])
    assert (dissolving["status"], dissolving["dissolution"]["objections_open"]) == ("dissolving", 1)

    await pay(people.officer, business["id"], invoice, on=zone_date(utc_now()))
    dissolved = await until(lambda: people.business(business["id"]), lambda each: each["status"] == "dissolved")
    assert [each["status"] for each in await objections(people, business["id"])] == ["withdrawn"]
    await people.counted(dissolved["last_event_id"])
    assert await people.kpi("businesses_active") == active - 1
    await until(lambda: people.tenant(business["id"]), lambda each: each["status"] == "dissolved")


async def an_invoice(officer: Client, business_id: str) -> Json:
    line = {"kind": "other", "description": "示例", "amount": 100_00, "tax_rate_bps": 0}
    body = {"business_id": business_id, "lines": [line]}
    draft = (await call(officer, "POST", "/v1/incubator/invoices", about="test", json=body)).body
    return (await call(officer, "POST", f"/v1/incubator/invoices/{draft['id']}/finalise", about="test", json={})).body


async def pay(officer: Client, business_id: str, invoice: Json, *, on: date) -> None:
    said = {"business_id": business_id, "external_ref": invoice["id"], "amount": invoice["total"], "currency": "CNY"}
    share = {"invoice_id": invoice["id"], "amount": invoice["total"]}
    body = said | {"received_on": on.isoformat(), "allocations": [share]}
    await call(officer, "POST", "/v1/incubator/payments", about="test", json=body)


async def objections(people: People, business_id: str) -> list[Json]:
    path = f"/v1/registry/businesses/{business_id}/objections"
    data: list[Json] = (await call(people.partner, "GET", path, about="test")).body["data"]
    return data
