"""What anyone may read: where to begin, the API document, as it is and as a page, and what each problem means."""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from gateway.headers import acceptable
from gateway.pages import docs_page
from gateway.pages.assets import asset
from gateway.pages.docs_document import docs_document
from gateway.pages.html_page import POLICY
from gateway.pages.problem_pages import list_page, problem_page
from gateway.pages.welcome_page import DOCUMENTS, welcome_page
from gateway.settings import settings_of
from services.chassis.domain.errors import NotFound
from services.chassis.domain.refusals import refuses

router = APIRouter(include_in_schema=False)

FOR_A_WHILE: Final = "public, max-age=300"
FOR_EVER: Final = "public, max-age=31536000, immutable"
ROBOTS: Final = "User-agent: *\nDisallow: /v1/\n"
"""RFC 9309. Nothing under /v1 says anything to those who have no key, but for what is open to all one by one."""


@lru_cache(maxsize=1)
def shown(document: bytes) -> bytes:
    """The document as its page shows it, made once of each that is there one after the other."""
    return json.dumps(docs_document(json.loads(document)), ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=16)
def compressed(content: bytes) -> bytes:
    """The same as gzip (RFC 1952), made once."""
    return gzip.compress(content, 6, mtime=0)


def document_file(request: Request) -> Path:
    """Where the OpenAPI document is that the gateway was given in `ZONE_OPENAPI_FILE`.

    Raises:
        NotFound: `document_not_found`: none was given, or it is not there; the API itself needs none.
    """
    file = settings_of(request).openapi_file
    if file is None or not file.exists():
        raise NotFound("This gateway was given no document of the API.", code="document_not_found")
    return file


def _sent(request: Request, content: bytes, media_type: str, kept: str = FOR_A_WHILE) -> Response:
    """A file, as gzip where that is read: the document and the bundle are megabytes."""
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if "gzip" in acceptable(request.headers.getlist("accept-encoding")):
        content = compressed(content)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def _page(html: str, policy: str = POLICY, **headers: str) -> HTMLResponse:
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": FOR_A_WHILE, **headers})


# Plain functions, which run in a thread: what they read and compress would hold up the calls that pass by.


@router.get("/")
def welcome(request: Request) -> Response:
    """Where to go on: a page for whoever asks for HTML, as browsers do, else JSON."""
    asked = acceptable(request.headers.getlist("accept"))
    if "text/html" in asked and "application/json" not in asked:
        return _page(welcome_page(), Vary="Accept")
    return JSONResponse(DOCUMENTS, headers={"Cache-Control": FOR_A_WHILE, "Vary": "Accept"})


@router.get("/openapi.json")
@refuses("document_not_found")
def document(request: Request) -> Response:
    """The OpenAPI 3.1 document of the whole public API."""
    return _sent(request, document_file(request).read_bytes(), "application/json")


@router.get("/docs")
@refuses("document_not_found")
def docs(request: Request) -> HTMLResponse:
    """The OpenAPI document as a page for people."""
    document_file(request)
    return _page(docs_page.docs_page(DOCUMENTS["title"]), docs_page.POLICY)


@router.get("/docs/document.json")
@refuses("document_not_found")
def document_shown(request: Request) -> Response:
    """What that page shows."""
    return _sent(request, shown(document_file(request).read_bytes()), "application/json")


@router.get("/assets/{name}")
@refuses("route_not_found")
def file(request: Request, name: str) -> Response:
    """A file that pages load, by an address that is another when the file is, or link. Raises NotFound."""
    try:
        found = asset(name)
    except KeyError:
        raise NotFound("There is no such file.", code="route_not_found") from None
    return _sent(request, found.content, found.media_type, FOR_EVER if request.url.query else FOR_A_WHILE)


@router.get("/favicon.ico")
def favicon(request: Request) -> Response:
    """The zone's mark, for what is looked at without a page around it."""
    return _sent(request, asset("mark.svg").content, asset("mark.svg").media_type)


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """What search engines may read."""
    return _sent(request, ROBOTS.encode(), "text/plain")


@router.get("/problems")
def problems() -> HTMLResponse:
    """All codes."""
    return _page(list_page())


@router.get("/problems/{code}")
@refuses("route_not_found")
def problem(code: str) -> HTMLResponse:
    """One code. Raises NotFound for one that the zone does not have."""
    html = problem_page(code)
    if html is None:
        raise NotFound("The zone has no such problem.", code="route_not_found")
    return _page(html)
