"""Candidates: known with their consent, for as long as there is a reason to, and then erased."""

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Hear, Json, Pass, created
from tests.incubator.recruitment.conftest import APPLICATIONS, CANDIDATES, POSTINGS, Act, agreed_to, kinds
from tests.incubator.registry_says import dissolution_started
from tests.incubator.searching import where_found

POOL = {"purpose": "talent_pool", "text_version": "2026-03", "expires_on": "2027-03-02"}
PERSON = {"name": "示例隐名", "email": "hidden@graduates.example", "graduated_on": "2025-07-01"}


async def seen(api: httpx.AsyncClient, person: Json) -> Json:
    found: Json = (await api.get(f"{CANDIDATES}/{person['id']}")).json()
    return found


async def put_forward(api: httpx.AsyncClient, posting: Json, person: Json) -> httpx.Response:
    return await api.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": person["id"]})


async def test_a_partner_enters_an_address_once_in_any_case(enter: Act, second: httpx.AsyncClient) -> None:
    await enter(email="Straße@Graduates.Example")
    again = await second.post(CANDIDATES, json={**PERSON, "email": "straße@graduates.example"})
    assert (again.status_code, again.json()["code"]) == (409, "candidate_exists")
    assert (await enter(email="strasse@graduates.example"))["email"] == "strasse@graduates.example"


async def test_another_address_frees_the_former(enter: Act, second: httpx.AsyncClient) -> None:
    person = await enter(email="old@graduates.example")
    changed = await second.patch(
        f"{CANDIDATES}/{person['id']}", json={"email": "new@graduates.example"}, headers={"If-Match": "*"}
    )
    assert changed.json()["email"] == "new@graduates.example"
    await enter(email="old@graduates.example")
    taken = await second.post(CANDIDATES, json={**PERSON, "email": "new@graduates.example"})
    assert taken.json()["code"] == "candidate_exists"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"email": "nobody"}, "contact_invalid"),
        ({"graduated_on": "2026-03-03"}, "date_range"),
        ({"consents": [{"purpose": "posting", "text_version": "1"}]}, "consent_scope"),
        ({"consents": [{"purpose": "talent_pool", "text_version": "1"}]}, "consent_scope"),
        ({"consents": [{**POOL, "expires_on": "2028-03-03"}]}, "date_range"),
        ({"consents": [{**POOL, "expires_on": "2026-03-01"}]}, "date_range"),
    ],
)
async def test_what_is_no_candidate_is_refused_with_its_place(
    second: httpx.AsyncClient, wrong: Json, code: str
) -> None:
    answer = await second.post(CANDIDATES, json={**PERSON, **wrong})
    assert answer.status_code == 422
    assert {each["code"] for each in answer.json()["errors"]} == {code}


async def test_r3_consent_for_one_posting_is_none_for_another(
    second: httpx.AsyncClient, publish: Act, enter: Act
) -> None:
    agreed, other = await publish(), await publish()
    person = await enter(agreed)
    refused = await put_forward(second, other, person)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    await second.post(f"{CANDIDATES}/{person['id']}/consents", json=POOL)
    assert (await put_forward(second, other, person)).status_code == 201


async def test_r3_a_consent_that_is_over_is_none(
    second: httpx.AsyncClient, publish: Act, enter: Act, pass_time: Pass
) -> None:
    person = await enter(consents=[{**POOL, "expires_on": "2026-04-01"}])
    await pass_time(days=31)
    refused = await put_forward(second, await publish(), person)
    assert refused.json()["code"] == "consent_missing"


async def test_r3_a_consent_taken_back_ends_what_rests_on_it_alone(
    second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act
) -> None:
    one, both = await publish(), await publish()
    person = await enter(one, both, consents=[agreed_to(one), agreed_to(both), POOL])
    applications = [await apply(one, person), await apply(both, person)]

    async def statuses() -> list[str]:
        return [(await second.get(f"{APPLICATIONS}/{each['id']}")).json()["status"] for each in applications]

    await second.post(f"{CANDIDATES}/{person['id']}/consents/1/withdraw")
    assert await statuses() == ["applied", "applied"]
    await second.post(f"{CANDIDATES}/{person['id']}/consents/3/withdraw")
    assert await statuses() == ["withdrawn", "applied"]
    assert (await second.post(f"{CANDIDATES}/{person['id']}/consents/4/withdraw")).status_code == 404


async def test_r3_the_business_knows_who_applied_for_six_months_after_the_end_and_while_the_consent_holds(
    first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act, act: Act, pass_time: Pass
) -> None:
    one, other = await publish(valid_through="2027-01-01"), await publish(valid_through="2027-01-01")
    person = await enter(one, other)
    rejected, running = await apply(one, person), await apply(other, person)
    await act(rejected, "reject", reason="另有合适人选")  # on 2 March 2026

    async def shown(api: httpx.AsyncClient, application: Json) -> int:
        return (await api.get(f"{APPLICATIONS}/{application['id']}/candidate")).status_code

    await pass_time(days=184)
    assert await shown(first, rejected) == 200
    await pass_time(days=1)
    assert [await shown(api, rejected) for api in (first, second)] == [410, 200]
    assert await shown(first, running) == 200
    await second.post(f"{CANDIDATES}/{person['id']}/consents/2/withdraw")
    assert [await shown(api, running) for api in (first, second)] == [410, 200]


async def test_r3_six_months_after_the_last_application_ended_a_person_is_erased(
    second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act, act: Act, pass_time: Pass, store: MemoryStore
) -> None:
    posting = await publish(valid_through="2027-01-01")
    person = await enter(posting)
    application = await apply(posting, person)
    await pass_time(days=300)
    assert (await seen(second, person))["erase_after"] is None
    await act(application, "reject", reason="另有合适人选")  # on 27 December 2026
    assert (await seen(second, person))["erase_after"] == "2027-06-27"
    await pass_time(days=182)
    assert (await seen(second, person))["name"] is not None
    await pass_time(days=1)
    assert (await seen(second, person))["name"] is None
    assert kinds(store, person["id"]) == ["candidate.erased.v1"]


