"""Applications: forward, one back, to an end; two sides, each with its own acts; never more hires than openings."""

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Json
from tests.incubator.recruitment.conftest import APPLICATIONS, POSTINGS, Act, agreed_to, kinds, told


async def try_to(api: httpx.AsyncClient, application: Json, action: str, **said: object) -> tuple[int, str]:
    answer = await api.post(f"{APPLICATIONS}/{application['id']}/{action}", json=said)
    return answer.status_code, answer.json().get("code", answer.json()["status"])


async def test_an_application_goes_through_the_stages_one_back_and_on_and_each_is_told(
    publish: Act, apply: Act, act: Act, store: MemoryStore
) -> None:
    application = await apply(await publish())
    await act(application, "advance", to_status="interview")
    await act(application, "advance", to_status="screening", reason="还缺一份材料")
    await act(application, "offer")
    hired = await act(application, "hire")
    assert hired["status"] == "hired"
    assert [(each["from_status"], each["to_status"], each["by"]) for each in hired["history"]] == [
        (None, "applied", "candidate"),
        ("applied", "interview", "business"),
        ("interview", "screening", "business"),
        ("screening", "offer", "business"),
        ("offer", "hired", "business"),
    ]
    assert kinds(store, application["id"]) == [
        "job_application.received.v1",
        "job_application.advanced.v1",
        "job_application.advanced.v1",
        "offer.made.v1",
        "candidate.hired.v1",
    ]


async def test_nobody_goes_back_two_stages_and_what_has_ended_stays_ended(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act
) -> None:
    application = await apply(await publish())
    await act(application, "offer")
    assert await try_to(first, application, "advance", to_status="screening") == (409, "invalid_transition")
    await act(application, "reject", reason="另有合适人选")
    for action, said in (("offer", {}), ("hire", {}), ("advance", {"to_status": "interview"})):
        assert await try_to(first, application, action, **said) == (409, "invalid_transition")


async def test_a_person_applies_for_a_posting_once_whoever_enters_the_person(
    first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act
) -> None:
    posting = await publish()
    person = await enter(posting, email="Aygul@Graduates.example")
    await apply(posting, person)
    again = await second.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": person["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "already_applied")
    said = {"name": "示例人", "email": "aygul@graduates.example", "consents": [agreed_to(posting)]}
    other = (await first.post("/v1/incubator/candidates", json=said)).json()
    doubled = await first.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": other["id"]})
    assert (doubled.status_code, doubled.json()["code"]) == (409, "already_applied")


async def test_each_side_has_its_own_acts_and_officials_have_both(
    first: httpx.AsyncClient, second: httpx.AsyncClient, staff: httpx.AsyncClient, publish: Act, apply: Act, act: Act
) -> None:
    application = await apply(await publish())
    assert await try_to(second, application, "hire") == (403, "other_side")
    assert await try_to(first, application, "withdraw") == (403, "other_side")
    await act(application, "offer", by=staff)
    assert (await act(application, "decline", by=second, reason="已有其他安排"))["status"] == "declined"


async def test_both_sides_see_who_applied_and_others_see_nothing(
    first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act
) -> None:
    posting = await publish()
    person = await enter(posting)
    application = await apply(posting, person)
    for api in (first, second):
        shown = (await api.get(f"{APPLICATIONS}/{application['id']}/candidate")).json()
        assert (shown["name"], shown["email"]) == (person["name"], person["email"])
    assert (await first.get(f"/v1/incubator/candidates/{person['id']}")).status_code == 404
    assert (await first.get("/v1/incubator/candidates")).json()["data"] == []


async def test_never_more_are_hired_than_are_sought(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act
) -> None:
    posting = await publish()
    chosen, other = await apply(posting), await apply(posting)
    await act(chosen, "hire")
    assert await try_to(first, other, "hire") == (409, "no_openings_left")


async def test_a_person_may_be_hired_twice(publish: Act, enter: Act, apply: Act, act: Act) -> None:
    postings = [await publish(employment_type="part_time"), await publish(employment_type="part_time")]
    person = await enter(*postings)
    for posting in postings:
        assert (await act(await apply(posting, person), "hire"))["status"] == "hired"


async def test_r2_a_hire_that_never_began_is_taken_back_and_its_opening_is_free(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, store: MemoryStore
) -> None:
    posting = await publish()
    application = await apply(posting)
    await act(application, "hire")
    assert (await act(application, "fell-through", reason="未到岗"))["status"] == "fell_through"
    found = (await first.get(f"{POSTINGS}/{posting['id']}")).json()
    assert (found["hired"], found["status"]) == (0, "published")
    hired, reverted = told(store, application["id"])[-2:]
    assert (hired[0], reverted[0]) == ("candidate.hired.v1", "candidate.hire_reverted.v1")
    assert reverted[1]["corrects"] == f"{application['id']}:0000000002"
    assert await try_to(first, application, "hire") == (409, "invalid_transition")


@pytest.mark.parametrize(
    ("graduated_on", "is_fresh"),
    [("2026-02-28", True), ("2024-03-02", True), ("2024-03-01", False), (None, False)],
)
async def test_who_graduated_within_two_years_is_hired_as_a_fresh_graduate(
    graduated_on: str | None, is_fresh: bool, publish: Act, enter: Act, apply: Act, act: Act, store: MemoryStore
) -> None:
    posting = await publish()
    application = await apply(posting, await enter(posting, graduated_on=graduated_on))
    await act(application, "hire")
    assert told(store, application["id"])[-1][1]["fresh_graduate"] is is_fresh


async def test_what_is_told_names_nobody(publish: Act, enter: Act, apply: Act, act: Act, store: MemoryStore) -> None:
    posting = await publish()
    person = await enter(posting, name="示例隐名", email="hidden@graduates.example")
    application = await apply(posting, person)
    await act(application, "reject", reason="示例缘由")
    everything = str(store.collections["outbox"])
    assert not any(word in everything for word in ("示例隐名", "hidden@", "示例缘由"))
