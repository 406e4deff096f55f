"""The OpenAPI 3.1 document of a service's public routes: every refusal in it, as the problem that it is."""

from collections.abc import Iterable, Sequence
from inspect import isclass
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from pydantic import BaseModel
from starlette.routing import BaseRoute

from services.chassis.http.bodies.body import Body
from services.chassis.http.view import View
from services.chassis.module import Module

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; all errors are listed (up to 200), each with its place.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, into the body"},
                    "parameter": {"type": "string"},
                    "header": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

MEANINGS = {
    "304": "What `If-None-Match` names is still the current one.",
    "400": "The request cannot be read.",
    "401": "No credentials, or bad ones.",
    "403": "The caller is known, but may not do this.",
    "404": "No such thing, or not yours.",
    "409": "State or uniqueness says no.",
    "412": "`If-Match` names another version.",
    "413": "The body is too large.",
    "415": "The body is in a form that is not read here.",
    "422": "Readable, but a value is not acceptable.",
    "428": "This change needs `If-Match`.",
    "503": "Not now; repeat after `Retry-After` seconds.",
    "default": "What any operation may be answered, by the edge or on the way.",
}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version that is shown: as `If-Match`, a change of this one and no other.",
        "schema": {"type": "string", "examples": ['"v3"']},
    },
    "Location": {
        "description": "Where what was made is found.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotent-Replayed": {
        "description": "`true` where this is the answer that an earlier request with the same key was given.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {"description": "Seconds to wait before the next attempt.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "What is asked for (RFC 9110 §11.6.1).", "schema": {"type": "string"}},
}
"""Of answers; each operation refers to those that it gives."""

BODY_LIMIT = "x-body-limit"
"""Member of an operation that takes more, or less, than the usual number of bytes; the edge keeps to it."""

UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "auto_configure": False}
"""FastAPI traces by itself at a third of the throughput; one span of our own does it (`request_span.py`)."""

TOLD = {"401": "WWW-Authenticate", "503": "Retry-After"}
ALWAYS = ("400", "401", "403", "404", "503")
WITH_BODY = ("409", "412", "413", "415", "422")


def describe(title: str, modules: Sequence[Module]) -> dict[str, Any]:
    """The document of these modules' routes: operation ids from the functions' names, a tag a module."""
    app = FastAPI(title=title, telemetry=UNTRACED)
    routers = [(module, router) for module in modules for router in module.routers]
    for module, router in routers:
        app.include_router(router, tags=[module.name], generate_unique_id_function=lambda route: route.name)
    document = get_openapi(title=title, version="1", openapi_version="3.1.0", routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    document["components"]["headers"] = HEADERS
    routes = {route.name: route for _, router in routers for route in router.routes if isinstance(route, APIRoute)}
    used = {tag for item in document["paths"].values() for operation in item.values() for tag in operation["tags"]}
    document["tags"] = [{"name": each.name, "description": each.about} for each in modules if each.name in used]
    for methods in document["paths"].values():
        for method, operation in methods.items():
            route = routes[operation["operationId"]]
            _add_body(operation, route, schemas)
            _add_merge_patch(method, operation)
            _add_answers(method, operation, view_of(route))
            _add_refusals(method, operation)
            _add_headers(method, operation)
    return document


def view_of(route: BaseRoute) -> type[View] | None:
    """What a route shows of an aggregate, and so under which `ETag`; of several views the first."""
    model = getattr(route, "response_model", None) or getattr(getattr(route, "response_class", None), "view", None)
    return next((each for each in get_args(model) or [model] if isclass(each) and issubclass(each, View)), None)


def _add_merge_patch(method: str, operation: dict[str, Any]) -> None:
    """A PATCH takes a JSON merge patch (RFC 7396) under its own media type, too."""
    if method == "patch":
        content = operation["requestBody"]["content"]
        content["application/merge-patch+json"] = content["application/json"]


def _add_body(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> None:
    """The body of a route that takes something else than JSON, and the limit that is its own."""
    body: Body | None = getattr(route, "body", None)
    if body is None:
        return

    def named(model: type[BaseModel]) -> dict[str, Any]:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
        return {"$ref": f"#/components/schemas/{model.__name__}"}

    content = {media_type: {"schema": body.schema(named)} for media_type in body.media_types}
    operation["requestBody"] = {"required": True, "content": content}
    if body.at_most is not None:
        operation[BODY_LIMIT] = body.at_most


def _add_answers(method: str, operation: dict[str, Any], view: type[View] | None) -> None:
    """The headers of its answer, and the answer to who has it already."""
    (status,) = operation["responses"].keys() - {"422"}
    names = [*(["ETag"] if view else []), *(["Location"] if view and view.at and status == "201" else [])]
    if method in ("post", "patch"):
        names.append("Idempotent-Replayed")
    if names:
        operation["responses"][status]["headers"] = _headers(names)
    if method == "get" and view:
        operation["responses"]["304"] = {"description": MEANINGS["304"], "headers": _headers(["ETag"])}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _add_refusals(method: str, operation: dict[str, Any]) -> None:
    codes = {*ALWAYS, "422"} if method == "get" else {*ALWAYS, *WITH_BODY}
    if method == "patch":
        codes.add("428")
    responses = operation["responses"]
    for code in [*sorted(codes), "default"]:
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[code] = {"description": MEANINGS[code], "content": content}
        if code in TOLD:
            responses[code]["headers"] = _headers([TOLD[code]])


def _add_headers(method: str, operation: dict[str, Any]) -> None:
    """The conditional and idempotency headers, which the route class reads for every operation."""
    headers = {"If-None-Match": "an ETag: 304 where it is still the current one"} if method == "get" else {}
    if method in ("post", "patch"):
        headers["Idempotency-Key"] = "repeats with this key take effect once; kept 48 hours"
    if method != "get":
        headers["If-Match"] = "the ETag of the version that is changed: 412 where it is another by now"
    operation["parameters"] = [
        *operation.get("parameters", []),
        *(
            {
                "name": name,
                "in": "header",
                "required": method == "patch" and name == "If-Match",
                "description": meaning,
                "schema": {"type": "string"},
            }
            for name, meaning in headers.items()
        ),
    ]
