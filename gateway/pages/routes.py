"""What anyone may read: the API document, as it is and as a page, and what each problem means."""

import json
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from gateway.pages.docs_page import docs_page
from gateway.pages.html_page import POLICY
from gateway.pages.problem_pages import list_page, problem_page
from services.chassis.domain.errors import NotFound
from services.chassis.domain.refusals import refuses

DOCUMENT = Path(__file__).parent.parent / "openapi.json"
"""The public API, written by `./zone openapi` from the signatures of the services' routes."""

router = APIRouter(include_in_schema=False)


@cache
def rendered_docs() -> str:
    return docs_page(json.loads(DOCUMENT.read_bytes()))


def _shown(html: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=300"}
    return HTMLResponse(html, headers=headers)


@router.get("/openapi.json")
async def document() -> Response:
    """The OpenAPI 3.1 document of the whole public API."""
    return Response(
        DOCUMENT.read_bytes(), media_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The same, for people."""
    return _shown(rendered_docs())


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
