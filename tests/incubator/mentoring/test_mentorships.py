"""Mentorships (decisions, §6): a consultant stands by a business that incubates, as both sides have agreed."""

import pytest

from services.chassis.domain.errors import LostRace
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.consulting.consultants import effects as consultants
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.mentoring import effects
from services.incubator.mentoring.bodies import ProposeMentorship
from services.incubator.mentorships.mentorship import Mentorship
from services.incubator.programme.incubations.effects import ended
from services.incubator.programme.incubations.incubation import Incubation
from tests.incubator.conftest import Hear, Json, Pass
from tests.incubator.consulting.conftest import CONSULTANTS
from tests.incubator.mentoring.conftest import MENTORSHIPS, Act, Api, done, refused, wanted
from tests.incubator.programme.conftest import INCUBATIONS, kinds, told, tried
from tests.incubator.registry_says import business, dissolution_started, dissolved, suspended
from tests.refusals import reason


async def test_a_business_proposes_and_officials_accept_for_the_consultant(
    propose: Act, staff: Api, first: Api, store: MemoryStore, incubation: Json, consultant: Json
) -> None:
    mentorship = await propose(until="2026-10-01")
    assert (mentorship["status"], mentorship["proposed_by"]) == ("proposed", "business")
    assert await refused(first, mentorship, "accept") == (403, "other_side")
    accepted = await done(staff, mentorship, "accept")
    assert (accepted["status"], accepted["allowed_actions"]) == ("active", ["end"])
    assert kinds(store, mentorship["id"]) == ["mentorship.proposed.v1", "mentorship.accepted.v1"]
    assert told(store)[-1] == {
        "mentorship_id": mentorship["id"],
        "incubation_id": incubation["id"],
        "program_id": incubation["program_id"],
        "cohort_id": incubation["cohort_id"],
        "business_id": business(1),
        "business_kind": "cloud",
        "sector": "65",
        "consultant_id": consultant["id"],
        "starts_on": "2026-04-01",
        "until": "2026-10-01",
    }


async def test_officials_propose_and_the_partner_of_the_business_answers(propose: Act, staff: Api, first: Api) -> None:
    mentorship = await propose(by=staff)
    for action in ("accept", "decline"):
        assert await refused(staff, mentorship, action) == (403, "other_side")
    assert (await done(first, mentorship, "accept"))["status"] == "active"


async def test_what_is_declined_has_ended_and_can_be_proposed_again(propose: Act, staff: Api) -> None:
    declined = await done(staff, await propose(), "decline")
    assert (declined["status"], declined["ended_because"], declined["ended_on"]) == ("ended", "declined", "2026-03-10")
    assert await refused(staff, declined, "accept") == (409, "invalid_transition")
    assert (await propose())["status"] == "proposed"


@pytest.mark.parametrize(("ends", "because"), [("first", "withdrawn"), ("staff", "declined")])
async def test_a_proposal_is_withdrawn_by_who_made_it(
    propose: Act, first: Api, staff: Api, ends: str, because: str
) -> None:
    ended = await done({"first": first, "staff": staff}[ends], await propose(), "end")
    assert ended["ended_because"] == because


@pytest.mark.parametrize(("ends", "because"), [("first", "by_business"), ("staff", "by_zone")])
async def test_either_side_ends_a_mentorship_once(
    active: Json, first: Api, staff: Api, store: MemoryStore, ends: str, because: str
) -> None:
    side = {"first": first, "staff": staff}[ends]
    assert (await done(side, active, "end"))["ended_because"] == because
    assert (told(store)[-1]["reason"], told(store)[-1]["was_active"]) == (because, True)
    for action in ("accept", "decline", "end"):
        assert await refused(side, active, action) == (409, "invalid_transition")


async def test_a_consultant_mentors_a_business_once_at_a_time_and_two_may(
    active: Json, first: Api, staff: Api, incubation: Json, consultant: Json, employ: Act
) -> None:
    assert await tried(first, MENTORSHIPS, **wanted(incubation, consultant)) == (409, "mentorship_exists")
    other = await employ(name="另一位示例顾问")
    assert await tried(first, MENTORSHIPS, **wanted(incubation, other)) == (201, "proposed")
    await done(first, active, "end")
    assert await tried(first, MENTORSHIPS, **wanted(incubation, consultant)) == (201, "proposed")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"starts_on": "2026-03-09"}, "/starts_on"),
        ({"starts_on": "2027-04-02"}, "/starts_on"),
        ({"until": "2026-04-01"}, "/until"),
    ],
    ids=["begins_before_today", "begins_after_the_incubation", "ends_before_it_has_begun"],
)
async def test_it_begins_while_the_business_incubates_and_ends_after_that(
    first: Api, incubation: Json, consultant: Json, said: Json, place: str
) -> None:
    answer = await first.post(MENTORSHIPS, json=wanted(incubation, consultant, **said))
    assert (answer.status_code, reason(answer)) == (422, "date_range")
    assert answer.json()["errors"][0]["pointer"] == place


async def test_it_begins_today_at_the_earliest_and_lasts_a_day_at_the_least(propose: Act) -> None:
    assert (await propose(starts_on="2026-03-10", until="2026-03-11"))["status"] == "proposed"


async def test_what_is_not_there_or_anothers_is_not_mentored(
    first: Api, second: Api, incubation: Json, consultant: Json
) -> None:
    nobody, nothing = {"id": f"cst_{9:032x}"}, {"id": f"inc_{9:032x}"}
    assert await tried(first, MENTORSHIPS, **wanted(incubation, nobody)) == (422, "consultant_unknown")
    assert await tried(first, MENTORSHIPS, **wanted(nothing, consultant)) == (422, "incubation_unknown")
    assert await tried(second, MENTORSHIPS, **wanted(incubation, consultant)) == (422, "incubation_unknown")


