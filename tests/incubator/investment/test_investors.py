"""Investors: whose they are, and how what is known of a person is erased."""

import httpx

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.investment.conftest import INVESTORS, Act, Refused, refusal, told
from tests.incubator.registry_says import business


async def test_an_investor_is_seen_by_its_partner_and_by_officials(
    first: httpx.AsyncClient, second: httpx.AsyncClient, staff: httpx.AsyncClient, investor: Act
) -> None:
    entered = await investor()
    where = f"{INVESTORS}/{entered['id']}"
    assert [(await api.get(where)).status_code for api in (first, second, staff)] == [200, 404, 200]
    assert (await second.get(INVESTORS)).json()["data"] == []


async def test_a_person_is_no_business_and_a_fund_is_none_of_another_partner(
    first: httpx.AsyncClient,
) -> None:
    said = {"name": "示例", "kind": "person", "business_id": business(1)}
    assert refusal(await first.post(INVESTORS, json=said)) == (422, "person_is_no_business")
    said = {"name": "示例", "kind": "fund", "business_id": business(2)}
    assert refusal(await first.post(INVESTORS, json=said)) == (409, "business_unknown_yet")


async def test_what_is_known_of_a_person_is_erased_everywhere_once(
    first: httpx.AsyncClient, investor: Act, store: MemoryStore
) -> None:
    entered = await investor(name="示例·古丽")
    erased = await first.post(f"{INVESTORS}/{entered['id']}/erase")
    assert (erased.status_code, erased.json()["name"]) == (200, None)
    assert "古丽" not in str(store.collections)
    assert [kind for kind, _ in told(store, entered["id"])] == ["investor.erased.v1"]
    assert refusal(await first.post(f"{INVESTORS}/{entered['id']}/erase")) == (410, "investor_erased")
    renamed = await first.patch(f"{INVESTORS}/{entered['id']}", json={"name": "x"}, headers={"If-Match": "*"})
    assert refusal(renamed) == (410, "investor_erased")


async def test_who_holds_shares_is_not_erased_and_who_gave_them_away_is(
    first: httpx.AsyncClient, investor: Act, share_class: Act, issue: Act, enact: Act
) -> None:
    founder, buyer = await investor(), await investor()
    await issue(await share_class(), founder, 100)
    assert refusal(await first.post(f"{INVESTORS}/{founder['id']}/erase")) == (409, "investor_holds_shares")
    await enact("transfer", certificate="CS-1", shares=100, to_investor_id=buyer["id"])
    assert (await first.post(f"{INVESTORS}/{founder['id']}/erase")).status_code == 200


async def test_who_is_erased_gets_no_shares(
    first: httpx.AsyncClient, investor: Act, share_class: Act, refused: Refused
) -> None:
    gone, some = await investor(), await share_class()
    await first.post(f"{INVESTORS}/{gone['id']}/erase")
    new = {"share_class_id": some["id"], "investor_id": gone["id"], "shares": 1}
    assert await refused("issue", **new, paid={"amount": 0, "currency": "CNY"}) == (410, "investor_erased")


async def test_a_name_is_corrected(first: httpx.AsyncClient, investor: Act) -> None:
    entered = await investor()
    changed = await first.patch(f"{INVESTORS}/{entered['id']}", json={"name": "示例·艾力江"}, headers={"If-Match": "*"})
    assert (changed.status_code, changed.json()["name"]) == (200, "示例·艾力江")
