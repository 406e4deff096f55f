"""The body of a request, read once and strictly before anything else happens: JSON, or what the route declares."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from services.chassis.domain.errors import TooLarge, UnsupportedMediaType
from services.chassis.http.bodies.json_body import read_json
from services.chassis.process import Process

Named = Callable[[type[BaseModel]], dict[str, Any]]
"""Puts a model among the schemas of an API document, and refers to it."""

JSON = ("application/json", "application/merge-patch+json")


class StrictRequest(Request):
    """A request whose body is read strictly (`read_json`)."""

    async def json(self) -> Any:
        if not hasattr(self, "_strict"):
            self._strict = read_json(await self.body())
        return self._strict


class Body(ABC):
    """A body that is not JSON, declared in the signature of a route as the dependency that gives what was received.

    `statement: Annotated[Upload, Depends(Takes("text/csv", at_most=10_000_000))]`

    Attributes:
        media_types: those that are read.
        at_most: bytes; None where the usual limit holds.
    """

    def __init__(self, *media_types: str, at_most: int | None = None) -> None:
        self.media_types, self.at_most = media_types, at_most

    @abstractmethod
    async def receive(self, request: StrictRequest) -> bytes:
        """Take the body in, before the unit of work begins: once, however often that runs.

        Returns what stands for the body in the fingerprint of the idempotency record.

        Raises:
            UnsupportedMediaType, TooLarge, BadRequest, Unprocessable: it is not what is read here.
        """

    async def discard(self, request: StrictRequest) -> None:  # noqa: B027 – most bodies leave nothing behind
        """Leave nothing of it: the request was refused, or had been answered before."""

    @abstractmethod
    def schema(self, named: Named) -> dict[str, Any]:
        """How the API document describes it."""

    def media_type(self, request: Request) -> str:
        """Which of `media_types` was sent.

        Raises:
            UnsupportedMediaType: none of them, or not in UTF-8.
        """
        return media_type_of(request, self.media_types)

    async def chunks(self, request: StrictRequest) -> AsyncIterator[bytes]:
        """The body as it comes, within its limit. Raises TooLarge."""
        async for chunk in chunks_of(request, self.at_most or Process.of(request).settings.body_limit):
            yield chunk


def bodies_of(dependant: Dependant) -> Iterator[Body]:
    """The bodies that an endpoint and its dependencies declare."""
    for inner in dependant.dependencies:
        call: Any = inner.call
        if isinstance(call, Body):
            yield call
        yield from bodies_of(inner)


async def checked_body(request: StrictRequest) -> bytes:
    """The bytes of a JSON body, parsed once so that what is unreadable is refused before anything else happens.

    Raises:
        TooLarge, UnsupportedMediaType, BadRequest, Unprocessable: see `read_json`.
    """
    chunks = chunks_of(request, Process.of(request).settings.body_limit)
    body = request._body = b"".join([chunk async for chunk in chunks])
    if body:
        media_type_of(request, JSON)
        await request.json()
    return body


async def chunks_of(request: StrictRequest, at_most: int) -> AsyncIterator[bytes]:
    """The body as it comes, and never more of it than allowed. Raises TooLarge."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > at_most:
            raise TooLarge(f"A body is at most {at_most} bytes here.")
        yield chunk


def media_type_of(request: Request, media_types: tuple[str, ...]) -> str:
    """Which of these the body is sent as.

    Raises:
        UnsupportedMediaType: none of them, or not in UTF-8.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip('" ')
    if kind.strip() not in media_types or charset not in ("", "utf-8"):
        raise UnsupportedMediaType(f"A body is sent as {' or '.join(media_types)} in UTF-8.")
    return kind.strip()
