"""Figures made anew beside live traffic, on a real database and a broker: equal, swapped, gone back from, healed."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.servers.mock_cluster import MockCluster
from services.chassis.domain.events import Event
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.main import service
from services.metrics.rebuilds import effects, queries
from services.metrics.rebuilds.rebuild import RebuildStatus
from tests.conftest import NewTopic
from tests.integration.figures_stage import Figures, hear_on
from tests.integration.stage import until
from tests.metrics.happenings import registered, reported, resumed, suspended

pytestmark = pytest.mark.long

PHASES = [RebuildStatus.BUILDING, RebuildStatus.MEETING, RebuildStatus.COMPARING, RebuildStatus.SETTLING]


@pytest.fixture
async def topic(new_topic: NewTopic, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of this test alone."""
    return heard_on(await new_topic(4, of="registry"), monkeypatch)


def heard_on(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for event in BUSINESS.events:
        monkeypatch.setattr(event, "topic", event.topic)  # put back after the test
    hear_on(name)
    return name


@pytest.fixture
async def figures(mongo_url: str, kafka_bootstrap: str, topic: str) -> AsyncIterator[Figures]:
    found = await opened(mongo_url, kafka_bootstrap)
    yield found
    await found.close()


async def opened(url: str, bootstrap: str) -> Figures:
    found = Figures(url, f"rebuild_{uuid.uuid4().hex[:12]}", bootstrap)
    await found.store.prepare(service.documents)
    return found


def history(number: int) -> list[Event]:
    """What becomes of a business: registered, suspended, reported for the year before, resumed."""
    kind = "cloud" if number % 3 == 2 else "industrial"
    opening = {"valuation": {"amount": 500 + number, "currency": "CNY"}} if number % 2 else None
    return [
        registered(number, on=f"2024-03-{1 + number % 28:02}", kind=kind, opening=opening),
        suspended(number, on="2025-06-10", sequence=2),
        reported(number, year="2024", sequence=3, revenue=70 + number, valuation=600),
        resumed(number, on="2026-02-01", sequence=4),
    ]


def histories(numbers: range) -> list[Event]:
    return [event for number in numbers for event in history(number)]


async def test_a_rebuild_beside_live_writes_gives_equal_digests_and_goes_on_as_the_live_one(figures: Figures) -> None:
    await figures.publish(histories(range(300)))
    async with figures.at_work():
        await figures.has_counted(300)
        ended = asyncio.Event()
        written = 300

        async def write() -> None:
            nonlocal written
            while not ended.is_set():
                await figures.publish(histories(range(written, written + 5)))
                written += 5
                await asyncio.sleep(0.05)

        writing = asyncio.create_task(write())
        rebuild = await figures.has_come_to((await figures.order())["id"], "done", "waiting", "dropped")
        ended.set()
        await writing
        assert (rebuild["status"], rebuild["differences"], rebuild["parked"]) == ("done", [], [])
        assert rebuild["events"] >= 1_200
        assert rebuild["rate"] > 0
        await figures.has_counted(written)
        assert figures.followers is not None
        assert figures.followers.health()["generation"] == 2
        assert (await figures.pointer())["shown"] == 2
        assert (await figures.store.count("outbox", {})) == 0


async def test_twice_built_anew_is_the_same_digest(figures: Figures) -> None:
    await figures.publish(histories(range(30)))
    async with figures.at_work():
        await figures.has_counted(30)
        first = await figures.has_come_to((await figures.order())["id"], "done")
        before = await figures.headline()
        second = await figures.has_come_to((await figures.order())["id"], "done")
        assert first["digests"] == second["digests"]
        assert await figures.headline() == before


@pytest.mark.parametrize("phase", PHASES)
async def test_a_worker_killed_in_any_phase_is_followed_by_one_that_brings_it_to_its_end(
    figures: Figures, topic: str, phase: RebuildStatus
) -> None:
    await figures.publish(histories(range(40)))
    async with figures.another_process(topic, phase):
        await figures.has_counted(40)
        id = (await figures.order())["id"]
        await figures.has_come_to(id, phase)
        await asyncio.sleep(0.5)  # into the step
    await figures.publish(histories(range(40, 45)))
    async with figures.at_work():
        rebuild = await figures.has_come_to(id, "done", "waiting", "dropped")
        assert (rebuild["status"], rebuild["differences"]) == ("done", [])
        await figures.has_counted(45)


async def test_the_way_back_is_brought_up_to_date_before_it_is_shown(figures: Figures) -> None:
    await figures.publish(histories(range(20)))
    async with figures.at_work():
        await figures.has_counted(20)
        assert (await figures.api.post("/v1/metrics/rebuilds/rollback")).json()["code"] == "nothing_kept"
        await figures.has_come_to((await figures.order())["id"], "done")
        await figures.publish(histories(range(20, 30)))
        await figures.has_counted(30)
        back = await figures.order("/rollback")
        assert (back["way"], back["generation"]) == ("back", 1)
        back = await figures.has_come_to(back["id"], "done")
        assert back["differences"] == []
        assert (await figures.pointer())["shown"] == 1
        assert await figures.value("businesses_registered") == 30
        await figures.publish(histories(range(30, 35)))
        await figures.has_counted(35)


async def test_a_changed_definition_is_listed_and_expected(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    await figures.publish(histories(range(20)))
    async with figures.at_work():
        await figures.has_counted(20)
        await figures.store.database["buckets"].delete_many({"_id": {"$regex": "^suspension_days"}})
        monkeypatch.setitem(queries.VERSIONS, "suspension_days", 2)
        rebuild = await figures.has_come_to((await figures.order())["id"], "done", "waiting")
        assert rebuild["status"] == "done"
        assert [(each["kpi"], each["expected"]) for each in rebuild["differences"]] == [("suspension_days", True)]
        assert await figures.value("suspension_days") is not None
        monkeypatch.setitem(queries.VERSIONS, "suspension_days", 2)
        refused = await figures.api.post("/v1/metrics/rebuilds/rollback")
        assert (refused.status_code, refused.json()["code"]) == (409, "definitions_changed")
        assert effects.changed_since((await figures.pointer())["versions"]["1"]) == ["suspension_days"]


async def test_an_unexpected_difference_waits_for_a_person_and_may_be_accepted(figures: Figures) -> None:
    await figures.publish(histories(range(20)))
    async with figures.at_work():
        await figures.has_counted(20)
        await figures.store.database["buckets"].delete_many({"_id": {"$regex": r"^businesses_active\|"}})
        rebuild = await figures.has_come_to((await figures.order())["id"], "waiting")
        (difference,) = rebuild["differences"]
        assert (difference["kpi"], difference["expected"], difference["places"][0]["shown"]) == (
            "businesses_active",
            False,
            0,
        )
        assert "businesses_active" in rebuild["why"]
        await figures.publish(histories(range(20, 25)))
        await figures.has_counted(25)
        assert await figures.value("businesses_active") == 5
        await figures.order(f"/{rebuild['id']}/accept")
        await figures.has_come_to(rebuild["id"], "done")
        assert await figures.value("businesses_active") == 25


async def test_what_is_cancelled_is_cleared_away_and_the_shown_figures_go_on(figures: Figures, topic: str) -> None:
    await figures.publish(histories(range(20)))
    async with figures.another_process(topic, RebuildStatus.MEETING):
        await figures.has_counted(20)
        id = (await figures.order())["id"]
        await figures.has_come_to(id, "meeting")
        await figures.order(f"/{id}/cancel")
    await figures.publish(histories(range(20, 25)))
    async with figures.at_work():
        await figures.has_counted(25)

        async def is_cleared() -> bool:
            return not (await figures.pointer())["dropped"]

        await until(is_cleared, seconds=60)
        assert not {each for each in await figures.collections() if each.endswith(".g2")}
        for name in ("offsets", "inbox", "members"):
            assert await figures.store.count(name, {"_id": {"$regex": r"^zone\.metrics\.g2"}}) == 0


async def test_a_rebuild_whose_job_has_failed_holds_nothing_up(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: Any, **named: Any) -> Any:
        raise ZeroDivisionError("the comparison divides by zero")

    monkeypatch.setattr("services.metrics.rebuilds.clocks.compared", broken)
    await figures.publish(histories(range(10)))
    async with figures.at_work():
        await figures.has_counted(10)
        rebuild = await figures.has_come_to((await figures.order())["id"], "dropped")
        assert "divides by zero" in rebuild["why"]
        await figures.publish(histories(range(10, 15)))
        await figures.has_counted(15)


async def test_a_log_that_was_cut_is_said_and_healed_by_a_rebuild_once_it_is_filled_again(
    mongo_url: str, monkeypatch: pytest.MonkeyPatch, server_starts: None
) -> None:
    heard_on("zone.registry.figures", monkeypatch)
    assert service.handlers is not None
    with MockCluster(dict.fromkeys(service.handlers.topics, 2)) as broker:
        figures = await opened(mongo_url, broker.bootstrap)
        await figures.publish(histories(range(10)))
        async with figures.at_work():
            await figures.has_counted(10)
        more = histories(range(10, 30))
        await figures.publish(more)
        for partition in (0, 1):
            broker.truncate("zone.registry.figures", partition, 30)
        async with figures.at_work():
            assert figures.followers is not None
            followers = figures.followers
            await until(lambda: followers.health()["state"] == "down")
            await figures.publish([*histories(range(10)), *more])  # as a relay does that publishes its whole outbox
            rebuild = await figures.has_come_to((await figures.order())["id"], "waiting")
            assert "nothing can be compared" in rebuild["why"]
            assert set(rebuild["cut"].values()) == {30}
            await figures.order(f"/{rebuild['id']}/accept")
            await figures.has_come_to(rebuild["id"], "done")
            assert await figures.value("businesses_registered") == 30
            await until(lambda: followers.health()["state"] == "ok")
            assert await figures.store.count("parked", {"group": "zone.metrics.g2"}) == 0
        await figures.close()
