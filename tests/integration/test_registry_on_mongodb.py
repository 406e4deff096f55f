"""The registry on a real MongoDB: races that only one can win, and reads as they are stored."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.chassis.domain.times import zone_midnight
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import settings
from services.chassis.testing.moments import FixedClock, day
from services.registry.filings.clocks import complete_due_filings, end_suspensions
from services.registry.main import service
from tests.integration.outcomes import outcomes
from tests.own_store import own_store
from tests.registry.conftest import Desk, expect
from tests.registry.papers import (
    OFFICER,
    PARTNER,
    STRANGER,
    Json,
    host,
    hosted,
    registration,
    report,
    suspension,
    uscc,
    yuan,
)

AT_ONCE = 50


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service.documents, service.name) as store:
        yield store


@pytest.fixture
def desk(store: MongoStore, clock: FixedClock) -> Desk:
    return Desk(service.routes_on(store, settings(request_deadline=60.0), clock=clock))


async def events(store: MongoStore, type: str) -> int:
    return await store.database["outbox"].count_documents({"type": {"$regex": type}})


# races


async def test_of_fifty_submissions_of_one_code_one_is_accepted(desk: Desk, store: MongoStore) -> None:
    its_host = await desk.register(host())
    code = [{"scheme": "CN-USCC", "id": uscc(1)}]
    drafts = [await desk.draft(hosted(n, its_host["id"], identifiers=code)) for n in range(1, AT_ONCE + 1)]
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers) == {(200, "completed"): 1, (409, "duplicate_identifier"): AT_ONCE - 1}
    found = expect(await desk.get("/businesses", scheme="CN-USCC", identifier=uscc(1)))["data"]
    assert len(found) == 1
    assert await events(store, "business.registered") == 2  # the host's, and one


async def test_of_fifty_submissions_of_one_name_one_is_accepted(desk: Desk, store: MongoStore) -> None:
    its_host = await desk.register(host())
    name = {"legal": "示例同名有限公司", "language": "zh"}
    drafts = [await desk.draft(hosted(n, its_host["id"], name=name)) for n in range(1, AT_ONCE + 1)]
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers) == {(200, "completed"): 1, (409, "name_unavailable"): AT_ONCE - 1}
    assert await events(store, "business.registered") == 2


async def test_of_fifty_approvals_of_one_filing_one_takes_effect(desk: Desk, store: MongoStore) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    expect(await desk.assign(filing))
    answers = await asyncio.gather(*(desk.approve(filing) for _ in range(AT_ONCE)))
    assert outcomes(answers) == {(200, "completed"): 1, (409, "invalid_transition"): AT_ONCE - 1}
    assert await events(store, "business.registered") == 1
    assert await store.database["business_versions"].count_documents({}) == 1


async def test_of_fifty_confirmations_of_one_hosting_one_is_an_event_and_all_are_answered(
    desk: Desk, store: MongoStore
) -> None:
    its_host = await desk.register(host())
    filing = expect(await desk.submit(await desk.draft(hosted(1, its_host["id"]), by=STRANGER), by=STRANGER))
    answers = await asyncio.gather(*(desk.confirm_hosting(filing) for _ in range(AT_ONCE)))
    assert outcomes(answers) == {(200, "completed"): AT_ONCE}
    assert await events(store, "hosting.confirmed") == 1
    assert await events(store, "business.registered") == 2  # the host's, and one


async def test_a_confirmation_at_the_moment_of_the_submission_completes_it(desk: Desk, store: MongoStore) -> None:
    its_host = await desk.register(host())
    drafts = [await desk.draft(hosted(n, its_host["id"]), by=STRANGER) for n in range(1, 11)]
    both = ((desk.submit(each, by=STRANGER), desk.confirm_hosting(each)) for each in drafts)
    answers = await asyncio.gather(*(call for calls in both for call in calls))
    assert {answer.status_code for answer in answers} == {200}
    assert await events(store, "business.registered") == 11
    assert await events(store, "hosting.confirmed") == 10


async def test_of_an_approval_and_a_rejection_one_wins(desk: Desk, store: MongoStore) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    expect(await desk.assign(filing))
    answers = await asyncio.gather(*(each(filing) for each in (desk.approve, desk.reject) * 10))
    assert outcomes(answers)[409, "invalid_transition"] == 19
    end = expect(await desk.get(f"/filings/{filing['id']}"))["status"]
    assert await events(store, "business.registered") == (1 if end == "completed" else 0)
    assert await store.database["claims"].count_documents({}) == (3 if end == "completed" else 0)


async def test_of_fifty_filings_of_one_group_one_is_under_way(desk: Desk) -> None:
    business = await desk.register()
    drafts = [await desk.draft_for(business["id"], "suspension", suspension()) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers) == {(200, "submitted"): 1, (409, "filing_in_progress"): AT_ONCE - 1}


async def test_of_fifty_reports_of_one_year_one_stands(desk: Desk, store: MongoStore) -> None:
    business = await desk.register()
    drafts = [await desk.draft_for(business["id"], "annual_report", report()) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers)[200, "completed"] == 1
    assert {status for status, _ in outcomes(answers)} == {200, 409}
    assert await events(store, "annual_report.filed") == 1


async def test_reports_of_many_years_at_once_all_stand_and_the_latest_shows(desk: Desk) -> None:
    business = await desk.register()
    drafts = [await desk.draft_for(business["id"], "annual_report", report(str(year))) for year in range(2016, 2026)]
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers) == {(200, "completed"): 10}
    after = expect(await desk.get(f"/businesses/{business['id']}"))
    assert (after["latest_report"]["period"], after["version"]) == ("2025", 11)


async def test_the_same_number_drawn_by_all_is_given_to_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    its_host = await desk.register(host())
    drafts = [await desk.draft(hosted(n, its_host["id"])) for n in range(1, 11)]
    draws = iter([12345678] * 10 + list(range(1000)))
    monkeypatch.setattr("services.registry.filings.types.registration.secrets.randbelow", lambda bound: next(draws))
    answers = await asyncio.gather(*(desk.submit(draft) for draft in drafts))
    assert outcomes(answers) == {(200, "completed"): 10}
    assert len({answer.json()["granted"]["registration_number"] for answer in answers}) == 10


# reads


async def town(desk: Desk) -> list[Json]:
    its_host = await desk.register(host())
    businesses = [its_host]
    for number in range(1, 8):
        sectors = [{"scheme": "GBT4754-2017", "code": "5292" if number % 2 else "6513", "primary": True}]
        payload = hosted(number, its_host["id"], sectors=sectors)
        businesses.append(await desk.register(payload, by=STRANGER if number == 7 else PARTNER))
    return businesses


async def all_pages(desk: Desk, query: str) -> list[str]:
    found, cursor = [], None
    while True:
        page = expect(await desk.call("GET", f"/businesses?{query}" + (f"&cursor={cursor}" if cursor else "")))
        found += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_searches_page_through_every_business_once(desk: Desk) -> None:
    ids = [business["id"] for business in await town(desk)]
    for sort in ("id", "name", "updated_at"):
        forth = await all_pages(desk, f"sort={sort}&limit=3")
        assert sorted(forth) == ids
        assert await all_pages(desk, f"sort=-{sort}&limit=2") == forth[::-1]
    assert await all_pages(desk, "limit=1&sector=52&kind=cloud&status=active") == [ids[0], *ids[1::2]]
    assert await all_pages(desk, "sector=6&limit=200") == ids[2::2]
    assert await all_pages(desk, f"scheme=CN-USCC&identifier={uscc(3)}") == [ids[3]]


async def test_a_business_is_read_back_as_it_was_written(desk: Desk) -> None:
    figures = {
        "as_of": "2025-12-31",
        "valuation": yuan(82_600_000_000),
        "revenue": yuan(41_200_000_000),
        "revenue_period": "2025",
        "employees": 640,
    }
    capital = {"registered": yuan(8_000_000_000), "paid_in": yuan(0)}
    shares = [{"type": "shareholding", "direct_or_indirect": "direct", "share": {"exact": 33.33}, "beneficial": True}]
    owner = {"interested_party": {"party_kind": "person", "name": "示例股东"}, "interests": shares}
    payload = registration(
        opening_figures=figures, capital=capital, ownership={"statements": [owner]}, term_until="9999-12-31"
    )
    business = await desk.register(payload)
    for name in ("opening_figures", "capital", "established_on", "zone_entry_on", "term_until", "business_scope"):
        assert business[name] == payload[name]
    assert business["ownership"]["statements"][0]["interests"][0]["share"]["exact"] == 33.33
    assert expect(await desk.get(f"/businesses/{business['id']}", version=1)) == business


async def test_a_business_is_shown_as_of_any_moment(desk: Desk, clock: FixedClock) -> None:
    business = await desk.register()
    clock.at += timedelta(days=1)
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-03")))
    clock.at += timedelta(days=1)
    for as_of, status in (
        ("2026-03-02T04:00:00Z", "active"),
        ("2026-03-03T03:59:59.999Z", "active"),
        ("2026-03-03T04:00:00Z", "suspended"),
    ):
        assert expect(await desk.get(f"/businesses/{business['id']}", as_of=as_of))["status"] == status


async def test_the_queue_is_found_by_its_filters(desk: Desk) -> None:
    waiting = expect(await desk.submit(await desk.draft(registration(1))))
    taken = expect(await desk.assign(expect(await desk.submit(await desk.draft(registration(2))))))
    for query, found in (
        ("status=submitted", [waiting["id"]]),
        ("status=in_review&assignee=cli_officer", [taken["id"]]),
        (f"business_id={waiting['business_id']}&type=registration", [waiting["id"]]),
    ):
        listed = expect(await desk.call("GET", f"/filings?{query}", by=OFFICER))["data"]
        assert [each["id"] for each in listed] == found


# clocks


async def test_time_completes_what_was_approved_for_later_and_ends_suspensions(
    desk: Desk, store: MongoStore, clock: FixedClock
) -> None:
    business = await desk.register()
    said = suspension("2026-03-10", "2026-03-20")
    await desk.complete(await desk.draft_for(business["id"], "suspension", said))
    for today, status in (("2026-03-09", "active"), ("2026-03-10", "suspended"), ("2026-03-20", "active")):
        clock.at = zone_midnight(day(today))
        for sweep in (complete_due_filings, end_suspensions):
            await sweep(clock.at, lambda: Tx(store, now=clock.at))
        assert expect(await desk.get(f"/businesses/{business['id']}"))["status"] == status
