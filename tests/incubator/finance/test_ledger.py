"""The ledger over HTTP: what balances is posted, what does not is refused, and nothing is ever edited."""

import asyncio
from collections import defaultdict
from typing import Any

import httpx
import pytest

from services.chassis.domain.times import zone_date
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, memory_tx
from services.incubator.finance.book import ZONE_BOOK, Book
from services.incubator.finance.chart import FIRST_CODES
from services.incubator.finance.clocks import open_zone_book
from services.incubator.finance.entry import Posting, sides
from services.incubator.finance.posting import post
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As
from tests.incubator.registry_says import business, partner
from tests.refusals import faults, reason

BOOK = f"/v1/incubator/books/{book_id(business())}"
ENTRIES, ACCOUNTS = f"{BOOK}/entries", f"{BOOK}/accounts"
RENT = {
    "reference": "rent 2026-03",
    "effective_on": "2026-03-01",
    "description": "Rent of March",
    "currency": "CNY",
    "lines": [{"code": "6602", "debit": 120_000}, {"code": "1002", "credit": 120_000}],
}


def lines(*sides: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [{"code": code, "debit": debit, "credit": credit} for code, debit, credit in sides]


async def account(api: httpx.AsyncClient, code: str) -> dict[str, Any]:
    accounts = (await api.get(ACCOUNTS, params={"limit": 200})).json()["data"]
    return next(each for each in accounts if each["code"] == code)


def told(store: MemoryStore) -> list[str]:
    return [row["type"].removeprefix("zone.incubator.") for row in store.rows("outbox")]


# entries


async def test_an_entry_is_posted_with_the_first_number_of_its_month(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    answer = await api.post(ENTRIES, json=RENT)
    assert answer.status_code == 201
    entry = answer.json()
    assert (entry["period"], entry["number"], entry["effective_on"]) == ("2026-03", 1, "2026-03-01")
    assert [(each["code"], each["debit"], each["credit"]) for each in entry["lines"]] == [
        ("6602", 120_000, 0),
        ("1002", 0, 120_000),
    ]
    assert (await api.get(f"{ENTRIES}/{entry['id']}")).json() == entry
    assert "entry.posted.v1" in told(store)


async def test_numbers_have_no_gap_in_a_month_whatever_was_refused_between(api: httpx.AsyncClient) -> None:
    for n, day in enumerate(["2026-03-01", "2026-02-28", "2026-03-02"]):
        assert (await api.post(ENTRIES, json=RENT | {"reference": f"r{n}", "effective_on": day})).status_code == 201
        wrong = RENT | {"reference": f"w{n}", "lines": lines(("6602", 1, 0), ("1002", 0, 2))}
        assert (await api.post(ENTRIES, json=wrong)).status_code == 422
    entries = (await api.get(ENTRIES)).json()["data"]
    numbered = {(each["reference"], each["period"], each["number"]) for each in entries}
    assert numbered == {("r0", "2026-03", 1), ("r1", "2026-02", 1), ("r2", "2026-03", 2)}


async def test_fifty_who_post_at_once_get_fifty_numbers_in_a_row(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post(ENTRIES, json=RENT | {"reference": f"r{n}"}) for n in range(50)))
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 51))
    assert (await account(api, "1002"))["credit"] == 50 * 120_000


