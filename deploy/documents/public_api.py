"""One OpenAPI document for the whole public API, made of the services' own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deploy.complaint import Complaint
from deploy.documents.api_examples import add_examples
from deploy.documents.problem_codes import add_codes
from deploy.services import WITH_GATEWAY, assembled, modules_called
from services.chassis.specs.references import named_in, renamed

Json = dict[str, Any]


ABOUT: Final = (
    "Send `Authorization: Bearer <key>`. Every refusal is an RFC 9457 problem; its `code` is explained at "
    "`/problems/<code>`. The codes stand under `x-problem-codes`: what an operation alone may answer beside its "
    "answers, what any may answer at the top. Lists are paged by `limit` and `cursor`. POST and PATCH take an "
    "`Idempotency-Key`; PATCH needs `If-Match`. Money is whole minor units with a currency, times are RFC 3339, dates "
    "are days in Asia/Shanghai. A text of format `one-line` or `multi-line` is kept in NFC without the white space "
    "around it, and refused where it holds characters that nobody sees. Call from a server: pages of other origins may "
    "not (there is no CORS), and a client has a share of what may be under way at once (429 `too_many_in_flight`). "
    "Everything in the examples is synthetic."
)


def public_document() -> Json:
    """The document of all services as they are."""
    services = {name: assembled(name) for name in WITH_GATEWAY}
    parts = {name: service.openapi() for name, service in services.items()}
    for name, part in parts.items():
        for module in modules_called("examples", WITH_GATEWAY[name]):
            add_examples(part, module)
    document = merged(parts)
    add_codes(document, (route for service in services.values() for route in service.routes()))
    return document


def as_text(document: Json) -> str:
    """A document as it is written: readable, and the same each time."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_public_document(file: Path) -> None:
    """Write the document of all services to a file, whole or not at all."""
    draft = file.with_suffix(".draft")
    draft.write_text(as_text(public_document()), encoding="utf-8")
    draft.replace(file)


def merged(parts: Mapping[str, Json]) -> Json:
    """One document from several.

    Schemas that have one name and are not the same get the service's name before theirs.

    Raises:
        Complaint: a path or an operation id stands in two of them.
    """
    paths: Json = {}
    components: Json = {}
    ids: dict[str, str] = {}
    ambiguous = _ambiguous({name: part["components"]["schemas"] for name, part in parts.items()})
    for service, part in parts.items():
        renamed_part = renamed(part, {name: f"{service.capitalize()}{name}" for name in ambiguous})
        for path, item in renamed_part["paths"].items():
            if path in paths:
                raise Complaint(f"{path} is a path of two services.")
            paths[path] = item
            for method, operation in item.items():
                place = f"{method.upper()} {path}"
                first = ids.setdefault(operation["operationId"], place)
                if first != place:
                    raise Complaint(
                        f"{first} and {place} have one operation id, {operation['operationId']}: rename one."
                    )
        for kind, named in renamed_part["components"].items():
            components.setdefault(kind, {}).update(named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cloud economy zone", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [tag for part in parts.values() for tag in part.get("tags", [])],
        "paths": paths,
        "components": {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())},
    }


def _ambiguous(schemas: Mapping[str, Json]) -> set[str]:
    """Names that stand for different things in different services, or for things that name such."""
    shared: dict[str, list[Any]] = {}
    for named in schemas.values():
        for name, schema in named.items():
            shared.setdefault(name, []).append(schema)
    several = {name: each for name, each in shared.items() if len(each) > 1}
    found = {name for name, each in several.items() if any(schema != each[0] for schema in each)}
    while more := {name for name, each in several.items() if found.intersection(named_in(each))} - found:
        found |= more
    return found
