"""Drafts over HTTP: changed and taken back by their owner, and warned of what submission would refuse."""

from typing import Any

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.registry.filings.catalogue import PAYLOADS
from services.registry.filings.examples import CHANGES, MOVING_IN, REGISTERING
from tests.refusals import reason
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import OFFICER, STRANGER, Json, registration, report, suspension

ANY = {"If-Match": "*"}


async def change(desk: Desk, filing: Json, body: Json, **options: Any) -> Any:
    return await desk.call("PATCH", f"/filings/{filing['id']}", body, headers=ANY, **options)


# changed


async def test_what_a_change_names_is_replaced_and_the_rest_stays(desk: Desk) -> None:
    draft = await desk.draft()
    patch = {"business_scope": "棉纺织；针织", "name": {"translations": [{"name": "Example Mill", "language": "en"}]}}
    changed = expect(await change(desk, draft, {"payload": patch}))
    name = draft["payload"]["name"] | {"translations": [{"name": "Example Mill", "language": "en"}]}
    assert changed["payload"] == draft["payload"] | {"business_scope": "棉纺织；针织", "name": name}
    assert changed["id"] == draft["id"]
    assert changed["version"] == draft["version"] + 1
    assert expect(await desk.get(f"/filings/{draft['id']}")) == changed


async def test_null_removes_what_may_be_absent(desk: Desk) -> None:
    draft = await desk.draft(registration(term_until="2046-01-01"))
    changed = expect(await change(desk, draft, {"payload": {"term_until": None}}))
    assert changed["payload"]["term_until"] is None


async def test_the_moment_is_changed_by_itself_and_taken_back_by_null(desk: Desk) -> None:
    draft = await desk.draft()
    changed = expect(await change(desk, draft, {"requested_effective_at": "2026-04-24T00:00:00.000Z"}))
    assert changed["requested_effective_at"] == "2026-04-24T00:00:00.000Z"
    again = expect(await change(desk, draft, {"payload": {"business_scope": "其他"}}))
    assert again["requested_effective_at"] == "2026-04-24T00:00:00.000Z"
    assert expect(await change(desk, draft, {"requested_effective_at": None}))["requested_effective_at"] is None


async def test_everything_wrong_with_a_change_is_told_at_its_place(desk: Desk) -> None:
    draft = await desk.draft()
    answer = await change(desk, draft, {"payload": {"kind": "cloudy", "business_scope": "", "x": 1, "parties": None}})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert {(each["pointer"], each["code"]) for each in answer.json()["errors"]} == {
        ("/payload/kind", "not_one_of"),
        ("/payload/business_scope", "business_scope_required"),
        ("/payload/x", "unknown_field"),
        ("/payload/parties", "missing"),
    }
    assert expect(await desk.get(f"/filings/{draft['id']}")) == draft


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"payload": None}, "/payload", "null_not_allowed"),
        ({"payload": {"type": "suspension"}}, "/payload/type", "not_one_of"),
        ({"payload": {"zone_entry_on": "2030-01-01"}}, "/payload/zone_entry_on", "date_range"),
        ({"status": "approved"}, "/status", "unknown_field"),
        ({"requested_effective_at": "2020-01-01T00:00:00Z"}, "/requested_effective_at", "effective_date"),
    ],
)
async def test_a_change_is_judged_as_a_draft_is(desk: Desk, body: Json, pointer: str, code: str) -> None:
    answer = await change(desk, await desk.draft(), body)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


async def test_a_change_names_the_version_that_it_changes(desk: Desk) -> None:
    draft = await desk.draft()
    path, body = f"/filings/{draft['id']}", {"payload": {"business_scope": "其他"}}
    assert (await desk.call("PATCH", path, body)).status_code == 428
    assert (await desk.call("PATCH", path, body, headers={"If-Match": '"v1"'})).status_code == 200
    assert (await desk.call("PATCH", path, body, headers={"If-Match": '"v1"'})).status_code == 412


