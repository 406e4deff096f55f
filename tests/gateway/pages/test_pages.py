"""What anyone may read at the gateway: where to begin, the API document, its page, and what problems mean."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from gateway.pages.assets import NAMES, href
from gateway.pages.problem_pages import explanations
from services.chassis.http.client import in_process
from services.chassis.http.request_span import route_of
from tests.gateway.access.zone import Json, Zone

pytestmark = pytest.mark.xdist_group("pages")

PAGES = ["/", "/problems", "/problems/not_found", "/docs"]
IN_A_BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


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

    def addresses(self) -> list[str]:
        """Where links lead, and where what is loaded comes from."""
        return [
            str(each[name]) for _, each in self.found for name in ("href", "src", "action", "style") if name in each
        ]


@pytest.mark.parametrize("path", ["/docs/", "/openapi.json/", "/problems/", "/problems/not_found/", "/robots.txt/"])
async def test_nobody_is_sent_elsewhere_by_what_a_host_says(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path, headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/docs", "/problems/not_found", "/robots.txt", "/assets/pages.css"])
async def test_a_page_has_no_other_methods(stranger: httpx.AsyncClient, path: str) -> None:
    for method in ("OPTIONS", "POST", "DELETE"):
        answer = await stranger.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_html_and_needs_nothing_from_anywhere_else(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path, headers=IN_A_BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    addresses = Elements(answer.text).addresses()
    assert "/openapi.json" in addresses, "and it leads on"
    assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_no_script_that_stands_in_it(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path, headers=IN_A_BROWSER)
    rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules.get("script-src", "'none'") == ("'self'" if path == "/docs" else "'none'")
    assert rules.get("connect-src", "'none'") == ("'self'" if path == "/docs" else "'none'")
    assert "'unsafe-inline'" not in rules["style-src"] or path == "/docs"


@pytest.mark.parametrize("path", PAGES)
async def test_what_a_page_loads_is_there_and_may_be_kept(stranger: httpx.AsyncClient, path: str) -> None:
    loaded = [
        each for each in Elements((await stranger.get(path, headers=IN_A_BROWSER)).text).addresses() if "?v=" in each
    ]
    assert loaded
    for address in loaded:
        answer = await stranger.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_a_file_has_its_type_and_comes_as_gzip_to_who_reads_it(stranger: httpx.AsyncClient, name: str) -> None:
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "yaml": "application/yaml"}
    plain = await stranger.get(href(name), headers={"Accept-Encoding": "gzip;q=0"})
    short = await stranger.get(href(name), headers={"Accept-Encoding": "br, gzip"})
    assert plain.headers["content-type"].partition(";")[0] == types[name.rpartition(".")[2]]
    assert ("content-encoding" in plain.headers, short.headers["content-encoding"]) == (False, "gzip")
    assert plain.content == short.content
    assert plain.headers["vary"] == short.headers["vary"] == "Accept-Encoding"


async def test_a_file_that_is_linked_by_its_name_alone_may_be_another_tomorrow(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/assets/openapi-python-client.yaml")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=300")


@pytest.mark.parametrize("name", ["nothing.js", "..%2fassets.py", "assets.py", "docs.js%00", "a/b"])
async def test_no_other_file_is_to_be_had(stranger: httpx.AsyncClient, name: str) -> None:
    assert (await stranger.get(f"/assets/{name}")).status_code in (400, 404)


@pytest.mark.parametrize(("path", "route"), [("/docs", "/docs"), ("/problems/busy", "/problems/{code}")])
async def test_what_is_measured_of_a_page_stands_under_its_route(openapi_file: Path, path: str, route: str) -> None:
    zone, scopes = Zone(openapi_file=openapi_file), list[Scope]()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append({**scope, "state": {}})
        await zone.edge(scopes[-1], receive, send)

    async with in_process(served, {}) as api:
        await api.get(path)
    assert [route_of(scope) for scope in scopes] == [route]


async def test_a_person_at_the_front_door_gets_a_page_and_a_program_json(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/", headers=IN_A_BROWSER)
    assert {"/docs", "/problems", "/openapi.json"} <= set(Elements(page.text).addresses())
    for asked in ("application/json", "*/*", "application/json, text/html", ""):
        answer = await stranger.get("/", headers={"Accept": asked})
        assert (answer.status_code, answer.headers["vary"]) == (200, "Accept")
        said = answer.json()
        assert [(await stranger.get(said[way])).status_code for way in ("documentation", "openapi", "problems")] == [
            200
        ] * 3


async def test_search_engines_may_read_the_pages_and_are_kept_from_the_api(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/robots.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text == "User-agent: *\nDisallow: /v1/\n"


async def test_the_zone_has_a_mark_where_browsers_look_for_one(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")


async def test_the_document_is_served_as_it_is(stranger: httpx.AsyncClient) -> None:
    document = (await stranger.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert "/v1/partners" in document["paths"]
    assert not [name for name in document if name == "x-tagGroups"], "what its page adds stays there"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs/document.json"])
async def test_the_document_goes_over_the_wire_in_a_tenth_of_its_size(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path, headers={"Accept-Encoding": "gzip"})
    assert int(answer.headers["content-length"]) < min(len(answer.content) / 10, 400_000)


@pytest.mark.parametrize("told", [{}, {"openapi_file": Path("/nowhere/openapi.json")}])
@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/document.json"])
async def test_a_gateway_without_a_document_says_so_and_serves_the_api(told: Json, path: str) -> None:
    async with Zone(**told).client(None) as api:
        assert (await api.get(path)).json()["code"] == "document_not_found"
        assert (await api.get("/v1/partners")).json()["code"] == "unauthenticated"


@pytest.mark.parametrize("code", sorted(explanations()))
async def test_every_code_has_a_page_with_its_meaning_and_a_remedy(stranger: httpx.AsyncClient, code: str) -> None:
    html = (await stranger.get(f"/problems/{code}")).text
    assert f"<h1>{code}</h1>" in html
    assert "What it means" in html
    assert "What to do" in html


async def test_all_codes_are_listed_by_status_and_every_jump_lands(stranger: httpx.AsyncClient) -> None:
    page = Elements((await stranger.get("/problems")).text)
    linked = {address.removeprefix("/problems/") for address in page.addresses() if address.startswith("/problems/")}
    assert linked == set(explanations())
    jumps = {address for address in page.addresses() if address.startswith("#")}
    assert jumps == {f"#{found.status}" for found in explanations().values()}
    assert jumps <= {f"#{each['id']}" for _, each in page.found if "id" in each}


@pytest.mark.parametrize("code", ["no_such_code", "NOT_FOUND", "not_found%00", "..%2Fdocs", "a/b"])
async def test_a_code_that_the_zone_does_not_have_has_no_page(stranger: httpx.AsyncClient, code: str) -> None:
    answer = await stranger.get(f"/problems/{code}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_type_of_a_problem_is_a_page(stranger: httpx.AsyncClient) -> None:
    problem = (await stranger.get("/v1/partners")).json()
    assert (await stranger.get(problem["type"])).status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/problems"])
async def test_the_pages_are_read_only(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.post(path)).status_code == 405
