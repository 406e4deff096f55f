"""The last seats of a cohort, wanted by 200 at once through two replicas; and that exactly so many got one."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from deploy.bench.contest import Clock, Contest, Line, Stopwatch, Took
from deploy.bench.incubator.scene import A_DAY, PARTNER, TODAY, V1, insert, opened, routes_on
from deploy.bench.stage import Stage
from services.chassis.domain.times import zone_date
from services.chassis.http.client import Client
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.contracts.incubator.startups.programmes import AdmissionStatus
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.founder import Founder
from services.incubator.programme.programmes.bodies import PlanProgram
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program

WANTED_BY, SEATS, ROUNDS = 200, 50, 4
ONE, EACH = "one cohort", "a cohort each"
SAID: Final = PlanProgram(name="示例计划 (synthetic)")


def cohort(program: Program, seats: int) -> Cohort:
    """One that is reviewed, so that seats are given."""
    made = Cohort.plan(
        program,
        name="示例",
        opens_at=TODAY - 9 * A_DAY,
        closes_at=TODAY - A_DAY,
        starts_on=zone_date(TODAY + timedelta(days=30)),
        ends_on=zone_date(TODAY + timedelta(days=300)),
        seats=seats,
        reviews_needed=1,
    )
    made.open(program)
    made.pass_time(TODAY, zone_date(TODAY))
    return made


async def invited(store: MongoStore, seats: Sequence[int]) -> list[str]:
    """200 applications that may be accepted, shared among cohorts with so many seats. Returns their ids."""
    program = Program.plan(**{name: getattr(SAID, name) for name in PlanProgram.model_fields})
    program.open()
    cohorts = [cohort(program, each) for each in seats]
    founders = [Founder(name="示例创始人 (synthetic)", share_bps=10_000)]
    applications = [
        Application.draft(each, each.forms[0], PARTNER, founders=founders, answers={})
        for _, each in zip(range(WANTED_BY), itertools.cycle(cohorts), strict=False)
    ]
    for each in applications:
        each.status = AdmissionStatus.INTERVIEW
    await insert(store, [program])
    await insert(store, cohorts)
    await insert(store, applications)
    return [each.id for each in applications]


async def accepted(apis: Iterator[Client], applications: Sequence[str], clock: Clock) -> Took:
    """All at once. Raises where one is told anything else than that it is accepted, or that all seats are taken."""

    async def accept(application: str) -> bool:
        answer = await next(apis).post(f"{V1}/applications/{application}/accept")
        if answer.status_code == 409 and answer.json()["code"] == "cohort_full":
            return False
        answer.raise_for_status()
        return True

    watch = Stopwatch(clock)
    given = await asyncio.gather(*map(accept, applications))
    watch.end()
    return watch.took(sum(given))


async def off(store: MongoStore) -> int:
    """Seats that were given beyond what there is, or not given at all, over all cohorts."""
    accepted = store.database[Application.collection].find({"status": AdmissionStatus.ACCEPTED}, {"cohort_id": 1})
    given = Counter([each["cohort_id"] async for each in accepted])
    cohorts = store.database[Cohort.collection].find({}, {"seats": 1, "seats_taken": 1})
    counted = [(each["seats"], each["seats_taken"], given[each["_id"]]) async for each in cohorts]
    return sum(abs(seats - taken) + abs(seats - there) for seats, taken, there in counted)


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    store = await opened(stage, "seats")
    replicas = [routes_on(GroupCommit(store)) for _ in range(2)]
    apis, clock = itertools.cycle(replicas), stage.clock("mongod")
    waiting = {
        ONE: [await invited(store, [SEATS]) for _ in range(ROUNDS)],
        EACH: [await invited(store, [1] * WANTED_BY) for _ in range(ROUNDS)],
    }

    async def turn(name: str) -> Took:
        return await accepted(apis, waiting[name].pop(), clock)

    found = await Contest.of({name: partial(turn, name) for name in waiting}, ROUNDS)
    wrong = await off(store)
    for api in replicas:
        await api.aclose()
    store.close()
    return [
        found.line(f"{WANTED_BY} at once, {EACH}: accepted", EACH),
        found.line(f"{WANTED_BY} at once, the last {SEATS} seats of {ONE}: accepted", ONE, EACH),
        Line("seats given beyond what there is, or not at all", str(wrong), goal="0"),
    ]
