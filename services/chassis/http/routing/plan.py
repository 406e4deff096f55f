"""The plan of a route: what its signature asks of each request, found out once instead of for each.

FastAPI reads signatures and describes them; where nothing in one is out of the ordinary, its way from a request to the
arguments is followed here without asking again what each of them is: the same values, the same errors in the same
order. Where something is (a dependency with `yield`, a cookie, a list in a query, a `Response` to be filled), there is
no plan, and FastAPI answers as it always does.
"""

from collections.abc import Hashable
from enum import Enum
from inspect import isclass, iscoroutinefunction
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from pydantic import BaseModel
from typing_extensions import TypeAliasType

ABSENT: Final = object()
JSON: Final = "application/json"
NO_BODY: Final = frozenset({204, 205, 304})
SINGLE: Final = (str, bytes, int, float, Enum, NoneType, BaseModel)
"""Types of parameters that have one value; so have all others that are no sequence, such as dates and instants."""
MANY: Final = (list, tuple, set, frozenset, dict)


class Unplanned(Exception):
    """A signature asks for something that FastAPI alone gives."""


class Plan:
    """How one route makes arguments of a request, and an answer of what its function returns.

    Raises:
        Unplanned: see above.
    """

    def __init__(self, route: APIRoute) -> None:
        shown, is_usual = route.response_field, isinstance(route.response_class, DefaultPlaceholder)
        if (shown is not None) is not is_usual or route.status_code in NO_BODY or route._embed_body_fields:
            raise Unplanned
        if route.response_model_include or route.response_model_exclude or route.stream_item_field:
            raise Unplanned
        self._shown, self._status = shown, route.status_code or 200
        self._left_out: dict[str, Any] = {
            "exclude_unset": route.response_model_exclude_unset,
            "exclude_defaults": route.response_model_exclude_defaults,
            "exclude_none": route.response_model_exclude_none,
        }
        self._by_alias = route.response_model_by_alias
        self._function = _Function(route.dependant)
        self._takes_body = route.body_field is not None

    async def run(self, request: Request) -> Response:
        """The answer. Raises RequestValidationError, and whatever the function and its dependencies raise."""
        body = await request.json() if self._takes_body and await request.body() else ABSENT
        errors: list[Any] = []
        arguments = await self._function.arguments(request, body, {}, errors)
        if errors:
            raise RequestValidationError(errors, body=None if body is ABSENT else body)
        answer = await self._function.call(**arguments)
        if self._shown is None or isinstance(answer, Response):
            return answer  # type: ignore[no-any-return]  # a response class says what it is
        value, wrong = self._shown.validate(answer, loc=("response",))
        if wrong:
            raise ResponseValidationError(errors=wrong, body=answer)
        content = self._shown.serialize_json(value, by_alias=self._by_alias, **self._left_out)
        return Response(content, self._status, media_type=JSON)


class _Function:
    """A function, and how its arguments are found: its dependencies first, each once a request, as FastAPI does."""

    def __init__(self, dependant: Dependant) -> None:
        call: Any = dependant.call
        if not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)) or dependant.concurrency:
            raise Unplanned
        if dependant.cookie_params or dependant.response_param_name or dependant.background_tasks_param_name:
            raise Unplanned
        if dependant.http_connection_param_name or dependant.websocket_param_name or not dependant.use_cache:
            raise Unplanned
        self.call = call
        scopes = list(dict.fromkeys([*(dependant.parent_oauth_scopes or ()), *(dependant.own_oauth_scopes or ())]))
        self.key: Hashable = (call, frozenset(scopes))
        self._inner = [(each.name, _Function(each)) for each in dependant.dependencies]
        in_order = (dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params)
        self._parameters = [_Parameter(field) for fields in in_order for field in fields]
        self._request = dependant.request_param_name
        named = dependant.security_scopes_param_name
        self._always = {named: SecurityScopes(scopes)} if named else {}

    async def arguments(
        self, request: Request, body: Any, known: dict[Hashable, Any], errors: list[Any]
    ) -> dict[str, Any]:
        """What it is called with; they are not whole where there are errors, which are added to those given.

        Args:
            known: what dependencies have given for this request.
        """
        found: dict[str, Any] = dict(self._always)
        for name, inner in self._inner:
            if inner.key not in known:
                before = len(errors)
                asked = await inner.arguments(request, body, known, errors)
                if len(errors) > before:
                    continue
                known[inner.key] = await inner.call(**asked)
            if name is not None:
                found[name] = known[inner.key]
        for parameter in self._parameters:
            found[parameter.name] = parameter.value(request, body, errors)
        if self._request is not None:
            found[self._request] = request
        return found


class _Parameter:
    """One argument that is made of a part of a request."""

    def __init__(self, field: Any) -> None:
        info = field.field_info
        self.name: str = field.name
        self._place: str = (getattr(info, "in_", None) and info.in_.value) or "body"
        self._alias: str = field.alias
        self._validate = field.validate
        annotation = info.annotation
        is_model = isclass(annotation) and issubclass(annotation, BaseModel)
        self._members = _members(annotation) if is_model and self._place != "body" else None
        self._loc = (self._place, self._alias) if self._members is None and self._place != "body" else (self._place,)
        self._default = ABSENT if info.is_required() else field.default
        other_names = info.validation_alias not in (None, self._alias)
        if info.validate_default or other_names or not (self._default is ABSENT or _is_fixed(self._default)):
            raise Unplanned
        if self._place == "body" and type(info).__name__ != "Body":
            raise Unplanned
        if self._place != "body" and not _is_single(annotation):
            raise Unplanned

    def value(self, request: Request, body: Any, errors: list[Any]) -> Any:
        """The value of the parameter in a request; where it has none, an error is added to those given."""
        if self._place == "query":
            sent: Any = request.query_params
        elif self._place == "path":
            sent = request.path_params
        else:
            sent = request.headers
        if self._place == "body":
            said = body
        elif self._members is None:
            said = sent.get(self._alias, ABSENT)
        else:
            said = {name: sent[name] for name in self._members if name in sent}
        if said is ABSENT:
            if self._default is not ABSENT:
                return self._default
            errors.append({"type": "missing", "loc": self._loc, "msg": "Field required", "input": None})
            return None
        value, wrong = self._validate(said, loc=self._loc)
        errors += wrong
        return value


def _members(model: type[BaseModel]) -> tuple[str, ...]:
    """The parameters that a model in a query is made of. Raises Unplanned."""
    if model.model_config.get("extra", "ignore") != "ignore":
        raise Unplanned
    for field in model.model_fields.values():
        if field.alias or field.validation_alias or not _is_single(field.annotation):
            raise Unplanned
    return tuple(model.model_fields)


def _is_single(annotation: Any) -> bool:
    """Whether a parameter of this type has one value at most."""
    origin = get_origin(annotation)
    if isinstance(annotation, TypeAliasType):
        return _is_single(annotation.__value__)
    if origin is Annotated:
        return _is_single(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return all(_is_single(part) for part in get_args(annotation))
    return origin is Literal or (isclass(annotation) and origin is None and not issubclass(annotation, MANY))


def _is_fixed(default: Any) -> bool:
    """Whether a default can be given to every request as it is."""
    return isinstance(default, str | int | float | Enum | NoneType)
