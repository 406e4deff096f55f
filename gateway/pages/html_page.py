"""The frame of the pages that the gateway shows to people."""

import re
from collections.abc import Sequence
from html import escape

from gateway.pages.assets import href

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of these pages: no script, and nothing from anywhere else."""

WAYS = (("/docs", "Documentation"), ("/problems", "Problems"), ("/openapi.json", "OpenAPI"))
"""What leads on from every page."""


def page(title: str, body: str) -> str:
    """A whole page around a body that is safe already."""
    ways = "".join(f"<a href='{way}'>{name}</a>" for way, name in WAYS)
    return document(
        title,
        f"<header><a class='home' href='/'><img src='{href('mark.svg')}' alt='' width='28' height='28'>"
        f"Cloud economy zone</a>{ways}</header><main>{body}</main>",
        styles=["pages.css"],
    )


def document(title: str, body: str, *, styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """An HTML document with the files that it loads, which are of `assets`."""
    linked = "".join(f"<link rel='stylesheet' href='{href(name)}'>" for name in styles)
    loaded = "".join(f"<script defer src='{href(name)}'></script>" for name in scripts)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><link rel='icon' type='image/svg+xml' href='{href('mark.svg')}'>"
        f"{linked}{loaded}</head><body>{body}</body></html>"
    )


def code_marked(text: str) -> str:
    """Plain text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
