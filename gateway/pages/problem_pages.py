"""`/problems/<code>`: what each stable code means and what to do about it, for the person who got it."""

import http
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


@cache
def explanations() -> dict[str, Explanation]:
    """Every code, as the table explains it."""
    return {code: Explanation(**entry) for code, entry in tomllib.loads(TABLE.read_text()).items()}


def problem_page(code: str) -> str | None:
    """The page of one code; None where the zone has no such code."""
    found = explanations().get(code)
    if found is None:
        return None
    status = f"{found.status} {http.HTTPStatus(found.status).phrase}"
    return page(
        code,
        f"<h1>{escape(code)}</h1><p class='quiet'>{escape(status)}</p>"
        f"<h2>What it means</h2><p>{code_marked(found.meaning)}</p>"
        f"<h2>What to do</h2><p>{code_marked(found.remedy)}</p>"
        "<p class='quiet'><a href='/problems'>all problems</a></p>",
    )


def list_page() -> str:
    """All codes, by status."""
    rows = "".join(
        f"<tr><td>{found.status}</td><td><a href='/problems/{code}'>{code}</a></td>"
        f"<td>{code_marked(found.meaning)}</td></tr>"
        for code, found in sorted(explanations().items(), key=lambda item: (item[1].status, item[0]))
    )
    return page("Problems", f"<h1>Problems</h1><table>{rows}</table>")
