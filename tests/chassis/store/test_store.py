"""What a unit of work promises, shown on the fake and on a real MongoDB by the same tests."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from pydantic import Field

from services.chassis.domain.aggregate import Aggregate, Row
from services.chassis.domain.errors import Conflict, LostRace, NotFound, PreconditionFailed, TooLarge
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant
from services.chassis.store.document_store import Store
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.outbox_row import row_hash
from services.chassis.store.precondition import Precondition
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Insert, InvalidDocument, Put, Remove
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from tests.own_store import own_store

TAKEN = Conflict("somebody has it", code="taken")
FULL = Conflict("no place left", code="full")


class Colour(StrEnum):
    RED = "red"


class Painted(Event, name="zone.test.pot.painted.v1", topic=Topic("zone.test.pots")):
    business_id: str
    words: str = ""


class Pot(Aggregate):
    collection: ClassVar[str] = "pots"

    colour: Colour = Colour.RED
    made_on: Day = date(2026, 2, 28)
    at: Instant = NOON
    places: int = 0
    taken: int = 0
    status: str = "open"
    cuttings: dict[str, int] = Field(default_factory=dict)
    tags: list[str] = Field(default_factory=list)


class Jar(Aggregate):
    """Something whose collection refuses what its class, or a counter, would let through."""

    collection: ClassVar[str] = "jars"
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["label", "filled_on", "of"],
            "properties": {
                "label": {"bsonType": "string", "pattern": "^[a-z]+$"},
                "kind": {"enum": [None, *(colour.value for colour in Colour)]},
                "filled_on": {"bsonType": ["date", "null"]},
                "drops": {"bsonType": ["int", "long"], "minimum": 0},
                "of": {"bsonType": "object", "required": ["fruit"], "properties": {"fruit": {"bsonType": "string"}}},
            },
        }
    }

    label: Any = "plum"
    kind: Any = None
    filled_on: Any = None
    drops: Any = 0
    of: Any = Field(default={"fruit": "plum"})


class Scales(Aggregate):
    """Something whose collection refuses what does not balance."""

    collection: ClassVar[str] = "scales"
    validator: ClassVar = {
        "$jsonSchema": {
            "properties": {
                "weights": {
                    "minItems": 2,
                    "items": {
                        "required": ["left", "right"],
                        "properties": {
                            "left": {"bsonType": ["int", "long"], "minimum": 0},
                            "right": {"bsonType": ["int", "long"], "minimum": 0},
                        },
                        "oneOf": [
                            {"properties": {"left": {"maximum": 0}}},
                            {"properties": {"right": {"maximum": 0}}},
                        ],
                    },
                }
            }
        },
        "$expr": {
            "$and": [
                {"$eq": [{"$sum": "$weights.left"}, {"$sum": "$weights.right"}]},
                {"$lte": [{"$sum": ["$used", "$lent"]}, {"$max": ["$most", 3]}]},
            ]
        },
    }

    weights: list[Any]
    used: int = 0
    lent: int = 0
    most: int = 9


class Cup(Aggregate):
    collection: ClassVar[str] = "cups"
    shown_to: ClassVar = owned_by("partner_id")

    partner_id: str


class Shelf(Row):
    collection: ClassVar[str] = "shelves"

    text: str = ""
    of: dict[str, Any] = Field(default_factory=dict)
    version: int = 0


class Label(Row):
    collection: ClassVar[str] = "labels"

    text: str


ON_A_SERVER = [pytest.param(kind, marks=pytest.mark.server) for kind in ("mongodb", "mongodb, in groups")]


@pytest.fixture(params=["memory", *ON_A_SERVER])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("mongo_url") if kind != "memory" else None


@pytest.fixture
async def store(kind: str, url: str | None) -> AsyncIterator[Store]:
    if url is None:
        yield MemoryStore(documents=[Pot, Jar, Scales, Cup, Label])
        return
    async with own_store(url, [Pot, Jar, Scales, Cup, Label, Shelf]) as store:
        yield GroupCommit(store) if kind == "mongodb, in groups" else store


def tx(store: Store, at: datetime = NOON, **options: Any) -> Tx:
    return Tx(store, now=at, **options)


async def put(store: Store, **fields: Any) -> Pot:
    unit = tx(store)
    pot = unit.save(Pot(id="pot_1", **fields))
    await unit.commit()
    return pot


async def stored(store: Store) -> Pot:
    return await tx(store).get(Pot, "pot_1")


async def test_of_many_reads_at_once_each_finds_what_was_committed_before_it_was_asked_for(store: Store) -> None:
    async def write_then_read(n: int) -> list[str]:
        unit = tx(store)
        unit.save(Pot(id=f"pot_{n}", places=n))
        await unit.commit()
        found = await store.read("pots", [f"pot_{n}", "pot_none", "pot_0"])
        return sorted(document["_id"] for document in found)

    unit = tx(store)
    unit.save(Pot(id="pot_0"))
    await unit.commit()
    found = await asyncio.gather(*(write_then_read(n) for n in range(1, 40)))
    assert found == [["pot_0", f"pot_{n}"] for n in range(1, 40)]


async def test_of_many_who_read_the_same_each_has_a_document_of_its_own(store: Store) -> None:
    await put(store, cuttings={"a": 1})
    found = await asyncio.gather(*(store.read("pots", ["pot_1"]) for _ in range(10)))
    for n, (document,) in enumerate(found):
        document["cuttings"]["a"] += n
    assert [document["cuttings"] for (document,) in found] == [{"a": 1 + n} for n in range(10)]


async def test_several_collections_are_read_together(store: Store) -> None:
    await store.commit([Insert(name, {"_id": f"{name}_{n}"}) for name in ("cups", "labels") for n in range(3)])
    wanted = {"cups": ["cups_0", "cups_2", "cups_9"], "labels": ["labels_1"], "jars": ["jar_1"], "pots": []}
    found = await store.read_together(wanted)
    ids = {name: sorted(each["_id"] for each in documents) for name, documents in found.items()}
    assert ids == {"cups": ["cups_0", "cups_2"], "labels": ["labels_1"], "jars": [], "pots": []}
    assert await store.read_together({"cups": ["cups_1"]}) == {"cups": await store.read("cups", ["cups_1"])}


async def test_what_is_saved_comes_back_as_it_was(store: Store) -> None:
    pot = await put(store, places=3)
    assert await stored(store) == pot
    assert (await stored(store)).version == 1


async def test_nothing_is_stored_before_the_commit(store: Store) -> None:
    tx(store).save(Pot(id="pot_1"))
    assert await tx(store).find(Pot, "pot_1") is None


async def test_a_second_get_of_one_id_gives_the_same_object(store: Store) -> None:
    await put(store)
    unit = tx(store)
    assert await unit.get(Pot, "pot_1") is await unit.get(Pot, "pot_1")


async def test_what_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await tx(store).get(Pot, "pot_9")


async def test_saving_twice_in_one_unit_is_one_version(store: Store) -> None:
    await put(store)
    unit = tx(store)
    pot = unit.save(await unit.get(Pot, "pot_1"))
    pot.status = "shut"
    unit.save(pot)
    await unit.commit()
    assert (await stored(store)).version == 2
    assert (await stored(store)).status == "shut"


async def test_of_two_writers_of_one_version_the_second_loses(store: Store) -> None:
    await put(store)
    first, second = tx(store), tx(store)
    for unit in (first, second):
        unit.save(await unit.get(Pot, "pot_1"))
    await first.commit()
    with pytest.raises(LostRace, match=r"pots\|pot_1"):
        await second.commit()
    assert (await stored(store)).version == 2


async def test_two_writers_of_one_new_id_cannot_both_win(store: Store) -> None:
    first, second = tx(store), tx(store)
    for unit in (first, second):
        unit.save(Pot(id="pot_1"))
    await first.commit()
    with pytest.raises(LostRace):
        await second.commit()


async def test_one_that_is_made_anew_though_another_made_it_meanwhile_is_a_lost_race(store: Store) -> None:
    """Reads are not of one moment: what it follows from was read before the other commit, the thing itself after it."""
    await put(store)
    late = tx(store)
    assert await late.find(Pot, "pot_1")
    with pytest.raises(LostRace):
        late.save(Pot(id="pot_1"))


async def test_one_that_was_read_is_saved_as_that_object_and_no_other(store: Store) -> None:
    await put(store)
    unit = tx(store)
    read = await unit.get(Pot, "pot_1")
    with pytest.raises(ValueError, match="another object"):
        unit.save(read.model_copy())


async def test_a_refused_commit_leaves_nothing_of_itself(store: Store) -> None:
    holder = tx(store)
    holder.claim("name|x", "pot_9")
    await holder.commit()
    unit = tx(store)
    pot = Pot(id="pot_1")
    pot.record(Painted(business_id="biz_1"))
    unit.save(pot)
    unit.add(Label(id="lab_1", text="x"))
    unit.claim("name|x", "pot_1", taken=TAKEN)
    with pytest.raises(Conflict) as refused:
        await unit.commit()
    assert refused.value is TAKEN
    assert await tx(store).find(Pot, "pot_1") is None
    assert await store.read("outbox", ["pot_1:0000000001"]) == []
    assert await store.read("labels", ["lab_1"]) == []


async def test_events_are_numbered_chained_and_stored_with_their_document(store: Store) -> None:
    unit = tx(store, request_id="req")
    pot = unit.save(Pot(id="pot_1"))
    pot.record(Painted(business_id="biz_1", words="one"))
    pot.record(Painted(business_id="biz_1", words="two"), effective_at=NOON - timedelta(days=1))
    await unit.commit()
    rows = sorted(await store.read("outbox", ["pot_1:0000000001", "pot_1:0000000002"]), key=lambda row: row["_id"])
    assert [bytes(row["data"]) for row in rows] == [
        b'{"business_id":"biz_1","words":"one"}',
        b'{"business_id":"biz_1","words":"two"}',
    ]
    assert [row["key"] for row in rows] == ["biz_1", "biz_1"]
    assert rows[1]["effective_at"] == NOON - timedelta(days=1)
    assert rows[0]["hash"] == row_hash("", rows[0])
    assert rows[1]["hash"] == row_hash(rows[0]["hash"], rows[1])
    assert (await stored(store)).last_hash == rows[1]["hash"]
    assert (await stored(store)).last_event_id == "pot_1:0000000002"


async def test_an_event_is_stored_with_the_owner_of_its_aggregate(store: Store) -> None:
    unit = tx(store)
    unit.save(Cup(id="cup_1", partner_id="par_1")).record(Painted(business_id="biz_1"))
    unit.save(Pot(id="pot_1")).record(Painted(business_id="biz_1"))
    await unit.commit()
    rows = {row["_id"]: row for row in await store.read("outbox", ["cup_1:0000000001", "pot_1:0000000001"])}
    assert rows["cup_1:0000000001"]["partner_id"] == "par_1"
    assert rows["pot_1:0000000001"]["partner_id"] is None


async def test_another_owner_would_make_another_hash(store: Store) -> None:
    unit = tx(store)
    unit.save(Cup(id="cup_1", partner_id="par_1")).record(Painted(business_id="biz_1"))
    await unit.commit()
    (row,) = await store.read("outbox", ["cup_1:0000000001"])
    assert row["hash"] != row_hash("", {**row, "partner_id": "par_2"})


async def test_an_event_that_no_broker_would_take_is_refused_at_the_write(store: Store) -> None:
    unit = tx(store)
    unit.save(Pot(id="pot_1")).record(Painted(business_id="biz_1", words="x" * 900_001))
    with pytest.raises(TooLarge):
        await unit.commit()
    assert await tx(store).find(Pot, "pot_1") is None


async def test_a_claim_belongs_to_its_holder_until_released(store: Store) -> None:
    for holder, taken in (("a", False), ("b", True), ("a", False)):
        unit = tx(store)
        unit.claim("name|x", holder, taken=TAKEN)
        if taken:
            with pytest.raises(Conflict):
                await unit.commit()
        else:
            await unit.commit()
    for holder in ("b", "a"):  # the first releases nothing: it is not the holder
        unit = tx(store)
        unit.release("name|x", holder)
        await unit.commit()
    unit = tx(store)
    unit.claim("name|x", "b", taken=TAKEN)
    await unit.commit()
    assert (await store.read("claims", ["name|x"]))[0]["holder"] == "b"


async def test_what_one_gives_back_another_of_the_same_commit_can_have(store: Store) -> None:
    unit = tx(store)
    unit.claim("slot|x", "z")
    await unit.commit()
    unit = tx(store)
    unit.release("slot|x", "z")
    unit.claim("slot|x", "a", taken=TAKEN)
    await unit.commit()
    assert [each["holder"] for each in await store.read("claims", ["slot|x"])] == ["a"]


async def test_what_is_claimed_and_given_back_in_one_commit_is_free(store: Store) -> None:
    unit = tx(store)
    unit.claim("slot|x", "a", taken=TAKEN)
    unit.release("slot|x", "a")
    await unit.commit()
    assert await store.read("claims", ["slot|x"]) == []


async def test_a_list_holds_any_of_what_is_asked_for(store: Store) -> None:
    await put(store, tags=["red", "blue"])
    found = [await tx(store).select(Pot, {"tags": {"$in": asked}}, limit=9) for asked in (["blue", "x"], ["x"], [])]
    assert [len(each) for each in found] == [1, 0, 0]


async def test_a_claim_whose_time_has_passed_may_be_taken_over(store: Store) -> None:
    unit = tx(store)
    unit.claim("slot|x", "a", until=NOON + timedelta(minutes=5))
    await unit.commit()
    early = tx(store, at=NOON + timedelta(minutes=4))
    early.claim("slot|x", "b", taken=TAKEN)
    with pytest.raises(Conflict):
        await early.commit()
    late = tx(store, at=NOON + timedelta(minutes=5))
    late.claim("slot|x", "b", taken=TAKEN)
    await late.commit()
    assert (await store.read("claims", ["slot|x"]))[0] == {"_id": "slot|x", "holder": "b", "until": None}


async def test_the_refusal_names_the_claim_that_was_taken(store: Store) -> None:
    unit = tx(store)
    unit.claim("name|b", "other")
    await unit.commit()
    unit = tx(store)
    for name in "abc":
        unit.claim(f"name|{name}", "me", taken=Conflict(name, code=f"taken_{name}"))
    with pytest.raises(Conflict) as refused:
        await unit.commit()
    assert refused.value.code == "taken_b"
    assert await store.read("claims", ["name|a", "name|c"]) == []


async def test_a_counter_moves_up_to_its_bound_and_no_further(store: Store) -> None:
    await put(store, places=2)
    for _ in range(2):
        unit = tx(store)
        unit.adjust(Pot, "pot_1", {"taken": 1}, at_most={"taken": "places"}, where={"status": "open"}, refused=FULL)
        await unit.commit()
    unit = tx(store)
    unit.adjust(Pot, "pot_1", {"taken": 1}, at_most={"taken": "places"}, where={"status": "open"}, refused=FULL)
    with pytest.raises(Conflict) as refused:
        await unit.commit()
    assert refused.value is FULL
    assert ((await stored(store)).taken, (await stored(store)).version) == (2, 3)


async def test_a_counter_goes_down_to_its_lower_bound_and_no_further(store: Store) -> None:
    await put(store, taken=1)
    for fine in (True, False):
        unit = tx(store)
        unit.adjust(Pot, "pot_1", {"taken": -1}, at_least={"taken": 0}, refused=FULL)
        if fine:
            await unit.commit()
        else:
            with pytest.raises(Conflict):
                await unit.commit()


@pytest.mark.parametrize(
    ("places", "taken", "increments", "fits"),
    [
        (2, 2, {"taken": 1, "places": 1}, True),
        (2, 2, {"taken": 2, "places": 1}, False),
        (3, 1, {"taken": 1, "places": -1}, True),
        (3, 2, {"taken": 1, "places": -1}, False),
        (3, 2, {"places": -1}, True),
        (3, 2, {"places": -2}, False),
    ],
)
@pytest.mark.parametrize("bounds", [{"at_most": {"taken": "places"}}, {"at_least": {"places": "taken"}}])
async def test_a_bound_that_moves_too_is_looked_at_where_it_stands_after_the_move(
    store: Store,
    places: int,
    taken: int,
    increments: dict[str, int],
    fits: bool,
    bounds: dict[str, dict[str, int | str]],
) -> None:
    await put(store, places=places, taken=taken)
    assert await moves(store, increments, **bounds) is fits
    pot = await stored(store)
    moved = increments if fits else {}
    assert (pot.places, pot.taken) == (places + moved.get("places", 0), taken + moved.get("taken", 0))


@pytest.mark.parametrize(("increments", "fits"), [({"cuttings.a": 2}, True), ({"cuttings.a": 3}, False)])
async def test_a_counter_and_its_bound_may_lie_deeper(store: Store, increments: dict[str, int], fits: bool) -> None:
    await put(store, cuttings={"a": 1, "b": 3})
    assert await moves(store, increments, at_most={"cuttings.a": "cuttings.b"}) is fits
    assert await moves(store, {"cuttings.b": -9}, at_least={"cuttings.b": "cuttings.a"}) is False


async def test_what_is_not_there_yet_counts_as_nothing_and_as_a_bound_too(store: Store) -> None:
    await put(store, places=1)
    assert await moves(store, {"cuttings.a": 1}, at_most={"cuttings.a": "cuttings.b"}) is False
    assert await moves(store, {"cuttings.a": 1}, at_most={"cuttings.a": "places"})
    assert await moves(store, {"places": -1}, at_least={"places": "cuttings.b"})


async def test_the_version_that_a_move_makes_may_bound_it(store: Store) -> None:
    await put(store)
    assert await moves(store, {"taken": 2}, at_most={"taken": "version"})
    assert await moves(store, {"taken": 2}, at_most={"taken": "version"}) is False


async def moves(store: Store, increments: dict[str, int], **bounds: Any) -> bool:
    """Whether a counter of the pot could be moved like this."""
    unit = tx(store)
    unit.adjust(Pot, "pot_1", increments, refused=FULL, **bounds)
    try:
        await unit.commit()
    except Conflict:
        return False
    return True


async def test_a_counter_of_a_closed_document_does_not_move(store: Store) -> None:
    await put(store, places=2, status="shut")
    unit = tx(store)
    unit.adjust(Pot, "pot_1", {"taken": 1}, at_most={"taken": 5}, where={"status": "open"}, refused=FULL)
    with pytest.raises(Conflict):
        await unit.commit()


async def test_a_counter_that_creates_adds_up_whatever_stood_there(store: Store) -> None:
    for _ in range(2):
        unit = tx(store)
        for _ in range(3):
            unit.adjust(Label, "lab_1", {"n": 1, "m": 10}, create={"text": "sum"})
        await unit.commit()
    assert await store.read("labels", ["lab_1"]) == [{"_id": "lab_1", "text": "sum", "n": 6, "m": 60, "version": 2}]


async def test_counters_in_the_depth_of_a_document_move_beside_each_other(store: Store) -> None:
    for path, by in (("of.a.n.14", 1), ("of.a.n.15", 2), ("of.a.m.14", 2**40), ("of.b.n.14", 1), ("of.a.n.14", -3)):
        unit = tx(store)
        unit.adjust(Label, "lab_1", {path: by}, create={})
        await unit.commit()
    of = {"a": {"n": {"14": -2, "15": 2}, "m": {"14": 2**40}}, "b": {"n": {"14": 1}}}
    assert await store.read("labels", ["lab_1"]) == [{"_id": "lab_1", "of": of, "version": 5}]


async def test_what_is_summed_up_at_a_place_becomes_documents_once_at_the_commit(store: Store) -> None:
    spread_at: list[str] = []

    def spread(place: str, sums: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int]]]:
        spread_at.append(place)
        for id in ("lab_day", "lab_year"):
            yield id, {f"{place}.{name}": delta for name, delta in sums.items()}

    unit = tx(store)
    for place in ("here", "there", "here"):
        unit.sum_up(Label, place, {"n": 1, "m": 10}, spread)
    assert (unit.has_writes, spread_at) == (True, [])
    await unit.commit()
    assert spread_at == ["here", "there"]
    counted = {"here": {"n": 2, "m": 20}, "there": {"n": 1, "m": 10}, "version": 1}
    assert sorted(await store.read("labels", ["lab_day", "lab_year"]), key=lambda each: each["_id"]) == [
        {"_id": "lab_day", **counted},
        {"_id": "lab_year", **counted},
    ]


async def test_what_comes_to_nothing_at_a_place_is_not_written(store: Store) -> None:
    def spread(place: str, sums: Mapping[str, int]) -> list[tuple[str, Mapping[str, int]]]:
        return [(place, sums)]

    unit = tx(store)
    for sign in (1, -1):
        unit.sum_up(Label, "lab_1", {"n": sign, "m": 10 * sign}, spread)
        unit.sum_up(Label, "lab_2", {"n": sign, "m": 10}, spread)
    await unit.commit()
    assert await store.read("labels", ["lab_1", "lab_2"]) == [{"_id": "lab_2", "m": 20, "version": 1}]


async def test_a_counter_that_is_bounded_is_made_before_it_is_moved(store: Store) -> None:
    with pytest.raises(ValueError, match="before it is moved"):
        tx(store).adjust(Pot, "pot_1", {"taken": 1}, at_most={"taken": 5}, create={"status": "open"})


async def test_the_refusal_is_of_the_counter_that_was_full_and_not_of_one_that_this_unit_filled(store: Store) -> None:
    await put(store, places=1)
    full = tx(store)
    full.save(Pot(id="pot_2"))
    await full.commit()
    unit = tx(store)
    unit.adjust(Pot, "pot_1", {"taken": 1}, at_most={"taken": "places"}, refused=TAKEN)
    unit.adjust(Pot, "pot_2", {"taken": 1}, at_most={"taken": "places"}, refused=FULL)
    with pytest.raises(Conflict) as refused:
        await unit.commit()
    assert refused.value is FULL


async def test_moving_a_counter_makes_a_saver_of_the_same_document_lose(store: Store) -> None:
    await put(store, places=2)
    saver = tx(store)
    saver.save(await saver.get(Pot, "pot_1"))
    mover = tx(store)
    mover.adjust(Pot, "pot_1", {"taken": 1})
    await mover.commit()
    with pytest.raises(LostRace):
        await saver.commit()


async def test_if_match_is_judged_on_the_resource_that_the_path_names(store: Store) -> None:
    await put(store)
    stale = tx(store, precondition=Precondition(frozenset({"pot_1"}), frozenset({"v7"})))
    stale.save(await stale.get(Pot, "pot_1"))
    with pytest.raises(PreconditionFailed):
        await stale.commit()
    good = tx(store, precondition=Precondition(frozenset({"pot_1"}), frozenset({"v1"})))
    good.save(await good.get(Pot, "pot_1"))
    await good.commit()
    assert (await stored(store)).version == 2


async def test_if_match_on_what_is_only_being_made_is_never_met(store: Store) -> None:
    unit = tx(store, precondition=Precondition(frozenset(), frozenset({"v1"})))
    unit.save(Pot(id="pot_1"))
    with pytest.raises(PreconditionFailed):
        await unit.commit()


async def test_many_are_loaded_in_one_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = tx(store)
    for number in range(3):
        unit.save(Pot(id=f"pot_{number}"))
    await unit.commit()
    reads: list[list[str]] = []
    real = store.read

    async def counting(collection: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        reads.append(list(ids))
        return await real(collection, ids)

    monkeypatch.setattr(store, "read", counting)
    unit = tx(store)
    await unit.load(Pot, ["pot_0", "pot_1", "pot_2", "pot_9"])
    assert [await unit.find(Pot, id) is not None for id in ("pot_0", "pot_1", "pot_2", "pot_9")] == [
        True,
        True,
        True,
        False,
    ]
    assert reads == [["pot_0", "pot_1", "pot_2", "pot_9"]]


async def test_a_selection_is_filtered_sorted_and_cut(store: Store) -> None:
    unit = tx(store)
    for number, status in enumerate(["open", "shut", "open", "open"]):
        unit.save(Pot(id=f"pot_{number}", status=status, places=10 - number))
    await unit.commit()
    found = await tx(store).select(Pot, {"status": "open"}, sort=[("places", 1)], limit=2)
    assert [pot.id for pot in found] == ["pot_3", "pot_2"]
    found = await tx(store).select(Pot, {"$or": [{"places": {"$gt": 9}}, {"places": 8}]}, limit=9)
    assert [pot.id for pot in found] == ["pot_0", "pot_2"]
    found = await tx(store).select(Pot, {"made_on": {"$lte": date(2026, 2, 28)}, "at": {"$gte": NOON}}, limit=9)
    assert len(found) == 4


async def test_of_a_row_only_the_members_that_were_asked_for_are_read(store: Store) -> None:
    unit = tx(store)
    unit.adjust(Shelf, "shf_1", {"of.a.n": 1, "of.b.n": 2}, create={"text": "top"})
    unit.adjust(Shelf, "shf_2", {"of.b.n": 3}, create={"text": "low"})
    await unit.commit()
    found = await tx(store).select(Shelf, {}, limit=9, members=["of.a", "of.c.n"])
    assert [(shelf.id, shelf.text, shelf.of) for shelf in found] == [("shf_1", "", {"a": {"n": 1}}), ("shf_2", "", {})]


async def test_an_aggregate_is_read_as_a_whole(store: Store) -> None:
    with pytest.raises(TypeError, match="whole"):
        await tx(store).select(Pot, {}, limit=9, members=["places"])


async def test_what_matches_can_be_counted_and_summed(store: Store) -> None:
    unit = tx(store)
    for number, status in enumerate(("open", "open", "shut")):
        unit.save(Pot(id=f"pot_{number}", status=status, places=number + 1, cuttings={"a": 10 * number}))
    assert await unit.count(Pot, {}) == 0
    await unit.commit()
    assert await unit.count(Pot, {}) == 3
    assert await unit.count(Pot, {"status": "open", "made_on": date(2026, 2, 28)}) == 2
    assert await unit.total(Pot, {}, "places") == 6
    assert await unit.total(Pot, {"status": "open", "at": {"$gte": NOON}}, "cuttings.a") == 10


async def test_counts_with_a_bound_end_there_and_many_at_once_are_each_answered(store: Store) -> None:
    unit = tx(store)
    for number, status in enumerate(("open", "open", "shut")):
        unit.save(Pot(id=f"pot_{number}", status=status, places=number + 1))
    await unit.commit()
    asked: list[tuple[dict[str, Any], int]] = [
        ({}, 9),
        ({}, 2),
        ({"status": "open"}, 9),
        ({"status": "open"}, 9),
        ({"status": "open"}, 1),
        ({"status": "lost"}, 9),
        ({"made_on": {"$lte": date(2026, 2, 28)}, "at": {"$gte": NOON}}, 9),
    ]
    found = await asyncio.gather(*(unit.count(Pot, where, at_most=bound) for where, bound in asked))
    assert found == [3, 2, 2, 2, 1, 0, 3]


async def test_the_sum_of_nothing_and_of_what_lacks_the_field_is_nothing(store: Store) -> None:
    await put(store, cuttings={"a": 3_000_000_000})
    assert await tx(store).total(Pot, {"status": "shut"}, "places") == 0
    assert await tx(store).total(Pot, {}, "cuttings.b") == 0
    assert await tx(store).total(Pot, {}, "status") == 0
    assert await tx(store).total(Pot, {}, "cuttings.a") == 3_000_000_000


async def test_what_is_removed_is_gone_but_where_it_is_not_as_was_said(store: Store) -> None:
    await put(store)
    await store.commit([Remove("pots", "pot_1", {"status": "shut"}), Remove("pots", "pot_2")])
    assert await tx(store).count(Pot, {}) == 1
    await store.commit([Remove("pots", "pot_1", {"status": "open"})])
    assert await tx(store).count(Pot, {}) == 0


FINE: list[dict[str, Any]] = [
    {},
    {"kind": Colour.RED, "filled_on": NOON},
    {"filled_on": date(2026, 2, 28), "drops": 3_000_000_000},
    {"of": {"fruit": "fig", "and": 1}},
]
BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"label": "Plum"}, ["label"]),
    ({"label": 7}, ["label"]),
    ({"label": None}, ["label"]),
    ({"kind": "blue"}, ["kind"]),
    ({"filled_on": "2026-02-28"}, ["filled_on"]),
    ({"drops": -1}, ["drops"]),
    ({"drops": "many"}, ["drops"]),
    ({"drops": True}, ["drops"]),
    ({"of": {}}, ["of"]),
    ({"of": {"fruit": 1}}, ["of"]),
    ({"of": ["fruit"]}, ["of"]),
    ({"label": "", "drops": -1}, ["drops", "label"]),
]


@pytest.mark.parametrize("fields", FINE)
async def test_what_a_validator_accepts_is_kept(store: Store, fields: dict[str, Any]) -> None:
    unit = tx(store)
    unit.save(Jar(id="jar_1", **fields))
    await unit.commit()
    assert await unit.count(Jar, {}) == 1


@pytest.mark.parametrize(("fields", "members"), BROKEN)
async def test_what_a_validator_refuses_is_a_bug_that_names_the_members(
    store: Store, fields: dict[str, Any], members: list[str]
) -> None:
    unit = tx(store)
    unit.save(Jar(id="jar_1", **fields))
    unit.add(Label(id="lab_1", text="x"))
    with pytest.raises(InvalidDocument) as broken:
        await unit.commit()
    assert str(broken.value) == f"jars|jar_1 breaks the validator of its collection: {', '.join(members)}"
    assert await store.read("labels", ["lab_1"]) == []


def weights(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"left": left, "right": right} for left, right in pairs]


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        ({"weights": weights((3, 0), (0, 3))}, []),
        ({"weights": weights((3, 0), (0, 1), (0, 2)), "used": 4, "lent": 5}, []),
        ({"weights": weights((3, 0), (0, 3)), "used": 3, "most": -1}, []),
        ({"weights": weights((2**40, 0), (0, 2**40))}, []),
        ({"weights": weights((3, 0), (0, 2))}, ["lent", "most", "used", "weights"]),
        ({"weights": weights((3, 0), (0, 3)), "used": 5, "lent": 5}, ["lent", "most", "used", "weights"]),
        ({"weights": []}, ["weights"]),
        ({"weights": weights((0, 0))}, ["weights"]),
        ({"weights": weights((3, 3), (1, 1))}, ["weights"]),
        ({"weights": weights((0, 0), (0, 0))}, ["weights"]),
        ({"weights": weights((-3, 0), (0, -3))}, ["weights"]),
        ({"weights": weights((1.5, 0), (0, 1.5))}, ["weights"]),
        ({"weights": [{"left": 3}, {"left": 0, "right": 3}]}, ["weights"]),
    ],
)
async def test_a_validator_weighs_the_elements_of_a_list(
    store: Store, fields: dict[str, Any], members: list[str]
) -> None:
    unit = tx(store)
    unit.save(Scales(id="scl_1", **fields))
    if not members:
        await unit.commit()
        return
    with pytest.raises(InvalidDocument) as broken:
        await unit.commit()
    assert str(broken.value) == f"scales|scl_1 breaks the validator of its collection: {', '.join(members)}"


async def test_a_validator_looks_at_a_new_version_too(store: Store) -> None:
    unit = tx(store)
    unit.save(Jar(id="jar_1"))
    await unit.commit()
    unit = tx(store)
    unit.save(await unit.get(Jar, "jar_1")).label = "PLUM"
    with pytest.raises(InvalidDocument):
        await unit.commit()
    assert (await tx(store).get(Jar, "jar_1")).label == "plum"


async def test_a_validator_looks_at_a_counter_that_moved(store: Store) -> None:
    unit = tx(store)
    unit.save(Jar(id="jar_1"))
    await unit.commit()
    unit = tx(store)
    unit.adjust(Jar, "jar_1", {"drops": -1})
    with pytest.raises(InvalidDocument, match="drops"):
        await unit.commit()


@pytest.mark.parametrize("document", [{"_id": "jar_1"}, {"_id": "jar_1", "label": "plum", "filled_on": None}])
async def test_a_validator_looks_at_what_simply_stands_afterwards(store: Store, document: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument, match="of"):
        await store.commit([Put("jars", document)])


async def test_fifty_writers_of_one_document_each_take_effect_once(store: Store) -> None:
    await put(store, places=50)

    async def one() -> None:
        while True:
            unit = tx(store)
            pot = await unit.get(Pot, "pot_1")
            pot.taken += 1
            unit.save(pot)
            try:
                return await unit.commit()
            except LostRace:
                await asyncio.sleep(0.002)

    await asyncio.gather(*(one() for _ in range(50)))
    assert ((await stored(store)).taken, (await stored(store)).version) == (50, 51)


# pages

SMALL, LARGE = "x", "x" * 1000


async def label_all(store: Store, texts: Sequence[str]) -> None:
    unit = tx(store)
    for number, text in enumerate(texts):
        unit.add(Label(id=f"lbl_{number:03d}", text=text))
    await unit.commit()


async def page(
    store: Store, limit: int, most_bytes: int, after: str = "", direction: int = 1
) -> tuple[list[int], bool]:
    where = {"_id": {"$gt": after}}
    found = await store.page("labels", where, [("_id", direction)], limit, most_bytes)
    return [int(each["_id"].removeprefix("lbl_")) for each in found.documents], found.more


async def test_a_page_ends_by_its_limit_and_says_whether_more_match(store: Store) -> None:
    await label_all(store, [SMALL] * 5)
    assert await page(store, 3, 10_000) == ([0, 1, 2], True)
    assert await page(store, 5, 10_000) == ([0, 1, 2, 3, 4], False)
    assert await page(store, 3, 10_000, direction=-1) == ([4, 3, 2], True)
    assert await page(store, 3, 10_000, after="lbl_004") == ([], False)


async def test_a_page_ends_before_it_is_too_large(store: Store) -> None:
    await label_all(store, [LARGE] * 5)
    assert await page(store, 5, 2_500) == ([0, 1], True)
    assert await page(store, 5, 2_500, after="lbl_002") == ([3, 4], False)


async def test_a_page_has_a_row_however_large_that_is(store: Store) -> None:
    await label_all(store, [SMALL, LARGE, SMALL])
    assert await page(store, 5, 100, after="lbl_000") == ([1], True)
    assert await page(store, 5, 0) == ([0], True)


async def test_pages_after_each_other_show_everything_once(store: Store) -> None:
    await label_all(store, [LARGE if number % 3 else SMALL for number in range(20)])
    seen: list[int] = []
    more = True
    while more:
        found, more = await page(store, 7, 3_000, after=f"lbl_{seen[-1]:03d}" if seen else "")
        assert 0 < len(found) < 7
        seen += found
    assert seen == list(range(20))
