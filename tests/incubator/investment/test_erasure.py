"""R4, of investors: who is erased is found nowhere in what is kept, and what was counted is as before."""

import httpx

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import created
from tests.incubator.investment.conftest import INVESTORS, MINE, Act
from tests.incubator.searching import counted, where_found

NAME, LATER = "示例·隐名", "示例·改名"


async def test_r4_an_investor_who_gave_the_shares_away_is_found_nowhere(
    first: httpx.AsyncClient,
    investor: Act,
    share_class: Act,
    store: MemoryStore,
) -> None:
    keys = iter(range(9))

    def key() -> dict[str, str]:
        return {"Idempotency-Key": f"synthetic-{next(keys)}"}

    person = created(await first.post(INVESTORS, json={"name": NAME, "kind": "person"}, headers=key()))
    buyer, shares = await investor(), await share_class()
    paid = {"amount": 100, "currency": "CNY"}
    issued = {"share_class_id": shares["id"], "investor_id": person["id"], "shares": 100, "paid": paid}
    on = {"effective_on": "2026-01-01"}
    created(await first.post(f"{MINE}/cap-events/issue", json={**issued, **on}, headers=key()))
    moved = {"certificate": "CS-1", "shares": 100, "to_investor_id": buyer["id"]}
    created(await first.post(f"{MINE}/cap-events/transfer", json={**moved, **on}, headers=key()))
    assert where_found(store, NAME) == {"investors"}
    await first.patch(f"{INVESTORS}/{person['id']}", json={"name": LATER}, headers={**key(), "If-Match": "*"})
    assert where_found(store, NAME, LATER) == {"investors"}
    before, table = counted(store), (await first.get(f"{MINE}/cap-table")).json()

    assert (await first.post(f"{INVESTORS}/{person['id']}/erase", headers=key())).status_code == 200
    assert where_found(store, NAME, LATER) == set()
    assert counted(store) == before
    assert (await first.get(f"{MINE}/cap-table")).json() == table


async def test_r4_an_investor_whose_round_is_over_is_found_nowhere(
    second: httpx.AsyncClient, investor: Act, open_round: Act, pledge: Act, act: Act, store: MemoryStore
) -> None:
    person = await investor(second, name=NAME)
    await act(await pledge(await open_round(), 5_000, person), "release")
    before = counted(store)
    assert where_found(store, NAME) == {"investors"}
    assert (await second.post(f"{INVESTORS}/{person['id']}/erase")).status_code == 200
    assert where_found(store, NAME) == set()
    assert counted(store) == before
