"""The first start shows the operator's key once, whoever dies meanwhile and however many start."""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.access import operator_key
from gateway.access.authenticate import Authenticate
from gateway.access.bootstrap import CLAIM, open_office
from gateway.access.operator_key import TURN
from gateway.main import service
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unavailable
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock

PEPPER = b"the gateway's pepper"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """Time goes on by a second whenever a worker waits for its turn."""
    clock = FixedClock()
    sleep = asyncio.sleep

    async def pass_by(seconds: float) -> None:
        clock.at += timedelta(seconds=1)
        await sleep(0)

    monkeypatch.setattr("gateway.access.bootstrap.asyncio.sleep", pass_by)
    return clock


async def caller_with(store: MemoryStore, clock: FixedClock, text: str) -> Caller | None:
    return await Authenticate(store, PEPPER, now=clock)([(b"authorization", f"Bearer {text}".encode())])


async def test_the_key_is_left_in_the_file_for_its_owner_alone(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    await open_office(store, pepper=PEPPER, key_file=file, now=clock)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["operator.key"]


async def test_the_key_stands_for_an_operator_of_the_office(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "key", now=clock)
    caller = await caller_with(store, clock, (tmp_path / "key").read_text().strip())
    assert caller is not None
    assert (caller.kind, "admin" in caller.scopes) == ("operator", True)
    (office,) = store.rows("partners")
    assert (office["office"], office["_id"]) == (True, caller.partner_id)


async def test_without_a_file_the_key_is_printed_to_standard_error(
    store: MemoryStore, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await open_office(store, pepper=PEPPER, key_file=None, now=clock)
    text = capsys.readouterr().err.split()[-1]
    assert await caller_with(store, clock, text) is not None


async def test_a_second_start_shows_and_makes_nothing(
    store: MemoryStore, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await open_office(store, pepper=PEPPER, key_file=None, now=clock)
    capsys.readouterr()
    before = {name: store.rows(name) for name in store.collections}
    await open_office(store, pepper=PEPPER, key_file=None, now=clock)
    assert capsys.readouterr().err == ""
    assert {name: store.rows(name) for name in store.collections} == before


async def test_a_key_file_of_an_earlier_zone_is_replaced(store: MemoryStore, clock: FixedClock, tmp_path: Path) -> None:
    file = tmp_path / "operator.key"
    file.write_text("zk_live_of_a_zone_that_is_gone\n")
    await open_office(store, pepper=PEPPER, key_file=file, now=clock)
    assert await caller_with(store, clock, file.read_text().strip()) is not None


async def test_of_workers_that_start_together_one_makes_the_office_and_the_others_wait(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    await asyncio.gather(*(open_office(store, pepper=PEPPER, key_file=file, now=clock) for _ in range(8)))
    assert [len(store.rows(name)) for name in ("partners", "clients", "credentials")] == [1, 1, 1]
    assert await caller_with(store, clock, file.read_text().strip()) is not None


async def test_where_a_start_dies_before_it_shows_the_key_the_next_one_shows_another(
    store: MemoryStore, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []

    def die(text: str, key_file: Path | None) -> None:
        lost.append(text)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(operator_key, "show", die)
        with pytest.raises(KeyboardInterrupt):
            await open_office(store, pepper=PEPPER, key_file=None, now=clock)
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "key", now=clock)
    assert await caller_with(store, clock, (tmp_path / "key").read_text().strip()) is not None
    assert await caller_with(store, clock, lost[0]) is None
    assert [len(store.rows(name)) for name in ("partners", "clients", "credentials")] == [1, 1, 2]


async def test_a_store_that_is_away_for_a_moment_is_waited_for(
    store: MemoryStore, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, commit = store.read, store.commit
    away = {"read": 2, "commit": 1}

    def once_back(name: str, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*given: Any) -> Any:
            if away[name]:
                away[name] -= 1
                raise Unavailable("away")
            return await real(*given)

        return call

    monkeypatch.setattr(store, "read", once_back("read", read))
    monkeypatch.setattr(store, "commit", once_back("commit", commit))
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "key", now=clock)
    assert await caller_with(store, clock, (tmp_path / "key").read_text().strip()) is not None


async def test_where_the_file_cannot_be_written_the_start_fails_and_the_next_one_tries_again(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await open_office(store, pepper=PEPPER, key_file=tmp_path / "no such folder" / "key", now=clock)
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "key", now=clock)
    assert await caller_with(store, clock, (tmp_path / "key").read_text().strip()) is not None


async def test_without_the_claim_an_operator_who_lost_the_key_is_shown_another_and_the_lost_one_is_revoked(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    await open_office(store, pepper=PEPPER, key_file=first, now=clock)
    del store.collections["claims"][CLAIM]
    await open_office(store, pepper=PEPPER, key_file=second, now=clock)
    good = [await caller_with(store, clock, file.read_text().strip()) is not None for file in (first, second)]
    assert good == [False, True]
    assert [len(store.rows(name)) for name in ("partners", "clients")] == [1, 1]


async def test_a_suspended_operator_is_left_alone_and_another_is_made(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "first", now=clock)
    (operator,) = store.collections["clients"].values()
    operator["status"] = "suspended"
    del store.collections["claims"][CLAIM]
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "second", now=clock)
    caller = await caller_with(store, clock, (tmp_path / "second").read_text().strip())
    assert caller is not None
    assert caller.client_id != operator["_id"]


async def test_a_turn_that_somebody_else_has_is_waited_for_until_its_end(
    store: MemoryStore, clock: FixedClock, tmp_path: Path
) -> None:
    began = clock.at
    store.collections["claims"] = {CLAIM: {"_id": CLAIM, "holder": "another worker", "until": began + TURN}}
    await open_office(store, pepper=PEPPER, key_file=tmp_path / "key", now=clock)
    assert clock.at - began >= TURN
    assert (tmp_path / "key").exists()


async def test_the_file_holds_the_key_that_is_good_even_if_the_turn_was_over_while_it_was_written(
    store: MemoryStore, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, show = tmp_path / "key", operator_key.show
    shown: list[str] = []

    def slow(text: str, key_file: Path | None) -> None:
        if not shown:
            clock.at += 2 * TURN
            store.collections["claims"][CLAIM] = {"_id": CLAIM, "holder": "another", "until": clock.at + TURN}
        shown.append(text)
        show(text, key_file)

    monkeypatch.setattr(operator_key, "show", slow)
    await open_office(store, pepper=PEPPER, key_file=file, now=clock)
    assert [await caller_with(store, clock, text) is not None for text in shown] == [False, True]
    assert file.read_text().strip() == shown[1]
