"""The pages in a real Chromium, as people see them: on a phone and at a desk, by day and by night; and axe-core."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from gateway.connection.guard import Guard
from tests.gateway.access.zone import Zone
from tests.gateway.pages.chromium import ALL, COLOUR, WCAG, chromium, faults, needs_chromium
from tests.gateway.wire import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.xdist_group("pages"), pytest.mark.asyncio(loop_scope="module"), needs_chromium]

OPERATION = 'section[id$="/tag/filings/POST/v1/registry/registrations"]'
SHOWN_WITHIN = 60_000
"""Milliseconds until the document is shown: three seconds of one core, of which a busy machine gives little."""
PICTURES = os.environ.get("ZONE_PICTURES")
"""A folder for pictures of what was seen, where somebody wants to look too."""
SEARCH_DOES_NOT_SAY_WHETHER_IT_IS_OPEN = ("aria-required-attr",)
"""Scalar 1.76.0 leaves `aria-expanded` away from its search, which cannot be mended from here."""


class Visit:
    """One page of a browser, what it asked for, and what it complained of."""

    def __init__(self, page: "Page", address: str) -> None:
        self.page, self.address = page, address
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    async def to(self, path: str) -> None:
        """Go there, and wait until it is shown."""
        await self.page.goto(self.address + path)
        await self.page.wait_for_selector("#waiting", state="detached", timeout=SHOWN_WITHIN)

    async def looks(self, name: str) -> AsyncIterator[tuple[int, str]]:
        """It at each width and by both lights, where nothing may stand beyond its edge."""
        for width in (400, 1280):
            for light in ("light", "dark"):
                await self.page.set_viewport_size({"width": width, "height": 900})
                await self.page.emulate_media(color_scheme="dark" if light == "dark" else "light")
                await self.page.evaluate("new Promise(painted => requestAnimationFrame(() => setTimeout(painted)))")
                if PICTURES:
                    await self.page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{light}.png")
                assert await self.page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
                yield width, light


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(server_starts: None) -> AsyncIterator["Browser"]:
    async with chromium() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(openapi_file: Path) -> AsyncIterator[str]:
    """Of a gateway."""
    async with served(Zone(openapi_file=openapi_file).edge, Guard) as port:
        yield f"http://127.0.0.1:{port}"


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: "Browser", address: str) -> AsyncIterator[Visit]:
    """A visit on which nobody else is asked for anything, and the browser finds nothing to complain of."""
    visit = Visit(await browser.new_page(), address)
    yield visit
    await visit.page.close()
    assert [url for url in visit.asked if not url.startswith(f"{address}/")] == []
    assert visit.complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def docs(browser: "Browser", address: str) -> AsyncIterator[Visit]:
    """A visit to the documentation, at one operation of it; the document is read once for all that is seen there."""
    visit = Visit(await browser.new_page(), address)
    await visit.to("/docs#tag/filings/POST/v1/registry/registrations")
    await visit.page.locator(OPERATION).locator(".scalar-card code").first.wait_for(timeout=SHOWN_WITHIN)
    yield visit
    await visit.page.close()


def operation(docs: Visit) -> "Locator":
    return docs.page.locator(OPERATION)


@pytest.mark.parametrize("path", ["/", "/problems/not_found"])
async def test_a_page_can_be_read_by_everybody(visit: Visit, path: str) -> None:
    await visit.to(path)
    async for look in visit.looks(path.strip("/").replace("/", "-") or "welcome"):
        assert not await faults(visit.page, ALL), look


async def test_the_list_of_problems_can_be_read_by_everybody(visit: Visit) -> None:
    await visit.to("/problems")
    one_of_many = ["header", "main > *:not(dl)", "dl:first-of-type"]
    async for look in visit.looks("problems"):
        assert not await faults(visit.page, ALL, one_of_many), look


async def test_on_a_phone_no_code_and_no_sentence_is_broken_into_a_column_of_letters(visit: Visit) -> None:
    await visit.page.set_viewport_size({"width": 400, "height": 900})
    await visit.to("/problems")
    lines = "[...document.querySelectorAll('dt a')].map(code => code.getClientRects().length)"
    assert max(await visit.page.evaluate(lines)) <= 2
    widths = "[...document.querySelectorAll('dd')].map(sentence => sentence.clientWidth)"
    assert min(await visit.page.evaluate(widths)) > 300


async def test_the_documentation_loads_nothing_from_anybody_and_breaks_no_rule_of_its_own(docs: Visit) -> None:
    assert {url.partition("?")[0].removeprefix(docs.address) for url in docs.asked} == {
        "/docs", "/docs/document.json", "/assets/docs.css", "/assets/docs.js", "/assets/scalar.js", "/assets/mark.svg",
    }  # fmt: skip
    assert docs.complaints == []


async def test_the_menu_leads_to_first_steps_and_to_every_service(docs: Visit) -> None:
    menu = docs.page.get_by_role("complementary")
    for part in ("First steps", "Conventions", "Registry", "Incubator", "Metrics", "Access"):
        assert await menu.get_by_text(part, exact=True).count() == 1, part


async def test_first_steps_name_the_address_at_which_they_are_read(docs: Visit) -> None:
    assert await docs.page.get_by_text(f"ZONE={docs.address}").count() == 1


async def test_an_operation_has_a_curl_line_with_its_whole_example(docs: Visit) -> None:
    line = await operation(docs).locator(".scalar-card code").first.inner_text()
    assert line.startswith(f"curl {docs.address}/v1/registry/registrations \\\n"), line
    assert "--header 'Authorization: Bearer " in line
    assert "示例晨光纺织有限公司" in line


async def test_the_documentation_can_be_read_by_everybody(docs: Visit) -> None:
    async for width, light in docs.looks("docs"):
        if (width, light) == (400, "light"):
            assert not await faults(docs.page, WCAG, [".introduction-description-heading", OPERATION])
        if width == 1280:  # where there is more of it; its colours are those of the small one
            assert not await faults(docs.page, COLOUR, ["aside", OPERATION]), light


async def test_the_search_finds_an_operation_by_its_words(docs: Visit) -> None:
    await docs.page.keyboard.press("Control+k")
    await docs.page.get_by_role("combobox").fill("annual reports of a business")
    await docs.page.get_by_role("option").get_by_text("/annual-reports").first.wait_for()
    assert not await faults(docs.page, WCAG, ["[role=dialog]"], but=SEARCH_DOES_NOT_SAY_WHETHER_IT_IS_OPEN)
    await docs.page.keyboard.press("Escape")


async def test_an_operation_can_be_tried_at_this_address(docs: Visit) -> None:
    await operation(docs).get_by_role("button", name="Test Request").click()
    async with docs.page.expect_response(f"{docs.address}/v1/registry/registrations") as answered:
        await docs.page.get_by_role("button", name="Send").first.click()
    assert (await (await answered.value).json())["code"] == "unauthenticated"


async def test_where_no_script_runs_the_page_says_where_to_look(browser: "Browser", address: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{address}/docs")
    assert await page.get_by_role("link", name="/openapi.json").is_visible()
    await context.close()
