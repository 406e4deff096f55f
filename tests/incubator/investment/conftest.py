"""Two businesses of two partners, investors of both, and a clock that a test moves."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.investment.module import investment
from tests.incubator.conftest import V1, Json, Pass, created, passing
from tests.incubator.registry_says import business
from tests.refusals import reason

INVESTORS, MINE = f"{V1}/investors", f"{V1}/businesses/{business(1)}"
ROUNDS, COMMITMENTS = f"{V1}/rounds", f"{V1}/commitments"
DEADLINE = {"opens_at": "2026-03-02T00:00:00Z", "deadline": "2026-04-01T00:00:00Z"}
MILLION = 1_000_000
SEEKS = {"target": MILLION, "hard_cap": 2 * MILLION, "min_ticket": 1_000, **DEADLINE}
"""It is Monday 2 March 2026."""

Act = Callable[..., Awaitable[Json]]
Refused = Callable[..., Awaitable[tuple[int, str]]]
Try = Callable[..., Awaitable[httpx.Response]]


def yuan(amount: int) -> Json:
    """Whole yuan, in fen."""
    return {"amount": amount * 100, "currency": "CNY"}


@pytest.fixture
def investor(first: httpx.AsyncClient) -> Act:
    """Enters an investor, by the first partner unless another is given."""
    entered = 0

    async def enter(by: httpx.AsyncClient | None = None, **said: Any) -> Json:
        nonlocal entered
        entered += 1
        return created(await (by or first).post(INVESTORS, json={"name": f"示例人{entered}", "kind": "person", **said}))

    return enter


@pytest.fixture
def share_class(first: httpx.AsyncClient) -> Act:
    """Creates a class of the first business."""

    async def create(prefix: str = "CS", **said: Any) -> Json:
        usual = {"name": "普通股", "class_type": "common", "authorised": 10_000, "effective_on": "2026-01-01"}
        return created(await first.post(f"{MINE}/share-classes", json={**usual, "id_prefix": prefix, **said}))

    return create


@pytest.fixture
def enact(first: httpx.AsyncClient) -> Act:
    """Does something to the shares of the first business."""

    async def enact(act: str, *, on: str = "2026-01-01", **said: Any) -> Json:
        return created(await first.post(f"{MINE}/cap-events/{act}", json={"effective_on": on, **said}))

    return enact


@pytest.fixture
def issue(enact: Act) -> Act:
    async def issue(share_class: Json, investor: Json, shares: int, **said: Any) -> Json:
        paid = {"paid": yuan(shares)}
        of = {"share_class_id": share_class["id"], "investor_id": investor["id"], "shares": shares}
        return await enact("issue", **{**paid, **of, **said})

    return issue


@pytest.fixture
def refused(first: httpx.AsyncClient) -> Refused:
    """Tries something with the shares of the first business that is refused."""

    async def refused(act: str, *, on: str = "2026-01-01", **said: Any) -> tuple[int, str]:
        answer = await first.post(f"{MINE}/cap-events/{act}", json={"effective_on": on, **said})
        return answer.status_code, reason(answer)

    return refused


@pytest.fixture
def cap_table(first: httpx.AsyncClient) -> Act:
    async def cap_table(**asked: str) -> Json:
        answer = await first.get(f"{MINE}/cap-table", params=asked)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return cap_table


@pytest.fixture
def open_round(first: httpx.AsyncClient) -> Act:
    """Opens a round of the first business; keywords are terms, but for what a round has besides."""

    async def open_round(instrument: str = "grant", conditions: list[str] | None = None, **terms: Any) -> Json:
        said = {"business_id": business(1), "name": "示例轮", "currency": "CNY", "instrument": instrument}
        drafted = created(
            await first.post(ROUNDS, json={**said, "conditions": conditions or [], "terms": {**SEEKS, **terms}})
        )
        answer = await first.post(f"{ROUNDS}/{drafted['id']}/open")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return open_round


@pytest.fixture
def try_to_pledge(second: httpx.AsyncClient, investor: Act) -> Try:
    """Lets an investor of the second partner pledge: a new one, unless one is given."""

    async def pledge(round: Json, amount: int, who: Json | None = None, currency: str = "CNY") -> httpx.Response:
        said = {"investor_id": (who or await investor(second))["id"]}
        money = {"amount": amount, "currency": currency}
        return await second.post(f"{ROUNDS}/{round['id']}/commitments", json={**said, "amount": money})

    return pledge


@pytest.fixture
def pledge(try_to_pledge: Try) -> Act:
    async def pledge(round: Json, amount: int, who: Json | None = None) -> Json:
        return created(await try_to_pledge(round, amount, who))

    return pledge


@pytest.fixture
def act(first: httpx.AsyncClient) -> Act:
    """Does something to a commitment, as the business unless somebody else is given."""

    async def act(commitment: Json, action: str, *, by: httpx.AsyncClient | None = None, **said: Any) -> Json:
        answer = await (by or first).post(f"{COMMITMENTS}/{commitment['id']}/{action}", json=said)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return act


@pytest.fixture
def fund(pledge: Act, act: Act) -> Act:
    """Lets an investor pledge an amount that is accepted and paid."""

    async def fund(round: Json, amount: int, who: Json | None = None) -> Json:
        commitment = await pledge(round, amount, who)
        await act(commitment, "accept")
        return await act(commitment, "fund", amount={"amount": amount, "currency": "CNY"})

    return fund


@pytest.fixture
def pass_time(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clocks of investment run twice: the second time changes nothing."""
    return passing(investment.clocks, store, clock)


async def seen(api: httpx.AsyncClient, path: str, what: Json) -> Json:
    answer = await api.get(f"{path}/{what['id']}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, reason(answer) if answer.is_error else ""


def held(table: Json) -> dict[str, int]:
    """Certificate → shares."""
    return {each["certificate"]: each["shares"] for each in table["holdings"]}


def told(store: MemoryStore, about: str) -> list[tuple[str, Json]]:
    """The name of each event of something, and what it says."""
    rows = [row for id, row in sorted(store.collections["outbox"].items()) if id.startswith(f"{about}:")]
    return [(row["type"].removeprefix("zone.incubator."), orjson.loads(row["data"])) for row in rows]