@pytest.mark.parametrize("end", ["close", "dissolution", None])
async def test_r3_who_is_never_answered_is_erased_too_once_the_posting_seeks_nobody_any_more(
    first: httpx.AsyncClient,
    second: httpx.AsyncClient,
    publish: Act,
    enter: Act,
    apply: Act,
    pass_time: Pass,
    end: str | None,
    hear: Hear,
) -> None:
    posting = await publish(valid_through="2027-03-01" if end else "2026-12-01")
    person = await enter(posting)
    application = await apply(posting, person)
    await pass_time(days=200)  # to 18 September 2026: it may still come to something
    assert (await first.get(f"{APPLICATIONS}/{application['id']}")).json()["status"] == "applied"
    if end == "close":
        await first.post(f"{POSTINGS}/{posting['id']}/close")
    elif end:
        await hear(dissolution_started(1))
    await pass_time(days=190)
    left = (await first.get(f"{APPLICATIONS}/{application['id']}")).json()
    assert (left["status"], left["history"][-1]["by"]) == ("withdrawn", "zone")
    await pass_time(days=185)
    assert (await seen(second, person))["name"] is None


async def test_r3_who_agreed_to_more_is_known_for_longer(second: httpx.AsyncClient, enter: Act) -> None:
    assert (await enter())["erase_after"] == "2026-09-02"
    person = await enter(consents=[POOL])
    assert person["erase_after"] == POOL["expires_on"]
    back = await second.post(f"{CANDIDATES}/{person['id']}/consents/1/withdraw")
    assert back.json()["erase_after"] == "2026-09-02"


async def test_r4_who_is_erased_is_in_no_collection_and_what_was_counted_is_as_before(
    first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, store: MemoryStore
) -> None:
    postings = [await publish(), await publish(), await publish()]
    said = {**PERSON, "consents": [agreed_to(each) for each in postings]}
    person = created(await second.post(CANDIDATES, json=said, headers={"Idempotency-Key": "enter"}))
    seal = store.collections["candidates"][person["id"]]["person"]
    for number, posting in enumerate(postings):
        await second.post(
            f"{POSTINGS}/{posting['id']}/applications",
            json={"candidate_id": person["id"]},
            headers={"Idempotency-Key": f"apply-{number}"},
        )
    sent = (await second.get(APPLICATIONS)).json()["data"]
    await first.post(
        f"{APPLICATIONS}/{sent[0]['id']}/reject", json={"reason": "示例缘由"}, headers={"Idempotency-Key": "r"}
    )
    await first.post(f"{APPLICATIONS}/{sent[1]['id']}/hire")
    erased = await second.post(f"{CANDIDATES}/{person['id']}/erase", headers={"Idempotency-Key": "erase"})
    assert erased.json() == {
        **person,
        "version": erased.json()["version"],
        "last_event_id": f"{person['id']}:0000000001",
        **dict.fromkeys(("name", "email", "graduated_on", "erase_after")),
        "erased_at": erased.json()["erased_at"],
        "consents": erased.json()["consents"],
    }
    kept = str(store.collections)
    assert not [word for word in ("示例隐名", "hidden@", "示例缘由", seal) if word in kept]
    after = (await second.get(APPLICATIONS)).json()["data"]
    assert [each["status"] for each in after] == ["rejected", "hired", "withdrawn"]
    assert [len(each["history"]) for each in after] == [2, 2, 2]


async def test_r4_what_is_erased_stays_so_and_the_person_may_come_again(
    second: httpx.AsyncClient, publish: Act, enter: Act
) -> None:
    posting = await publish()
    person = await enter(posting, **PERSON)
    await second.post(f"{CANDIDATES}/{person['id']}/erase")
    for answer in (
        await second.post(f"{CANDIDATES}/{person['id']}/erase"),
        await second.post(f"{CANDIDATES}/{person['id']}/consents", json=POOL),
        await second.patch(f"{CANDIDATES}/{person['id']}", json={"name": "x"}, headers={"If-Match": "*"}),
        await put_forward(second, posting, person),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "candidate_erased")
    again = await enter(posting, **PERSON)
    assert (await put_forward(second, posting, again)).status_code == 201


async def test_r4_a_repeated_request_shows_the_person_for_ten_minutes_and_from_no_stored_answer(
    second: httpx.AsyncClient, store: MemoryStore, pass_time: Pass
) -> None:
    key = {"Idempotency-Key": "enter"}
    person = created(await second.post(CANDIDATES, json=PERSON, headers=key))
    assert PERSON["email"] not in str(store.collections["idempotency"])
    assert created(await second.post(CANDIDATES, json=PERSON, headers=key)) == person
    await pass_time(minutes=11)
    late = created(await second.post(CANDIDATES, json=PERSON, headers=key))
    assert (late["id"], late["name"], late["email"]) == (person["id"], None, None)


async def test_r4_nothing_is_written_anew_of_who_is_erased(
    first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act, store: MemoryStore
) -> None:
    posting = await publish()
    person = await enter(posting)
    path = f"{APPLICATIONS}/{(await apply(posting, person))['id']}"
    await first.post(f"{path}/hire")
    await second.post(f"{CANDIDATES}/{person['id']}/erase")
    back = await first.post(f"{path}/fell-through", json={"reason": "示例旷工缘由"})
    assert back.json()["status"] == "fell_through"
    assert where_found(store, "示例旷工缘由") == set()
