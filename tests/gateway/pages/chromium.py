"""A real Chromium, led by Playwright, and what axe-core finds wrong with what it shows."""

import os
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import pytest

from deploy.environment import BROWSERS

if TYPE_CHECKING:  # where there is no browser, what drives one is not installed
    from playwright.async_api import Browser, Page

CHROMIUM: Final = next(filter(None, map(shutil.which, BROWSERS)), None)
Rules = Mapping[str, str | list[str]]

ALL: Final[Rules] = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WCAG: Final[Rules] = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
"""axe-core's rules for the Web Content Accessibility Guidelines 2.2, levels A and AA."""
COLOUR: Final[Rules] = {"type": "rule", "values": ["color-contrast"]}
"""What another light may change."""

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None,
    reason="NO PAGE WAS LOOKED AT: install a Chromium (Debian: apt-get install chromium), then rm -r .venv",
)


@asynccontextmanager
async def chromium() -> AsyncIterator["Browser"]:
    """A browser without a window."""
    from playwright.async_api import async_playwright

    roots_own = ["--no-sandbox"] if os.geteuid() == 0 else []  # it has none for root
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=roots_own)
        yield browser
        await browser.close()


async def faults(page: "Page", rules: Rules, within: Sequence[str] = (":root",), but: Iterable[str] = ()) -> list[str]:
    """What is wrong with a page as it is shown.

    Args:
        within: selectors of what is looked at.
        but: rules that are left out.
    """
    from axe_playwright_python.async_playwright import Axe

    options = {"runOnly": rules, "rules": {rule: {"enabled": False} for rule in but}, "resultTypes": ["violations"]}
    context = {"include": [[selector] for selector in within]}
    found = (await Axe().run(page, context=context, options=options)).response["violations"]
    return [f"{fault['id']}: {place['html']}" for fault in found for place in fault["nodes"]]
