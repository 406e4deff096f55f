"""The OpenAPI 3.1 document of a service's public routes: every refusal in it, as the problem that it is."""

from collections.abc import Iterable, Sequence
from inspect import isclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from pydantic import BaseModel
from starlette.routing import BaseRoute

from services.chassis.http.bodies.body import Body
from services.chassis.http.names import classes_in
from services.chassis.http.paging import Page
from services.chassis.http.view import Tagged, View
from services.chassis.module import Module
from services.chassis.specs.answers import HEADERS, MEANINGS, PROBLEM_SCHEMAS
from services.chassis.specs.docstrings import after_first_sentence, first_sentence, prose, prose_of
from services.chassis.specs.references import REFERENCE, named_in, public_names, renamed
from services.chassis.specs.schemas import described, tidied, unless_absent

BODY_LIMIT = "x-body-limit"
"""Member of an operation that takes more, or less, than the usual number of bytes; the edge keeps to it."""

UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "auto_configure": False}
"""FastAPI traces by itself at a third of the throughput; one span of our own does it (`request_span.py`)."""

BYTES = frozenset({"application/octet-stream", "application/vnd.apache.parquet", "application/zip"})
"""Media types of answers that are no text."""

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
    document["components"]["headers"] = HEADERS
    routes = {route.name: route for _, router in routers for route in router.routes if isinstance(route, APIRoute)}
    used = {tag for item in document["paths"].values() for operation in item.values() for tag in operation["tags"]}
    document["tags"] = [{"name": each.name, "description": each.about} for each in modules if each.name in used]
    lists: dict[str, str] = {}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            route = routes[operation["operationId"]]
            lists.update(_list_of(operation, route, schemas))
            _add_words(operation, route, schemas)
            _add_body(operation, route, schemas)
            _add_merge_patch(method, operation)
            _add_answers(method, operation, view_of(route))
            _add_refusals(method, operation)
            _add_headers(method, operation, view_of(route))
    for place in ("paths", "components"):
        document[place] = tidied(document[place], schemas)
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: described(each) for name, each in schemas.items()} | PROBLEM_SCHEMAS
    names = public_names(document["components"]["schemas"].keys() - lists.keys())
    if len(set(lists.values())) < len(lists):
        raise ValueError(f"callers would know two lists by one name: {sorted(lists.values())}")
    return renamed(document, names | lists)


def view_of(route: BaseRoute) -> type[Tagged] | None:
    """What a route shows under an `ETag`; of several views the first."""
    model = getattr(route, "response_model", None) or getattr(getattr(route, "response_class", None), "view", None)
    return next((each for each in classes_in(model) if issubclass(each, Tagged)), None)


def _add_words(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> None:
    """What it does, as its docstring says, and what it answers; parameters are described, and never null."""
    said = prose_of(route.endpoint)
    operation["summary"] = first_sentence(said)
    operation["description"] = after_first_sentence(said)
    if not operation["description"]:
        del operation["description"]
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            shown: dict[str, Any] = next((schemas[name] for name in named_in(answer.get("content", {}))), {})
            usual = operation["summary"] if answer.get("content") else "It is done; there is no more to say."
            answer["description"] = first_sentence(prose(shown.get("description", usual)))
    for parameter in operation.get("parameters", ()):
        schema = unless_absent(parameter["schema"])
        parameter["description"] = parameter.get("description", "") or schema.pop("description", "")
        parameter["schema"] = {name: value for name, value in schema.items() if name != "description"}


def _add_merge_patch(method: str, operation: dict[str, Any]) -> None:
    """A PATCH takes a JSON merge patch (RFC 7396) under its own media type, too."""
    if method == "patch":
        content = operation["requestBody"]["content"]
        content["application/merge-patch+json"] = content["application/json"]


def _add_body(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> None:
    """Whether a body must be there; one that is not JSON as the route declares it, and the limit that is its own."""
    body: Body | None = getattr(route, "body", None)
    if body is None:
        if (asked := operation.get("requestBody")) is not None:
            asked["required"] = asked.get("required", False)
            for media in asked["content"].values():
                media["schema"] = unless_absent(media["schema"])
        return

    def named(model: type[BaseModel]) -> dict[str, Any]:
        schema = model.model_json_schema(ref_template=f"{REFERENCE}{{model}}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
        return {"$ref": f"{REFERENCE}{model.__name__}"}

    content = {media_type: {"schema": body.schema(named)} for media_type in body.media_types}
    operation["requestBody"] = {"required": True, "content": content}
    if body.at_most is not None:
        operation[BODY_LIMIT] = body.at_most


def _add_answers(method: str, operation: dict[str, Any], view: type[Tagged] | None) -> None:
    """The headers of its answer, and the answer to who has it already."""
    (status,) = operation["responses"].keys() - {"422"}
    for media_type, shown in operation["responses"][status].get("content", {}).items():
        # FastAPI calls all that is not JSON a text
        if media_type.endswith("+json"):
            shown["schema"] = {"type": "object"}
        elif media_type in BYTES:
            shown["schema"] = {"type": "string", "format": "binary"}
    located = view is not None and issubclass(view, View) and view.at and status == "201"
    names = [*(["ETag"] if view else []), *(["Location"] if located else [])]
    if method in ("post", "patch"):
        names.append("Idempotent-Replayed")
    if names:
        operation["responses"][status]["headers"] = _headers(names)
    if method == "get" and view:
        operation["responses"]["304"] = {"description": MEANINGS["304"], "headers": _headers(["ETag"])}


def _list_of(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> dict[str, str]:
    """The name of a list that it answers, for the one that pydantic makes of its parts; it is described as all are."""
    model = route.response_model
    if not (isclass(model) and issubclass(model, Page)):
        return {}
    (name,) = named_in(operation["responses"]["200"]["content"]["application/json"]["schema"])
    schemas[name]["description"] = prose_of(model)
    return {name: model.__name__}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _add_refusals(method: str, operation: dict[str, Any]) -> None:
    codes = {*ALWAYS, "422"} if method == "get" else {*ALWAYS, *WITH_BODY}
    if method == "patch":
        codes.add("428")
    responses = operation["responses"]
    for code in [*sorted(codes), "default"]:
        responses[code] = refused_with(code)


def refused_with(status: str) -> dict[str, Any]:
    """The answer of an operation that refuses with a status."""
    answer = {
        "description": MEANINGS[status],
        "content": {"application/problem+json": {"schema": {"$ref": f"{REFERENCE}Problem"}}},
    }
    return answer | ({"headers": _headers([TOLD[status]])} if status in TOLD else {})


def _add_headers(method: str, operation: dict[str, Any], view: type[Tagged] | None) -> None:
    """The conditional and idempotency headers, where the route class reads them and they mean something."""
    parameters = operation.setdefault("parameters", [])
    headers = {}
    if method == "get" and view:
        headers["If-None-Match"] = "An ETag: the answer is 304 where it is still the current one."
    if method in ("post", "patch"):
        headers["Idempotency-Key"] = (
            "Requests with one key take effect once and are answered as the first was; kept 48 hours, per operation. "
            "1-255 printable ASCII characters, such as a UUID, quoted (RFC 9651 §3.3.3) or bare: it is the same key."
        )
    if method != "get" and any(each["in"] == "path" for each in parameters):
        headers["If-Match"] = "The ETag of the version that is changed: the answer is 412 where it is another by now."
    for name, meaning in headers.items():
        parameters.append(
            {
                "name": name,
                "in": "header",
                "required": method == "patch" and name == "If-Match",
                "description": meaning,
                "schema": {"type": "string"},
            }
        )
