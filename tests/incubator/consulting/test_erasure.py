"""R4, of consulting: people and their words are found nowhere once erased, and what was counted is as before."""

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import Json, created
from tests.incubator.consulting.conftest import (
    APPOINTMENTS,
    CONSULTANTS,
    PERSON,
    Act,
    Api,
    done,
    kinds,
    told,
    wanted,
)
from tests.incubator.searching import counted, where_found

WORDS = {
    "agenda": "示例议程",
    "join": "https://hidden.example/1",
    "before": "示例预告",
    "after": "示例纪要",
    "said": "示例评语",
}
NAMES = "示例隐名顾问", "示例改名顾问"


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": f"synthetic-{name}"}


async def test_r4_what_people_wrote_of_an_appointment_is_found_nowhere(
    first: Api, staff: Api, consultant: Json, offering: Json, clock: FixedClock, store: MemoryStore
) -> None:
    body = wanted(consultant, offering, agenda=WORDS["agenda"])
    asked = created(await first.post(APPOINTMENTS, json=body, headers=key("request")))

    async def act(api: Api, action: str, **said: object) -> Json:
        return done(await api.post(f"{APPOINTMENTS}/{asked['id']}/{action}", json=said, headers=key(action)))

    await act(staff, "confirm", join_url=WORDS["join"], notes=WORDS["before"])
    clock.at = clock.at.replace(day=9, hour=3)
    await act(staff, "complete", notes=WORDS["after"])
    await act(first, "feedback", score=2, comment=WORDS["said"])
    assert where_found(store, *WORDS.values()) == {"reservations"}
    before = counted(store)

    erased = await act(first, "erase")
    assert where_found(store, *WORDS.values()) == set()
    assert counted(store) == before
    assert (erased["status"], erased["score"], erased["topic"]) == ("completed", 2, "tax")
    assert kinds(store, asked)[-1] == "appointment.erased"
    assert "score" not in told(store, asked)[-1][1]


async def test_r4_words_that_come_after_are_erased_by_the_same_act_again(
    first: Api, staff: Api, request_it: Act, confirm: Act, clock: FixedClock, store: MemoryStore
) -> None:
    path = f"{APPOINTMENTS}/{(await confirm(await request_it(agenda=WORDS['agenda'])))['id']}"
    clock.at = clock.at.replace(day=9, hour=3)
    done(await staff.post(f"{path}/complete"))
    done(await first.post(f"{path}/erase"))
    done(await first.post(f"{path}/feedback", json={"score": 5, "comment": WORDS["said"]}))
    assert done(await first.post(f"{path}/erase"))["score"] == 5
    assert where_found(store, *WORDS.values()) == set()


async def test_r4_who_a_consultant_was_is_found_nowhere(
    first: Api, staff: Api, site: Json, offering: Json, clock: FixedClock, store: MemoryStore
) -> None:
    body = {"site_id": site["id"], **PERSON, "name": NAMES[0]}
    person = created(await staff.post(CONSULTANTS, json=body, headers=key("add")))
    path = f"{CONSULTANTS}/{person['id']}"
    asked = created(await first.post(APPOINTMENTS, json=wanted(person, offering)))
    assert where_found(store, NAMES[0]) == {"consultants"}
    await staff.patch(path, json={"name": NAMES[1]}, headers={**key("change"), "If-Match": "*"})
    done(await staff.post(f"{path}/retire", headers=key("retire")))
    assert where_found(store, *NAMES) == {"consultants"}
    before = counted(store)

    erased = done(await staff.post(f"{path}/erase", headers=key("erase")))
    assert where_found(store, *NAMES) == set()
    assert counted(store) - before == {("consultants", "erased"): 1}
    assert (await first.get(f"{APPOINTMENTS}/{asked['id']}")).json()["consultant_id"] == erased["id"]
    assert told(store, erased) == [("consultant.erased", {"consultant_id": erased["id"]})]
