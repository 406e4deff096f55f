"""What anyone may read: the API document, as it is and as a page, and what each problem means."""

import json
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from gateway.pages.docs_page import docs_page
from gateway.pages.html_page import POLICY
from gateway.pages.problem_pages import list_page, problem_page
from gateway.settings import settings_of
from services.chassis.domain.errors import NotFound
from services.chassis.domain.refusals import refuses

router = APIRouter(include_in_schema=False)


@lru_cache(maxsize=1)
def rendered_docs(document: bytes) -> str:
    """The page of a document, made once of each that is there one after the other."""
    return docs_page(json.loads(document))


def document_of(request: Request) -> bytes:
    """The OpenAPI document that the gateway was given in `ZONE_OPENAPI_FILE`.

    Raises:
        NotFound: `document_not_found`: none was given, or it is not there; the API itself needs none.
    """
    file = settings_of(request).openapi_file
    if file is None or not file.exists():
        raise NotFound("This gateway was given no document of the API.", code="document_not_found")
    return file.read_bytes()


def _shown(html: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=300"}
    return HTMLResponse(html, headers=headers)


@router.get("/openapi.json")
@refuses("document_not_found")
async def document(request: Request) -> Response:
    """The OpenAPI 3.1 document of the whole public API."""
    content = document_of(request)
    return Response(content, media_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@router.get("/docs")
@refuses("document_not_found")
async def docs(request: Request) -> HTMLResponse:
    """The same, for people."""
    return _shown(rendered_docs(document_of(request)))


@router.get("/problems")
async def problems() -> HTMLResponse:
    """All codes."""
    return _shown(list_page())


@router.get("/problems/{code}")
@refuses("route_not_found")
async def problem(code: str) -> HTMLResponse:
    """One code. Raises NotFound for one that the zone does not have."""
    html = problem_page(code)
    if html is None:
        raise NotFound("The zone has no such problem.", code="route_not_found")
    return _shown(html)
