"""Lines of banks meet the books: the zone proposes with its reasons, an official decides, and can undo it."""

import asyncio
from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.incubator.finance.bank.lines import line as line_file
from services.incubator.finance.book import ZONE_BOOK
from services.incubator.finance.invoices.reference import numbers_in, reference_of_number
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As
from tests.incubator.finance.bank.conftest import V1, Import, Lines, added
from tests.incubator.finance.bank.files import camt, line, table
from tests.incubator.finance.books import INVOICES, PAYMENTS, invoiced, tenants, zones
from tests.incubator.registry_says import business, partner
from tests.refusals import reason

NAME = "示例软件1号有限公司"
"""As the first business is called."""


@pytest.fixture
def one(import_file: Import, lines: Lines) -> Any:
    """The one line of a statement that is imported, in minor units."""

    async def one(amount: int, text: str = "", **more: Any) -> dict[str, Any]:
        answer = await import_file(camt([line(amount, text=text, **more)]))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = (await lines())[-1]
        return found

    return one


async def proposed(staff: httpx.AsyncClient, of: dict[str, Any]) -> list[Any]:
    found: list[Any] = (await staff.get(f"{V1}/statement-lines/{of['id']}/proposals")).json()["data"]
    return found


def shares(proposal: dict[str, Any]) -> list[tuple[str, int]]:
    return [(each["invoice_id"], each["amount"]) for each in proposal["shares"]]


async def done(staff: httpx.AsyncClient, of: dict[str, Any], act: str, **body: Any) -> httpx.Response:
    return await staff.post(f"{V1}/statement-lines/{of['id']}/{act}", json=body)


async def confirmed(staff: httpx.AsyncClient, of: dict[str, Any], proposal: dict[str, Any]) -> httpx.Response:
    """An official takes a line for the payment that is proposed."""
    body = {"business_id": proposal["business_id"], "allocations": proposal["shares"], "prepay": proposal["rest"] > 0}
    return await done(staff, of, "receive-payment", **body)


