"""Whom a key stands for, how soon a change is seen, and what is not told apart."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from gateway.access.authenticate import BELIEVED_FOR, STRANGERS_AT_ONCE, Authenticate
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.key_text import new_text
from gateway.access.partner import AccessStatus, Partner
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unavailable
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock

PEPPER = b"the gateway's pepper"
HOUR = timedelta(hours=1)


class CountingStore(MemoryStore):
    """Counts what is read, and can be away."""

    def __init__(self) -> None:
        super().__init__("gateway")
        self.reads: list[str] = []
        self.is_away = False
        self.held: set[str] = set()
        """Ids that are read when this is emptied, and `let` set."""
        self.let = asyncio.Event()

    async def read(self, collection: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        self.reads.append(collection)
        await asyncio.sleep(0)
        if self.held.intersection(ids):
            await self.let.wait()
        if self.is_away:
            raise Unavailable("The store cannot be reached at the moment.", code="store_away")
        return await super().read(collection, ids)


class Door:
    """An authenticator, a partner, a client and a key on one store, and two clocks that stand still."""

    def __init__(self) -> None:
        self.store = CountingStore()
        self.now = FixedClock()
        self.seconds = 0.0
        self.partner = Partner.admit(legal_name="示例园区服务有限公司", plan="standard")
        self.client = Client.admit(self.partner, kind="partner", scopes=None)
        self.key, self.text = Key.issue(self.client, pepper=PEPPER, at=NOON)
        self.authenticate = self.another()

    def another(self) -> Authenticate:
        """The authenticator of another worker."""
        return Authenticate(self.store, PEPPER, now=self.now, monotonic=lambda: self.seconds)

    def keep(self, *aggregates: Partner | Client | Key) -> None:
        """Have the store hold them as they are."""
        for aggregate in aggregates:
            self.store.collections.setdefault(aggregate.collection, {})[aggregate.id] = aggregate.to_document()

    async def asked(self, text: str | None = None) -> Caller | None:
        return await self.authenticate([(b"authorization", f"Bearer {text or self.text}".encode())])


@pytest.fixture
def door() -> Door:
    door = Door()
    door.keep(door.partner, door.client, door.key)
    return door


async def test_an_official_of_an_organisation_that_files_is_nobody(door: Door) -> None:
    door.keep(door.client.model_copy(update={"kind": "officer"}))  # from before officials were the office's alone
    assert await door.asked() is None


async def test_a_key_stands_for_its_client_with_all_that_this_may_do(door: Door) -> None:
    caller = Caller(door.partner.id, door.client.id, door.key.id, "partner", door.client.scopes)
    assert await door.asked() == caller


async def test_a_key_can_do_less_than_its_client(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON, scopes=["metrics:read"])
    door.keep(key)
    caller = await door.asked(text)
    assert caller is not None
    assert caller.scopes == {"metrics:read"}


async def test_a_key_never_does_more_than_its_client_even_if_this_lost_a_scope_later(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON, scopes=["metrics:read", "incubator:read"])
    door.client.give(["incubator:read", "incubator:write"])
    door.keep(key, door.client)
    caller = await door.asked(text)
    assert caller is not None
    assert caller.scopes == {"incubator:read"}


async def test_another_secret_under_a_known_id_is_refused(door: Door) -> None:
    assert await door.asked(new_text(door.key.id)) is None


async def test_a_key_of_a_zone_with_another_pepper_is_refused(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=b"the pepper of another zone", at=NOON)
    door.keep(key)
    assert await door.asked(text) is None


async def test_the_seal_itself_opens_nothing(door: Door) -> None:
    assert await door.asked(door.key.hmac) is None


async def test_an_unknown_id_costs_the_same_reads_and_one_comparison_like_a_known_one(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def compare(given: str, kept: str) -> bool:
        compared.append(len(given + kept))
        return given == kept

    monkeypatch.setattr("gateway.access.authenticate.hmac.compare_digest", compare)
    assert await door.asked(new_text(door.key.id)) is None
    known, door.store.reads = door.store.reads, []
    assert await door.asked(new_text("key_" + "0" * 32)) is None
    assert door.store.reads == known == ["credentials", "clients", "partners"]
    assert compared == [128, 128]


@pytest.mark.parametrize(
    "mistyped",
    [
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.replace("zk_live_", "zk_test_"),
        lambda text: text[:50] + ("A" if text[50] != "A" else "B") + text[51:],
        lambda text: "",
        lambda text: "a" * 5_000,
    ],
    ids=["cut off", "too long", "other environment", "one character", "empty", "huge"],
)
async def test_what_is_no_key_is_refused_without_a_question_to_the_store(door: Door, mistyped: Any) -> None:
    assert await door.authenticate([(b"authorization", f"Bearer {mistyped(door.text)}".encode())]) is None
    assert door.store.reads == []


@pytest.mark.parametrize(
    "form", ["{}", "Basic {}", "Bearer", "Bearer {} {}", "Bearer {},{}", "Bearer\t{}", 'Bearer "{}"', "Bearer {}\x00"]
)
async def test_credentials_in_any_other_form_are_none(door: Door, form: str) -> None:
    sent = form.format(door.text, door.text).encode()
    assert await door.authenticate([(b"authorization", sent)]) is None


async def test_the_scheme_is_read_in_any_case(door: Door) -> None:
    assert await door.authenticate([(b"authorization", f"bearer {door.text}".encode())]) is not None


async def test_credentials_sent_twice_are_none(door: Door) -> None:
    field = (b"authorization", f"Bearer {door.text}".encode())
    assert await door.authenticate([field, field]) is None


async def test_no_credentials_are_none(door: Door) -> None:
    assert await door.authenticate([(b"cookie", door.text.encode())]) is None


async def test_a_key_is_good_until_the_moment_it_expires_even_while_it_is_believed(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON, expires_at=NOON + HOUR)
    door.keep(key)
    door.now.at = NOON + HOUR - timedelta(milliseconds=1)
    assert await door.asked(text) is not None
    door.now.at = NOON + HOUR
    assert await door.asked(text) is None


async def test_a_key_is_good_from_the_moment_it_begins(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON, not_before=NOON + HOUR)
    door.keep(key)
    assert await door.asked(text) is None
    door.now.at = NOON + HOUR
    assert await door.asked(text) is not None


async def test_a_revoked_key_is_refused(door: Door) -> None:
    door.key.revoke(at=NOON, by="key_of_somebody_else")
    door.keep(door.key)
    assert await door.asked() is None


async def test_the_keys_of_a_suspended_client_are_refused(door: Door) -> None:
    door.client.move_to(AccessStatus.SUSPENDED, by="cli_of_an_operator")
    door.keep(door.client)
    assert await door.asked() is None


async def test_the_keys_of_a_suspended_partner_are_refused(door: Door) -> None:
    door.partner.move_to(AccessStatus.SUSPENDED)
    door.keep(door.partner)
    assert await door.asked() is None


async def test_a_key_whose_client_is_gone_is_refused(door: Door) -> None:
    del door.store.collections["clients"]
    assert await door.asked() is None


def test_what_was_read_is_believed_for_less_than_5_seconds() -> None:
    assert 0 < BELIEVED_FOR < 5


@pytest.mark.parametrize("change", ["key", "client", "partner"])
async def test_whatever_shuts_a_key_out_is_effective_on_every_worker_within_5_seconds(door: Door, change: str) -> None:
    workers = [door.authenticate, door.another()]
    headers = [(b"authorization", f"Bearer {door.text}".encode())]
    assert None not in [await worker(headers) for worker in workers]
    if change == "key":
        door.key.revoke(at=NOON, by="another")
    elif change == "client":
        door.client.move_to(AccessStatus.SUSPENDED, by="another")
    else:
        door.partner.move_to(AccessStatus.SUSPENDED)
    door.keep(door.key, door.client, door.partner)
    door.seconds = 5.0
    assert [await worker(headers) for worker in workers] == [None, None]


async def test_a_key_that_is_in_use_is_read_once_in_a_while(door: Door) -> None:
    for _ in range(100):
        assert await door.asked() is not None
    assert door.store.reads.count("credentials") == 1


async def test_many_requests_that_come_at_once_with_one_key_read_it_once(door: Door) -> None:
    callers = await asyncio.gather(*(door.asked() for _ in range(50)))
    assert None not in callers
    assert door.store.reads.count("credentials") == 1


async def test_a_caller_that_leaves_does_not_spoil_the_read_for_the_others(door: Door) -> None:
    leaving, staying = asyncio.create_task(door.asked()), asyncio.create_task(door.asked())
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying is not None


async def test_an_unknown_key_is_looked_for_once_in_a_while(door: Door) -> None:
    wrong = new_text("key_" + "0" * 32)
    for _ in range(100):
        assert await door.asked(wrong) is None
    assert len(door.store.reads) == 3
    door.seconds = 5.0
    assert await door.asked(wrong) is None
    assert len(door.store.reads) == 6


async def test_guesses_crowd_no_key_out_and_no_more_of_them_are_remembered_than_there_is_room_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.access.authenticate.REMEMBERED", 2)
    await door.asked()
    guesses = [new_text(f"key_{number:032x}") for number in range(10)]
    for guess in guesses:
        await door.asked(guess)
    door.store.reads.clear()
    assert await door.asked() is not None
    await door.asked(guesses[-1])
    assert door.store.reads == []
    await door.asked(guesses[0])
    assert len(door.store.reads) == 3


async def test_ten_thousand_guesses_cost_a_good_key_nothing(door: Door) -> None:
    await door.asked()
    for number in range(10_000):
        await door.asked(new_text(f"key_{number:032x}"))
    door.store.reads.clear()
    assert await door.asked() is not None
    assert door.store.reads == []


async def test_a_key_in_use_is_read_again_while_guesses_wait_for_the_store(door: Door) -> None:
    await door.asked()
    door.seconds = 5.0
    door.store.reads.clear()
    ids = [f"key_{number:032x}" for number in range(100)]
    door.store.held = set(ids)
    guessing = [asyncio.create_task(door.asked(new_text(id))) for id in ids]
    await asyncio.sleep(0.01)
    assert door.store.reads == ["credentials"] * STRANGERS_AT_ONCE
    assert await door.asked() is not None
    door.store.let.set()
    assert set(await asyncio.gather(*guessing)) == {None}


async def test_a_key_works_at_once_on_a_worker_that_remembers_unknown_ones(door: Door) -> None:
    other = door.another()
    await other([(b"authorization", f"Bearer {new_text('key_' + '0' * 32)}".encode())])
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON)
    door.keep(key)
    assert await other([(b"authorization", f"Bearer {text}".encode())]) is not None


async def test_a_key_whose_id_was_asked_for_before_there_was_one_works_within_5_seconds(door: Door) -> None:
    key, text = Key.issue(door.client, pepper=PEPPER, at=NOON)
    assert await door.asked(text) is None
    door.keep(key)
    door.seconds = 5.0
    assert await door.asked(text) is not None


async def test_no_more_keys_are_remembered_than_there_is_room_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.access.authenticate.REMEMBERED", 2)
    texts = [door.text]
    for _ in range(2):
        key, text = Key.issue(door.client, pepper=PEPPER, at=NOON)
        door.keep(key)
        texts.append(text)
    for text in texts:
        await door.asked(text)
    door.store.reads.clear()
    assert [await door.asked(text) is not None for text in texts[1:]] == [True, True]
    assert door.store.reads == []
    await door.asked(texts[0])
    assert door.store.reads.count("credentials") == 1


async def test_with_the_store_away_a_key_that_was_read_lately_is_still_believed(door: Door) -> None:
    await door.asked()
    door.store.is_away = True
    assert await door.asked() is not None


async def test_with_the_store_away_nobody_is_refused_who_may_be_good(door: Door) -> None:
    door.store.is_away = True
    with pytest.raises(Unavailable):
        await door.asked()
    door.store.is_away = False
    assert await door.asked() is not None
