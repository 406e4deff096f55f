"""Whatever officials do with lines of banks, no money is counted twice, and what is refused changes nothing."""

import random
from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.finance.bank.conftest import V1, Import, Lines
from tests.incubator.finance.bank.files import camt, line
from tests.incubator.finance.books import PAYMENTS, invoiced, zones

KEPT = ("accounts", "books", "entries", "invoices", "payments", "statement_lines", "claims", "outbox")


async def some_act(staff: httpx.AsyncClient, found: dict[str, Any], choice: random.Random) -> httpx.Response:
    """One thing that an official may do with a line, sensible or not."""
    path = f"{V1}/statement-lines/{found['id']}"
    proposals = (await staff.get(f"{path}/proposals")).json()["data"]
    proposal = choice.choice(proposals) if proposals else None
    payments = (await staff.get(PAYMENTS)).json()["data"]
    match choice.randrange(5):
        case 0 if proposal and proposal["entry_id"]:
            return await staff.post(f"{path}/match", json={"entry_id": proposal["entry_id"]})
        case 1 if proposal and proposal["business_id"]:
            body = {"business_id": proposal["business_id"], "allocations": proposal["shares"]}
            return await staff.post(f"{path}/receive-payment", json=body | {"prepay": choice.random() < 0.7})
        case 2:
            code = choice.choice(("6602", "4001", "9999"))
            return await staff.post(f"{path}/post-entry", json={"code": code, "description": "x"})
        case 3 if payments:
            payment = choice.choice(payments)["id"]
            if choice.random() < 0.3:
                return await staff.post(f"{PAYMENTS}/{payment}/reverse")
            return await staff.post(f"{PAYMENTS}/{payment}/refunds", json={"amount": 50})
        case _:
            return await staff.post(f"{path}/unmatch")


def kept(store: MemoryStore) -> list[list[dict[str, Any]]]:
    return [store.rows(collection) for collection in KEPT]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_officials_do_every_entry_is_of_one_line_and_the_book_says_what_the_bank_says(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines, store: MemoryStore, seed: int
) -> None:
    choice = random.Random(seed)
    for amount in (100, 200, 300):
        await invoiced(staff, amount, number=choice.choice((1, 2)))
    said = [line(choice.choice((100, 200, 300, -50)), 1 + number) for number in range(6)]
    assert (await import_file(camt(said, days=(date(2026, 2, 1), date(2026, 2, 9))))).status_code == 201
    for _ in range(40):
        found = choice.choice(await lines())
        before = kept(store)
        answer = await some_act(staff, found, choice)
        assert answer.status_code in (200, 409, 422), answer.text
        if answer.status_code != 200:
            assert kept(store) == before
    now = await lines()
    standing = [each["matches"][-1] for each in now if each["status"] == "matched"]
    assert max(Counter(match["entry_id"] for match in standing).values(), default=1) == 1
    entries = {row["_id"]: row for row in store.rows("entries")}
    moved = sum(row["amount"] for row in now if row["status"] == "matched")
    by_entries = sum(
        side["debit"] - side["credit"]
        for match in standing
        for side in entries[match["entry_id"]]["lines"]
        if side["code"] == "1002"
    )
    assert by_entries == moved
    assert zones(store).get("1002", 0) == moved + sum(of_no_line(store, now))
    assert any(each["matches"] for each in now)


def of_no_line(store: MemoryStore, now: list[dict[str, Any]]) -> list[int]:
    """How entries that no line stands for move the bank; those that a match had posted and took back are nothing."""
    matches = [match for each in now for match in each["matches"]]
    standing = {match["entry_id"] for match in matches if match["undone_at"] is None}
    taken_back = {
        id for match in matches if match["taken_back_by"] for id in (match["entry_id"], match["taken_back_by"])
    }
    known = standing | taken_back
    assert not standing & taken_back
    return [
        side["debit"] - side["credit"]
        for row in store.rows("entries")
        if row["_id"] not in known and row["book_id"] == zone_of(store)
        for side in row["lines"]
        if side["code"] == "1002"
    ]


def zone_of(store: MemoryStore) -> str:
    (zone,) = (row["_id"] for row in store.rows("books") if row["owner"] == "zone")
    return str(zone)