async def test_the_same_entry_under_its_reference_is_the_one_that_is_there(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    first = await api.post(ENTRIES, json=RENT)
    before = {name: store.rows(name) for name in ("entries", "accounts", "turnovers", "books")}
    again = await api.post(ENTRIES, json=RENT)
    assert again.json() == first.json()
    assert {name: store.rows(name) for name in before} == before


async def test_another_entry_under_a_reference_is_refused(api: httpx.AsyncClient) -> None:
    first = (await api.post(ENTRIES, json=RENT)).json()
    answer = await api.post(ENTRIES, json=RENT | {"description": "Rent of another month"})
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_conflict")
    assert answer.json()["entry_id"] == first["id"]


async def test_a_reference_is_free_in_every_other_book(api: httpx.AsyncClient, api_as: As) -> None:
    await api.post(ENTRIES, json=RENT)
    async with api_as(caller("partner", partner=partner(2), scopes="incubator:read incubator:write")) as other:
        answer = await other.post(f"/v1/incubator/books/{book_id(business(2))}/entries", json=RENT)
    assert answer.json()["number"] == 1


async def test_an_entry_that_does_not_balance_is_refused_with_the_difference(api: httpx.AsyncClient) -> None:
    answer = await api.post(ENTRIES, json=RENT | {"lines": lines(("6602", 120_000, 0), ("1002", 0, 119_999))})
    assert (faults(answer), answer.json()["difference"]) == ([("/lines", "unbalanced")], 1)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lines": lines(("6602", 0, 0), ("1002", 0, 1))}, [("/lines/0/credit", "one_side")]),
        ({"lines": lines(("6602", 1, 1), ("1002", 0, 1))}, [("/lines/0/credit", "one_side")]),
        (
            {"lines": lines(("6602", -1, 0), ("1002", 0, -1))},
            [("/lines/0/credit", "one_side"), ("/lines/1/credit", "one_side")],
        ),
        ({"lines": lines(("6602", 1, 0))}, [("/lines", "length")]),
        ({"lines": []}, [("/lines", "length")]),
        (
            {"lines": [{"code": "6602", "debit": 1.5}, {"code": "1002", "credit": "100"}]},
            [("/lines/0/debit", "money_invalid"), ("/lines/1/credit", "money_invalid")],
        ),
        ({"lines": lines(("6602", 2**53, 0), ("1002", 0, 1))}, [("/lines/0/debit", "money_invalid")]),
        ({"lines": lines(("6602", 1, 0), ("9999", 0, 1))}, [("/lines/1/code", "account_unknown")]),
        ({"currency": "USD"}, [("/currency", "currency_mismatch")]),
        ({"effective_on": "2026-02-29"}, [("/effective_on", "date_invalid")]),
        ({"effective_on": "2026-03-03"}, [("/effective_on", "date_range")]),
        ({"effective_on": "1969-12-31"}, [("/effective_on", "date_range")]),
        ({"reference": "zone:ivc_1:finalised"}, [("/reference", "reference_reserved")]),
    ],
)  # fmt: skip
async def test_what_no_entry_can_be_is_refused_at_its_place(
    api: httpx.AsyncClient, store: MemoryStore, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    before = {name: store.rows(name) for name in store.collections}
    assert faults(await api.post(ENTRIES, json=RENT | change)) == expected
    assert {name: store.rows(name) for name in before} == before


async def test_a_book_holds_no_more_than_every_reader_can_read(api: httpx.AsyncClient) -> None:
    most = 2**53 - 1
    huge = RENT | {"lines": lines(("6602", most, 0), ("1002", 0, most))}
    assert (await api.post(ENTRIES, json=huge)).status_code == 201
    answer = await api.post(ENTRIES, json=huge | {"reference": "more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "book_full")


async def test_entries_are_found_by_month_and_by_account(api: httpx.AsyncClient) -> None:
    await api.post(ENTRIES, json=RENT)
    sale = {"reference": "s", "effective_on": "2026-02-03", "lines": lines(("1002", 5, 0), ("6001", 0, 5))}
    await api.post(ENTRIES, json=RENT | sale)
    by_month = (await api.get(ENTRIES, params={"period": "2026-02"})).json()["data"]
    by_account = (await api.get(ENTRIES, params={"account_id": (await account(api, "6602"))["id"]})).json()["data"]
    assert ([each["reference"] for each in by_month], [each["reference"] for each in by_account]) == (
        ["s"],
        ["rent 2026-03"],
    )


async def test_accounts_and_turnovers_are_what_the_entries_say(api: httpx.AsyncClient, store: MemoryStore) -> None:
    for n, day in enumerate(["2026-03-01", "2026-02-28", "2026-03-02", "2025-12-31"]):
        await api.post(ENTRIES, json=RENT | {"reference": f"r{n}", "effective_on": day})
    said: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for entry in store.rows("entries"):
        for line in entry["lines"]:
            for basis, on in (("effective", entry["effective_on"]), ("recorded", entry["recorded_on"])):
                said[line["account_id"], basis, "day", f"{on}"] += line["debit"] - line["credit"]
                said[line["account_id"], basis, "month", f"{on:%Y-%m}-01"] += line["debit"] - line["credit"]
    kept = {
        (row["account_id"], row["basis"], row["span"], f"{row['on']}"): row["debit"] - row["credit"]
        for row in store.rows("turnovers")
    }
    assert kept == said
    assert (await account(api, "6602"))["balance"] == 4 * 120_000


# reversals


async def test_f5_a_reversal_stands_on_the_day_of_its_entry_while_that_is_open(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    entry = (await api.post(ENTRIES, json=RENT | {"effective_on": "2026-01-15"})).json()
    answer = await api.post(f"{ENTRIES}/{entry['id']}/reverse", json={})
    mirror = answer.json()
    assert (answer.status_code, mirror["effective_on"], mirror["reverses"]) == (201, "2026-01-15", entry["id"])
    assert [(each["code"], each["debit"], each["credit"]) for each in mirror["lines"]] == [
        ("6602", 0, 120_000),
        ("1002", 120_000, 0),
    ]
    assert (await api.get(f"{ENTRIES}/{entry['id']}")).json()["reversed_by"] == mirror["id"]
    assert (await account(api, "6602"))["balance"] == 0
    assert "entry.reversed.v1" in told(store)


async def test_f5_a_reversal_in_a_closed_month_asks_for_a_day_and_never_before_the_entry(
    api: httpx.AsyncClient,
) -> None:
    entry = (await api.post(ENTRIES, json=RENT | {"effective_on": "2026-01-15"})).json()
    await api.post(f"{BOOK}/close-period", json={"period": "2026-01"})
    of_it = f"{ENTRIES}/{entry['id']}/reverse"
    closed = await api.post(of_it, json={})
    assert (closed.status_code, closed.json()["code"]) == (409, "period_closed")
    assert closed.json()["closed_through"] == "2026-01-31"
    assert faults(await api.post(of_it, json={"effective_on": "2026-01-14"})) == [("/effective_on", "date_range")]
    mirror = (await api.post(of_it, json={"effective_on": "2026-02-01"})).json()
    assert (mirror["effective_on"], mirror["period"], mirror["number"]) == ("2026-02-01", "2026-02", 1)


async def test_f5_an_entry_is_reversed_once_and_a_reversal_never(api: httpx.AsyncClient) -> None:
    entry = (await api.post(ENTRIES, json=RENT)).json()
    of_it = f"{ENTRIES}/{entry['id']}/reverse"
    answers = await asyncio.gather(*(api.post(of_it, json={}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    mirror = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (refused["code"], refused["reversed_by"]) == ("already_reversed", mirror["id"])
    again = await api.post(f"{ENTRIES}/{mirror['id']}/reverse", json={})
    assert (again.status_code, again.json()["code"]) == (409, "not_reversible")


# periods


async def test_a_closed_month_takes_no_entry_and_no_month_before_it_does(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    closed = await api.post(f"{BOOK}/close-period", json={"period": "2026-01"})
    assert (closed.status_code, closed.json()["closed_through"]) == (200, "2026-01-31")
    assert "period.closed.v1" in told(store)
    for day in ("2026-01-31", "2025-11-05"):
        answer = await api.post(ENTRIES, json=RENT | {"effective_on": day})
        assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert (await api.post(ENTRIES, json=RENT | {"effective_on": "2026-02-01"})).status_code == 201


async def test_a_month_is_closed_once_and_when_it_is_over(api: httpx.AsyncClient) -> None:
    too_early = await api.post(f"{BOOK}/close-period", json={"period": "2026-03"})
    assert faults(too_early) == [("/period", "period_not_over")]
    assert (await api.post(f"{BOOK}/close-period", json={"period": "2026-02"})).status_code == 200
    again = await api.post(f"{BOOK}/close-period", json={"period": "2026-01"})
    assert (again.status_code, again.json()["code"]) == (409, "period_closed")


async def test_a_month_can_be_closed_as_the_book_was_seen(api: httpx.AsyncClient) -> None:
    seen = (await api.get(BOOK)).headers["etag"]
    await api.post(ENTRIES, json=RENT)
    answer = await api.post(f"{BOOK}/close-period", json={"period": "2026-02"}, headers={"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")


# accounts


async def test_a_first_account_becomes_a_document_with_the_first_entry_in_it(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    before = await account(api, "1002")
    assert (before["version"], before["balance"], store.rows("accounts")) == (1, 0, [])
    assert (await api.get(f"{ACCOUNTS}/{before['id']}")).json() == before
    statement = (await api.get(f"{ACCOUNTS}/{before['id']}/statement")).json()
    assert statement["code"] == "1002"
    for number in range(2):
        await api.post(ENTRIES, json=RENT | {"reference": f"rent {number}"})
        after = await account(api, "1002")
        assert (after["version"], after["credit"]) == (number + 2, (number + 1) * 120_000)
    assert after == before | {"version": 3, "credit": 240_000, "balance": -240_000}
    assert sorted(row["code"] for row in store.rows("accounts")) == ["1002", "6602"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 11, 12, 200])
async def test_accounts_are_paged_by_code_whether_they_are_documents_or_not(api: httpx.AsyncClient, limit: int) -> None:
    for code in ("0001", "100201", "9999"):
        await api.post(ACCOUNTS, json={"code": code, "name": code, "type": "asset"})
    await api.post(ENTRIES, json=RENT)
    found: list[str] = []
    after: dict[str, str] = {}
    while len(found) < 20:
        page = (await api.get(ACCOUNTS, params={"limit": limit, **after})).json()
        assert len(page["data"]) <= limit
        found += [each["code"] for each in page["data"]]
        if page["next_cursor"] is None:
            break
        after = {"cursor": page["next_cursor"]}
    assert found == sorted(["0001", "100201", "9999", *FIRST_CODES])


async def test_a_first_account_is_changed_only_as_it_was_seen(api: httpx.AsyncClient) -> None:
    path = f"{ACCOUNTS}/{(await account(api, '6001'))['id']}"
    seen = (await api.get(path)).headers["etag"]
    for tag, told in ((seen, "account_needed"), (seen.replace("v1.", "v7."), "precondition_failed")):
        assert reason(await api.post(f"{path}/close", headers={"If-Match": tag})) == told


async def test_a_first_account_is_not_opened_again(api: httpx.AsyncClient) -> None:
    answer = await api.post(ACCOUNTS, json={"code": "1002", "name": "bank", "type": "asset"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account_exists")


async def test_several_entries_of_one_unit_of_work_make_one_document_of_an_account(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    tx = memory_tx(store)
    book = await tx.get(Book, book_id(business()))
    for number in range(3):
        lines_of_it = sides(book.id, {"6602": 5, "1002": -5})
        await post(Posting(zone_date(NOON), f"r{number}", "Rent", lines_of_it), book, tx)
    await tx.commit()
    assert ((await account(api, "6602"))["debit"], (await account(api, "1002"))["credit"]) == (15, 15)


async def test_an_account_is_opened_under_a_free_code(api: httpx.AsyncClient, store: MemoryStore) -> None:
    new = {"code": "100201", "name": "second bank", "type": "asset", "constraint": "no_overdraft"}
    opened = await api.post(ACCOUNTS, json=new)
    assert opened.status_code == 201
    assert {name: opened.json()[name] for name in new} == new
    assert (await api.get(f"{ACCOUNTS}/{opened.json()['id']}")).json() == opened.json()
    again = await api.post(ACCOUNTS, json=new)
    assert (again.status_code, again.json()["code"]) == (409, "account_exists")
    assert "account.opened.v1" in told(store)


async def test_an_account_without_overdraft_never_holds_less_than_nothing(api: httpx.AsyncClient) -> None:
    await api.post(ACCOUNTS, json={"code": "100201", "name": "cash", "type": "asset", "constraint": "no_overdraft"})
    await api.post(ACCOUNTS, json={"code": "220301", "name": "owed", "type": "liability", "constraint": "no_overdraft"})
    paid_in = lines(("100201", 100, 0), ("220301", 0, 100))
    assert (await api.post(ENTRIES, json=RENT | {"reference": "in", "lines": paid_in})).status_code == 201
    out = [RENT | {"reference": f"out{n}", "lines": lines(("220301", 40, 0), ("100201", 0, 40))} for n in range(4)]
    answers = await asyncio.gather(*(api.post(ENTRIES, json=each) for each in out))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"overdraft"}
    assert (await account(api, "100201"))["balance"] == (await account(api, "220301"))["balance"] == 20


async def test_an_account_is_closed_once_it_holds_nothing_and_takes_nothing_then(
    api: httpx.AsyncClient, store: MemoryStore
) -> None:
    opened = (await api.post(ACCOUNTS, json={"code": "100201", "name": "cash", "type": "asset"})).json()
    into = RENT | {"reference": "in", "lines": lines(("100201", 100, 0), ("1002", 0, 100))}
    entry = (await api.post(ENTRIES, json=into)).json()
    close = f"{ACCOUNTS}/{opened['id']}/close"
    assert (await api.post(close)).json()["code"] == "account_not_empty"
    await api.post(f"{ENTRIES}/{entry['id']}/reverse", json={})
    assert (await api.post(close)).json()["status"] == "closed"
    assert "account.closed.v1" in told(store)
    assert (await api.post(close)).json()["code"] == "invalid_transition"
    answer = await api.post(ENTRIES, json=into | {"reference": "again"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account_closed")


async def test_the_accounts_that_the_zone_posts_to_stay_open(api: httpx.AsyncClient) -> None:
    answer = await api.post(f"{ACCOUNTS}/{(await account(api, '2202'))['id']}/close")
    assert (answer.status_code, answer.json()["code"]) == (409, "account_needed")


# whose


async def test_a_partner_posts_to_no_book_but_its_own(api: httpx.AsyncClient) -> None:
    answer = await api.post(f"/v1/incubator/books/{book_id(business(2))}/entries", json=RENT)
    assert answer.status_code == 404


async def test_the_account_of_another_book_is_not_found_under_this_one(api_as: As, api: httpx.AsyncClient) -> None:
    async with api_as(caller("officer", partner=partner(99), scopes="incubator:read")) as officer:
        other = f"/v1/incubator/books/{book_id(business(2))}/accounts/{(await account(api, '1002'))['id']}"
        assert (await officer.get(other)).status_code == 404


async def test_the_zones_own_book_is_opened_once_and_seen_by_officials_and_auditors_only(
    api: httpx.AsyncClient, api_as: As, store: MemoryStore
) -> None:
    for _ in range(2):
        await open_zone_book(NOON, lambda: memory_tx(store))
    zone = f"/v1/incubator/books/{ZONE_BOOK}"
    for kind in ("officer", "supervisor", "auditor"):
        async with api_as(caller(kind, partner=partner(99), scopes="incubator:read")) as watcher:
            assert (await watcher.get(zone)).json()["owner"] == "zone"
            (found,) = (await watcher.get("/v1/incubator/books", params={"owner": "zone"})).json()["data"]
            assert found["id"] == ZONE_BOOK
    assert (await api.get(zone)).status_code == (await api.get(f"{zone}/entries")).status_code == 404
    assert (await api.get("/v1/incubator/books", params={"owner": "zone"})).json()["data"] == []
    async with api_as(caller("officer", partner=partner(99), scopes="incubator:read")) as officer:
        assert len((await officer.get(f"{zone}/accounts")).json()["data"]) == 9
    assert (await api.get(f"{zone}/accounts")).status_code == 404


async def test_what_is_entered_in_the_zones_book_is_told_to_nobody_outside(
    api_as: As, store: MemoryStore, zone_book: None
) -> None:
    async with api_as(caller("officer", partner=partner(99), scopes="incubator:read incubator:write")) as officer:
        answer = await officer.post(f"/v1/incubator/books/{ZONE_BOOK}/entries", json=RENT)
    assert answer.status_code == 201
    assert [(row["partner_id"], row["business_id"]) for row in store.rows("outbox")] == [(None, None)]
