"""The problem codes of an operation: those it declares, with those of its parameters, its body and its dependencies."""

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.chassis.domain.errors import ZoneError
from services.chassis.http.bodies.merge_patch import Patches
from services.chassis.http.problems import GENERIC

ANY: Final = frozenset(
    {
        *GENERIC.values(),
        *(cls.code for cls in ZoneError.__subclasses__() if cls.__module__ == ZoneError.__module__),
        *("internal_error", "invalid", "malformed_header", "method_not_allowed"),
        *("malformed_json", "repeated_member", "lone_surrogate", "character_not_allowed"),
        *("unknown_parameter", "repeated_parameter", "malformed_parameter", "limit_range", "cursor_invalid"),
        *("insufficient_scope", "wrong_kind_of_caller", "idempotency_key_reused"),
        *("busy", "outbox_full", "outcome_unknown", "store_away", "event_too_large"),
    }
)
"""What the chassis may answer to any operation; nobody declares these."""


def codes_of(route: APIRoute) -> frozenset[str]:
    """With which codes of its own an operation may refuse."""
    found = {*_of_dependant(route.dependant)}
    if route.body_field is not None:
        found.update(_of_type(route.body_field.field_info.annotation, set()))
    return frozenset(found) - ANY


def _of_dependant(dependant: Dependant) -> Iterator[str]:
    call = inspect.unwrap(dependant.call) if dependant.call else None
    yield from getattr(call, "refuses", ())
    for field in (*dependant.query_params, *dependant.path_params, *dependant.header_params):
        yield from _of_metadata(field.field_info.metadata)
        yield from _of_type(field.field_info.annotation, set())
    for inner in dependant.dependencies:
        yield from _of_dependant(inner)


def _of_type(annotation: Any, seen: set[Any]) -> Iterator[str]:
    """The codes of a type with all that it is made of."""
    yield from _of_metadata(getattr(annotation, "__metadata__", ()))
    for part in get_args(annotation):
        yield from _of_type(part, seen)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        yield from getattr(annotation, "refuses", ())
        for field in annotation.model_fields.values():
            yield from _of_metadata(field.metadata)
            yield from _of_type(field.annotation, seen)


def _of_metadata(metadata: Any) -> Iterator[str]:
    for each in metadata:
        yield from getattr(each, "codes", ())
        if isinstance(each, Patches):
            yield from _of_type(each.patched, set())


def undeclared(route: APIRoute, error: ZoneError) -> frozenset[str]:
    """What a refusal says that its operation does not declare; tests of routes hold that it is nothing."""
    return frozenset({error.code, *(each["code"] for each in error.errors)}) - codes_of(route) - ANY
