"""A form (`application/x-www-form-urlencoded`, WHATWG URL §5): what OAuth's token endpoint takes."""

from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from services.chassis.domain.errors import BadRequest
from services.chassis.http.bodies.body import Body, Named, StrictRequest
from services.chassis.http.bodies.json_body import TROUBLE

M = TypeVar("M", bound=BaseModel)

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


class TakesForm(Body, Generic[M]):
    """A form of text fields: `asked: Annotated[TokenRequest, Depends(TakesForm(TokenRequest))]`.

    A route that names no `InTx` beside it has no transaction: there is nothing to commit.
    """

    def __init__(self, model: type[M], *, at_most: int | None = None) -> None:
        super().__init__(FORM, at_most=at_most)
        self._model = model

    async def receive(self, request: StrictRequest) -> bytes:
        self.media_type(request)
        body = b"".join([chunk async for chunk in self.chunks(request)])
        request.state.form = read_form(body)
        return body

    def schema(self, named: Named) -> dict[str, Any]:
        return named(self._model)

    async def __call__(self, request: Request) -> M:
        fields: dict[str, str] = request.state.form
        try:
            return self._model.model_validate(fields)
        except ValidationError as error:
            wrong = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
            raise RequestValidationError(wrong, body=fields) from None


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        BadRequest: `malformed_form`; a name that stands twice is one, as two readers would take two values.
    """
    pairs: list[tuple[str, str]] = []
    unreadable = False
    try:
        if body:
            text = body.decode("ascii")
            pairs = parse_qsl(
                text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
            )
    except ValueError:  # not ASCII, not UTF-8 where it is decoded, no pair, or too many of them
        unreadable = True
    fields = dict(pairs)
    if unreadable or len(fields) < len(pairs) or any(TROUBLE.search(part) for pair in pairs for part in pair):
        raise BadRequest("The form cannot be read in one way only.", code="malformed_form")
    return fields
