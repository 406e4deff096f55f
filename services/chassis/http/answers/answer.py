"""Answers that are not JSON: a route's return annotation names one, and the API document has its media type from it."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse

from services.chassis.http.answers.csv_table import Cell, csv_line
from services.chassis.http.view import View

CSP = "Content-Security-Policy"
PIECE = 32 * 1024
"""Bytes that lines of a stream are gathered to before they leave."""


class _Named:
    """What whole and streamed answers have in common.

    Attributes:
        view: of what it shows, so that it has that one's `ETag`; a room's own class names it.
    """

    media_type: str | None
    view: ClassVar[type[View] | None] = None
    always: ClassVar[Mapping[str, str]] = {}
    """Headers of every such answer."""

    def _described(self, given: Mapping[str, str] | None, file_name: str | None, shows: View | None) -> dict[str, str]:
        """The headers of this one. Raises TypeError where it shows something else than its class says."""
        if not isinstance(shows, self.view or type(None)):
            raise TypeError(f"{type(self).__name__} shows {self.view}, as its class says")
        self.shows = shows
        saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}"} if file_name else {}
        return {**self.always, **saved, **(given or {})}


class Answer(_Named, Response):
    """A whole answer in another form than JSON.

    Args:
        content: as the class writes it.
        shows: the view that it shows, where its class names one.
        file_name: under which a browser saves it (RFC 6266); None shows it.
    """

    def __init__(
        self,
        content: Any,
        *,
        shows: View | None = None,
        file_name: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, headers=self._described(headers, file_name, shows))


class Html(Answer):
    """A page, as text. It runs no script and loads nothing: what it needs stands in it."""

    media_type = "text/html"
    always: ClassVar = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    }


class Svg(Answer):
    """A drawing, as text; bound as a page is."""

    media_type = "image/svg+xml"
    always: ClassVar = Html.always


class Calendar(Answer):
    """iCalendar (RFC 5545), as text."""

    media_type = "text/calendar"


class Jose(Answer):
    """A compact JWS (RFC 7515 §7.1), as text. A class of its own names a type of its own, such as `vc+jwt`."""

    media_type = "application/jose"


class JsonLd(Answer):
    """JSON-LD 1.1, as the value that is written as JSON."""

    media_type = "application/ld+json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


class Csv(Answer):
    """A table (RFC 4180), as its rows; the first one names the columns."""

    media_type = "text/csv"

    def render(self, content: Iterable[Sequence[Cell]]) -> bytes:
        return b"".join(csv_line(row) for row in content)


class Ndjson(Answer):
    """One JSON value a line."""

    media_type = "application/x-ndjson"

    def render(self, content: Iterable[Any]) -> bytes:
        return b"".join(json_line(value) for value in content)


class Streamed(_Named, StreamingResponse):
    """An answer that is written while it is sent, in bounded memory; of a read only.

    Args:
        content: as the class writes it, piece by piece.
        shows, file_name: see `Answer`.
    """

    def __init__(
        self,
        content: AsyncIterable[Any],
        *,
        shows: View | None = None,
        file_name: str | None = None,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        described = self._described(headers, file_name, shows)
        super().__init__(self.written(content), headers=described, media_type=media_type)

    def written(self, content: AsyncIterable[Any]) -> AsyncIterable[bytes]:
        """The bytes of what the route gave."""
        return content


class StreamedCsv(Streamed):
    """A table of any length, as its rows; the first one names the columns."""

    media_type = "text/csv"

    def written(self, content: AsyncIterable[Sequence[Cell]]) -> AsyncIterable[bytes]:
        return gathered(csv_line(row) async for row in content)


class StreamedNdjson(Streamed):
    """One JSON value a line, of any number."""

    media_type = "application/x-ndjson"

    def written(self, content: AsyncIterable[Any]) -> AsyncIterable[bytes]:
        return gathered(json_line(value) async for value in content)


class StreamedFile(Streamed):
    """A file as it was uploaded, as its pieces (`Files.open`); `media_type` is the file's own."""

    media_type = "application/octet-stream"
    always: ClassVar = {CSP: "default-src 'none'; sandbox"}


class EventStream(Streamed):
    """Server-sent events (WHATWG HTML §9.2), as `server_sent` writes them; it ends when the caller leaves."""

    media_type = "text/event-stream"
    always: ClassVar = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def server_sent(data: str, *, event: str | None = None, id: str | None = None) -> bytes:
    """One event for an `EventStream`.

    Args:
        data: text of one line or more.
        event, id: of one line.
    """
    fields = [("id", id), ("event", event), *(("data", line) for line in data.splitlines() or [""])]
    return "".join(f"{name}: {value}\n" for name, value in fields if value is not None).encode() + b"\n"


def json_line(value: Any) -> bytes:
    """One value and the end of its line."""
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


async def gathered(lines: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of about `PIECE`: a message a line would cost more than the line."""
    waiting = bytearray()
    async for line in lines:
        waiting += line
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)
