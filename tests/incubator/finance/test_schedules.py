"""What was paid in advance becomes an expense month by month, adds up, and never goes below zero."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.times import zone_midnight
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, day, memory_tx
from services.incubator.finance.book import Book
from services.incubator.finance.clocks import release_prepaid
from services.incubator.finance.schedules import queries
from services.incubator.finance.schedules.schedule import PrepaidSchedule
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As
from tests.incubator.finance.books import tenants
from tests.incubator.registry_says import business, partner

SCHEDULES = f"/v1/incubator/books/{book_id(business())}/prepaid-schedules"
RENT = {"description": "Rent", "amount": 100_00, "currency": "CNY", "first_period": "2026-03", "months": 3}


async def turn(store: MemoryStore, clock: FixedClock, on: str) -> None:
    """Have the clock run, twice, on a day."""
    clock.at = zone_midnight(day(on)) + timedelta(hours=1)
    for _ in range(2):
        await release_prepaid(clock.at, lambda: memory_tx(store, at=clock.at))


def released(store: MemoryStore) -> list[tuple[str, int]]:
    return [
        (f"{row['effective_on']}", row["lines"][0]["debit"])
        for row in sorted(store.rows("entries"), key=lambda row: row["effective_on"])
    ]


@given(st.integers(1, 10**12), st.integers(1, 120))
def test_f11_the_parts_of_any_amount_over_any_months_add_up_and_none_is_below_zero(amount: int, months: int) -> None:
    book = Book.open_for(business(), partner_id=partner(), currency="CNY")
    schedule = PrepaidSchedule.begin(
        book, description="x", code="6602", amount=amount, first_period="2026-03", months=months
    )
    parts = [each.amount for each in schedule.releases]
    assert (sum(parts), len(parts), min(parts) >= 0) == (amount, months, True)
    assert parts == sorted(parts, reverse=True)
    assert max(parts) - min(parts) <= 1


async def test_f11_a_part_of_nothing_does_not_stop_those_that_follow(
    api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock
) -> None:
    schedule = (await api.post(SCHEDULES, json=RENT | {"amount": 2, "months": 4})).json()
    assert [each["amount"] for each in schedule["releases"]] == [1, 1, 0, 0]
    await turn(store, clock, "2026-12-01")
    done = (await api.get(f"/v1/incubator/prepaid-schedules/{schedule['id']}")).json()
    assert (done["status"], done["released"], done["due_on"]) == ("done", 4, None)
    assert released(store) == [("2026-03-31", 1), ("2026-04-30", 1)]


async def test_each_month_has_its_part_once_and_when_it_is_over(
    api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock
) -> None:
    await api.post(SCHEDULES, json=RENT)
    await turn(store, clock, "2026-03-31")
    assert released(store) == []
    await turn(store, clock, "2026-04-01")
    assert released(store) == [("2026-03-31", 33_34)]
    await turn(store, clock, "2026-07-01")
    assert released(store) == [("2026-03-31", 33_34), ("2026-04-30", 33_33), ("2026-05-31", 33_33)]
    assert tenants(store) == {"6602": 100_00, "1123": -100_00}


async def test_the_part_of_a_month_that_is_closed_by_then_counts_for_the_first_open_day(
    api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock
) -> None:
    await api.post(f"/v1/incubator/books/{book_id(business())}/close-period", json={"period": "2026-02"})
    await api.post(SCHEDULES, json=RENT | {"first_period": "2026-02", "months": 1})
    await turn(store, clock, "2026-03-02")
    assert released(store) == [("2026-03-01", 100_00)]


async def test_a_cancelled_schedule_leaves_the_rest_prepaid(
    api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock
) -> None:
    schedule = (await api.post(SCHEDULES, json=RENT)).json()
    path = f"/v1/incubator/prepaid-schedules/{schedule['id']}/cancel"
    assert (await api.post(path)).json()["status"] == "cancelled"
    await turn(store, clock, "2026-12-01")
    assert released(store) == []
    assert (await api.post(path)).json()["code"] == "invalid_transition"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": 0}, ("/amount", "money_invalid")),
        ({"months": 0}, ("/months", "invalid")),
        ({"months": 121}, ("/months", "invalid")),
        ({"first_period": "2026-13"}, ("/first_period", "pattern")),
        ({"currency": "USD"}, ("/currency", "currency_mismatch")),
        ({"code": "1002"}, ("/code", "account_unknown")),
        ({"code": "9999"}, ("/code", "account_unknown")),
    ],
)
async def test_what_no_schedule_can_be_is_refused_at_its_place(
    api: httpx.AsyncClient, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    answer = await api.post(SCHEDULES, json=RENT | change)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [expected]


async def test_a_book_has_so_many_schedules_that_run_and_no_more(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_RUNNING", 1)
    schedule = (await api.post(SCHEDULES, json=RENT)).json()
    answer = await api.post(SCHEDULES, json=RENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_schedules")
    await api.post(f"/v1/incubator/prepaid-schedules/{schedule['id']}/cancel")
    assert (await api.post(SCHEDULES, json=RENT)).status_code == 201


async def test_a_partner_has_schedules_in_its_own_book_only(api: httpx.AsyncClient, api_as: As) -> None:
    schedule = (await api.post(SCHEDULES, json=RENT)).json()
    assert [each["id"] for each in (await api.get(SCHEDULES)).json()["data"]] == [schedule["id"]]
    async with api_as(caller("partner", partner=partner(2), scopes="incubator:read incubator:write")) as other:
        assert (await other.post(SCHEDULES, json=RENT)).status_code == 404
        assert (await other.get(f"/v1/incubator/prepaid-schedules/{schedule['id']}")).status_code == 404
