"""The transactional route: open a unit of work, run the endpoint, commit, and only then let the answer go.

A FastAPI dependency that commits after its `yield` runs after the response: a commit that failed was answered 200.
Here the answer is serialised, stored under its `Idempotency-Key` in the transaction of its effect, committed, sent.
A lost race runs the endpoint again on fresh reads; yield-dependencies are entered again and left after the response,
so nothing that must be undone between two runs may live in one.
"""

from collections.abc import Callable, Coroutine
from inspect import isclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.dependencies.utils import get_typed_return_annotation
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from services.chassis.domain.errors import NotFound
from services.chassis.domain.times import zone_date
from services.chassis.http.answers.answer import Answer, Streamed
from services.chassis.http.bodies.body import Body, StrictRequest, bodies_of
from services.chassis.http.headers.idempotency import draws_anew
from services.chassis.http.headers.preconditions import precondition, tags_at_hand, version_of
from services.chassis.http.routing.parameters import Parameters
from services.chassis.http.routing.plan import Plan, Unplanned
from services.chassis.http.routing.write import Run, Write, unit_of_work
from services.chassis.http.security import let_in
from services.chassis.http.view import FOR_ITS_CALLER, described, remembering_view
from services.chassis.store.unit_of_work import Tx

READS = frozenset({"GET", "HEAD"})


class Nothing(BaseModel):
    """The body of an action that needs no words: `{}`, or none at all."""

    model_config = ConfigDict(extra="forbid")


class TransactionalRoute(APIRoute):
    """The route class of every service: `APIRouter(route_class=TransactionalRoute)`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        answer = get_typed_return_annotation(endpoint)
        if isclass(answer) and issubclass(answer, Answer | Streamed):
            options["response_class"], options["status_code"] = answer, options.get("status_code") or 200
        super().__init__(path, remembering_view(endpoint, options.get("status_code")), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        try:
            self.plan: Plan | None = Plan(self)
        except Unplanned:
            self.plan = None
        run = self._judged_by_the_day(self.plan.run if self.plan else super().get_route_handler())
        parameters = Parameters(self.dependant)
        self.body = self._declared_body()

        async def answer(request: StrictRequest) -> Response:
            parameters.check(request)
            if parameters.name_nothing(request):
                await let_in(request, self.dependant)
                raise NotFound
            if request.method in READS:
                return await read(request, run)
            if self.body is not None:
                await let_in(request, self.dependant)
            operation = f"{request.method} {self.path_format}"
            return await Write(request, run, operation, self.body, draws_anew=draws_anew(self.dependant)).answer()

        async def handle(request: Request) -> Response:
            return await answer(StrictRequest(request.scope, request.receive))

        self.answer = answer
        return handle

    def _judged_by_the_day(self, run: Run) -> Run:
        """The route; a body that it refuses is read once more with today's date in mind (`violations.date_rule`).

        So the caller is told at once what is wrong with it in itself, and what the day makes wrong with it.
        """
        if self.body_field is None:
            return run
        field = self.body_field.field_info
        body: Any = Annotated[field.annotation, field]
        form = TypeAdapter[Any](body)

        async def judged(request: Request) -> Response:
            try:
                return await run(request)
            except RequestValidationError as error:
                today = zone_date(request.state.tx.now)
                try:
                    form.validate_python(error.body, context={"today": today})
                except ValidationError as wrong:
                    elsewhere = [each for each in error.errors() if each["loc"][0] != "body"]
                    found = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
                    raise RequestValidationError([*elsewhere, *found], body=error.body) from error
                raise

        return judged

    def _declared_body(self) -> Body | None:
        """The body that is not JSON, where the signature names one.

        Raises:
            TypeError: it names several, or JSON too; a read has no body, and what a write answers is kept whole.
        """
        found = list(bodies_of(self.dependant))
        is_write = not (self.methods or set()) <= READS
        if len(found) + (self.body_field is not None) > 1 or (found and not is_write):
            raise TypeError(f"{self.path}: a write has one body, and a read has none")
        if is_write and isclass(self.response_class) and issubclass(self.response_class, Streamed):
            raise TypeError(f"{self.path}: the answer of a write is kept for repeats, and cannot be streamed")
        return found[0] if found else None


async def read(request: StrictRequest, run: Run) -> Response:
    """A GET: no transaction; 412 and 304 by the `ETag` of what is answered (RFC 9110 §13.1.1 and §13.1.2)."""
    condition, at_hand = precondition(request), tags_at_hand(request)
    request.state.tx = await unit_of_work(request)
    response = described(await run(request))
    etag = response.headers.get("etag", "")
    if condition is not None:
        condition.is_met = condition.admits(version_of(etag))
        condition.judge()
    if etag and (etag in at_hand or "*" in at_hand):
        return Response(status_code=304, headers={"ETag": etag, **FOR_ITS_CALLER})
    return response


async def current_tx(request: Request) -> Tx:
    """The unit of work that the route has opened for this request."""
    tx: Tx = request.state.tx
    return tx


InTx = Annotated[Tx, Depends(current_tx)]
"""The unit of work of this request. The route commits it; nothing else can."""
