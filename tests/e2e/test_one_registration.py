"""One registration through every process: gateway, registry, Kafka, metrics, incubator, and its trace."""

import asyncio

import pytest

from deploy.public_api import call
from deploy.trace.collector import Collector, Span
from tests.zone_under_test import PATIENCE, People

pytestmark = pytest.mark.xdist_group("zone")


async def test_a_registration_changes_the_kpis_by_exactly_itself(people: People) -> None:
    before = await people.kpi("businesses_active", kind="industrial") or 0
    worth = await people.kpi("valuation_total", kind="industrial") or 0
    business = await people.registered(valuation=123_400)
    await people.counted(business["last_event_id"])
    assert await people.kpi("businesses_active", kind="industrial") == before + 1
    assert await people.kpi("valuation_total", kind="industrial") == worth + 123_400


async def test_a_registered_business_gets_a_book_with_the_first_accounts_of_the_national_chart(people: People) -> None:
    business = await people.registered()
    tenant = await people.tenant(business["id"])
    assert (tenant["status"], tenant["may_trade"]) == ("active", True)
    accounts = await call(people.partner, "GET", f"/v1/incubator/books/{tenant['book_id']}/accounts", about="test")
    codes = sorted(account["code"] for account in accounts.body["data"])
    assert codes == ["1002", "1122", "1123", "2202", "2203", "2221", "4001", "6001", "6602"]


async def test_a_suspension_takes_a_business_out_of_the_figures_and_a_resumption_brings_it_back(people: People) -> None:
    business = await people.registered(valuation=77_700)
    await people.counted(business["last_event_id"])
    active = await people.kpi("businesses_active")
    worth = await people.kpi("valuation_total")
    assert active is not None
    assert worth is not None

    await filed(people, business["id"], "suspension", suspended())
    suspended_business = await people.business(business["id"])
    await people.counted(suspended_business["last_event_id"])
    assert await people.kpi("businesses_active") == active - 1
    assert await people.kpi("valuation_total") == (worth - 77_700 or None)
    await until_tenant(people, business["id"], "suspended", may_trade=False)

    await filed(people, business["id"], "resumption", {})
    await people.counted((await people.business(business["id"]))["last_event_id"])
    assert await people.kpi("businesses_active") == active
    assert await people.kpi("valuation_total") == worth
    await until_tenant(people, business["id"], "active", may_trade=True)


async def test_one_registration_can_be_followed_as_one_trace(people: People, traces: Collector) -> None:
    filing = await people.assigned()
    approved = await people.officer.post(f"/v1/registry/filings/{filing['id']}/approve", json={"comment": "in order"})
    trace_id = approved.headers["x-request-id"]
    business = await people.business(filing["business_id"])
    await people.counted(business["last_event_id"])
    await people.tenant(business["id"])

    wanted = {
        ("gateway", "POST /v1/registry/filings/{filing_id}/approve"),
        ("registry", "POST /v1/registry/filings/{filing_id}/approve"),
        ("registry", "create zone.registry.businesses"),
        ("registry", "send"),
        ("metrics", "process"),
        ("incubator", "process"),
    }
    async with asyncio.timeout(PATIENCE):
        while missing := wanted - {seen(span) for span in traces.of_trace(trace_id)}:
            await asyncio.sleep(0.1)
            assert missing
    spans = {span.span_id: span for span in traces.spans}
    queries = {span.service for span in traces.of_trace(trace_id) if span.trace_id == trace_id and is_query(span)}
    assert "registry" in queries
    assert not [span.name for span in traces.spans if is_query(span) and not span.parent_id]
    registry = next(
        span for span in traces.of_trace(trace_id) if (span.service, span.name.split()[0]) == ("registry", "POST")
    )
    assert spans[registry.parent_id].service == "gateway"


def is_query(span: Span) -> bool:
    """Database spans are named after the database and the command: `zone_registry.find`."""
    return span.name.startswith("zone_")


def seen(span: Span) -> tuple[str, str]:
    """A span by what it does; the topics of a batch depend on what else was on its way."""
    operation = span.name.split()[0]
    return span.service, operation if operation in ("send", "process") else span.name


async def filed(people: People, business_id: str, type: str, payload: dict[str, object]) -> None:
    """A filing of an existing business, through to its effect."""
    body = {"type": type, "payload": payload}
    drafted = await call(
        people.partner, "POST", f"/v1/registry/businesses/{business_id}/filings", about="test", json=body
    )
    declared = {"declaration": {"accepted": True, "name": "示例人"}}
    filing = (await people.act(people.partner, drafted.body, "submit", declared)).body
    if filing["status"] == "submitted":
        await people.act(people.officer, filing, "assign", {})
        filing = (await people.act(people.officer, filing, "approve", {"comment": "in order"})).body
    assert filing["status"] == "completed"


def suspended() -> dict[str, object]:
    """A suspension that begins today in the zone."""
    from datetime import timedelta

    from services.chassis.domain.times import utc_now, zone_date

    today = zone_date(utc_now())
    address = {
        "country": "CN",
        "region": "新疆",
        "locality": "库尔勒",
        "lines": ["示例路 2 号"],
        "postal_code": "841000",
        "division_code": "652801",
    }
    until = today + timedelta(days=90)
    return {
        "from": today.isoformat(),
        "until": until.isoformat(),
        "reason": "hardship",
        "service_address": address,
    }


async def until_tenant(people: People, business_id: str, status: str, *, may_trade: bool) -> None:
    async with asyncio.timeout(PATIENCE):
        while (tenant := await people.tenant(business_id))["status"] != status:
            await asyncio.sleep(0.05)
    assert tenant["may_trade"] is may_trade
