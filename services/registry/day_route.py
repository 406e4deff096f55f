"""A route that says of a body which cannot be accepted what the day makes wrong with it, too."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from services.chassis.domain.times import zone_date
from services.chassis.http.route import TransactionalRoute


class DayRoute(TransactionalRoute):
    """A route whose body, where it is refused, is read once more with the day in mind (`violations.date_rule`)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        field = self.body_field.field_info
        body: Any = Annotated[field.annotation, field]
        form = TypeAdapter[Any](body)

        async def judge(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                today = zone_date(request.state.tx.now)
                elsewhere = [each for each in error.errors() if each["loc"][0] != "body"]
                try:
                    form.validate_python(error.body, context={"today": today})
                except ValidationError as wrong:
                    found = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
                    raise RequestValidationError([*elsewhere, *found], body=error.body) from error
                raise

        return judge
