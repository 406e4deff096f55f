"""The operator's key, made anew where it was lost: who does it, what it ends, and what the zone is told of it."""

import asyncio
from pathlib import Path

import orjson
import pytest

from gateway.access import operator_key
from gateway.access.authenticate import Authenticate
from gateway.access.bootstrap import open_office
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.operator_key import renew
from gateway.access.partner import AccessStatus, Partner
from gateway.access.scopes import SCOPES
from gateway.main import service
from services.chassis.domain.caller import Caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.contracts.gateway.access import KeyIssued, KeyRevoked, OperatorKeyRenewed

PEPPER = b"the gateway's pepper"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def file(store: MemoryStore, clock: FixedClock, tmp_path: Path) -> Path:
    """Where the key of a zone is that has started once."""
    file = tmp_path / "operator.key"
    await open_office(store, pepper=PEPPER, key_file=file, now=clock)
    return file


def key_in(file: Path) -> str:
    return file.read_text().strip()


async def caller_with(store: MemoryStore, clock: FixedClock, text: str, pepper: bytes = PEPPER) -> Caller | None:
    return await Authenticate(store, pepper, now=clock)([(b"authorization", f"Bearer {text}".encode())])


async def test_the_new_key_is_the_same_operators_and_the_lost_one_is_good_no_more(
    store: MemoryStore, clock: FixedClock, file: Path
) -> None:
    lost = key_in(file)
    before = await caller_with(store, clock, lost)
    await renew(store, pepper=PEPPER, key_file=file, reason="asked", now=clock)
    after = await caller_with(store, clock, key_in(file))
    assert before is not None
    assert after is not None
    assert after.client_id == before.client_id
    assert await caller_with(store, clock, lost) is None


async def test_the_new_key_opens_all_that_an_operator_may_whatever_the_operators_of_the_office_were_given(
    store: MemoryStore, clock: FixedClock, file: Path
) -> None:
    (office, first) = (Partner.from_document(*store.rows("partners")), Client.from_document(*store.rows("clients")))
    watcher = Client.admit(office, kind="operator", scopes=["metrics:read"])
    key, text = Key.issue(watcher, pepper=PEPPER, at=clock.at)
    first.move_to(AccessStatus.SUSPENDED, by=watcher.id)
    for each in (watcher, first, key):
        each.version += 1
        store.collections[each.collection][each.id] = each.to_document()
    await renew(store, pepper=PEPPER, key_file=file, reason="asked", now=clock)
    found, still = await caller_with(store, clock, key_in(file)), await caller_with(store, clock, text)
    assert found is not None
    assert found.scopes == SCOPES["operator"]
    assert still is not None  # a key of another operator is nobody's to revoke here


async def test_the_zone_is_told_which_key_was_made_and_why(store: MemoryStore, clock: FixedClock, file: Path) -> None:
    told = {row["_id"] for row in store.rows("outbox")}
    key = await renew(store, pepper=PEPPER, key_file=file, reason="file_gone", now=clock)
    rows = [row for row in store.rows("outbox") if row["_id"] not in told]
    assert {row["type"] for row in rows} == {each.wire_name for each in (KeyIssued, KeyRevoked, OperatorKeyRenewed)}
    (renewed,) = [row for row in rows if row["type"] == OperatorKeyRenewed.wire_name]
    assert (renewed["actor"], renewed["topic"]) == ("system", "zone.gateway.partners")
    assert orjson.loads(renewed["data"]) == {"client_id": key.client_id, "key_id": key.id, "reason": "file_gone"}


async def test_a_key_under_a_pepper_that_was_lost_is_replaced_by_one_under_the_new(
    store: MemoryStore, clock: FixedClock, file: Path
) -> None:
    assert await caller_with(store, clock, key_in(file), b"another pepper") is None
    await renew(store, pepper=b"another pepper", key_file=file, reason="asked", now=clock)
    assert await caller_with(store, clock, key_in(file), b"another pepper") is not None


async def test_of_several_at_once_the_last_that_is_shown_is_good(
    store: MemoryStore, clock: FixedClock, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_key, "PAUSE", 0)
    await asyncio.gather(*(renew(store, pepper=PEPPER, key_file=file, reason="asked", now=clock) for _ in range(5)))
    assert await caller_with(store, clock, key_in(file)) is not None
    assert [row["revoked_at"] for row in store.rows("credentials")].count(None) == 1


async def test_whoever_died_before_the_key_was_seen_is_followed_by_the_next_after_its_turn(
    store: MemoryStore, clock: FixedClock, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(text: str, key_file: Path | None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(operator_key, "show", die)
        with pytest.raises(KeyboardInterrupt):
            await renew(store, pepper=PEPPER, key_file=file, reason="asked", now=clock)
    clock.at += operator_key.TURN
    await renew(store, pepper=PEPPER, key_file=file, reason="asked", now=clock)
    assert await caller_with(store, clock, key_in(file)) is not None
