"""The end of rounds (I6): closed in one commit with shares and entries, failed, or called off."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import httpx
import pytest

from services.chassis.domain.money import LARGEST
from services.chassis.store.writes import Document
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.investment.closing import effects, handlers
from services.incubator.investment.closing.allocation import conversion_price, shares_for
from tests.incubator.conftest import V1, Hear, Json, created
from tests.incubator.investment.conftest import (
    COMMITMENTS,
    INVESTORS,
    MILLION,
    MINE,
    ROUNDS,
    SEEKS,
    Act,
    held,
    refusal,
    seen,
    told,
)
from tests.incubator.registry_says import business, dissolution_started, dissolved

BOOK = f"{V1}/books/bok_{business(1).removeprefix('biz_')}"


async def entries(api: httpx.AsyncClient) -> list[dict[str, int]]:
    """What stands in the journal: code → debit less credit."""
    found = (await api.get(f"{BOOK}/entries")).json()["data"]
    return [{each["code"]: each["debit"] - each["credit"] for each in entry["lines"]} for entry in found]


@pytest.fixture
def close(first: httpx.AsyncClient) -> Act:
    async def close(round: Json) -> Json:
        answer = await first.post(f"{ROUNDS}/{round['id']}/close")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return close


@pytest.fixture
async def priced(share_class: Act, issue: Act, investor: Act) -> Json:
    """Terms of priced equity: a founder holds 1,000 shares, and the business is worth 7 million before."""
    common = await share_class(authorised=2_000)
    await issue(common, await investor(), 1_000)
    return {"instrument": "priced_equity", "pre_money": 7 * MILLION, "share_class_id": common["id"]}


async def test_reached_means_reached_i6(open_round: Act, fund: Act, pass_time: Act, close: Act) -> None:
    round = await open_round()
    await fund(round, MILLION)
    await pass_time(days=30)
    assert (await close(round))["status"] == "closed"


async def test_a_round_that_missed_its_target_fails_at_the_deadline_and_lets_all_go_i6(
    first: httpx.AsyncClient, open_round: Act, fund: Act, pledge: Act, pass_time: Act, store: MemoryStore
) -> None:
    round = await open_round(min_ticket=1)
    paid, promised = await fund(round, MILLION - 2), await pledge(round, 1)
    await pass_time(days=30)
    now = await seen(first, ROUNDS, round)
    assert (now["status"], now["committed"]) == ("failed", 0)
    for commitment, back in ((paid, MILLION - 2), (promised, 0)):
        over = await seen(first, COMMITMENTS, commitment)
        assert (over["status"], over["returned"]) == ("released", back)
    assert await entries(first) == []
    assert [kind for kind, _ in told(store, round["id"])] == ["round.opened.v1", "round.failed.v1"]
    assert {each["commitments"] for each in store.collections["investors"].values()} == {0}


async def test_a_close_fails_a_round_that_missed_its_target_without_waiting_for_the_clock_i6(
    open_round: Act, fund: Act, clock: FixedClock, close: Act
) -> None:
    round = await open_round(min_ticket=1)
    await fund(round, MILLION - 1)
    clock.at += timedelta(days=30)
    assert (await close(round))["status"] == "failed"


async def test_a_close_issues_shares_enters_money_and_lets_the_others_go_in_one_commit(
    first: httpx.AsyncClient,
    priced: Json,
    open_round: Act,
    fund: Act,
    pledge: Act,
    pass_time: Act,
    close: Act,
    cap_table: Act,
    store: MemoryStore,
) -> None:
    round = await open_round(**priced)
    big, small, promised = await fund(round, MILLION), await fund(round, 10_000), await pledge(round, 5_000)
    await pass_time(days=30)
    closed = await close(round)
    # 7,000 a share: 1,000,000 buys 142 for 994,000, and 10,000 buys 1 for 7,000.
    assert (closed["status"], closed["committed"], closed["raised"]) == ("closed", 1_010_000, 1_001_000)
    found = [await seen(first, COMMITMENTS, each) for each in (big, small, promised)]
    assert [(each["status"], each["shares"], each["paid"], each["returned"]) for each in found] == [
        ("allotted", 142, 994_000, 6_000),
        ("allotted", 1, 7_000, 3_000),
        ("released", 0, 0, 0),
    ]
    table = await cap_table()
    assert held(table) == {"CS-1": 1_000, "CS-2": 142, "CS-3": 1}
    assert table["holdings"][1]["price"] == "70"
    assert await entries(first) == [{"1002": 1_001_000, "4001": -1_001_000}]
    valued, over = told(store, round["id"])[-2:]
    assert (valued[0], valued[1]["valuation"]["amount"]) == ("company.valued.v1", 8_001_000)
    assert (over[0], over[1]["raised"]["amount"], over[1]["commitments"]) == ("round.closed.v1", 1_001_000, 2)


async def test_a_close_for_which_too_few_shares_are_authorised_changes_nothing(
    first: httpx.AsyncClient, priced: Json, open_round: Act, fund: Act, pass_time: Act, store: MemoryStore, enact: Act
) -> None:
    round = await open_round(**priced)
    await fund(round, MILLION)
    await enact("authorise", share_class_id=priced["share_class_id"], authorised=1_100)
    await pass_time(days=30)
    before = {name: dict(rows) for name, rows in store.collections.items() if name != "idempotency"}
    answer = await first.post(f"{ROUNDS}/{round['id']}/close")
    assert refusal(answer) == (409, "authorised_exceeded")
    assert {name: dict(rows) for name, rows in store.collections.items() if name != "idempotency"} == before


async def test_an_oversubscribed_round_divides_exactly_its_cap_pro_rata(
    first: httpx.AsyncClient, open_round: Act, fund: Act, pass_time: Act, close: Act
) -> None:
    round = await open_round(oversubscription="pro_rata", target=MILLION, hard_cap=MILLION)
    paid = [await fund(round, 700_000) for _ in range(3)]
    assert (await seen(first, ROUNDS, round))["committed"] == 2_100_000
    await pass_time(days=30)
    assert (await close(round))["raised"] == MILLION
    found = [await seen(first, COMMITMENTS, each) for each in paid]
    assert [each["allocated"] for each in found] == [333_334, 333_333, 333_333]
    assert [each["allocated"] + each["returned"] for each in found] == [700_000] * 3


@pytest.mark.parametrize(
    ("instrument", "terms", "code"),
    [("grant", {}, "6301"), ("loan", {}, "2501"), ("convertible", {"discount_bps": 2_000}, "2502")],
)
async def test_what_is_no_equity_is_income_or_a_debt(
    instrument: str,
    terms: dict[str, int],
    code: str,
    first: httpx.AsyncClient,
    open_round: Act,
    fund: Act,
    pass_time: Act,
    close: Act,
) -> None:
    round = await open_round(instrument, **terms)
    await fund(round, MILLION)
    await pass_time(days=30)
    await close(round)
    assert await entries(first) == [{"1002": MILLION, code: -MILLION}]


LATER = {"opens_at": "2026-04-01T00:00:00Z", "deadline": "2026-05-01T00:00:00Z"}


async def test_a_convertible_becomes_shares_at_the_next_priced_close_and_its_holder_is_known_until_then(
    first: httpx.AsyncClient,
    second: httpx.AsyncClient,
    priced: Json,
    open_round: Act,
    investor: Act,
    fund: Act,
    pass_time: Act,
    close: Act,
    cap_table: Act,
) -> None:
    loan, lender = (
        await open_round("convertible", valuation_cap=6 * MILLION, discount_bps=1_000),
        await investor(second),
    )
    lent = await fund(loan, MILLION, lender)
    await pass_time(days=30)
    await close(loan)
    erased = await second.post(f"{INVESTORS}/{lender['id']}/erase")
    assert refusal(erased) == (409, "investor_committed")
    round = await open_round(**priced, **LATER)
    await fund(round, MILLION)
    await pass_time(days=30)
    await close(round)
    now = await seen(second, INVESTORS, lender)
    assert (now["commitments"], now["holdings"]) == (0, 1)
    # the cap says 6,000 a share, the discount 6,300: 166 shares for 996,000
    found = await seen(first, COMMITMENTS, lent)
    assert (found["shares"], found["outstanding"], found["returned"]) == (166, 0, 4_000)
    assert held(await cap_table()) == {"CS-1": 1_000, "CS-2": 166, "CS-3": 142}
    assert {"2502": MILLION, "4001": -996_000, "1002": -4_000} in await entries(first)


async def test_more_convertibles_than_a_cap_table_has_holdings_are_not_left_behind_silently(
    first: httpx.AsyncClient,
    priced: Json,
    open_round: Act,
    fund: Act,
    pass_time: Act,
    close: Act,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loan = await open_round("convertible", valuation_cap=6 * MILLION)
    await fund(loan, MILLION)
    await fund(loan, MILLION)
    await pass_time(days=30)
    await close(loan)
    round = await open_round(**priced, **LATER)
    await fund(round, MILLION)
    await pass_time(days=30)
    monkeypatch.setattr(effects, "MOST_HOLDINGS", 1)
    assert refusal(await first.post(f"{ROUNDS}/{round['id']}/close")) == (409, "too_many_holdings")


async def test_no_close_says_a_worth_that_no_reader_can_read(
    first: httpx.AsyncClient, priced: Json, open_round: Act, fund: Act, pass_time: Act
) -> None:
    round = await open_round(**priced | {"pre_money": LARGEST}, hard_cap=LARGEST, target=LARGEST // 1_000 + 1)
    await fund(round, LARGEST // 1_000 + 1)
    await pass_time(days=30)
    assert refusal(await first.post(f"{ROUNDS}/{round['id']}/close")) == (409, "worth_too_large")


def test_a_convertible_pays_the_lower_of_two_prices_and_no_more_than_it_has() -> None:
    price = Fraction(7_000)
    assert conversion_price(price, 1_000, 6 * MILLION, None) == 6_000
    assert conversion_price(price, 1_000, 6 * MILLION, 2_000) == 5_600
    assert conversion_price(price, 1_000, 9 * MILLION, None) == 7_000
    for money in (0, 1, 999, 10**9):
        for exact in (Fraction(7, 3), Fraction(10**7, 9), Fraction(1, 7)):
            shares, paid = shares_for(money, exact)
            assert paid <= money < (shares + 1) * exact


async def test_no_round_closes_with_unmet_conditions_and_officials_alone_know_who_payers_are(
    first: httpx.AsyncClient, staff: httpx.AsyncClient, open_round: Act, fund: Act, pass_time: Act, close: Act
) -> None:
    round = await open_round(conditions=["documents_signed", "kyc", "target_reached"])
    where = f"{ROUNDS}/{round['id']}"
    early = await first.post(f"{where}/conditions/3/met")
    assert refusal(early) == (409, "target_missed")
    await fund(round, MILLION)
    await pass_time(days=30)
    unmet = await first.post(f"{where}/close")
    assert (refusal(unmet), [each["kind"] for each in unmet.json()["conditions"]]) == (
        (409, "conditions_unmet"),
        ["documents_signed", "kyc"],
    )
    assert (await first.post(f"{where}/conditions/1/met")).status_code == 200
    assert refusal(await first.post(f"{where}/conditions/1/met")) == (409, "condition_met_already")
    assert refusal(await first.post(f"{where}/conditions/2/met")) == (403, "other_side")
    assert (await staff.post(f"{where}/conditions/2/met")).status_code == 200
    assert refusal(await first.post(f"{where}/conditions/4/met")) == (404, "not_found")
    assert all(each["met_at"] for each in (await close(round))["conditions"])


async def test_a_round_closes_early_once_it_was_open_for_21_days_and_announced_for_five_working_days(
    first: httpx.AsyncClient, open_round: Act, fund: Act, pass_time: Act, close: Act
) -> None:
    round = await open_round()
    where = f"{ROUNDS}/{round['id']}"
    await fund(round, MILLION)
    await pass_time(days=18)  # Friday 20 March
    await first.post(f"{where}/announce-closing")
    assert refusal(await first.post(f"{where}/announce-closing")) == (409, "closing_announced")
    await pass_time(days=6)  # open for 24 days, announced for four working days
    assert refusal(await first.post(f"{where}/close")) == (409, "close_too_early")
    await pass_time(days=1)
    assert (await close(round))["status"] == "closed"


async def test_a_round_that_was_announced_in_time_closes_no_earlier_than_after_21_days(
    first: httpx.AsyncClient, open_round: Act, fund: Act, pass_time: Act, close: Act
) -> None:
    round = await open_round()
    where = f"{ROUNDS}/{round['id']}"
    await fund(round, MILLION)
    await first.post(f"{where}/announce-closing")
    await pass_time(days=21, milliseconds=-1)
    assert refusal(await first.post(f"{where}/close")) == (409, "close_too_early")
    await pass_time(milliseconds=1)
    assert (await close(round))["status"] == "closed"


async def test_before_its_deadline_a_round_that_has_missed_its_target_so_far_neither_closes_nor_fails_i6(
    first: httpx.AsyncClient, open_round: Act, fund: Act, pass_time: Act, close: Act
) -> None:
    round = await open_round(min_ticket=1)
    where = f"{ROUNDS}/{round['id']}"
    await fund(round, MILLION - 1)
    await first.post(f"{where}/announce-closing")
    await pass_time(days=22)
    missed = await first.post(f"{where}/close")
    assert (refusal(missed), missed.json()["reached"]) == ((409, "target_missed"), MILLION - 1)
    assert (await seen(first, ROUNDS, round))["status"] == "open"
    await fund(round, 1)
    assert (await close(round))["status"] == "closed"


async def test_nothing_closes_on_money_that_is_not_there_or_on_terms_that_nobody_confirmed(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act, pass_time: Act
) -> None:
    round = await open_round()
    where = f"{ROUNDS}/{round['id']}"
    commitment = await pledge(round, MILLION)
    await pass_time(days=29)
    await first.patch(where, json={"terms": {"target": 900_000}}, headers={"If-Match": "*"})
    await pass_time(days=1)
    assert refusal(await first.post(f"{where}/close")) == (409, "reconfirmations_pending")
    await act(commitment, "reconfirm", by=second)
    assert refusal(await first.post(f"{where}/close")) == (409, "target_missed")
    await act(commitment, "accept")
    short = await first.post(f"{where}/close")
    assert (refusal(short), short.json()["commitments"]) == ((409, "not_funded"), [commitment["id"]])


async def test_a_priced_round_of_a_business_without_shares_has_no_price(
    first: httpx.AsyncClient, share_class: Act, open_round: Act, fund: Act, pass_time: Act
) -> None:
    terms = {"pre_money": MILLION, "share_class_id": (await share_class())["id"]}
    round = await open_round("priced_equity", **terms)
    await fund(round, MILLION)
    await pass_time(days=30)
    assert refusal(await first.post(f"{ROUNDS}/{round['id']}/close")) == (409, "no_shares_yet")


async def test_a_round_that_is_called_off_lets_all_go_who_see_that_it_is(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, fund: Act, store: MemoryStore
) -> None:
    round = await open_round()
    paid = await fund(round, MILLION)
    cancelled = (await first.post(f"{ROUNDS}/{round['id']}/cancel")).json()
    assert (cancelled["status"], cancelled["committed"]) == ("cancelled", 0)
    assert (await seen(first, COMMITMENTS, paid))["returned"] == MILLION
    assert (await seen(second, ROUNDS, round))["status"] == "cancelled"
    assert [kind for kind, _ in told(store, round["id"])][-1] == "round.cancelled.v1"
    assert refusal(await first.post(f"{ROUNDS}/{round['id']}/cancel")) == (409, "invalid_transition")


async def test_a_draft_is_its_owners_and_an_open_round_everyones(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act
) -> None:
    opened = await open_round()
    said = {"business_id": business(1), "name": "x", "currency": "CNY", "instrument": "grant"}
    drafted = created(await first.post(ROUNDS, json={**said, "terms": opened["terms"]}))
    assert (await second.get(f"{ROUNDS}/{drafted['id']}")).status_code == 404
    assert (await first.post(f"{ROUNDS}/{drafted['id']}/cancel")).json()["status"] == "discarded"
    assert (await second.get(f"{ROUNDS}/{drafted['id']}")).status_code == 404
    assert [each["id"] for each in (await second.get(ROUNDS)).json()["data"]] == [opened["id"]]
    assert (await second.post(f"{ROUNDS}/{opened['id']}/close")).status_code == 404
    other = await first.post(ROUNDS, json={**said, "currency": "USD", "terms": opened["terms"]})
    assert refusal(other) == (422, "currency_mismatch")
    assert (await first.get(f"{MINE}/cap-table")).status_code == 200


async def test_the_rounds_of_a_business_that_is_being_dissolved_are_called_off_once_whatever_drafts_it_has(
    first: httpx.AsyncClient,
    open_round: Act,
    fund: Act,
    pledge: Act,
    hear_together: Hear,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handlers, "MOST", 1)
    draft = {"business_id": business(1), "name": "示例草案", "currency": "CNY", "instrument": "grant", "terms": SEEKS}
    created(await first.post(ROUNDS, json=draft))
    round = await open_round()
    paid, promised = await fund(round, 500_000), await pledge(round, 500_000)
    await hear_together(dissolution_started(1), dissolved(1))
    assert (await seen(first, ROUNDS, round))["status"] == "cancelled"
    for commitment in (paid, promised):
        assert (await seen(first, COMMITMENTS, commitment))["status"] == "released"
    assert [kind for kind, _ in told(store, round["id"])] == ["round.opened.v1", "round.cancelled.v1"]


async def test_the_end_of_a_round_reads_all_investors_together(
    open_round: Act,
    fund: Act,
    pledge: Act,
    pass_time: Act,
    close: Act,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    round = await open_round()
    for _ in range(3):
        await fund(round, MILLION // 2)
    await pledge(round, 1_000)
    await pass_time(days=30)
    read, reads = store.read, list[str]()

    async def noted(collection: str, ids: Sequence[str]) -> list[Document]:
        reads.append(collection)
        return await read(collection, ids)

    monkeypatch.setattr(store, "read", noted)
    await close(round)
    assert reads.count("investors") == 1


async def test_who_is_overtaken_by_another_close_is_told_that_it_is_closed(
    first: httpx.AsyncClient,
    priced: Json,
    open_round: Act,
    fund: Act,
    pass_time: Act,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    round = await open_round(**priced)
    await fund(round, MILLION)
    await pass_time(days=30)
    close, read, others = f"{ROUNDS}/{round['id']}/close", store.read, list[int]()

    async def overtaken(collection: str, ids: Sequence[str]) -> list[Document]:
        if collection == "cap_tables" and not others:
            others.append(0)
            others[0] = (await first.post(close)).status_code
        return await read(collection, ids)

    monkeypatch.setattr(store, "read", overtaken)
    answer = await first.post(close)
    assert (others, refusal(answer)) == ([200], (409, "invalid_transition"))