async def test_only_its_owner_changes_a_draft_and_strangers_do_not_know_it(desk: Desk) -> None:
    draft = await desk.draft()
    body = {"payload": {"business_scope": "其他"}}
    assert refusal(await change(desk, draft, body, by=OFFICER)) == (403, "not_the_owner")
    assert refusal(await change(desk, draft, body, by=STRANGER)) == (404, "not_found")
    assert draft["allowed_actions"] == ["change", "submit", "withdraw"]


async def test_what_was_handed_in_is_not_changed_any_more(desk: Desk) -> None:
    draft = await desk.draft()
    submitted = expect(await desk.submit(draft))
    assert "change" not in submitted["allowed_actions"]
    answer = await change(desk, draft, {"payload": {"business_scope": "其他"}})
    assert refusal(answer) == (409, "invalid_transition")


async def test_what_takes_effect_is_what_the_draft_says_last(desk: Desk) -> None:
    draft = await desk.draft()
    expect(await change(desk, draft, {"payload": {"business_scope": "棉纺织；针织"}}))
    filing = await desk.complete(draft)
    business = expect(await desk.get(f"/businesses/{filing['business_id']}"))
    assert business["business_scope"] == "棉纺织；针织"


async def test_a_report_of_a_business_is_changed_as_a_registration_is(desk: Desk) -> None:
    business = await desk.register()
    draft = await desk.draft_for(business["id"], "annual_report", report())
    assert expect(await change(desk, draft, {"payload": {"employees": 81}}))["payload"]["employees"] == 81


async def test_a_first_day_that_the_payload_names_is_changed_with_it(desk: Desk) -> None:
    business = await desk.register()
    draft = await desk.draft_for(business["id"], "suspension", suspension())
    changed = expect(await change(desk, draft, {"payload": {"from": "2026-03-12"}}))
    assert changed["requested_effective_at"] == "2026-03-11T16:00:00.000Z"


@pytest.mark.parametrize("payload", [REGISTERING, MOVING_IN, *CHANGES], ids=lambda payload: type(payload).__name__)
def test_what_a_draft_says_can_be_said_again(payload: Any) -> None:
    assert PAYLOADS[payload.type].model_validate(payload.model_dump(mode="json")) == payload


async def test_a_change_is_an_event_of_its_own(desk: Desk, store: MemoryStore) -> None:
    draft = await desk.draft()
    expect(await change(desk, draft, {"payload": {"business_scope": "其他"}}))
    types = [row["type"] for row in store.rows("outbox") if row["key"] == draft["business_id"]]
    assert types == ["zone.registry.filing.drafted.v1", "zone.registry.filing.amended.v1"]


# taken back


async def test_what_a_withdrawn_draft_said_is_blanked_at_once(desk: Desk, store: MemoryStore) -> None:
    draft = await desk.draft()
    taken_back = expect(await desk.withdraw(draft))
    assert (taken_back["status"], taken_back["payload"]) == ("withdrawn", None)
    assert taken_back["blanked_at"] == taken_back["ended_at"]
    types = [row["type"] for row in store.rows("outbox")]
    assert types[-2:] == ["zone.registry.filing.withdrawn.v1", "zone.registry.filing.blanked.v1"]
    assert refusal(await desk.withdraw(draft)) == (409, "invalid_transition")
    assert refusal(await change(desk, draft, {"payload": {}})) == (409, "invalid_transition")


async def test_what_was_handed_in_and_withdrawn_is_known_for_a_while(desk: Desk) -> None:
    draft = await desk.draft()
    expect(await desk.submit(draft))
    assert expect(await desk.withdraw(draft))["payload"] == draft["payload"]


# warned


async def test_a_draft_of_a_code_and_a_name_that_are_registered_is_told_so_at_once(desk: Desk) -> None:
    business = await desk.register()
    draft = await desk.draft()
    assert [(each["pointer"], each["code"], each["business_id"]) for each in draft["warnings"]] == [
        ("/payload/identifiers/0/id", "duplicate_identifier", business["id"]),
        ("/payload/name/legal", "name_unavailable", None),
    ]
    assert reason(await desk.submit(draft)) in {each["code"] for each in draft["warnings"]}


