"""Tariffs: versions that begin with months, quotations in three modes, and what no tariff can be."""

from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.utilities.conftest import V1, Post, tariff
from tests.refusals import reason

TARIFFS = f"{V1}/tariffs"


def tier(up_to: str | None, price: str, **more: Any) -> dict[str, Any]:
    bound = None if up_to is None else {"value": up_to, "unit": "kWh"}
    return {"up_to": bound, "unit_price": {"price": price, "currency": "CNY", "per": "kWh"}, **more}


STEPS = [tier("100", "0.50"), tier(None, "0.80")]


async def quote(staff: httpx.AsyncClient, tariff_id: str, quantity: str, **more: str) -> Any:
    answer = await staff.get(f"{TARIFFS}/{tariff_id}/quote", params={"quantity": quantity, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_tariff_is_published_and_everyone_is_told(post: Post, store: MemoryStore) -> None:
    published = await post("/tariffs", tariff())
    assert published["versions"][0]["effective_from"] == "2025-01-01"
    (row,) = store.rows("outbox")
    assert (row["type"], orjson.loads(row["data"])) == (
        "zone.incubator.tariff.published.v1",
        {"tariff_id": published["id"], "utility": "electricity", "version": 1, "effective_from": "2025-01-01"},
    )


@pytest.mark.parametrize(
    ("mode", "tiers", "quantity", "fen"),
    [
        ("graduated", STEPS, "150", 5000 + 4000),
        ("volume", STEPS, "150", 12000),
        ("volume", STEPS, "100", 5000),
        ("package", [tier(None, "5", package_size={"value": "10", "unit": "kWh"})], "10.1", 1000),
    ],
)
async def test_each_mode_prices_by_its_tiers(
    post: Post, staff: httpx.AsyncClient, mode: str, tiers: list[Any], quantity: str, fen: int
) -> None:
    published = await post("/tariffs", tariff(mode=mode, tiers=tiers))
    quoted = await quote(staff, published["id"], quantity)
    assert quoted["total"] == {"amount": fen, "currency": "CNY"}
    assert sum(float(each["quantity"]["value"]) for each in quoted["lines"][0]["tiers"]) == float(quantity)


async def test_u2_a_quotation_rounds_each_line_once_and_its_total_is_their_sum(
    post: Post, staff: httpx.AsyncClient
) -> None:
    published = await post("/tariffs", tariff("0.067", utility="water", standing=31))
    quoted = await quote(staff, published["id"], "55")
    assert [(line["kind"], line["amount"]["amount"]) for line in quoted["lines"]] == [
        ("consumption", 369),
        ("standing", 31),
    ]
    assert quoted["total"]["amount"] == 400


async def test_what_is_missing_to_the_minimum_is_a_line_of_its_own(post: Post, staff: httpx.AsyncClient) -> None:
    published = await post("/tariffs", tariff("1", standing=300, minimum={"amount": 1000, "currency": "CNY"}))
    below, above = [await quote(staff, published["id"], quantity) for quantity in ("2", "7.01")]
    assert [(line["kind"], line["amount"]["amount"]) for line in below["lines"]] == [
        ("consumption", 200),
        ("standing", 300),
        ("minimum", 500),
    ]
    assert [line["kind"] for line in above["lines"]] == ["consumption", "standing"]


async def test_a_version_holds_from_its_first_day_on(post: Post, staff: httpx.AsyncClient) -> None:
    published = await post("/tariffs", tariff("0.50"))
    dearer = {name: value for name, value in tariff("0.60").items() if name not in ("name", "utility")}
    await post(f"/tariffs/{published['id']}/versions", dearer | {"effective_from": "2026-10-01"})
    for on, version, fen in (("2026-09-30", 1, 50), ("2026-10-01", 2, 60)):
        quoted = await quote(staff, published["id"], "1", on=on)
        assert (quoted["tariff_version"], quoted["total"]["amount"]) == (version, fen)


async def test_before_its_first_day_a_tariff_says_nothing(post: Post, staff: httpx.AsyncClient) -> None:
    published = await post("/tariffs", tariff(effective_from="2026-10-01"))
    answer = await staff.get(f"{TARIFFS}/{published['id']}/quote", params={"quantity": "1"})
    assert (answer.status_code, reason(answer)) == (422, "no_tariff_yet")


@pytest.mark.parametrize(
    ("begins", "status", "code"),
    [
        ("2026-10-02", 409, "tariff_mid_period"),
        ("2026-09-01", 422, "in_the_past"),
        ("2025-01-01", 422, "not_after_the_last_version"),
    ],
)
async def test_a_version_begins_with_a_month_to_come(
    post: Post, staff: httpx.AsyncClient, begins: str, status: int, code: str
) -> None:
    published = await post("/tariffs", tariff())
    version = {name: value for name, value in tariff("0.60").items() if name not in ("name", "utility")}
    answer = await staff.post(f"{TARIFFS}/{published['id']}/versions", json=version | {"effective_from": begins})
    assert (answer.status_code, reason(answer)) == (status, code)


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"tiers": [tier("0", "1"), tier(None, "1")]}, "/tiers/0/up_to", "invalid_tiers"),
        ({"tiers": [tier("5", "1"), tier("5", "1"), tier(None, "1")]}, "/tiers/1/up_to", "invalid_tiers"),
        ({"tiers": [tier("5", "1")]}, "/tiers/0/up_to", "invalid_tiers"),
        ({"tiers": [tier(None, "1", package_size={"value": "5", "unit": "kWh"})]}, "/tiers/0/package_size", None),
        ({"mode": "package"}, "/tiers/0", "invalid_tiers"),
        ({"tiers": [tier(None, "0.1234567")]}, "/tiers/0/unit_price/price", "pattern"),
        ({"tiers": [tier(None, "-1")]}, "/tiers/0/unit_price/price", "pattern"),
        ({"utility": "water"}, "/tiers", "unit_mismatch"),
        (
            {
                "tiers": [{"up_to": None, "unit_price": {"price": "1", "currency": "USD", "per": "kWh"}}],
                "standing_per_month": {"amount": 1, "currency": "USD"},
            },
            "/tiers",
            "currency_mismatch",
        ),
        ({"standing_per_month": {"amount": 1, "currency": "USD"}}, "/standing_per_month", "currency_mismatch"),
        ({"minimum": {"amount": 1, "currency": "USD"}}, "/minimum", "currency_mismatch"),
        ({"minimum": {"amount": -1, "currency": "CNY"}}, "/minimum", "money_invalid"),
    ],
)
async def test_what_no_tariff_can_be_is_refused_at_its_place(
    staff: httpx.AsyncClient, wrong: dict[str, Any], pointer: str, code: str | None
) -> None:
    answer = await staff.post(TARIFFS, json=tariff() | wrong)
    assert answer.status_code == 422, answer.text
    found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert found == [(pointer, code or "invalid_tiers")]


async def test_a_tariff_begins_on_a_period_boundary(staff: httpx.AsyncClient) -> None:
    answer = await staff.post(TARIFFS, json=tariff(effective_from="2026-01-15"))
    assert (answer.status_code, answer.json()["code"]) == (409, "tariff_mid_period")


async def test_a_quotation_that_no_amount_can_hold_is_refused(post: Post, staff: httpx.AsyncClient) -> None:
    published = await post("/tariffs", tariff("999999999999"))
    answer = await staff.get(f"{TARIFFS}/{published['id']}/quote", params={"quantity": "999999999999"})
    assert (answer.status_code, reason(answer)) == (422, "amount_too_large")


async def test_tariffs_are_listed_by_what_they_price_and_open_to_partners(post: Post, owner: httpx.AsyncClient) -> None:
    electricity, _ = await post("/tariffs", tariff()), await post("/tariffs", tariff(utility="water"))
    listed = (await owner.get(TARIFFS, params={"utility": "electricity"})).json()["data"]
    assert listed == [electricity]
    assert (await owner.get(f"{TARIFFS}/{electricity['id']}")).json() == electricity
    assert (await owner.post(TARIFFS, json=tariff())).status_code == 403
