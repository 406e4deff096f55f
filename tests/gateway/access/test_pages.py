"""What anyone may read at the gateway: the API document, its page, and what problems mean."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from deploy.documents.public_api import write_public_document
from gateway.pages.docs_page import docs_page
from gateway.pages.problem_pages import explanations
from tests.gateway.access.zone import Json, Zone


@pytest.fixture(scope="module")
def openapi_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    write_public_document(file)
    return file


@pytest.fixture
async def stranger(openapi_file: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with Zone(openapi_file=openapi_file).client(None) as api:
        yield api


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/docs/", "/openapi.json/", "/problems/", "/problems/not_found/"])
async def test_nobody_is_sent_elsewhere_by_what_a_host_says(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path, headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/docs", "/problems/not_found"])
async def test_a_page_has_no_other_methods(stranger: httpx.AsyncClient, path: str) -> None:
    for method in ("OPTIONS", "POST", "DELETE"):
        answer = await stranger.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/docs", "/problems", "/problems/not_found"])
async def test_a_page_needs_no_script_and_nothing_from_anywhere_else(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    elements = Elements(answer.text).found
    assert not {tag for tag, _ in elements} & {"script", "link", "img", "iframe", "object", "form"}
    links = [attributes["href"] or "" for tag, attributes in elements if tag == "a"]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)


async def test_the_document_is_served_as_it_is(stranger: httpx.AsyncClient) -> None:
    document = (await stranger.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert "/v1/partners" in document["paths"]


@pytest.mark.parametrize("told", [{}, {"openapi_file": Path("/nowhere/openapi.json")}])
@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_a_gateway_without_a_document_says_so_and_serves_the_api(told: Json, path: str) -> None:
    async with Zone(**told).client(None) as api:
        assert (await api.get(path)).json()["code"] == "document_not_found"
        assert (await api.get("/v1/partners")).json()["code"] == "unauthenticated"


async def test_every_operation_and_every_schema_stands_on_the_page(stranger: httpx.AsyncClient) -> None:
    document, html = (await stranger.get("/openapi.json")).json(), (await stranger.get("/docs")).text
    ids = {attributes["id"] for _, attributes in Elements(html).found if "id" in attributes}
    operations = {each["operationId"] for item in document["paths"].values() for each in item.values()}
    assert ids == operations | {f"schema-{name}" for name in document["components"]["schemas"]}


async def test_every_link_on_the_page_leads_somewhere(stranger: httpx.AsyncClient) -> None:
    elements = Elements((await stranger.get("/docs")).text).found
    ids = {f"#{attributes['id']}" for _, attributes in elements if "id" in attributes}
    links = {attributes["href"] for tag, attributes in elements if tag == "a"}
    assert {link for link in links if link and link.startswith("#")} <= ids


def test_what_a_document_says_is_shown_and_not_run() -> None:
    evil = "<script>alert(1)</script>"
    operation: Json = {"operationId": "x", "summary": evil, "description": evil, "responses": {}}
    operation["parameters"] = [{"name": evil, "in": "query", "description": evil, "schema": {"pattern": evil}}]
    document = {
        "info": {"title": evil},
        "paths": {f"/{evil}": {"get": operation}},
        "components": {"schemas": {"A": {"description": evil, "enum": [evil]}}},
    }
    assert "script" not in {tag for tag, _ in Elements(docs_page(document)).found}


@pytest.mark.parametrize("code", sorted(explanations()))
async def test_every_code_has_a_page_with_its_meaning_and_a_remedy(stranger: httpx.AsyncClient, code: str) -> None:
    html = (await stranger.get(f"/problems/{code}")).text
    assert f"<h1>{code}</h1>" in html
    assert "What it means" in html
    assert "What to do" in html


@pytest.mark.parametrize("code", ["no_such_code", "NOT_FOUND", "not_found%00", "..%2Fdocs", "a/b"])
async def test_a_code_that_the_zone_does_not_have_has_no_page(stranger: httpx.AsyncClient, code: str) -> None:
    answer = await stranger.get(f"/problems/{code}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_type_of_a_problem_is_a_page(stranger: httpx.AsyncClient) -> None:
    problem = (await stranger.get("/v1/partners")).json()
    assert (await stranger.get(problem["type"])).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/problems"])
async def test_the_pages_are_read_only(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.post(path)).status_code == 405