async def test_a_draft_of_a_code_whose_registration_is_under_way_is_warned_without_a_name(desk: Desk) -> None:
    expect(await desk.submit(await desk.draft()))
    draft = await desk.draft(by=STRANGER)
    assert ("duplicate_identifier", None) in {(each["code"], each["business_id"]) for each in draft["warnings"]}


async def test_a_draft_of_what_is_free_has_no_warning_and_neither_has_one_that_is_mended(desk: Desk) -> None:
    first = await desk.draft()
    assert first["warnings"] == []
    await desk.complete(first)
    doubled = await desk.draft()
    other = {"legal": "示例另一家纺织有限公司", "language": "zh"}
    code = {"scheme": "CN-USCC", "id": "91652801MA7EXA0186"}
    mended = expect(await change(desk, doubled, {"payload": {"name": other, "identifiers": [code]}}))
    assert mended["warnings"] == []


async def test_a_draft_that_names_a_host_which_is_none_is_warned(desk: Desk) -> None:
    hosted = MOVING_IN.model_dump(mode="json")
    assert [(each["pointer"], each["code"]) for each in (await desk.draft(hosted))["warnings"]] == [
        ("/payload/hosting/host_business_id", "host_not_active")
    ]


async def test_a_second_filing_of_a_kind_that_is_under_way_is_warned(desk: Desk) -> None:
    business = await desk.register()
    first = await desk.draft_for(business["id"], "dissolution", DISSOLUTION)
    expect(await desk.submit(first))
    second = await desk.draft_for(business["id"], "dissolution", DISSOLUTION)
    assert [(each["pointer"], each["code"]) for each in second["warnings"]] == [("", "filing_in_progress")]
    assert refusal(await desk.submit(second)) == (409, "filing_in_progress")


DISSOLUTION: Json = next(each for each in CHANGES if each.type == "dissolution").model_dump(mode="json")


async def test_a_draft_whose_business_has_changed_since_is_warned_when_it_is_changed(desk: Desk) -> None:
    business = await desk.register()
    old = await desk.draft_for(business["id"], "suspension", suspension("2026-03-02"))
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    await desk.complete(await desk.draft_for(business["id"], "resumption", {}))
    changed = expect(await change(desk, old, {"payload": {"reason": "示例其他原因"}}))
    assert [(each["pointer"], each["code"]) for each in changed["warnings"]] == [("", "stale_base_version")]
    assert refusal(await desk.submit(old)) == (409, "stale_base_version")


async def test_what_was_handed_in_warns_of_nothing(desk: Desk) -> None:
    hosted = MOVING_IN.model_dump(mode="json") | {"premises": registration()["premises"], "hosting": None}
    business = await desk.register()
    assert business
    draft = await desk.draft(hosted)
    assert expect(await desk.submit(draft))["warnings"] == []


# business_scope


@pytest.mark.parametrize("scope", ["", "  ", "\n"])
async def test_a_business_says_what_it_does(desk: Desk, scope: str) -> None:
    answer = await desk.call("POST", "/registrations", {"payload": registration(business_scope=scope)})
    found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert (answer.status_code, found) == (422, [("/payload/business_scope", "business_scope_required")])


async def test_a_filing_that_was_drafted_before_that_was_asked_is_still_read(desk: Desk, store: MemoryStore) -> None:
    draft = await desk.draft()
    store.collections["filings"][draft["id"]]["payload"]["business_scope"] = ""
    assert expect(await desk.get(f"/filings/{draft['id']}"))["payload"]["business_scope"] == ""


@pytest.mark.parametrize(
    ("payload", "detail"),
    [([], "Input should be an object"), ({"type": "suspension"}, "Input should be 'registration'")],
)
async def test_a_refusal_speaks_of_json_and_not_of_python(desk: Desk, payload: object, detail: str) -> None:
    answer = await desk.call("POST", "/registrations", {"payload": payload})
    assert answer.json()["errors"][0]["detail"] == detail
