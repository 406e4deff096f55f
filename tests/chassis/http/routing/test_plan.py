"""The plan of a route: the same values and the same errors as FastAPI's own way, in the same order."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Annotated, Any

import httpx
import orjson
import pytest
from fastapi import Cookie, Depends, FastAPI, Header, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from pydantic import BaseModel, Field

from services.chassis.domain.errors import Forbidden
from services.chassis.http.filters import Filter
from services.chassis.http.routing.plan import Plan, Unplanned

TOLD = (RequestValidationError, Forbidden)


class Colour(StrEnum):
    RED = "red"


class Wanted(Filter):
    colour: Colour | None = None
    at_least: Annotated[int, Field(ge=1)] = 1


class Seed(BaseModel):
    kind: str
    count: int = Field(ge=1)


class Shown(BaseModel):
    said: str


SHOWN = Shown(said="")


async def numbered(request: Request, page: Annotated[int, Query(ge=1)] = 1) -> str:
    request.state.asked = getattr(request.state, "asked", 0) + 1
    return f"{page} for the {request.state.asked}. time"


async def twice(first: Annotated[str, Depends(numbered)], colour: Colour = Colour.RED) -> str:
    return f"{first} {colour}"


async def scopes_of(needed: SecurityScopes) -> list[str]:
    return needed.scopes


async def nobody(needed: SecurityScopes, page: int = 1) -> None:
    if page == 3:
        raise Forbidden("No.")


async def find(
    number: Annotated[int, Path(ge=1)],
    wanted: Annotated[Wanted, Query()],
    first: Annotated[str, Depends(numbered)],
    second: Annotated[str, Depends(twice)],
    scopes: Annotated[list[str], Security(scopes_of, scopes=["a", "b"])],
    guard: Annotated[None, Security(nobody, scopes=["a"])],
    last_seen: Annotated[int | None, Header()] = None,
) -> Shown:
    return Shown(said=f"{number}, {wanted}, {first}, {second}, {scopes}, {last_seen}")


async def plant(number: int, body: Seed, first: Annotated[str, Depends(numbered)]) -> Shown:
    return Shown(said=f"{number}, {body}, {first}")


async def perhaps(body: Seed | None = None) -> Shown:
    return Shown(said=str(body))


class Planned(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        return Plan(self).run


def served(route_class: type[APIRoute]) -> httpx.AsyncClient:
    app = FastAPI()
    app.router.route_class = route_class
    app.get("/find/{number}")(find)
    app.post("/plant/{number}", status_code=201)(plant)
    app.post("/perhaps")(perhaps)

    async def refused(request: Request, error: Exception) -> Response:
        said = error.errors() if isinstance(error, RequestValidationError) else "forbidden"
        return Response(orjson.dumps(said, default=str), 422)

    for kind in TOLD:
        app.add_exception_handler(kind, refused)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def both() -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    async with served(APIRoute) as theirs, served(Planned) as ours:
        yield theirs, ours


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/find/1", None),
        ("GET", "/find/1?colour=red&at_least=2&page=2", None),
        ("GET", "/find/0?colour=blue&at_least=0&page=0", None),
        ("GET", "/find/x?page=y", None),
        ("GET", "/find/0?page=3", None),
        ("POST", "/plant/1", {"kind": "rose", "count": 1}),
        ("POST", "/plant/x?page=0", {"count": 0}),
        ("POST", "/plant/1", []),
        ("POST", "/plant/1", None),
        ("POST", "/perhaps", None),
        ("POST", "/perhaps", {"kind": "rose", "count": 1}),
    ],
)
@pytest.mark.parametrize("seen", [{}, {"last-seen": "7"}, {"last-seen": "late"}], ids=["unseen", "seen", "badly seen"])
async def test_a_request_is_answered_as_fastapi_would(
    both: tuple[httpx.AsyncClient, httpx.AsyncClient], method: str, path: str, body: Any, seen: dict[str, str]
) -> None:
    theirs, ours = [await client.request(method, path, json=body, headers=seen) for client in both]
    assert (ours.status_code, ours.json(), ours.headers) == (theirs.status_code, theirs.json(), theirs.headers)


async def yields() -> AsyncIterator[int]:
    yield 1


def blocks() -> int:
    return 1


async def after_another(given: Annotated[int, Depends(yields)]) -> Shown:
    return SHOWN


async def in_a_thread(given: Annotated[int, Depends(blocks)]) -> Shown:
    return SHOWN


async def of_a_list(given: Annotated[list[int], Query()]) -> Shown:
    return SHOWN


async def of_a_cookie(given: Annotated[str, Cookie()]) -> Shown:
    return SHOWN


async def of_its_answer(response: Response) -> Shown:
    return SHOWN


async def of_two_bodies(one: Seed, other: Seed) -> Shown:
    return SHOWN


@pytest.mark.parametrize("function", [after_another, in_a_thread, of_a_list, of_a_cookie, of_its_answer, of_two_bodies])
def test_what_only_fastapi_gives_has_no_plan(function: Callable[..., Any]) -> None:
    with pytest.raises(Unplanned):
        Plan(APIRoute("/", function, methods=["POST"]))


def test_an_answer_without_a_body_has_no_plan() -> None:
    async def gone() -> None:
        return

    with pytest.raises(Unplanned):
        Plan(APIRoute("/", gone, status_code=204))
