"""Grouped reads: each is answered as it would have been alone, by few queries."""

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.domain.errors import Unavailable
from services.chassis.store.grouping import grouped_reads
from services.chassis.store.grouping.grouped_reads import LARGEST, GroupedReads
from services.chassis.store.writes import Document


class Shelf:
    """Documents whose every query waits to be let go, and may fail."""

    def __init__(self, *ids: str) -> None:
        self.documents: dict[str, Document] = {id: {"_id": id, "notes": []} for id in ids}
        self.queries: list[list[str]] = []
        self.failures: dict[str, Exception] = {}
        self.may_answer = asyncio.Event()
        self.reads = GroupedReads(self.find)

    async def find(self, ids: Sequence[str]) -> list[Document]:
        self.queries.append(list(ids))
        await self.may_answer.wait()
        for id in ids:
            if id in self.failures:
                raise self.failures[id]
        return [self.documents[id] for id in ids if id in self.documents]

    def ask(self, *ids: str) -> asyncio.Task[list[Document]]:
        return asyncio.create_task(self.reads.read(ids))

    async def asked(self, *wanted: Sequence[str]) -> list[asyncio.Task[list[Document]]]:
        """All of them at once; the first is on its way when the others come."""
        tasks = [self.ask(*ids) for ids in wanted]
        await asyncio.sleep(0)
        return tasks


def ids_of(documents: Sequence[Document]) -> set[str]:
    return {document["_id"] for document in documents}


async def test_what_is_asked_while_a_query_is_under_way_goes_together_in_the_next() -> None:
    shelf = Shelf("a", "b", "c")
    tasks = await shelf.asked(["a"], ["b"], ["c", "b"], ["none"])
    shelf.may_answer.set()
    assert [ids_of(await task) for task in tasks] == [{"a"}, {"b"}, {"b", "c"}, set()]
    assert shelf.queries == [["a"], ["b", "c", "none"]]


async def test_one_alone_waits_for_nobody() -> None:
    shelf = Shelf("a")
    shelf.may_answer.set()
    for _ in range(3):
        assert ids_of(await shelf.reads.read(["a"])) == {"a"}
    assert shelf.queries == [["a"]] * 3


async def test_no_query_begins_before_what_it_answers_was_asked() -> None:
    shelf = Shelf("a")
    (first,) = await shelf.asked(["a"])
    shelf.documents["b"] = {"_id": "b"}  # committed, and said to be, while the first is under way
    second = shelf.ask("b")
    shelf.may_answer.set()
    assert [ids_of(await each) for each in (first, second)] == [{"a"}, {"b"}]


async def test_two_that_ask_for_the_same_do_not_share_what_they_get() -> None:
    shelf = Shelf("a", "b")
    _, *tasks = await shelf.asked(["b"], ["a"], ["a"])
    shelf.may_answer.set()
    (mine,), (other,) = await asyncio.gather(*tasks)
    mine["notes"].append("mine")
    assert other["notes"] == []


async def test_what_one_asks_in_vain_fails_nobody_else() -> None:
    shelf = Shelf("a", "b")
    shelf.failures["broken"] = ValueError("no such id")
    _, good, bad = await shelf.asked(["b"], ["a"], ["broken"])
    shelf.may_answer.set()
    assert ids_of(await good) == {"a"}
    with pytest.raises(ValueError, match="no such id"):
        await bad


async def test_while_no_server_answers_all_of_a_group_are_told_at_once() -> None:
    shelf = Shelf("a")
    shelf.failures["a"] = Unavailable("away", code="store_away")
    tasks = await shelf.asked(["a"], ["a"], ["a"])
    shelf.may_answer.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in told] == [Unavailable] * 3
    assert len(shelf.queries) == 2


async def test_one_that_leaves_takes_nobody_along() -> None:
    shelf = Shelf("a", "b", "c")
    first, second, third = await shelf.asked(["a"], ["b"], ["c"])
    first.cancel()
    second.cancel()
    shelf.may_answer.set()
    assert ids_of(await third) == {"c"}
    assert shelf.queries == [["a"], ["c"]]


async def test_a_query_that_does_not_come_back_keeps_the_others_waiting_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouped_reads, "PATIENCE", 0)
    shelf = Shelf("a", "b")
    lost, other = await shelf.asked(["a"], ["b"])
    async with asyncio.timeout(5):
        while len(shelf.queries) < 2:
            await asyncio.sleep(0)
    shelf.may_answer.set()
    assert [ids_of(await each) for each in (other, lost)] == [{"b"}, {"a"}]


async def test_a_query_is_never_larger_than_the_largest() -> None:
    shelf = Shelf("a")
    many = [f"m{n}" for n in range(LARGEST + 1)]
    tasks = await shelf.asked(["a"], *([f"x{n}"] for n in range(LARGEST + 1)), many)
    assert shelf.queries == [["a"], many], "who asks for more asks alone, at once"
    shelf.may_answer.set()
    await asyncio.gather(*tasks)
    assert [len(each) for each in shelf.queries[2:]] == [LARGEST, 1]
