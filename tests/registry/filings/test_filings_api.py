"""Filings over HTTP: from draft to effect, what is claimed on the way, and who is let in."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from services.chassis.domain.caller import Caller
from services.chassis.domain.times import rfc3339
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from services.registry.filings import queries
from tests.registry.conftest import DECLARED, Desk, expect, refusal
from tests.registry.papers import (
    AUDITOR,
    CALLERS,
    COLLEAGUE,
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
    yuan,
)


def claims(store: MemoryStore) -> dict[str, str]:
    return {row["_id"]: row["holder"] for row in store.rows("claims")}


def events(store: MemoryStore, subject: str) -> list[str]:
    return [row["type"].split(".", 2)[2] for row in store.rows("outbox") if row["_id"].startswith(subject)]


# registration, the officer's path


async def test_a_draft_has_a_place_and_knows_the_business_to_come(desk: Desk, store: MemoryStore) -> None:
    answer = await desk.call("POST", "/registrations", {"payload": registration()})
    filing = expect(answer, 201)
    assert answer.headers["location"] == f"/v1/registry/filings/{filing['id']}"
    assert answer.headers["etag"].startswith('"v1.')
    assert filing["business_id"].startswith("biz_")
    assert (filing["status"], filing["type"], filing["base_version"]) == ("draft", "registration", 0)
    assert (filing["documents"], filing["fee"]["status"], filing["correction_of"]) == ([], "not_required", None)
    assert filing["last_event_id"] == f"{filing['id']}:0000000001"
    assert filing["allowed_actions"] == ["change", "submit", "withdraw"]
    assert store.rows("businesses") == []
    assert claims(store) == {}


async def test_a_registration_goes_from_draft_over_review_to_the_register(desk: Desk, store: MemoryStore) -> None:
    filing = await desk.draft()
    statuses = [filing["status"]]
    for step in (desk.submit, desk.assign, desk.approve):
        filing = expect(await step(filing))
        statuses.append(filing["status"])
    assert statuses == ["draft", "submitted", "in_review", "completed"]
    assert events(store, filing["id"]) == [
        "filing.drafted.v1",
        "filing.submitted.v1",
        "filing.assigned.v1",
        "filing.approved.v1",
        "filing.completed.v1",
    ]
    assert events(store, filing["business_id"]) == ["business.registered.v1"]
    business = expect(await desk.get(f"/businesses/{filing['business_id']}"))
    assert business["registration_number"] == filing["granted"]["registration_number"]
    assert business["version"] == 1


async def test_a_completed_registration_holds_its_number_its_codes_and_its_name_and_nothing_else(
    desk: Desk, store: MemoryStore
) -> None:
    business = await desk.register()
    assert claims(store) == {
        f"number|{business['registration_number']}": business["id"],
        f"identifier|CN-USCC:{uscc()}": business["id"],
        "name|示例l号机械": business["id"],
    }


async def test_who_may_do_other_things_to_a_filing_has_another_tag_of_it(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    path = f"/filings/{filing['id']}"
    own = await desk.call("GET", path, by=PARTNER)
    officers = await desk.call("GET", path, by=OFFICER, headers={"If-None-Match": own.headers["etag"]})
    assert expect(own)["allowed_actions"] != expect(officers)["allowed_actions"]
    again = await desk.call("GET", path, by=OFFICER, headers={"If-None-Match": officers.headers["etag"]})
    assert again.status_code == 304


async def test_a_number_that_is_taken_is_drawn_again(
    desk: Desk, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter([12345678, 12345678, 87654321])
    monkeypatch.setattr("services.registry.filings.types.registration.secrets.randbelow", lambda bound: next(draws))
    first = await desk.register()
    second = await desk.register(registration(2))
    assert (first["registration_number"][:11], second["registration_number"][:11]) == ("KEZ12345678", "KEZ87654321")
    assert first["registration_number"] == "KEZ1234567809"


async def test_a_filing_that_is_rejected_gives_back_what_it_held(desk: Desk, store: MemoryStore) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    assert set(claims(store)) == {
        f"filing|{filing['business_id']}|registration",
        f"identifier|CN-USCC:{uscc()}",
        "name|示例l号机械",
    }
    await desk.assign(filing)
    rejected = expect(await desk.reject(filing))
    assert rejected["status"] == "rejected"
    assert rejected["decisions"][-1] | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "by": "cli_officer",
        "outcome": "reject",
        "reason_code": "incorrect",
        "comment": "no",
    }
    assert claims(store) == {}


async def test_what_was_refused_may_be_filed_anew(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    await desk.assign(filing)
    await desk.reject(filing)
    assert (await desk.register())["status"] == "active"


# the automatic path


async def test_a_hosted_business_is_registered_as_it_is_submitted(desk: Desk, store: MemoryStore) -> None:
    its_host = await desk.register(host())
    filing = expect(await desk.submit(await desk.draft(hosted(1, its_host["id"]))))
    assert (filing["status"], filing["review_policy"]) == ("completed", "automatic")
    assert events(store, filing["id"])[1:] == ["filing.submitted.v1", "filing.approved.v1", "filing.completed.v1"]
    business = expect(await desk.get(f"/businesses/{filing['business_id']}"))
    assert business["hosting"]["host_business_id"] == its_host["id"]


@pytest.mark.parametrize(
    ("its_host", "code"),
    [(online(900), "host_not_authorised"), (None, "host_not_active"), (registration(900), "host_not_authorised")],
)
async def test_a_host_that_cannot_be_one_is_refused_at_submission(desk: Desk, its_host: Json | None, code: str) -> None:
    host_id = (await desk.register(its_host))["id"] if its_host else "biz_" + "0" * 32
    answer = await desk.submit(await desk.draft(hosted(1, host_id)))
    assert refusal(answer) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/payload/hosting/host_business_id"


async def test_a_suspended_host_is_refused(desk: Desk) -> None:
    its_host = await desk.register(host())
    await desk.complete(await desk.draft_for(its_host["id"], "suspension", suspension("2026-03-02")))
    assert refusal(await desk.submit(await desk.draft(hosted(1, its_host["id"])))) == (422, "host_not_active")


async def test_a_hosting_that_ended_between_draft_and_submission_is_refused(desk: Desk, clock: FixedClock) -> None:
    its_host = await desk.register(host())
    hosting = hosted(1, its_host["id"])["hosting"] | {"valid_to": "2026-03-02"}
    filing = await desk.draft(hosted(1, its_host["id"], hosting=hosting))
    clock.at += timedelta(days=1)
    assert refusal(await desk.submit(filing)) == (422, "hosting_expired")


# what its owner takes back


@pytest.mark.parametrize("far", ["draft", "submitted", "in_review"])
async def test_a_filing_is_taken_back_with_all_that_it_held(desk: Desk, store: MemoryStore, far: str) -> None:
    filing = await desk.draft()
    if far != "draft":
        expect(await desk.submit(filing))
    if far == "in_review":
        expect(await desk.assign(filing))
    withdrawn = expect(await desk.withdraw(filing))
    assert (withdrawn["status"], withdrawn["allowed_actions"]) == ("withdrawn", [])
    assert claims(store) == {}
    assert (await desk.register())["status"] == "active"


@pytest.mark.parametrize(
    ("by", "code"), [(PARTNER, "withdrawn_by_owner"), (COLLEAGUE, "withdrawn_by_official")], ids=["owner", "official"]
)
async def test_what_is_approved_for_a_moment_to_come_can_still_be_taken_back(
    desk: Desk, store: MemoryStore, by: Caller, code: str
) -> None:
    filing = await desk.complete(await desk.draft(requested_effective_at=rfc3339(NOON + timedelta(days=3))))
    assert filing["status"] == "approved"
    ended = expect(await desk.withdraw(filing, by=by))
    assert ended["status"] == "withdrawn"
    assert orjson.loads(store.rows("outbox")[-1]["data"])["code"] == code
    assert (ended["block"] is None) == (by == PARTNER)  # to its owner an official says why
    assert claims(store) == {}


async def test_what_took_effect_is_not_taken_back(desk: Desk) -> None:
    filing = await desk.complete(await desk.draft())
    answer = await desk.withdraw(filing)
    assert refusal(answer) == (409, "invalid_transition")
    assert answer.json()["current_status"] == "completed"


async def test_an_officer_does_not_take_back_what_a_partner_made(desk: Desk) -> None:
    filing = await desk.draft()
    assert refusal(await desk.withdraw(filing, by=OFFICER)) == (403, "not_the_owner")
    assert refusal(await desk.withdraw(filing, by=STRANGER)) == (404, "not_found")


async def test_a_partner_piles_up_no_more_drafts_than_it_may(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_DRAFTS", 2)
    business = await desk.register()
    first, _ = [await desk.draft(registration(number)) for number in (2, 3)]
    answers = (
        await desk.call("POST", "/registrations", {"payload": registration(4)}),
        await desk.call("POST", f"/businesses/{business['id']}/annual-reports", {"payload": report()}),
    )
    for answer in answers:
        assert refusal(answer) == (409, "too_many_drafts")
        assert (answer.json()["drafts"], answer.json()["most"]) == (2, 2)
    await desk.draft(registration(4), by=STRANGER)  # each has its own
    for number in (5, 6, 7):
        await desk.draft(registration(number), by=OFFICER)  # the office's work is not bounded
    await desk.withdraw(first)
    await desk.draft(registration(4))


# uniqueness


async def test_a_code_that_is_registered_is_refused_with_the_business_that_has_it(desk: Desk) -> None:
    business = await desk.register()
    draft = await desk.draft(registration(2, identifiers=[{"scheme": "CN-USCC", "id": uscc(1)}]), by=STRANGER)
    answer = await desk.submit(draft, by=STRANGER)
    assert refusal(answer) == (409, "duplicate_identifier")
    assert answer.json()["business_id"] == business["id"]


async def test_a_code_whose_registration_is_under_way_is_refused_without_saying_whose(desk: Desk) -> None:
    await desk.submit(await desk.draft())
    answer = await desk.submit(await desk.draft(registration(1, name={"legal": "示例另一家", "language": "zh"})))
    assert refusal(answer) == (409, "duplicate_identifier")
    assert "business_id" not in answer.json()


@pytest.mark.parametrize("name", ["新疆 示例1号-机械（有限公司）", "示例l号机械有限公司", "⽰例1号机械有限公司"])
async def test_a_name_that_cannot_be_told_from_another_is_refused(desk: Desk, name: str) -> None:
    await desk.register()
    same = {"legal": name, "language": "zh"}
    answer = await desk.submit(await desk.draft(registration(2, name=same)))
    assert refusal(answer) == (409, "name_unavailable")


async def test_two_individual_households_may_have_one_name(desk: Desk) -> None:
    for number in (1, 2):
        payload = registration(
            number,
            legal_form="individual_household",
            name={"legal": "示例小店", "language": "zh"},
            identifiers=[{"scheme": "CN-USCC", "id": uscc(number, "2")}],
        )
        await desk.register(payload)


async def test_a_draft_claims_nothing(desk: Desk) -> None:
    await desk.draft()
    assert (await desk.register())["status"] == "active"


async def test_one_filing_of_a_group_is_under_way_for_a_business(desk: Desk) -> None:
    business = await desk.register()
    first = await desk.draft_for(business["id"], "suspension", suspension())
    second = await desk.draft_for(business["id"], "suspension", suspension())
    expect(await desk.submit(first))
    answer = await desk.submit(second)
    assert refusal(answer) == (409, "filing_in_progress")
    assert answer.json()["filing_id"] == first["id"]
    await desk.assign(first)
    await desk.reject(first)
    assert expect(await desk.submit(second))["status"] == "submitted"


async def test_of_however_many_are_under_way_the_one_of_the_same_group_is_named(desk: Desk) -> None:
    business = await desk.register(registration(established_on="1950-03-01"))
    later = rfc3339(NOON + timedelta(days=3))
    for year in range(1950, 2005):
        one = await desk.draft_for(business["id"], "annual_report", report(str(year)), requested_effective_at=later)
        assert expect(await desk.submit(one))["status"] == "approved"
    answer = await desk.submit(await desk.draft_for(business["id"], "annual_report", report("2004")))
    assert refusal(answer) == (409, "filing_in_progress")
    assert answer.json()["filing_id"] == one["id"]


async def test_filings_of_other_groups_go_side_by_side(desk: Desk) -> None:
    business = await desk.register()
    await desk.submit(await desk.draft_for(business["id"], "suspension", suspension()))
    for period in ("2024", "2025"):
        filing = await desk.draft_for(business["id"], "annual_report", report(period))
        assert expect(await desk.submit(filing))["status"] == "completed"


async def test_a_second_report_of_a_year_is_refused(desk: Desk) -> None:
    business = await desk.register()
    drafts = [await desk.draft_for(business["id"], "annual_report", report()) for _ in range(2)]
    expect(await desk.submit(drafts[0]))
    assert refusal(await desk.submit(drafts[1])) == (409, "report_exists")


# other types


async def test_a_report_stands_in_the_register_when_its_submission_is_answered(desk: Desk) -> None:
    business = await desk.register()
    answer = await desk.call("POST", f"/businesses/{business['id']}/annual-reports", {"payload": report()})
    filing = expect(answer, 201)
    assert answer.headers["location"] == f"/v1/registry/filings/{filing['id']}"
    assert expect(await desk.submit(filing))["status"] == "completed"
    after = expect(await desk.get(f"/businesses/{business['id']}"))
    assert after["latest_report"] == {
        "period": "2025",
        "revenue": yuan(100),
        "valuation": yuan(1000),
        "employees": 12,
    }
    listed = expect(await desk.get(f"/businesses/{business['id']}/annual-reports"))["data"]
    assert [each["id"] for each in listed] == [filing["id"]]


async def test_suspension_and_resumption_change_the_register(desk: Desk, store: MemoryStore) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    suspended = expect(await desk.get(f"/businesses/{business['id']}"))
    assert (suspended["status"], suspended["suspension"]["from"]) == ("suspended", "2026-03-02")
    assert suspended["allowed_actions"] == ["annual_report", "suspension", "resumption", "dissolution"]
    filing = await desk.draft_for(business["id"], "resumption", {})
    assert expect(await desk.submit(filing))["status"] == "completed"
    assert expect(await desk.get(f"/businesses/{business['id']}"))["status"] == "active"
    assert events(store, business["id"]) == [
        "business.registered.v1",
        "business.suspended.v1",
        "business.resumed.v1",
    ]


async def test_a_business_that_trades_cannot_resume(desk: Desk) -> None:
    business = await desk.register()
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", {"type": "resumption", "payload": {}})
    assert refusal(answer) == (409, "filing_not_allowed")
    assert answer.json()["business_status"] == "active"


async def test_a_draft_that_no_longer_fits_the_status_is_refused_at_submission(desk: Desk) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    drafts = [await desk.draft_for(business["id"], "resumption", {}) for _ in range(2)]
    expect(await desk.submit(drafts[0]))
    assert refusal(await desk.submit(drafts[1])) == (409, "filing_not_allowed")


async def test_a_draft_against_a_status_that_has_changed_since_is_stale(desk: Desk, clock: FixedClock) -> None:
    business = await desk.register()
    path = business["id"]
    await desk.complete(await desk.draft_for(path, "suspension", suspension("2026-03-02")))
    old = await desk.draft_for(path, "resumption", {})
    await desk.complete(await desk.draft_for(path, "resumption", {}))
    await desk.complete(await desk.draft_for(path, "suspension", suspension("2026-03-02")))
    answer = await desk.submit(old)
    assert refusal(answer) == (409, "stale_base_version")
    assert answer.json()["changed_fields"] == ["status", "suspension"]


async def test_a_change_before_hundreds_of_others_makes_a_draft_stale(desk: Desk, store: MemoryStore) -> None:
    business = await desk.register()
    old = await desk.draft_for(business["id"], "suspension", suspension("2026-03-02"))
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    await desk.complete(await desk.draft_for(business["id"], "resumption", {}))
    (entry,) = (row for row in store.collections["businesses"].values())
    last = store.rows("business_versions")[-1]
    for number in range(entry["version"] + 1, entry["version"] + 250):
        id = f"{business['id']}:{number:010d}"
        later = last | {"_id": id, "version": number, "changed_fields": ["latest_report"]}
        store.collections["business_versions"][id] = later
    entry["version"] = number
    answer = await desk.submit(old)
    assert refusal(answer) == (409, "stale_base_version")
    assert answer.json()["changed_fields"] == ["addresses", "status", "suspension"]


async def test_a_report_in_between_makes_no_suspension_stale(desk: Desk) -> None:
    business = await desk.register()
    draft = await desk.draft_for(business["id"], "suspension", suspension())
    await desk.complete(await desk.draft_for(business["id"], "annual_report", report()))
    assert expect(await desk.submit(draft))["status"] == "submitted"


async def test_if_match_names_the_version_of_the_business_that_a_draft_is_made_against(desk: Desk) -> None:
    business = await desk.register()
    body = {"type": "suspension", "payload": suspension()}
    path = f"/businesses/{business['id']}/filings"
    assert expect(await desk.call("POST", path, body, headers={"If-Match": '"v1"'}), 201)["base_version"] == 1
    assert (await desk.call("POST", path, body, headers={"If-Match": '"v2"'})).status_code == 412


@pytest.mark.parametrize("name", ["registration_number", "code", "code in another writing"])
async def test_a_filing_is_drafted_and_conditioned_by_any_name_of_its_business(desk: Desk, name: str) -> None:
    business = await desk.register()
    code = business["identifiers"][0]["id"]
    names = {"code": f"uscc:{code}", "code in another writing": f"uscc:{code.lower()}"}
    path = f"/businesses/{names.get(name, business['registration_number'])}/filings"
    body = {"type": "suspension", "payload": suspension()}
    assert (await desk.call("POST", path, body, headers={"If-Match": '"v2"'})).status_code == 412
    assert expect(await desk.call("POST", path, body, headers={"If-Match": '"v1.full"'}), 201)["base_version"] == 1


# how actions are refused


@pytest.mark.parametrize("body", [None, {}, {"declaration": None}, {"declaration": {"accepted": False, "name": "a"}}])
async def test_a_submission_without_a_declaration_is_refused(desk: Desk, body: Any) -> None:
    filing = await desk.draft()
    answer = await desk.call("POST", f"/filings/{filing['id']}/submit", body)
    assert refusal(answer) == (422, "declaration_required")


@pytest.mark.parametrize(
    "declaration", [{"accepted": 1, "name": "a"}, {"accepted": True}, {"accepted": True, "name": ""}, "yes"]
)
async def test_a_declaration_that_is_none_is_refused(desk: Desk, declaration: Any) -> None:
    filing = await desk.draft()
    answer = await desk.call("POST", f"/filings/{filing['id']}/submit", {"declaration": declaration})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason_code": "other"}, "comment_required"),
        ({"reason_code": "other", "comment": "  "}, "comment_required"),
        ({"reason_code": "because", "comment": "no"}, "validation_failed"),
        ({"comment": "no"}, "validation_failed"),
        ({"reason_code": "other", "comment": "字" * 4001}, "validation_failed"),
    ],
)
async def test_a_rejection_without_reason_and_comment_is_refused(desk: Desk, body: Json, code: str) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    await desk.assign(filing)
    answer = await desk.call("POST", f"/filings/{filing['id']}/reject", body, by=OFFICER)
    assert refusal(answer) == (422, code)


async def test_an_action_in_the_wrong_status_says_which_it_is_and_what_is_possible(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    answer = await desk.approve(filing)
    assert refusal(answer) == (409, "invalid_transition")
    assert (answer.json()["current_status"], answer.json()["allowed_actions"]) == ("submitted", ["assign"])
    assert refusal(await desk.submit(filing)) == (409, "invalid_transition")


async def test_officers_decide_no_filing_of_their_own(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft(by=OFFICER), by=OFFICER))
    assert refusal(await desk.assign(filing, by=OFFICER)) == (403, "separation_of_duties")
    expect(await desk.assign(filing, by=COLLEAGUE))
    assert refusal(await desk.approve(filing, by=OFFICER)) == (403, "separation_of_duties")
    assert refusal(await desk.approve(filing, by=SUPERVISOR)) == (409, "not_assigned")
    assert expect(await desk.approve(filing, by=COLLEAGUE))["status"] == "completed"


# who is let in


@pytest.mark.parametrize("by", [PARTNER, STRANGER, AUDITOR, OPERATOR])
@pytest.mark.parametrize("action", ["assign", "approve", "reject"])
async def test_only_officers_and_supervisors_take_up_and_decide(desk: Desk, by: Caller, action: str) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    body = {"reason_code": "other", "comment": "no"} if action == "reject" else {}
    answer = await desk.call("POST", f"/filings/{filing['id']}/{action}", body, by=by)
    assert refusal(answer) == (403, "insufficient_scope")


@pytest.mark.parametrize("by", [AUDITOR, OPERATOR])
async def test_who_only_reads_files_nothing(desk: Desk, by: Caller) -> None:
    answer = await desk.call("POST", "/registrations", {"payload": registration()}, by=by)
    assert refusal(answer) == (403, "insufficient_scope")


async def test_another_partners_filing_is_not_there(desk: Desk) -> None:
    filing = await desk.draft()
    missing = f"/filings/fil_{'0' * 32}"
    for answer, none in (
        (await desk.get(f"/filings/{filing['id']}", by=STRANGER), await desk.get(missing, by=STRANGER)),
        (
            await desk.submit(filing, by=STRANGER),
            await desk.call("POST", f"{missing}/submit", DECLARED, by=STRANGER),
        ),
    ):
        assert refusal(answer) == refusal(none) == (404, "not_found")
        assert answer.json()["detail"] == none.json()["detail"]


async def test_nobody_files_for_another_partners_business(desk: Desk) -> None:
    business = await desk.register()
    for path, body in (
        ("filings", {"type": "suspension", "payload": suspension()}),
        ("annual-reports", {"payload": report()}),
    ):
        answer = await desk.call("POST", f"/businesses/{business['id']}/{path}", body, by=STRANGER)
        assert refusal(answer) == (404, "not_found")


async def test_an_officer_files_on_behalf_of_the_owner_who_sees_it(desk: Desk) -> None:
    business = await desk.register()
    filing = await desk.draft_for(business["id"], "annual_report", report(), by=OFFICER)
    assert (filing["partner_id"], filing["on_behalf_of"]) == ("par_zone", "par_1")
    assert expect(await desk.submit(filing, by=OFFICER))["status"] == "completed"
    assert expect(await desk.get(f"/filings/{filing['id']}"))["submitted_by"] == "cli_officer"


@pytest.mark.parametrize(
    "path",
    ["/filings/fil_1", "/filings/biz_" + "0" * 32, "/filings/%00", "/filings/fil_" + "0" * 32],
)
async def test_an_id_that_names_nothing_is_a_404(desk: Desk, path: str) -> None:
    code = "route_not_found" if "%2f" in path else "not_found"  # a slash in it makes another path
    assert refusal(await desk.get(path)) == (404, code)
    assert (await desk.call("POST", f"{path}/submit", DECLARED)).status_code == 404


async def test_a_slash_in_an_id_makes_it_another_path(desk: Desk) -> None:
    assert refusal(await desk.get("/filings/..%2f..")) == (404, "route_not_found")


# lists


async def test_a_partner_lists_its_own_filings_and_an_officer_all(desk: Desk) -> None:
    mine = await desk.draft()
    others = await desk.draft(registration(2), by=STRANGER)
    assert [each["id"] for each in expect(await desk.get("/filings"))["data"]] == [mine["id"]]
    for by in (OFFICER, SUPERVISOR, AUDITOR):
        listed = expect(await desk.get("/filings", by=by))["data"]
        assert [each["id"] for each in listed] == [mine["id"], others["id"]]


async def test_the_queue_is_filtered_by_status_type_business_and_assignee(desk: Desk) -> None:
    business = await desk.register()
    waiting = expect(await desk.submit(await desk.draft(registration(2))))
    suspending = expect(await desk.submit(await desk.draft_for(business["id"], "suspension", suspension())))
    taken = expect(await desk.assign(suspending, by=COLLEAGUE))
    for filters, found in (
        ({"status": "submitted"}, [waiting["id"]]),
        ({"status": "in_review"}, [taken["id"]]),
        ({"status": "changes_requested"}, []),
        ({"type": "suspension"}, [taken["id"]]),
        ({"assignee": "cli_colleague"}, [taken["id"]]),
        ({"business_id": waiting["business_id"]}, [waiting["id"]]),
        ({"status": "submitted", "type": "suspension"}, []),
    ):
        listed = expect(await desk.get("/filings", by=OFFICER, **filters))["data"]
        assert [each["id"] for each in listed] == found
    of_business = expect(await desk.get(f"/businesses/{business['id']}/filings"))["data"]
    assert [each["type"] for each in of_business] == ["registration", "suspension"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("colour=red", 400, "unknown_parameter"),
        ("limit=0", 400, "limit_range"),
        ("cursor=x", 400, "cursor_invalid"),
        ("status=lost", 422, "validation_failed"),
        ("business_id=1", 422, "validation_failed"),
        ("status[$gt]=", 400, "unknown_parameter"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused(desk: Desk, query: str, status: int, code: str) -> None:
    assert refusal(await desk.call("GET", f"/filings?{query}")) == (status, code)


async def test_what_each_caller_is_told_it_can_do_is_what_it_can_do(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft()))
    for by in CALLERS:
        answer = await desk.get(f"/filings/{filing['id']}", by=by)
        if answer.status_code == 200:
            told = answer.json()["allowed_actions"]
            its = ["withdraw"] if by == PARTNER else []
            assert told == (["assign"] if by in (OFFICER, COLLEAGUE, SUPERVISOR) else its)
