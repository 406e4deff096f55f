"""`/docs`: the page in which Scalar shows the document of the API."""

from gateway.pages.assets import SCALAR
from gateway.pages.html_page import document

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of it: scripts that are served here, and calls to this address alone.

Scalar writes its styles into the page, and none of them into a file: so styles may stand there, and scripts may not."""


def docs_page(title: str) -> str:
    """What is to be read until the document is shown, or in place of it where no script runs."""
    waiting = (
        "<main id='waiting'><h1>Documentation</h1>"
        "<p id='progress' role='status'>Reading the document of the API, to show it by a script…</p>"
        "<p>For programs it is at <a href='/openapi.json'>/openapi.json</a>; what problems mean stands at "
        "<a href='/problems'>/problems</a>.</p></main>"
    )
    return document(title, f"{waiting}<div id='docs'></div>", styles=["docs.css"], scripts=["docs.js", SCALAR])