async def test_an_incubation_that_has_ended_takes_its_mentorships_with_it(
    active: Json, staff: Api, first: Api, look: Act, incubation: Json, consultant: Json, store: MemoryStore
) -> None:
    await staff.post(f"{INCUBATIONS}/{incubation['id']}/graduate")
    after = await look(active)
    assert (after["status"], after["ended_because"]) == ("ended", "incubation_ended")
    assert kinds(store, active["id"])[-1] == "mentorship.ended.v1"
    assert await tried(first, MENTORSHIPS, **wanted(incubation, consultant)) == (409, "incubation_ended")


@pytest.mark.parametrize("action", ["withdraw", "terminate"])
async def test_a_proposal_ends_with_the_incubation_too(
    propose: Act, staff: Api, look: Act, incubation: Json, action: str, store: MemoryStore
) -> None:
    mentorship = await propose()
    assert (await staff.post(f"{INCUBATIONS}/{incubation['id']}/{action}", json={"reason": "x"})).status_code == 200
    assert (await look(mentorship))["ended_because"] == "incubation_ended"
    assert [each["was_active"] for each in told(store) if "was_active" in each] == [False]


async def test_a_consultant_who_left_mentors_nobody_any_more(
    active: Json, staff: Api, first: Api, look: Act, incubation: Json, consultant: Json
) -> None:
    assert (await staff.post(f"{CONSULTANTS}/{consultant['id']}/retire")).status_code == 200
    after = await look(active)
    assert (after["status"], after["ended_because"]) == ("ended", "consultant_left")
    assert await tried(first, MENTORSHIPS, **wanted(incubation, consultant)) == (409, "consultant_left")


async def test_a_business_that_is_dissolved_is_mentored_no_more_however_often_that_is_heard(
    active: Json, hear_together: Hear, look: Act, store: MemoryStore
) -> None:
    await hear_together(dissolution_started(1), dissolved(1), dissolved(1))
    assert (await look(active))["ended_because"] == "incubation_ended"
    assert kinds(store, active["id"]).count("mentorship.ended.v1") == 1


async def test_a_business_that_may_not_trade_begins_no_mentorship(
    propose: Act, staff: Api, hear: Hear, incubation: Json, employ: Act
) -> None:
    mentorship, other = await propose(), await employ()
    await hear(suspended(1))
    assert await refused(staff, mentorship, "accept") == (409, "business_not_active")
    assert await tried(staff, MENTORSHIPS, **wanted(incubation, other)) == (409, "business_not_active")


async def test_a_mentorship_ends_by_itself_the_day_after_its_last(
    propose: Act, staff: Api, first: Api, pass_days: Pass, look: Act
) -> None:
    mentorship = await done(staff, await propose(until="2026-04-10"), "accept")
    await pass_days(30)
    assert (await look(mentorship))["status"] == "active"
    await pass_days(1)
    after = await look(mentorship)
    assert (after["ended_because"], after["ended_on"]) == ("term_over", "2026-04-10")


async def test_what_nobody_answered_before_its_last_day_was_over_is_not_accepted_any_more(
    propose: Act, staff: Api, clock: FixedClock, pass_days: Pass, look: Act
) -> None:
    mentorship = await propose(until="2026-04-10")
    clock.at = clock.at.replace(month=4, day=10)
    assert await refused(staff, mentorship, "accept") == (409, "ends_before_it_begins")
    await pass_days(0)
    assert (await look(mentorship))["ended_because"] == "term_over"


async def test_mentorships_are_found_by_incubation_consultant_and_status_and_by_their_partner_alone(
    active: Json, first: Api, second: Api, employ: Act, propose: Act, incubation: Json, consultant: Json
) -> None:
    other = await employ()
    waiting = await propose(consultant_id=other["id"])

    async def found(api: Api, **asked: str) -> list[str]:
        return [each["id"] for each in (await api.get(MENTORSHIPS, params=asked)).json()["data"]]

    assert await found(first, incubation_id=incubation["id"]) == [active["id"], waiting["id"]]
    assert await found(first, consultant_id=consultant["id"]) == [active["id"]]
    assert await found(first, business_id=business(1), status="proposed") == [waiting["id"]]
    assert await found(second) == []
    for path in ("", "/accept", "/end"):
        answer = await second.request("POST" if path else "GET", f"{MENTORSHIPS}/{active['id']}{path}")
        assert answer.status_code == 404


async def test_a_consultant_has_as_many_as_end_in_one_commit(
    active: Json, first: Api, incubation: Json, employ: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "MOST", 1)
    assert await tried(first, MENTORSHIPS, **wanted(incubation, await employ())) == (409, "too_many_mentorships")


@pytest.mark.parametrize("leaves", ["consultant", "incubation"])
async def test_nobody_is_proposed_who_leaves_at_this_moment(
    store: MemoryStore, clock: FixedClock, incubation: Json, consultant: Json, leaves: str
) -> None:
    proposing, leaving = memory_tx(store, at=clock.at), memory_tx(store, at=clock.at)
    await effects.propose(ProposeMentorship.model_validate(wanted(incubation, consultant)), proposing)
    if leaves == "consultant":
        await consultants.retire(await leaving.get(Consultant, consultant["id"]), leaving)
    else:
        there = await leaving.get(Incubation, incubation["id"])
        there.withdraw(clock.at.date(), None)
        await ended(there, leaving)
    await leaving.commit()
    with pytest.raises(LostRace):
        await proposing.commit()
    assert await memory_tx(store).count(Mentorship, {}) == 0
