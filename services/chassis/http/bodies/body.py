"""The body of a request, read once and strictly before anything else happens."""

from typing import Any

from fastapi import Request

from services.chassis.domain.errors import TooLarge, UnsupportedMediaType
from services.chassis.http.bodies.json_body import read_json
from services.chassis.process import Process


class StrictRequest(Request):
    """A request whose body is read strictly (`read_json`)."""

    async def json(self) -> Any:
        if not hasattr(self, "_strict"):
            self._strict = read_json(await self.body())
        return self._strict


async def checked_body(request: StrictRequest) -> bytes:
    """The bytes of the body, parsed once so that what is unreadable is refused before anything else happens.

    Raises:
        TooLarge, UnsupportedMediaType, BadRequest, Unprocessable: see `read_json`.
    """
    limit = Process.of(request).settings.body_limit
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TooLarge(f"A body is at most {limit} bytes.")
    body = request._body = bytes(received)
    if body:
        kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
        charset = parameters.partition("charset=")[2].strip('" ')
        if kind.strip() not in ("application/json", "application/merge-patch+json") or charset not in ("", "utf-8"):
            raise UnsupportedMediaType("A body is sent as application/json in UTF-8.")
        await request.json()
    return body
