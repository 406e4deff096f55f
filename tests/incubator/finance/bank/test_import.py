"""Statements are taken in whole or not at all, and every line of a bank is there once, however often it is sent."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.incubator.finance.bank.formats.reading import HowToRead, StatementFormat, read
from services.incubator.finance.bank.formats.said import SaidLine
from services.incubator.finance.bank.lines.identity import numbered
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As
from tests.incubator.finance.bank.conftest import V1, Import, Lines, added
from tests.incubator.finance.bank.files import camt, line, mt940, ofx, table
from tests.incubator.registry_says import business, partner
from tests.refusals import reason

BANK_ACCOUNT = f"bka_{'1' * 32}"


def shown(found: list[Any]) -> list[tuple[str, int, str]]:
    return [(each["booked_on"], each["amount"], each["reference"]) for each in found]


async def test_a_statement_is_taken_in_with_all_its_lines(
    import_file: Import, lines: Lines, staff: httpx.AsyncClient, store: MemoryStore, account: Any
) -> None:
    content = camt([line(500, 2, "b1", "rent", "Example"), line(-120, 3, "b2")], 1_000)
    answer = await import_file(content)
    statement = answer.json()
    assert answer.status_code == 201, answer.text
    assert {name: statement[name] for name in ("number", "opening", "closing", "closed_on", "lines", "new_lines")} == {
        "number": 1,
        "opening": 1_000,
        "closing": 1_380,
        "closed_on": "2026-02-03",
        "lines": 2,
        "new_lines": 2,
    }
    assert shown(await lines()) == [("2026-02-02", 500, "b1"), ("2026-02-03", -120, "b2")]
    first = (await lines(statement_id=statement["id"], status="open"))[0]
    assert (first["text"], first["name"], first["matches"]) == ("rent", "Example", [])
    now = (await staff.get(f"{V1}/bank-accounts/{account['id']}")).json()
    assert (now["balance"], now["balance_on"], now["statements"]) == (1_380, "2026-02-03", 1)
    (told,) = [row for row in store.rows("outbox") if row["type"] == "zone.incubator.bank_statement.imported.v1"]
    said = json.loads(told["data"])
    assert (said["new_lines"], said["business_id"]) == (2, None)
    assert "Example" not in str(store.rows("outbox"))


@pytest.mark.parametrize(
    ("format", "content"),
    [("camt", camt([line(5)])), ("mt940", mt940([line(5)])), ("ofx", ofx([line(5)])), ("csv", table([line(5)]))],
)
async def test_every_format_is_imported(import_file: Import, lines: Lines, format: str, content: bytes) -> None:
    answer = await import_file(content, format, opening_balance=0)
    assert answer.status_code == 201, answer.text
    assert [each["amount"] for each in await lines()] == [5]


async def test_f7_the_same_file_twice_is_the_same_import(import_file: Import, lines: Lines, store: MemoryStore) -> None:
    content = camt([line(500), line(500)])
    first, again = await import_file(content), await import_file(content)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert len(await lines()) == 2
    assert len(store.rows("bank_statements")) == 1


async def test_f7_the_same_file_many_times_at_once_is_one_import(import_file: Import, lines: Lines) -> None:
    content = camt([line(500), line(500)])
    answers = await asyncio.gather(*(import_file(content) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len(await lines()) == 2


async def test_f7_overlapping_files_bring_only_what_is_new(import_file: Import, lines: Lines) -> None:
    first = [line(1, 2), line(2, 3), line(2, 3)]
    await import_file(camt(first))
    answer = await import_file(camt([*first[1:], line(2, 3), line(3, 4)], 1))
    assert (answer.json()["lines"], answer.json()["new_lines"]) == (4, 2)
    assert [each["amount"] for each in await lines()] == [1, 2, 2, 2, 3]


async def test_f7_one_reference_with_other_amounts_is_other_lines(import_file: Import, lines: Lines) -> None:
    await import_file(camt([line(1, reference="r"), line(2, reference="r"), line(3, reference="r")]))
    assert len(await lines()) == 3


async def test_f7_two_equal_lines_of_a_day_are_two(import_file: Import, lines: Lines) -> None:
    await import_file(camt([line(-450, text="coffee"), line(-450, text="coffee")]))
    assert [each["amount"] for each in await lines()] == [-450, -450]


async def test_f7_another_account_has_lines_of_its_own(
    import_file: Import, lines: Lines, staff: httpx.AsyncClient
) -> None:
    other = (await added(staff, code="2202", numbers=["0002"])).json()
    await import_file(table([line(5)]), "csv")
    await import_file(table([line(5)]), "csv", bank_account_id=other["id"], opening_balance=0)
    assert other["csv_profile"] is not None
    assert len(await lines()) == 2


async def test_f8_what_does_not_add_up_leaves_nothing(import_file: Import, store: MemoryStore) -> None:
    answer = await import_file(camt([line(5)], closing=6))
    assert (answer.status_code, reason(answer), answer.json()["difference"]) == (
        422,
        "statement_does_not_balance",
        1,
    )
    assert not store.rows("bank_statements") + store.rows("statement_lines")


async def test_f8_a_file_that_was_refused_can_be_imported_as_what_it_is(import_file: Import) -> None:
    content = mt940([line(5)])
    assert reason(await import_file(content, "camt")) == "statement_unreadable"
    assert (await import_file(content, "mt940")).status_code == 201


async def test_f8_a_file_of_another_account_is_refused(import_file: Import) -> None:
    answer = await import_file(camt([line(5)], account="DE00"))
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/bank_account_id", "bank_account_differs")
    ]
    assert (await import_file(camt([line(5)], account="DE02 1203 0000 0000 2020 51"))).status_code == 201


async def test_nothing_is_booked_for_a_day_to_come(import_file: Import) -> None:
    answer = await import_file(camt([SaidLine(date(2026, 3, 3), 5)]))
    assert (answer.status_code, reason(answer)) == (422, "date_range")


async def test_an_upload_is_taken_once_and_by_who_sent_it(staff: httpx.AsyncClient, account: Any, api_as: As) -> None:
    other = (await added(staff, code="2202", numbers=["0002"])).json()
    headers = {"Content-Type": "text/csv"}
    sent = await staff.post(f"{V1}/bank-statement-uploads", content=table([line(5)]), headers=headers)
    body = {"upload_id": sent.json()["id"], "bank_account_id": account["id"], "format": "csv"}
    scopes = "incubator:read incubator:write incubator:manage"
    async with api_as(caller("officer", partner=partner(98), scopes=scopes)) as stranger:
        assert (await stranger.post(f"{V1}/bank-statements", json=body)).status_code == 404
    assert (await staff.post(f"{V1}/bank-statements", json=body)).status_code == 201
    again = await staff.post(f"{V1}/bank-statements", json=body | {"bank_account_id": other["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "upload_used")


async def test_a_file_that_is_too_large_is_refused(staff: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "text/csv"}
    content = b"x" * (10 * 1024 * 1024 + 1)
    answer = await staff.post(f"{V1}/bank-statement-uploads", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_an_account_is_added_once_and_stands_for_one_of_the_book(staff: httpx.AsyncClient, account: Any) -> None:
    for change in ({}, {"code": "2202"}, {"numbers": ["other"]}):
        answer = await added(staff, **change)
        assert (answer.status_code, answer.json()["code"]) == (409, "bank_account_exists")
    for code in ("6001", "9999"):
        answer = await added(staff, code=code, numbers=["other"])
        assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/code", "account_unknown")]


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"columns": {"booked_on": "D"}}, "/csv_profile/columns", "one_side"),
        ({"columns": {"booked_on": "D", "amount": "A", "debit": "B"}}, "/csv_profile/columns/debit", "one_side"),
        ({"group": "."}, "/csv_profile/group", "not_distinct"),
        ({"delimiter": "ab"}, "/csv_profile/delimiter", "pattern"),
        ({"encoding": "utf-7"}, "/csv_profile/encoding", "not_one_of"),
    ],
)
async def test_f9_a_profile_that_could_be_read_two_ways_is_refused(
    staff: httpx.AsyncClient, change: dict[str, Any], place: str, code: str
) -> None:
    profile = {"name": "x", "columns": {"booked_on": "D", "amount": "A"}} | change
    answer = await added(staff, csv_profile=profile)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(place, code)]


async def test_a_profile_may_be_said_later(staff: httpx.AsyncClient, account: Any, import_file: Import) -> None:
    profile = {"name": "x", "delimiter": ";", "columns": {"booked_on": "D", "amount": "A"}}
    await staff.post(f"{V1}/bank-accounts/{account['id']}/csv-profile", json=profile)
    answer = await import_file(b"D;A\n2026-02-02;0.05\n", "csv", opening_balance=0, closing_balance=5)
    assert answer.status_code == 201, answer.text


async def test_a_partner_reads_what_banks_say_of_its_own_accounts_and_imports_nothing(
    staff: httpx.AsyncClient, api_as: As, import_file: Import, account: Any
) -> None:
    own = (await added(staff, book_id=book_id(business(1)), numbers=["0002"])).json()
    await import_file(table([line(5)]), "csv", bank_account_id=own["id"])
    await import_file(camt([line(7)]))
    scopes = "incubator:read incubator:write incubator:manage"
    for number, expected in ((1, [5]), (2, [])):
        async with api_as(caller("partner", partner=partner(number), scopes=scopes)) as api:
            found = (await api.get(f"{V1}/statement-lines")).json()["data"]
            assert [each["amount"] for each in found] == expected
            assert len((await api.get(f"{V1}/bank-statements")).json()["data"]) == len(expected)
            assert (await api.get(f"{V1}/bank-accounts/{account['id']}")).status_code == 404
            assert (await added(api)).json()["code"] == "wrong_kind_of_caller"


# pages


async def test_a_page_counts_on_from_the_page_before(import_file: Import, lines: Lines) -> None:
    coffee = line(-450, text="coffee")
    pages = [
        mt940([coffee], 0, tags=("60F", "62M")),
        mt940([coffee], -450, tags=("60M", "62M")),
        mt940([coffee], -900, tags=("60M", "62F")),
    ]
    early = await import_file(pages[1], "mt940")
    assert (early.status_code, early.json()["code"]) == (409, "page_missing")
    for page in pages:
        assert (await import_file(page, "mt940")).json()["new_lines"] == 1
    assert len(await lines()) == 3
    whole = await import_file(mt940([coffee] * 3), "mt940")
    assert whole.json()["new_lines"] == 0
    anew = await import_file(pages[1].replace(b"STARTUMS", b"AGAIN"), "mt940")
    assert (anew.status_code, anew.json()["new_lines"]) == (201, 0)


KINDS = st.builds(line, st.integers(-3, 3).filter(bool), st.integers(1, 4), st.sampled_from(["", "r"]), st.just("t"))
STATEMENTS = st.lists(KINDS, min_size=1, max_size=12).map(lambda found: sorted(found, key=lambda each: each.booked_on))


def ids(lines: Sequence[SaidLine], before: dict[str, int] | None = None) -> tuple[list[str], dict[str, int]]:
    found = numbered(BANK_ACCOUNT, lines, before or {})
    return list(found.lines), found.counted


@given(STATEMENTS, st.data())
def test_f7_any_split_of_a_statement_into_pages_has_the_same_lines(lines: list[SaidLine], data: st.DataObject) -> None:
    whole, _ = ids(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=4)))
    split, counted = [], dict[str, int]()
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        found, counted = ids(lines[start:end], counted)
        split += found
    assert split == whole
    assert len(set(whole)) == len(lines)


@given(STATEMENTS, st.data())
def test_f7_any_files_of_whole_days_have_the_same_lines_in_any_order(
    lines: list[SaidLine], data: st.DataObject
) -> None:
    whole, _ = ids(lines)
    days = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(sorted)
    windows = [[1, 4], *data.draw(st.lists(days, max_size=4))]
    seen: set[str] = set()
    for first, last in data.draw(st.permutations(windows)):
        seen |= set(ids([each for each in lines if first <= each.booked_on.day <= last])[0])
    assert seen == set(whole)


@given(STATEMENTS)
def test_f7_every_format_gives_a_line_the_same_identity_where_it_has_a_reference(lines: list[SaidLine]) -> None:
    named = [line(each.amount, each.booked_on.day, "r", "t") for each in lines]
    files = {StatementFormat.CAMT: camt(named), StatementFormat.MT940: mt940(named)}
    found = [ids(read(content, HowToRead(format, "CNY"))[0].lines)[0] for format, content in files.items()]
    assert found[0] == found[1]
