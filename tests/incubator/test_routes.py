"""What callers read of tenants, books and accounts, and what they may not."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.testing.callers import caller
from services.contracts.registry.businesses import BusinessKind
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As, Hear
from tests.incubator.registry_says import business, partner, registered, suspended
from tests.refusals import reason

READ = "incubator:read"
OFFICER = caller("officer", partner=partner(99), scopes=READ)
FIRST = caller("partner", partner=partner(1), scopes=READ)
SECOND = caller("partner", partner=partner(2), scopes=READ)

TENANTS, BOOKS = "/v1/incubator/tenants", "/v1/incubator/books"
EVERY_ROUTE = [
    TENANTS,
    f"{TENANTS}/{business(1)}",
    BOOKS,
    f"{BOOKS}/{book_id(business(1))}",
    f"{BOOKS}/{book_id(business(1))}/accounts",
]
OF_THE_FIRST = EVERY_ROUTE[1:2] + EVERY_ROUTE[3:]


@pytest.fixture(autouse=True)
async def three_tenants(hear: Hear) -> None:
    await hear(
        registered(1, by=1), registered(2, by=1, kind=BusinessKind.INDUSTRIAL), registered(3, by=2), suspended(2)
    )


@pytest.fixture
async def officer(api_as: As) -> AsyncIterator[httpx.AsyncClient]:
    async with api_as(OFFICER) as api:
        yield api


def businesses(answer: httpx.Response) -> list[str]:
    return [tenant["business_id"] for tenant in answer.json()["data"]]


async def test_a_tenant_shows_its_book_and_whether_it_may_trade(officer: httpx.AsyncClient) -> None:
    answer = await officer.get(f"{TENANTS}/{business(1)}")
    assert answer.json() == {
        "id": f"ten_{1:032x}",
        "version": 1,
        "last_event_id": None,
        "business_id": business(1),
        "partner_id": partner(1),
        "name": "示例软件1号有限公司",
        "kind": "cloud",
        "sector": "65",
        "status": "active",
        "since": "2026-03-02T04:00:00.000Z",
        "may_trade": True,
        "book_id": book_id(business(1)),
    }


async def test_a_suspended_tenant_may_not_trade(officer: httpx.AsyncClient) -> None:
    tenant = (await officer.get(f"{TENANTS}/{business(2)}")).json()
    assert (tenant["status"], tenant["may_trade"]) == ("suspended", False)


async def test_tenants_are_found_by_status(officer: httpx.AsyncClient) -> None:
    assert businesses(await officer.get(TENANTS, params={"status": "suspended"})) == [business(2)]


async def test_tenants_are_found_by_kind(officer: httpx.AsyncClient) -> None:
    assert businesses(await officer.get(TENANTS, params={"kind": "cloud"})) == [business(1), business(3)]


async def test_status_and_kind_narrow_each_other(officer: httpx.AsyncClient) -> None:
    assert businesses(await officer.get(TENANTS, params={"kind": "cloud", "status": "suspended"})) == []


async def test_tenants_come_page_by_page(officer: httpx.AsyncClient) -> None:
    first = await officer.get(TENANTS, params={"limit": 2})
    second = await officer.get(TENANTS, params={"limit": 2, "cursor": first.json()["next_cursor"]})
    assert businesses(first) + businesses(second) == [business(1), business(2), business(3)]
    assert second.json()["next_cursor"] is None


async def test_a_book_is_found_by_its_owner(officer: httpx.AsyncClient) -> None:
    (book,) = (await officer.get(BOOKS, params={"owner": business(2)})).json()["data"]
    assert book == {
        "id": book_id(business(2)),
        "version": 1,
        "last_event_id": f"{book_id(business(2))}:0000000001",
        "owner": business(2),
        "currency": "CNY",
        "closed_through": None,
    }


async def test_an_owner_without_a_book_has_none(officer: httpx.AsyncClient) -> None:
    assert (await officer.get(BOOKS, params={"owner": business(9)})).json() == {"data": [], "next_cursor": None}


async def test_the_accounts_of_a_book_come_in_the_order_of_the_chart_on_every_page(officer: httpx.AsyncClient) -> None:
    path, codes, cursor = f"{BOOKS}/{book_id(business(1))}/accounts", [], None
    while True:
        page = (await officer.get(path, params={"limit": 4} | ({"cursor": cursor} if cursor else {}))).json()
        codes += [account["code"] for account in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert codes == ["1002", "1122", "1123", "2202", "2203", "2221", "4001", "6001", "6602"]


async def test_an_account_says_what_it_is(officer: httpx.AsyncClient) -> None:
    page = (await officer.get(f"{BOOKS}/{book_id(business(1))}/accounts", params={"limit": 1})).json()
    shown = {name: page["data"][0][name] for name in ("code", "name", "type", "currency", "status")}
    assert shown == {"code": "1002", "name": "bank", "type": "asset", "currency": "CNY", "status": "open"}


@pytest.mark.parametrize("path", OF_THE_FIRST)
async def test_a_partner_reads_what_belongs_to_its_own_businesses(api_as: As, path: str) -> None:
    async with api_as(FIRST) as api:
        assert (await api.get(path)).status_code == 200


@pytest.mark.parametrize("path", OF_THE_FIRST)
async def test_what_belongs_to_another_partner_answers_like_what_does_not_exist(api_as: As, path: str) -> None:
    async with api_as(SECOND) as api:
        foreign, missing = await api.get(path), await api.get(path.replace(f"{1:032x}", f"{8:032x}"))
    assert foreign.status_code == missing.status_code == 404
    varying = ("instance", "request_id")
    assert {name: value for name, value in foreign.json().items() if name not in varying} == {
        name: value for name, value in missing.json().items() if name not in varying
    }


async def test_a_partner_lists_its_own_tenants_only(api_as: As) -> None:
    async with api_as(SECOND) as api:
        assert businesses(await api.get(TENANTS)) == [business(3)]


async def test_a_partner_lists_its_own_books_only(api_as: As) -> None:
    async with api_as(SECOND) as api:
        assert [book["owner"] for book in (await api.get(BOOKS)).json()["data"]] == [business(3)]


async def test_a_partner_does_not_find_the_book_of_another_by_naming_its_owner(api_as: As) -> None:
    async with api_as(SECOND) as api:
        assert (await api.get(BOOKS, params={"owner": business(1)})).json()["data"] == []


@pytest.mark.parametrize("kind", ["officer", "supervisor", "auditor"])
async def test_who_watches_over_the_zone_sees_every_tenant(api_as: As, kind: str) -> None:
    async with api_as(caller(kind, partner=partner(99), scopes=READ)) as api:
        assert len(businesses(await api.get(TENANTS))) == 3


@pytest.mark.parametrize("path", EVERY_ROUTE)
async def test_every_route_asks_for_the_scope(api_as: As, path: str) -> None:
    async with api_as(caller("officer", scopes="incubator:write metrics:read")) as api:
        answer = await api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("path", EVERY_ROUTE)
async def test_nobody_reads_anything_without_an_identity(api_as: As, path: str) -> None:
    async with api_as(None) as api:
        assert (await api.get(path)).status_code == 401


@pytest.mark.parametrize("name", ["status", "kind"])
@pytest.mark.parametrize("value", ["", "Active", "$ne", '{"$gt":""}', "active,suspended"])
async def test_a_filter_that_is_none_of_its_values_is_refused_by_name(
    officer: httpx.AsyncClient, name: str, value: str
) -> None:
    answer = await officer.get(TENANTS, params={name: value})
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("value", ["", "zones", "biz_1", "bok_" + "0" * 32, '{"$gt":""}', "biz_" + "G" * 32])
async def test_an_owner_that_is_no_business_id_is_refused(officer: httpx.AsyncClient, value: str) -> None:
    answer = await officer.get(BOOKS, params={"owner": value})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "owner")


@pytest.mark.parametrize("id", ["x", "biz_1", "bok_1", "%24ne", "biz_" + "0" * 33, "ten_" + "0" * 32])
@pytest.mark.parametrize("path", [f"{TENANTS}/{{id}}", f"{BOOKS}/{{id}}", f"{BOOKS}/{{id}}/accounts"])
async def test_a_path_with_what_is_no_id_is_not_found(officer: httpx.AsyncClient, path: str, id: str) -> None:
    assert (await officer.get(path.format(id=id))).status_code == 404


@pytest.mark.parametrize("path", [TENANTS, BOOKS, EVERY_ROUTE[4]])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "limit_range"),
        ({"limit": "201"}, "limit_range"),
        ({"limit": "ten"}, "limit_range"),
        ({"cursor": "AAAA"}, "cursor_invalid"),
        ({"sort": "name"}, "unknown_parameter"),
        ({"partner_id": "par_1"}, "unknown_parameter"),
    ],
)
async def test_a_list_refuses_what_it_cannot_read(
    officer: httpx.AsyncClient, path: str, query: dict[str, str], code: str
) -> None:
    answer = await officer.get(path, params=query)
    assert (answer.status_code, reason(answer)) == (400, code)


async def test_an_unchanged_tenant_is_not_sent_again(officer: httpx.AsyncClient) -> None:
    first = await officer.get(f"{TENANTS}/{business(1)}")
    again = await officer.get(f"{TENANTS}/{business(1)}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
