"""Businesses over HTTP: who sees what, by what name, as of when, and searches."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.domain.caller import Caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import (
    AUDITOR,
    OFFICER,
    OPERATOR,
    PARTNER,
    STRANGER,
    SUPERVISOR,
    Json,
    host,
    hosted,
    online,
    registration,
    report,
    suspension,
    uscc,
)

PRIVATE = {
    "partner_id",
    "parties",
    "ownership",
    "contacts",
    "opening_figures",
    "latest_report",
    "capital",
    "premises",
    "hosting",
    "suspension",
    "status_reason",
    "allowed_actions",
}


# who sees what


@pytest.mark.parametrize("by", [PARTNER, OFFICER, SUPERVISOR, AUDITOR])
async def test_its_owner_officials_and_auditors_see_a_business_in_full(desk: Desk, by: Caller) -> None:
    business = await desk.register()
    seen = expect(await desk.get(f"/businesses/{business['id']}", by=by))
    assert seen.keys() >= PRIVATE
    assert seen["parties"][0]["name"] == "示例人"
    assert (seen["frozen"], seen["dissolution"]) == (None, None)
    verification = seen["identifiers"][0]["verification"]
    assert (verification["level"], verification["by"], verification["document_id"]) == ("format", "system", None)


@pytest.mark.parametrize("by", [STRANGER, OPERATOR])
async def test_everyone_else_sees_the_public_extract(desk: Desk, by: Caller) -> None:
    business = await desk.register()
    seen = expect(await desk.get(f"/businesses/{business['id']}", by=by))
    assert not seen.keys() & PRIVATE
    assert "示例人" not in str(seen)
    assert "shop.example" not in str(seen)
    assert (seen["id"], seen["name"]["legal"]) == (business["id"], "示例1号机械有限公司")
    assert seen["identifiers"] == [{"scheme": "CN-USCC", "id": uscc()}]


async def test_everyone_sees_until_when_a_business_is_suspended(desk: Desk) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02", "2026-03-20")))
    path = f"/businesses/{business['id']}"
    assert expect(await desk.get(path, by=STRANGER))["suspended_until"] == "2026-03-20"
    await desk.complete(await desk.draft_for(business["id"], "resumption", {}))
    assert expect(await desk.get(path, by=STRANGER))["suspended_until"] is None


@pytest.mark.parametrize(
    ("by", "actions"),
    [
        (PARTNER, ["annual_report", "suspension", "dissolution"]),
        (OFFICER, ["annual_report", "suspension", "dissolution", "administrative_dissolution"]),
        (AUDITOR, []),
    ],
)
async def test_a_caller_is_told_which_filings_it_can_make(desk: Desk, by: Caller, actions: list[str]) -> None:
    business = await desk.register()
    assert expect(await desk.get(f"/businesses/{business['id']}", by=by))["allowed_actions"] == actions


@pytest.mark.parametrize("part", ["versions", "versions/1", "filings", "annual-reports"])
async def test_another_partners_history_and_filings_are_not_there(desk: Desk, part: str) -> None:
    business = await desk.register()
    expect(await desk.get(f"/businesses/{business['id']}/{part}"))
    assert refusal(await desk.get(f"/businesses/{business['id']}/{part}", by=STRANGER)) == (404, "not_found")


# by what name


async def test_a_business_is_found_by_id_number_and_code(desk: Desk) -> None:
    business = await desk.register()
    spaced = f"uscc:{uscc()[:9].lower()} {uscc()[9:]}"
    for ref in (business["id"], business["registration_number"], f"uscc:{uscc()}", spaced):
        assert expect(await desk.get(f"/businesses/{ref}"))["id"] == business["id"]


@pytest.mark.parametrize(
    "ref",
    [
        "biz_1",
        "biz_" + "0" * 32,
        "BIZ_" + "0" * 32,
        "KEZ1234567809",
        "KEZ",
        "uscc:",
        "uscc:" + uscc(7),
        "fil_" + "0" * 32,
        "%00",
        "a" * 101,
        "{'$gt':''}",
    ],
)
async def test_what_names_no_business_is_a_404(desk: Desk, ref: str) -> None:
    await desk.register()
    code = "route_not_found" if "%2f" in ref else "not_found"  # a slash in it makes another path
    for part in ("", "/versions", "/filings", "/annual-reports"):
        assert refusal(await desk.get(f"/businesses/{ref}{part}")) == (404, code)


async def test_what_was_registered_before_a_rule_can_still_be_read(desk: Desk, store: MemoryStore) -> None:
    business = await desk.register()
    kept = store.collections["businesses"][business["id"]]
    kept["name"]["legal"] += "\u200b"
    kept["parties"][0]["name"] = "\u200b"
    kept["addresses"]["registered"]["postal_code"] = " - "
    for by in (OFFICER, STRANGER):
        answer = await desk.call("GET", f"/businesses/{business['id']}", by=by)
        assert expect(answer)["name"]["legal"].endswith("\u200b")
    assert len(expect(await desk.get("/businesses"))["data"]) == 1


async def test_a_business_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    business = await desk.register()
    answer = await desk.get(f"/businesses/{business['id']}")
    tag = answer.headers["etag"]
    again = await desk.call("GET", f"/businesses/{business['id']}", headers={"If-None-Match": tag})
    assert again.status_code == 304


async def test_the_tag_of_an_extract_is_not_that_of_the_whole(desk: Desk) -> None:
    path = f"/businesses/{(await desk.register())['id']}"
    tag = (await desk.get(path)).headers["etag"]
    answer = await desk.call("GET", path, by=STRANGER, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["view"]) == (200, "extract")


async def test_a_search_says_how_many_there_are_where_it_is_asked_to(desk: Desk) -> None:
    await desk.register()
    await desk.register(registration(2))
    assert (await desk.get("/businesses", limit=1, include_total="true")).json()["total"] == 2
    assert (await desk.get("/businesses", limit=1)).json()["total"] is None


async def test_a_business_is_found_by_words_of_its_name(desk: Desk) -> None:
    business = await desk.register()
    await desk.register(registration(2))
    assert [each["id"] for each in (await desk.get("/businesses", q="1号 机械")).json()["data"]] == [business["id"]]


async def test_a_business_that_is_only_drafted_is_not_in_the_register(desk: Desk) -> None:
    filing = await desk.draft()
    assert refusal(await desk.get(f"/businesses/{filing['business_id']}")) == (404, "not_found")


# as of when


async def test_a_business_is_shown_as_the_register_showed_it(desk: Desk, clock: FixedClock) -> None:
    business = await desk.register()
    path = f"/businesses/{business['id']}"
    clock.at += timedelta(days=1)
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-03")))
    clock.at += timedelta(days=1)
    await desk.complete(await desk.draft_for(business["id"], "resumption", {}))
    clock.at += timedelta(days=1)
    for as_of, status, version in (
        ("2026-03-02T04:00:00Z", "active", 1),
        ("2026-03-03T03:59:59.999Z", "active", 1),
        ("2026-03-03T04:00:00Z", "suspended", 2),
        ("2026-03-04T11:59:59.999+08:00", "suspended", 2),
        ("2026-03-04T12:00:00+08:00", "active", 3),
        ("2026-03-05T04:00:00Z", "active", 3),
    ):
        then = expect(await desk.get(path, as_of=as_of))
        assert (then["status"], then["version"]) == (status, version)
        assert expect(await desk.get(path, version=version)) == then
    assert expect(await desk.get(path, version=2, by=STRANGER))["status"] == "suspended"


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"as_of": "2026-03-02T03:59:59.999Z"}, 404, "not_registered_at"),
        ({"as_of": "0001-01-01T00:00:00Z"}, 404, "not_registered_at"),
        ({"as_of": "2026-03-02T04:00:00.001Z"}, 422, "as_of_in_future"),
        ({"as_of": "2026-03-02T04:00:00"}, 422, "timestamp_offset_required"),
        ({"as_of": "yesterday"}, 422, "timestamp_invalid"),
        ({"as_of": "2026-03-02T04:00:00Z", "version": 1}, 422, "ambiguous"),
        ({"version": 2}, 404, "not_found"),
        ({"version": 0}, 422, "validation_failed"),
        ({"version": 2**31}, 422, "validation_failed"),
        ({"version": "one"}, 400, "malformed_parameter"),
        ({"version": "01"}, 400, "malformed_parameter"),
        ({"version": "1.0"}, 400, "malformed_parameter"),
        ({"at": "2026-03-02T04:00:00Z"}, 400, "unknown_parameter"),
    ],
)
async def test_a_moment_or_version_that_cannot_be_shown_is_refused(
    desk: Desk, params: Json, status: int, code: str
) -> None:
    business = await desk.register()
    assert refusal(await desk.get(f"/businesses/{business['id']}", **params)) == (status, code)


async def test_the_history_of_a_business_tells_what_each_filing_changed_and_how_long_it_held(
    desk: Desk, clock: FixedClock
) -> None:
    business = await desk.register()
    clock.at += timedelta(days=1)
    filing = await desk.complete(await desk.draft_for(business["id"], "annual_report", report()))
    first, second = expect(await desk.get(f"/businesses/{business['id']}/versions"))["data"]
    assert (first["valid_from"], first["valid_to"]) == ("2026-03-02T04:00:00.000Z", "2026-03-03T04:00:00.000Z")
    assert (second["valid_from"], second["valid_to"]) == ("2026-03-03T04:00:00.000Z", None)
    assert (second["filing_id"], second["changed_fields"]) == (filing["id"], ["latest_report"])
    assert "parties" in first["changed_fields"]
    shown = expect(await desk.get(f"/businesses/{business['id']}/versions/1"))
    assert (shown["business"]["latest_report"], shown["valid_to"]) == (None, first["valid_to"])


async def test_the_history_is_paged_without_a_gap_in_time(desk: Desk, clock: FixedClock) -> None:
    business = await desk.register()
    for period in ("2021", "2022", "2023", "2024"):
        clock.at += timedelta(days=1)
        await desk.complete(await desk.draft_for(business["id"], "annual_report", report(period)))
    versions = await all_pages(desk, f"/businesses/{business['id']}/versions", limit=2)
    assert [each["version"] for each in versions] == [1, 2, 3, 4, 5]
    assert [each["valid_to"] for each in versions[:-1]] == [each["valid_from"] for each in versions[1:]]
    assert versions[-1]["valid_to"] is None


async def test_a_report_for_an_earlier_year_is_a_version_that_changes_no_field(desk: Desk) -> None:
    business = await desk.register()
    for period in ("2025", "2024"):
        await desk.complete(await desk.draft_for(business["id"], "annual_report", report(period)))
    third = expect(await desk.get(f"/businesses/{business['id']}/versions/3"))
    assert (third["changed_fields"], third["business"]["latest_report"]["period"]) == ([], "2025")


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", str(2**31), str(2**70)])
async def test_a_version_that_there_is_not_is_a_404(desk: Desk, number: str) -> None:
    business = await desk.register()
    assert refusal(await desk.get(f"/businesses/{business['id']}/versions/{number}")) == (404, "not_found")


# searches


async def all_pages(desk: Desk, path: str, **params: Any) -> list[Json]:
    found: list[Json] = []
    cursor = None
    while True:
        page = expect(await desk.get(path, **params, **({"cursor": cursor} if cursor else {})))
        found += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.fixture
async def town(desk: Desk) -> dict[str, Json]:
    """An industrial business, a host, a hosted business that is suspended, and another partner's."""
    its_host = await desk.register(host())
    sectors = [{"scheme": "GBT4754-2017", "code": "5292", "primary": True}]
    shop = await desk.register(hosted(2, its_host["id"], sectors=sectors))
    await desk.complete(await desk.draft_for(shop["id"], "suspension", suspension("2026-03-02")))
    two = [
        {"scheme": "GBT4754-2017", "code": "3512", "primary": False},
        {"scheme": "GBT4754-2017", "code": "6513", "primary": True},
    ]
    return {
        "plant": await desk.register(registration(1)),
        "host": its_host,
        "shop": shop,
        "other": await desk.register(online(3, sectors=two), by=STRANGER),
    }


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, {"plant", "host", "shop", "other"}),
        ({"status": "active"}, {"plant", "host", "other"}),
        ({"status": "suspended"}, {"shop"}),
        ({"status": "dissolved"}, set()),
        ({"kind": "industrial"}, {"plant"}),
        ({"kind": "cloud", "status": "active"}, {"host", "other"}),
        ({"sector": "52"}, {"host", "shop"}),
        ({"sector": "5292"}, {"shop"}),
        ({"sector": "3512"}, {"plant"}),
        ({"sector": "3"}, {"plant"}),
        ({"sector": "99"}, set()),
        ({"scheme": "CN-USCC", "identifier": uscc(3)}, {"other"}),
        ({"scheme": "CN-USCC", "identifier": uscc(3).lower()}, {"other"}),
        ({"scheme": "LEI", "identifier": uscc(3)}, set()),
        ({"scheme": "CN-USCC", "identifier": "$where"}, set()),
        ({"scheme": "CN-USCC", "identifier": '{"$gt":""}'}, set()),
    ],
)
async def test_a_search_finds_what_fits_all_its_filters(
    desk: Desk, town: dict[str, Json], params: Json, names: set[str]
) -> None:
    found = {each["id"] for each in await all_pages(desk, "/businesses", limit=1, **params)}
    assert found == {town[name]["id"] for name in names}


