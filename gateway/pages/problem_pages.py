"""`/problems/<code>`: what each stable code means and what to do about it, for the person who got it."""

import http
import itertools
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from gateway.pages.html_page import code_marked, page

TABLE = Path(__file__).with_name("problems.toml")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code: the status it usually comes with, what it means, what to do."""

    status: int
    meaning: str
    remedy: str

    @property
    def status_line(self) -> str:
        """`404 Not Found`."""
        return f"{self.status} {http.HTTPStatus(self.status).phrase}"


@cache
def explanations() -> dict[str, Explanation]:
    """Every code, as the table explains it."""
    return {code: Explanation(**entry) for code, entry in tomllib.loads(TABLE.read_text()).items()}


def problem_page(code: str) -> str | None:
    """The page of one code; None where the zone has no such code."""
    found = explanations().get(code)
    if found is None:
        return None
    return page(
        code,
        f"<h1>{escape(code)}</h1>"
        f"<p class='quiet'><a href='/problems#{found.status}'>{escape(found.status_line)}</a></p>"
        f"<h2>What it means</h2><p>{code_marked(found.meaning)}</p>"
        f"<h2>What to do</h2><p>{code_marked(found.remedy)}</p>",
    )


def list_page() -> str:
    """All codes, by status."""
    ordered = sorted(explanations().items(), key=lambda item: (item[1].status, item[0]))
    statuses = [(line, list(codes)) for line, codes in itertools.groupby(ordered, lambda item: item[1].status_line)]
    jumps = "".join(f"<li><a href='#{line[:3]}'>{line[:3]}</a></li>" for line, _ in statuses)
    sections = "".join(
        f"<h2 id='{line[:3]}'>{escape(line)}</h2><dl>{''.join(_entry(*each) for each in codes)}</dl>"
        for line, codes in statuses
    )
    return page(
        "Problems",
        "<h1>Problems</h1><p class='lead'>Every refusal is a problem of RFC 9457. Its <code>code</code> is stable, and "
        "explained here; <code>errors</code> says what is wrong in which place, all of it at once.</p>"
        f"<nav aria-label='Statuses'><ul class='jumps'>{jumps}</ul></nav>{sections}",
    )


def _entry(code: str, found: Explanation) -> str:
    return f"<div><dt><a href='/problems/{code}'>{code}</a></dt><dd>{code_marked(found.meaning)}</dd></div>"
