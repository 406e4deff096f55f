"""Group commit: each unit of work ends as it would have alone, whoever it shares a transaction with."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.chassis.domain.errors import Conflict, LostRace, Unavailable
from services.chassis.store import transaction
from services.chassis.store.grouping.group_commit import ATTEMPTS, LARGEST, GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Adjust, Claim, Insert, Put, Release, Remove, Replace, Write
from services.chassis.telemetry.instruments import COMMIT_UNITS
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from tests.own_store import own_store

TAKEN = Conflict("somebody has it", code="taken")


class SlowStore(MemoryStore):
    """A store in memory whose transactions take a while, are counted, and may fail."""

    def __init__(self, failures: Sequence[Exception | None] = ()) -> None:
        super().__init__()
        self.sizes: list[int] = []
        self._failures = iter(failures)

    async def transact(self, writes: Sequence[Write]) -> None:
        self.sizes.append(len(writes))
        for _ in range(5):
            await asyncio.sleep(0)
        if failure := next(self._failures, None):
            raise failure
        await super().transact(writes)

    @property
    def labels(self) -> list[str]:
        return [row["_id"] for row in self.rows("labels")]


def label(id: object) -> Insert:
    return Insert("labels", {"_id": f"lab_{id}"})


def claim(key: str, holder: str) -> Claim:
    return Claim(key, holder, None, NOON, TAKEN)


async def outcomes(group: GroupCommit, *units: Sequence[Write]) -> list[BaseException | None]:
    """All of them at once; the first is on its way when the others come."""
    return await asyncio.gather(*(group.commit(list(writes)) for writes in units), return_exceptions=True)


async def test_how_many_shared_each_transaction_is_measured_also_of_those_that_were_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[int] = []
    monkeypatch.setattr(COMMIT_UNITS, "record", measured.append)
    group = GroupCommit(SlowStore())
    await outcomes(group, [label(1)], [label(2)], [label(3)], [label(4)])
    await outcomes(group, [label(5)], [label(6)])
    await outcomes(group, [claim("a", "one")], [claim("a", "two"), label(7)], [label(8)])
    assert measured == [1, 3, 1, 1, 1, 1]


async def test_a_unit_that_is_alone_waits_for_nobody() -> None:
    store = SlowStore()
    for number in range(3):
        await GroupCommit(store).commit([label(number)])
    assert store.sizes == [1, 1, 1]


async def test_units_that_come_while_a_commit_is_on_its_way_share_the_next() -> None:
    store = SlowStore()
    assert await outcomes(GroupCommit(store), *([label(number)] for number in range(6))) == [None] * 6
    assert store.sizes == [1, 5]
    assert len(store.labels) == 6


async def test_a_group_has_its_bound() -> None:
    store = SlowStore()
    await outcomes(GroupCommit(store), *([label(number)] for number in range(1 + LARGEST + 2)))
    assert store.sizes == [1, LARGEST, 2]


async def test_two_that_touch_the_same_never_share_a_transaction() -> None:
    store = SlowStore()
    add: list[Write] = [Adjust("pots", "pot_1", {"n": 1}, create={})]
    assert await outcomes(GroupCommit(store), [label(0)], add, [*add, label(1)], [label(2)]) == [None] * 4
    assert store.sizes == [1, 2, 2]
    assert store.rows("pots") == [{"_id": "pot_1", "n": 2, "version": 2}]


async def test_a_refused_unit_is_told_its_own_refusal_and_the_others_commit() -> None:
    store = SlowStore()
    await store.commit([claim("name|x", "other")])
    store.sizes.clear()
    refused: list[Write] = [claim("name|x", "me"), label("no")]
    found = await outcomes(GroupCommit(store), [label(0)], [label(1)], refused, [label(2)])
    assert found == [None, None, TAKEN, None]
    assert store.labels == ["lab_0", "lab_1", "lab_2"]
    assert store.sizes == [1, 4, 2], "the refused one has no transaction of its own"


async def test_who_is_refused_for_one_claim_may_still_take_over_another() -> None:
    store = SlowStore()
    await store.commit([claim("name|a", "other"), Claim("name|b", "other", NOON, NOON, TAKEN)])
    taken: list[Write] = [claim("name|a", "me")]
    over: list[Write] = [Claim("name|b", "me", None, NOON, TAKEN), label("over")]
    assert await outcomes(GroupCommit(store), [label(0)], [label(1)], taken, over) == [None, None, TAKEN, None]
    assert store.labels == ["lab_0", "lab_1", "lab_over"]


async def test_a_claim_that_its_unit_hands_over_is_not_taken_for_refused() -> None:
    store = SlowStore()
    await store.commit([claim("name|a", "other"), claim("name|b", "old")])
    handed_over: list[Write] = [Release("name|b", "old"), claim("name|b", "new")]
    units = [label(0)], [label(1)], [claim("name|a", "me")], handed_over
    assert await outcomes(GroupCommit(store), *units) == [None, None, TAKEN, None]
    assert [row["holder"] for row in store.rows("claims")] == ["other", "new"]


async def test_all_that_are_refused_for_one_reason_leave_the_group_at_once() -> None:
    store = SlowStore()
    taken = [claim(f"name|{number}", "other") for number in range(5)]
    await store.commit(list(taken))
    store.sizes.clear()
    refused = [[claim(each.id, "me")] for each in taken]
    found = await outcomes(GroupCommit(store), [label(0)], [label(1)], [label(2)], *refused)
    assert found == [None] * 3 + [TAKEN] * 5
    assert store.sizes[:3] == [1, 7, 2]


async def test_a_claim_of_its_own_holder_does_not_leave_with_those_that_are_taken() -> None:
    store = SlowStore()
    await store.commit([claim("name|a", "other"), claim("name|b", "me")])
    store.sizes.clear()
    units: list[list[Write]] = [[label(0)], [claim("name|a", "me")], [claim("name|b", "me")], [label(1)]]
    assert await outcomes(GroupCommit(store), *units) == [None, TAKEN, None, None]
    assert store.sizes[:3] == [1, 3, 2]


async def test_a_stale_version_leaves_and_the_others_commit() -> None:
    store = SlowStore()
    await store.commit([Put("pots", {"_id": "pot_1", "version": 7})])
    stale: list[Write] = [Replace("pots", "pot_1", {"version": 6}, {"_id": "pot_1", "version": 7})]
    first, second, lost = await outcomes(GroupCommit(store), [label(0)], [label(1)], stale)
    assert (first, second) == (None, None)
    assert isinstance(lost, LostRace)
    assert lost.turn == "pots|pot_1"


async def test_a_store_that_is_away_or_silent_is_told_to_every_unit_of_that_group_and_the_next_goes_on() -> None:
    unknown = Unavailable("not known", code="outcome_unknown")
    group = GroupCommit(store := SlowStore([None, unknown]))
    units = [asyncio.create_task(group.commit([label(number)])) for number in range(3)]
    await asyncio.sleep(0)
    while len(store.sizes) < 2:
        await asyncio.sleep(0)
    after = asyncio.create_task(group.commit([label("after")]))
    found = await asyncio.gather(*units, return_exceptions=True)
    assert [getattr(each, "code", None) for each in found] == [None, "outcome_unknown", "outcome_unknown"]
    assert found[1] is not found[2]
    await after
    assert store.labels == ["lab_0", "lab_after"]


async def test_a_group_that_keeps_losing_falls_apart() -> None:
    store = SlowStore([None] + [LostRace("store")] * ATTEMPTS)
    assert await outcomes(GroupCommit(store), *([label(number)] for number in range(4))) == [None] * 4
    assert store.sizes == [1, *[3] * ATTEMPTS, 1, 1, 1]


async def test_a_unit_that_no_store_can_take_harms_only_itself() -> None:
    class Strict(SlowStore):
        async def transact(self, writes: Sequence[Write]) -> None:
            await super().transact(writes)
            if label("odd") in writes:
                self.collections = before
                raise OverflowError("no such number")

    group = GroupCommit(store := Strict())
    before = store.collections
    found = await outcomes(group, [label(0)], [label("odd")], [label(1)])
    assert [type(each) for each in found] == [type(None), OverflowError, type(None)]


async def test_a_caller_that_leaves_while_it_waits_stores_nothing() -> None:
    group = GroupCommit(store := SlowStore())
    units = [asyncio.create_task(group.commit([label(number)])) for number in range(4)]
    await asyncio.sleep(0)
    units[2].cancel()
    found = await asyncio.gather(*units, return_exceptions=True)
    assert [type(each) for each in found] == [type(None), type(None), asyncio.CancelledError, type(None)]
    assert store.labels == ["lab_0", "lab_1", "lab_3"]


async def test_a_caller_that_leaves_while_its_group_commits_takes_nobody_along() -> None:
    group = GroupCommit(store := SlowStore())
    units = [asyncio.create_task(group.commit([label(number)])) for number in range(4)]
    while len(store.sizes) < 2:
        await asyncio.sleep(0)
    units[1].cancel()
    found = await asyncio.gather(*units, return_exceptions=True)
    assert [type(each) for each in found] == [type(None), asyncio.CancelledError, type(None), type(None)]
    assert {"lab_0", "lab_2", "lab_3"} <= set(store.labels)


async def test_when_the_first_caller_leaves_in_its_own_commit_the_others_go_on() -> None:
    group = GroupCommit(store := SlowStore())
    units = [asyncio.create_task(group.commit([label(number)])) for number in range(3)]
    await asyncio.sleep(0)
    units[0].cancel()
    found = await asyncio.gather(*units, return_exceptions=True)
    assert [type(each) for each in found] == [asyncio.CancelledError, type(None), type(None)]
    assert store.labels == ["lab_1", "lab_2"]
    await group.commit([label(3)])
    assert "lab_3" in store.labels


# Any units at all: in groups they end as in some order one after another.

IDS = st.sampled_from(["a", "b", "c"])
HOLDERS = st.sampled_from(["me", "you"])


@st.composite
def units(draw: st.DrawFn) -> list[list[Write]]:
    """Some units of work on few documents and claims, each with writes of different ones."""
    found = []
    for number in range(draw(st.integers(2, 5))):
        writes: dict[tuple[str, str], Write] = {}
        for _ in range(draw(st.integers(1, 3))):
            write = draw(st.one_of(pot_writes(number), claim_writes()))
            writes[write.collection, write.id] = write
        found.append(list(writes.values()))
    return found


@st.composite
def pot_writes(draw: st.DrawFn, number: int) -> Write:
    id, version = draw(IDS), draw(st.integers(0, 2))
    new = {"_id": id, "by": number, "n": 0, "version": version + 1}
    full = Conflict("no place left", code="full")
    writes: list[Write] = [
        Insert("pots", new),
        Replace("pots", id, {"version": version}, new),
        Put("pots", new),
        Remove("pots", id),
        Adjust("pots", id, {"n": 1}, at_most={"n": 1}, refused=full),
        Adjust("pots", id, {"n": 1}, create={"by": number}),
    ]
    return draw(st.sampled_from(writes))


@st.composite
def claim_writes(draw: st.DrawFn) -> Write:
    id, holder = draw(IDS), draw(HOLDERS)
    until = draw(st.sampled_from([None, NOON - timedelta(days=1), NOON + timedelta(days=1)]))
    writes: list[Write] = [Claim(id, holder, until, NOON, TAKEN), Release(id, holder)]
    return draw(st.sampled_from(writes))


BEFORE: list[Write] = [
    Insert("pots", {"_id": "a", "by": -1, "n": 0, "version": 1}),
    Insert("pots", {"_id": "b", "by": -1, "n": 1, "version": 2}),
    Claim("a", "you", None, NOON, None),
    Claim("b", "you", NOON - timedelta(days=1), NOON, None),
]


def in_words(outcome: BaseException | None) -> str:
    return f"{type(outcome).__name__} {outcome} {getattr(outcome, 'code', '')}" if outcome else ""


async def one_by_one(units: Sequence[list[Write]], order: Sequence[int]) -> tuple[list[str], Any]:
    """What each is told and what stands afterwards, when they commit in this order, each alone."""
    store = MemoryStore()
    await store.commit(list(BEFORE))
    told = [""] * len(units)
    for number in order:
        try:
            await store.commit(units[number])
        except Exception as refusal:
            told[number] = in_words(refusal)
    return told, [store.rows(name) for name in ("pots", "claims")]


FULL_AND_TAKEN: list[list[Write]] = [
    [Insert("pots", {"_id": "a", "by": 0, "n": 0, "version": 1})],
    [
        Insert("pots", {"_id": "a", "by": 1, "n": 0, "version": 1}),
        Adjust("pots", "c", {"n": 1}, at_most={"n": 1}, refused=Conflict("no place left", code="full")),
    ],
    [Insert("pots", {"_id": "b", "by": 2, "n": 0, "version": 1})],
]
"""The second one meets a full counter before the id that is taken, alone and so in a group too."""


@settings(max_examples=150)
@example(units=FULL_AND_TAKEN, pauses=[0] * 5)
@given(units=units(), pauses=st.lists(st.integers(0, 8), min_size=5, max_size=5))
async def test_any_units_end_in_groups_as_in_some_order_one_by_one(units: list[list[Write]], pauses: list[int]) -> None:
    store = SlowStore()
    await store.commit(list(BEFORE))
    group = GroupCommit(store)

    async def later(pause: int, writes: list[Write]) -> None:
        for _ in range(pause):
            await asyncio.sleep(0)
        await group.commit(writes)

    found = await asyncio.gather(*map(later, pauses, units), return_exceptions=True)
    told = list(map(in_words, found)), [store.rows(name) for name in ("pots", "claims")]
    orders = itertools.permutations(range(len(units)))
    assert any([told == await one_by_one(units, order) for order in orders])


# On the real store, where a refusal ends a transaction.


@pytest.fixture
async def real(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service=uuid.uuid4().hex[:12]) as store:
        await store.commit([label("first")])
        yield store


async def stored_in(store: MongoStore, collection: str) -> list[dict[str, Any]]:
    return await store.select(collection, {}, [("_id", 1)], 1_000)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=units())
async def test_any_units_end_on_mongodb_as_in_some_order_one_by_one(real: MongoStore, units: list[list[Write]]) -> None:
    for name in ("pots", "claims"):
        await real.database[name].delete_many({})
    await real.commit(list(BEFORE))
    found = await outcomes(GroupCommit(real), *units)
    stood = [await stored_in(real, name) for name in ("pots", "claims")]

    # Two transactions at once on one document: the store may tell one of them to begin again, which no order does.
    done = [number for number, outcome in enumerate(found) if not isinstance(outcome, LostRace)]
    told = [in_words(found[number]) for number in done]
    kept = [units[number] for number in done]
    orders = itertools.permutations(range(len(kept)))
    assert any([(told, stood) == await one_by_one(kept, order) for order in orders])


async def test_on_mongodb_each_of_many_is_told_what_is_its_own(real: MongoStore) -> None:
    await real.commit([claim("name|3", "other"), claim("name|7", "other"), Put("pots", {"_id": "p5", "version": 2})])
    units: list[list[Write]] = [[claim(f"name|{number}", "me"), label(number)] for number in range(10)]
    units[5].append(Replace("pots", "p5", {"version": 1}, {"_id": "p5", "version": 2}))
    found = await outcomes(GroupCommit(real), *units)
    assert [type(each) for each in found] == [
        LostRace if number == 5 else Conflict if number in (3, 7) else type(None) for number in range(10)
    ]
    labels = {row["_id"] for row in await stored_in(real, "labels")}
    assert labels == {"lab_first", *(f"lab_{number}" for number in (0, 1, 2, 4, 6, 8, 9))}


async def test_an_unknown_outcome_is_told_to_everyone_of_its_group(
    real: MongoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "COMMIT_ATTEMPTS_FOR", 0)
    group = GroupCommit(real)
    admin = real.database.client.admin
    silent = {"failCommands": ["commitTransaction"], "closeConnection": True, "appName": f"zone-{real.service}"}
    await admin.command({"configureFailPoint": "failCommand", "mode": {"skip": 1}, "data": silent})
    try:
        found = await outcomes(group, *([label(number)] for number in range(4)))
    finally:
        await admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert [getattr(each, "code", None) for each in found] == [None, *["outcome_unknown"] * 3]
    assert {row["_id"] for row in await stored_in(real, "labels")} >= {"lab_0"}