async def test_a_search_shows_each_business_as_its_caller_may_see_it(desk: Desk, town: dict[str, Json]) -> None:
    seen = {each["id"]: "parties" in each for each in expect(await desk.get("/businesses", by=STRANGER))["data"]}
    assert [id for id, whole in seen.items() if whole] == [town["other"]["id"]]


@pytest.mark.parametrize("sort", ["id", "name", "updated_at"])
async def test_pages_in_either_order_show_every_business_once(desk: Desk, town: dict[str, Json], sort: str) -> None:
    forth = await all_pages(desk, "/businesses", sort=sort, limit=1)
    back = await all_pages(desk, "/businesses", sort=f"-{sort}", limit=3)
    assert [each["id"] for each in forth] == [each["id"] for each in reversed(back)]
    assert len({each["id"] for each in forth}) == 4


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 400, "limit_range"),
        ("limit=201", 400, "limit_range"),
        ("limit=abc", 400, "limit_range"),
        ("cursor=AAAA", 400, "cursor_invalid"),
        ("sort=parties", 400, "unknown_parameter"),
        ("colour=red", 400, "unknown_parameter"),
        ("status=active&status=suspended", 400, "repeated_parameter"),
        ("status=lost", 422, "validation_failed"),
        ("kind=%7B%22%24gt%22%3A%22%22%7D", 422, "validation_failed"),
        ("sector=C", 422, "validation_failed"),
        ("sector=.*", 422, "validation_failed"),
        ("scheme=CN-USCC", 422, "validation_failed"),
        ("identifier=1", 422, "validation_failed"),
        ("scheme=PASSPORT&identifier=1", 422, "validation_failed"),
    ],
)
async def test_a_search_that_cannot_be_read_is_refused(desk: Desk, query: str, status: int, code: str) -> None:
    assert refusal(await desk.call("GET", f"/businesses?{query}")) == (status, code)


async def test_a_cursor_belongs_to_its_search(desk: Desk, town: dict[str, Json]) -> None:
    cursor = expect(await desk.get("/businesses", limit=1))["next_cursor"]
    for other in ("kind=cloud", "sort=name"):
        answer = await desk.call("GET", f"/businesses?cursor={cursor}&{other}")
        assert refusal(answer) == (400, "cursor_invalid")
