"""R4, of programmes: founders and what was written of them are found nowhere once erased; what was counted stays."""

import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Json, created
from tests.incubator.programme.conftest import APPLICATIONS, FOUNDER, INCUBATIONS, Act, Api, kinds, tried, written
from tests.incubator.searching import counted, where_found

NAME, LATER, ANSWER, REASON = "示例隐名氏", "示例改名氏", "示例构想一则", "示例缘由一则"
PROOF = "https://hidden.example/proof"
WORDS = (NAME, LATER, ANSWER, REASON, PROOF)


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": f"synthetic-{name}"}


@pytest.fixture
def apply(plan: Act, first: Api) -> Act:
    """Drafts an application with a synthetic founder, changes and submits it, each under a key."""

    async def apply() -> Json:
        body = written(await plan(program={"eligibility": []}), founders=[{**FOUNDER, "name": NAME}])
        drafted = created(await first.post(APPLICATIONS, json=body, headers=key("draft")))
        path = f"{APPLICATIONS}/{drafted['id']}"
        said = {"founders": [{**FOUNDER, "name": LATER}], "answers": {"idea": ANSWER}}
        assert (await first.patch(path, json=said, headers={**key("change"), "If-Match": "*"})).status_code == 200
        assert (await first.post(f"{path}/submit", headers=key("submit"))).status_code == 200
        return drafted

    return apply


async def test_r4_founders_who_got_no_seat_are_found_nowhere(
    apply: Act, first: Api, staff: Api, store: MemoryStore
) -> None:
    path = f"{APPLICATIONS}/{(await apply())['id']}"
    await staff.post(f"{path}/reject", json={"reasons": [REASON]}, headers=key("reject"))
    assert where_found(store, *WORDS) == {"programme_applications"}
    before = counted(store)

    assert (await first.post(f"{path}/erase", headers=key("erase"))).json()["status"] == "rejected"
    assert where_found(store, *WORDS) == set()
    assert counted(store) == before


@pytest.fixture
def incubate(apply: Act, act: Act, interview: Act, pass_time: Act, staff: Api) -> Act:
    """Enrols the synthetic founder's business; its first milestone is met, as can be seen somewhere."""

    async def incubate() -> Json:
        application = await interview(await apply())
        await pass_time(days=8)
        await act(application, "accept")
        enrolled = created(await staff.post(f"{APPLICATIONS}/{application['id']}/enrol", headers=key("enrol")))
        met = f"{INCUBATIONS}/{enrolled['id']}/milestones/{enrolled['milestones'][0]['id']}/met"
        assert (await staff.post(met, json={"evidence_url": PROOF}, headers=key("met"))).status_code == 200
        return enrolled

    return incubate


@pytest.mark.parametrize("application_first", [True, False])
async def test_r4_what_was_written_of_an_incubation_is_found_nowhere_nor_are_its_founders(
    incubate: Act, first: Api, store: MemoryStore, application_first: bool
) -> None:
    incubation = await incubate()
    path = f"{INCUBATIONS}/{incubation['id']}"
    assert await tried(first, f"{path}/erase") == (409, "invalid_transition")
    await first.post(f"{path}/withdraw", json={"reason": REASON}, headers=key("withdraw"))
    assert where_found(store, *WORDS) == {"programme_applications", "incubations"}
    before = counted(store)

    if application_first:
        await first.post(f"{APPLICATIONS}/{incubation['application_id']}/erase")
        assert where_found(store, *WORDS) == {"incubations"}
    erased = (await first.post(f"{path}/erase", headers=key("erase"))).json()
    assert (erased["status"], [each["status"] for each in erased["milestones"]]) == ("withdrawn", ["met", "open"])
    assert where_found(store, *WORDS) == set()
    assert counted(store) == before
    assert kinds(store, incubation["id"])[-1] == "incubation.erased.v1"
    assert await tried(first, f"{path}/erase") == (410, "incubation_erased")


async def test_r4_another_partner_erases_nothing(incubate: Act, first: Api, second: Api) -> None:
    path = f"{INCUBATIONS}/{(await incubate())['id']}"
    await first.post(f"{path}/withdraw")
    assert (await second.post(f"{path}/erase")).status_code == 404
