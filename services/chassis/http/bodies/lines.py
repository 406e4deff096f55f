"""NDJSON: one JSON value a line, each read as strictly as a body, each line's errors under its number."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from services.chassis.domain.errors import MOST_ERRORS, TooLarge, Unprocessable, ZoneError
from services.chassis.domain.times import zone_date
from services.chassis.http.bodies.body import Body, Named, StrictRequest
from services.chassis.http.bodies.json_body import read_json
from services.chassis.http.problems import from_validation

M = TypeVar("M", bound=BaseModel)

NDJSON = "application/x-ndjson"
LONGEST_LINE = 256 * 1024
"""Bytes; what is read of a file in one piece."""


@dataclass(frozen=True, slots=True)
class Line(Generic[M]):
    """One line that is not blank.

    Attributes:
        number: from 1, blank lines counted.
        value: None where it cannot be accepted.
        errors: as a problem lists them; the first token of each pointer is the number of the line: `/3/reading`.
    """

    number: int
    value: M | None
    errors: list[dict[str, str]]


async def lines_of(
    chunks: AsyncIterable[bytes], model: type[M], *, context: Mapping[str, Any] | None = None
) -> AsyncIterator[Line[M]]:
    """Read a stream line by line: a body, or a file that a job goes through.

    Args:
        context: of the validation, such as `{"today": …}` for rules that go by the date.

    Raises:
        TooLarge: a line is longer than `LONGEST_LINE`.
    """
    number = 0
    async for raw in _split(chunks):
        number += 1
        if raw.strip():
            yield _read(number, raw, model, context)


async def _split(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    waiting = b""
    async for chunk in chunks:
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in [*whole, waiting]:
            if len(line) > LONGEST_LINE:
                raise TooLarge(f"A line is at most {LONGEST_LINE} bytes.")
        for line in whole:
            yield line
    if waiting:
        yield waiting


def _read(number: int, raw: bytes, model: type[M], context: Mapping[str, Any] | None) -> Line[M]:
    value: Any = None
    try:
        value = read_json(raw)
        return Line(number, model.model_validate(value, context=context), [])
    except ValidationError as error:
        wrong = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        refusal = from_validation(RequestValidationError(wrong, body=value))
    except ZoneError as error:
        refusal = error
    errors = refusal.errors or [{"pointer": "", "code": refusal.code, "detail": refusal.detail}]
    return Line(number, None, [{**each, "pointer": f"/{number}{each.get('pointer', '')}"} for each in errors])


class TakesLines(Body, Generic[M]):
    """A body of lines: `readings: Annotated[list[Reading], Depends(TakesLines(Reading, at_most=5_000_000))]`.

    All that is wrong with any line is told at once, the line's number (from 1) before the place in it: `/3/reading`.
    Larger ones are an upload that a job reads (`lines_of`).
    """

    def __init__(self, model: type[M], *, at_most: int | None = None) -> None:
        super().__init__(NDJSON, at_most=at_most)
        self._model = model

    async def receive(self, request: StrictRequest) -> bytes:
        self.media_type(request)
        request._body = b"".join([chunk async for chunk in self.chunks(request)])
        return request._body

    def schema(self, named: Named) -> dict[str, Any]:
        """As OpenAPI 3.2 has it of sequences, and 3.1 does not forbid: of all lines together."""
        return {"type": "array", "items": named(self._model), "description": "One JSON object a line."}

    async def __call__(self, request: Request) -> list[M]:
        """Raises Unprocessable, with up to `MOST_ERRORS` places."""
        values: list[M] = []
        errors: list[dict[str, str]] = []
        context = {"today": zone_date(request.state.tx.now)}
        async for line in lines_of(_whole(await request.body()), self._model, context=context):
            if line.value is not None:
                values.append(line.value)
            errors += line.errors
            if len(errors) >= MOST_ERRORS:
                break
        if errors:
            raise Unprocessable("Not every line is acceptable.", errors=errors)
        return values


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body