async def entry_of(staff: httpx.AsyncClient, reference: str, amount: int, book: str = ZONE_BOOK) -> Any:
    """An entry that somebody posted by hand: what comes in on the bank is revenue."""
    sides = [{"code": "1002", "debit": max(amount, 0), "credit": max(-amount, 0)}]
    sides += [{"code": "6001", "debit": max(-amount, 0), "credit": max(amount, 0)}]
    body = {"reference": reference, "effective_on": "2026-02-02", "description": "x", "currency": "CNY", "lines": sides}
    answer = await staff.post(f"{V1}/books/{book}/entries", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_payment_reference_has_check_digits_that_a_slip_breaks() -> None:
    assert reference_of_number(12) == "RF72IVC12"
    assert list(numbers_in("rent rf72 ivc12, RF72IVC12")) == [12]
    assert not list(numbers_in("RF72IVC13 RF73IVC12 RF72IVC1 2X RF72IVC120 invoice 12"))
    assert {next(numbers_in(reference_of_number(number))) for number in range(1, 500)} == set(range(1, 500))


async def test_f10_two_invoices_of_one_amount_are_both_proposed_and_none_is_chosen(
    staff: httpx.AsyncClient, one: Any
) -> None:
    first, second = await invoiced(staff, 500_00), await invoiced(staff, 500_00, number=2)
    found = await one(500_00)
    assert found["status"] == "open"
    assert [(each["reasons"], each["certain"]) for each in await proposed(staff, found)] == [(["amount"], False)] * 2
    assert {shares(each)[0][0] for each in await proposed(staff, found)} == {first["id"], second["id"]}


async def test_f10_reference_and_amount_leave_nothing_to_decide_but_an_official_still_does(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    await invoiced(staff, 500_00)
    second = await invoiced(staff, 500_00)
    found = await one(500_00, f"Rent {second['payment_reference']}")
    best, other = await proposed(staff, found)
    assert (best["reasons"], best["certain"], shares(best)) == (["reference", "amount"], True, [(second["id"], 500_00)])
    assert (other["reasons"], other["certain"]) == (["amount"], False)
    assert zones(store) == {"1122": 1000_00, "6001": -1000_00}
    answer = await confirmed(staff, found, best)
    assert (answer.status_code, answer.json()["status"]) == (200, "matched")
    assert zones(store) == {"1002": 500_00, "1122": 500_00, "6001": -1000_00}
    assert (await staff.get(f"{INVOICES}/{second['id']}")).json()["settled_on"] == "2026-03-02"
    assert await proposed(staff, found) == []


async def test_f10_two_references_with_the_amount_of_each_are_not_certain(staff: httpx.AsyncClient, one: Any) -> None:
    invoices = [await invoiced(staff, 500_00, number=number) for number in (1, 2)]
    found = await proposed(staff, await one(500_00, " ".join(each["payment_reference"] for each in invoices)))
    assert [(each["reasons"], each["certain"]) for each in found] == [(["reference", "amount"], False)] * 2


async def test_f10_one_line_for_two_invoices_that_sum_to_it_is_proposed(staff: httpx.AsyncClient, one: Any) -> None:
    first, second = await invoiced(staff, 300_00), await invoiced(staff, 200_00)
    await invoiced(staff, 200_00, number=2)
    (found,) = await proposed(staff, await one(500_00, name=NAME))
    assert (found["reasons"], found["rest"]) == (["sum", "payer"], 0)
    assert sorted(shares(found)) == sorted([(first["id"], 300_00), (second["id"], 200_00)])


async def test_two_invoices_that_a_line_names_are_paid_together(staff: httpx.AsyncClient, one: Any) -> None:
    invoices = [await invoiced(staff, 300_00), await invoiced(staff, 200_00)]
    found = await one(500_00, " ".join(each["payment_reference"] for each in invoices))
    (proposal,) = await proposed(staff, found)
    assert (proposal["reasons"], proposal["certain"]) == (["reference", "amount"], True)
    assert (await confirmed(staff, found, proposal)).status_code == 200
    assert [(await staff.get(f"{INVOICES}/{each['id']}")).json()["status"] for each in invoices] == ["paid", "paid"]


@pytest.mark.parametrize(
    ("amount", "reason", "share", "rest"), [(200_00, "part", 200_00, 0), (600_00, "more", 500_00, 100_00)]
)
async def test_a_part_and_more_than_is_owed_are_proposed_as_such(
    staff: httpx.AsyncClient, one: Any, amount: int, reason: str, share: int, rest: int
) -> None:
    invoice = await invoiced(staff, 500_00)
    found = await one(amount, invoice["payment_reference"])
    (proposal,) = await proposed(staff, found)
    assert (proposal["reasons"], proposal["certain"]) == (["reference", reason], False)
    assert (shares(proposal), proposal["rest"]) == ([(invoice["id"], share)], rest)
    answer = await confirmed(staff, found, proposal)
    assert answer.status_code == 200, answer.text
    assert (await staff.get(f"{INVOICES}/{invoice['id']}")).json()["paid"] == share


async def test_who_paid_is_a_reason_and_what_fits_nothing_may_wait(staff: httpx.AsyncClient, one: Any) -> None:
    invoice = await invoiced(staff, 500_00)
    (proposal,) = await proposed(staff, await one(123_00, name=NAME))
    assert (proposal["reasons"], shares(proposal), proposal["rest"]) == (["payer"], [], 123_00)
    assert proposal["business_id"] == invoice["business_id"]


async def test_who_paid_from_an_account_before_is_known_by_it(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines
) -> None:
    await invoiced(staff, 1)
    payer = "<NtryDtls><TxDtls><RltdPties><DbtrAcct><Id><IBAN>X1</IBAN></Id></DbtrAcct></RltdPties></TxDtls></NtryDtls>"
    for day in (2, 3):
        content = camt([line(day, day)]).decode().replace("</ValDt>", f"</ValDt>{payer}")
        await import_file(content.encode())
    first, second = await lines()
    assert await proposed(staff, second) == []
    await done(staff, first, "receive-payment", business_id=business(1), prepay=True)
    assert [each["reasons"] for each in await proposed(staff, second)] == [["payer"]]


async def test_a_reference_of_another_currency_or_of_a_paid_invoice_is_none(staff: httpx.AsyncClient, one: Any) -> None:
    invoice = await invoiced(staff, 500_00)
    paid = {"business_id": business(1), "external_ref": "x", "amount": 500_00, "currency": "CNY"}
    share = {"invoice_id": invoice["id"], "amount": 500_00}
    await staff.post(PAYMENTS, json=paid | {"received_on": "2026-03-02", "allocations": [share]})
    found = await proposed(staff, await one(500_00, invoice["payment_reference"]))
    assert [(each["reasons"], each["business_id"]) for each in found] == [(["amount"], None)]


# entries that are there


async def test_f10_a_payment_that_was_taken_in_is_matched_by_itself_and_booked_once(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    paid = {"business_id": business(1), "external_ref": "bank-1", "amount": 500, "currency": "CNY", "prepay": True}
    payment = (await staff.post(PAYMENTS, json=paid | {"received_on": "2026-02-02"})).json()
    before = zones(store)
    found = await one(500, reference="bank-1")
    (match,) = found["matches"]
    assert (found["status"], match["automatic"], match["posted"]) == ("matched", True, False)
    assert match["payment_id"] == payment["id"]
    assert zones(store) == before


async def test_f10_an_entry_that_a_line_names_is_matched_by_itself_where_the_amount_is_its(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines
) -> None:
    entry = await entry_of(staff, "fee-1", -15)
    await entry_of(staff, "fee-2", -16)
    await import_file(camt([line(-15, reference="fee-1"), line(-15, reference="fee-2"), line(-15)]))
    found = await lines()
    assert [each["status"] for each in sorted(found, key=lambda each: each["reference"])] == ["open", "matched", "open"]
    (matched,) = (each for each in found if each["status"] == "matched")
    assert matched["matches"][0]["entry_id"] == entry["id"]


async def test_f10_two_lines_that_name_the_same_are_for_a_person(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines
) -> None:
    entry = await entry_of(staff, "fee-1", -15)
    await import_file(camt([line(-15, reference="fee-1"), line(-15, reference="fee-1")]))
    first, second = await lines()
    assert (first["status"], second["status"]) == ("open", "open")
    assert [each["entry_id"] for each in await proposed(staff, first)] == [entry["id"]]
    assert (await done(staff, first, "match", entry_id=entry["id"])).status_code == 200
    again = await done(staff, second, "match", entry_id=entry["id"])
    assert (again.status_code, again.json()["code"]) == (409, "entry_matched")
    assert await proposed(staff, second) == []


async def test_f10_a_match_made_by_hand_is_never_replaced(
    staff: httpx.AsyncClient, one: Any, import_file: Import, lines: Lines
) -> None:
    entry, other = await entry_of(staff, "a", 5), await entry_of(staff, "b", 5)
    found = await one(5, reference="r")
    await done(staff, found, "match", entry_id=entry["id"])
    again = await done(staff, found, "match", entry_id=other["id"])
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    await import_file(camt([line(5, reference="r"), line(6)]))
    assert [each["matches"][0]["entry_id"] for each in await lines() if each["matches"]] == [entry["id"]]


async def test_an_entry_of_another_amount_or_book_is_not_what_a_line_says(staff: httpx.AsyncClient, one: Any) -> None:
    found = await one(5)
    for entry in (await entry_of(staff, "a", 6), await entry_of(staff, "a", 5, book_id(business(1)))):
        answer = await done(staff, found, "match", entry_id=entry["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "entry_differs")
    taken_back = await entry_of(staff, "b", 5)
    await staff.post(f"{V1}/books/{ZONE_BOOK}/entries/{taken_back['id']}/reverse", json={})
    answer = await done(staff, found, "match", entry_id=taken_back["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_taken_back")
    assert await proposed(staff, found) == []


async def test_a_line_of_a_tenants_bank_is_matched_with_what_its_own_book_says(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines
) -> None:
    own = (await added(staff, book_id=book_id(business(1)), numbers=["0002"])).json()
    invoice = await invoiced(staff, 70)
    paid = {"business_id": business(1), "external_ref": "x", "amount": 70, "currency": "CNY"}
    share = {"invoice_id": invoice["id"], "amount": 70}
    await staff.post(PAYMENTS, json=paid | {"received_on": "2026-03-02", "allocations": [share]})
    await import_file(table([line(-70)], 100), "csv", bank_account_id=own["id"])
    (found,) = await lines()
    (proposal,) = await proposed(staff, found)
    assert (await done(staff, found, "match", entry_id=proposal["entry_id"])).json()["status"] == "matched"
    refused = await done(staff, found, "receive-payment", business_id=business(1), prepay=True)
    assert refused.json()["code"] == "invalid_transition"


# what an official has posted, and undoes


async def test_a_charge_of_the_bank_is_posted_and_taken_back(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    found = await one(-15_00, "Charge")
    posted = await done(staff, found, "post-entry", code="6602", description="Charge of the bank")
    assert posted.status_code == 200, posted.text
    assert zones(store) == {"1002": -15_00, "6602": 15_00}
    entry = posted.json()["matches"][0]["entry_id"]
    by_hand = await staff.post(f"{V1}/books/{ZONE_BOOK}/entries/{entry}/reverse", json={})
    assert by_hand.json()["code"] == "not_reversible"
    undone = (await done(staff, found, "unmatch")).json()
    assert (undone["status"], zones(store)) == ("open", {})
    (match,) = undone["matches"]
    assert match["undone_at"] is not None
    assert match["taken_back_by"] is not None
    assert await proposed(staff, found) == []
    for dead in (entry, match["taken_back_by"]):
        assert (await done(staff, found, "match", entry_id=dead)).json()["code"] == "entry_taken_back"
    again = await done(staff, found, "post-entry", code="6602", description="Charge of the bank")
    assert (again.status_code, zones(store)) == (200, {"1002": -15_00, "6602": 15_00})


@pytest.mark.parametrize("code", ["1002", "9999"])
async def test_a_line_is_posted_against_another_account_of_the_book(
    staff: httpx.AsyncClient, one: Any, code: str
) -> None:
    answer = await done(staff, await one(-15), "post-entry", code=code, description="x")
    assert (answer.status_code, reason(answer)) == (422, "account_unknown")


async def test_a_payment_that_was_matched_wrongly_is_undone_and_taken_in_for_another(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    first, second = await invoiced(staff, 500), await invoiced(staff, 500, number=2)
    found = await one(500)
    wrong, right = await proposed(staff, found)
    if wrong["business_id"] != business(1):
        wrong, right = right, wrong
    await confirmed(staff, found, wrong)
    undone = (await done(staff, found, "unmatch")).json()
    assert undone["status"] == "open"
    assert (await staff.get(f"{INVOICES}/{first['id']}")).json()["outstanding"] == 500
    assert zones(store) == {"1122": 1000, "6001": -1000}
    assert [each["entry_id"] for each in await proposed(staff, found)] == [None, None]
    assert (await confirmed(staff, found, right)).status_code == 200
    assert (await staff.get(f"{INVOICES}/{second['id']}")).json()["status"] == "paid"
    assert zones(store) == {"1002": 500, "1122": 500, "6001": -1000}
    assert tenants(store, 1)["2202"] == -500
    assert "2202" not in tenants(store, 2)


async def test_a_match_with_an_entry_of_before_is_undone_and_the_entry_stays(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    entry = await entry_of(staff, "a", 5)
    found = await one(5)
    await done(staff, found, "match", entry_id=entry["id"])
    await done(staff, found, "unmatch")
    assert zones(store) == {"1002": 5, "6001": -5}
    assert [each["entry_id"] for each in await proposed(staff, found)] == [entry["id"]]
    assert (await done(staff, found, "match", entry_id=entry["id"])).json()["matches"][1]["undone_at"] is None
    told = [row["type"] for row in store.rows("outbox") if "statement_line" in row["type"]]
    matched, unmatched = (f"zone.incubator.statement_line.{what}.v1" for what in ("matched", "unmatched"))
    assert told == [matched, unmatched, matched]


async def test_a_line_that_is_not_matched_is_not_undone(staff: httpx.AsyncClient, one: Any) -> None:
    answer = await done(staff, await one(5), "unmatch")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


async def test_matches_that_are_made_and_undone_again_and_again_come_to_an_end(
    staff: httpx.AsyncClient, one: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_file, "MOST_MATCHES", 1)
    found = await one(-5)
    await done(staff, found, "post-entry", code="6602", description="x")
    await done(staff, found, "unmatch")
    answer = await done(staff, found, "post-entry", code="6602", description="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_matches")


async def test_one_line_is_taken_in_once_by_two_officials_at_once(
    staff: httpx.AsyncClient, one: Any, store: MemoryStore
) -> None:
    await invoiced(staff, 500)
    found = await one(500)
    (proposal,) = await proposed(staff, found)
    answers = await asyncio.gather(*(confirmed(staff, found, proposal) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert zones(store) == {"1002": 500, "6001": -500}


async def test_one_entry_is_matched_once_with_two_lines_at_once(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines
) -> None:
    entry = await entry_of(staff, "a", 5)
    await import_file(camt([line(5), line(5)]))
    answers = await asyncio.gather(*(done(staff, each, "match", entry_id=entry["id"]) for each in await lines()))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_what_goes_out_or_is_a_tenants_is_no_payment_to_the_zone(
    staff: httpx.AsyncClient, one: Any, import_file: Import, lines: Lines
) -> None:
    out = await one(-5)
    answer = await done(staff, out, "receive-payment", business_id=business(1), prepay=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "line_goes_out")
    own = (await added(staff, book_id=book_id(business(1)), numbers=["0002"])).json()
    await import_file(table([line(7)]), "csv", bank_account_id=own["id"])
    (found,) = await lines(bank_account_id=own["id"])
    answer = await done(staff, found, "receive-payment", business_id=business(1), prepay=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_the_zones")


async def test_a_line_of_a_closed_month_counts_for_the_first_open_day(staff: httpx.AsyncClient, one: Any) -> None:
    found = await one(500)
    await staff.post(f"{V1}/books/{ZONE_BOOK}/close-period", json={"period": "2026-02"})
    taken = (await done(staff, found, "receive-payment", business_id=business(1), prepay=True)).json()
    payment = (await staff.get(f"{PAYMENTS}/{taken['matches'][0]['payment_id']}")).json()
    assert payment["received_on"] == "2026-03-01"


async def test_money_that_came_in_on_a_second_account_stands_there(
    staff: httpx.AsyncClient, import_file: Import, lines: Lines, store: MemoryStore
) -> None:
    opened = {"code": "100201", "name": "second", "type": "asset"}
    await staff.post(f"{V1}/books/{ZONE_BOOK}/accounts", json=opened)
    second = (await added(staff, code="100201", numbers=["0002"])).json()
    await import_file(table([line(7)]), "csv", bank_account_id=second["id"])
    (found,) = await lines()
    taken = (await done(staff, found, "receive-payment", business_id=business(1), prepay=True)).json()
    assert zones(store) == {"100201": 7, "2203": -7}
    await staff.post(f"{PAYMENTS}/{taken['matches'][0]['payment_id']}/reverse")
    assert zones(store) == {}
    refused = await done(staff, found, "unmatch")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


async def test_a_partner_decides_nothing_about_lines(staff: httpx.AsyncClient, api_as: As, one: Any) -> None:
    found = await one(5)
    scopes = "incubator:read incubator:write incubator:manage"
    async with api_as(caller("partner", partner=partner(1), scopes=scopes)) as api:
        assert (await done(api, found, "unmatch")).json()["code"] == "wrong_kind_of_caller"
        assert (await api.get(f"{V1}/statement-lines/{found['id']}/proposals")).status_code == 404
