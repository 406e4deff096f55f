"""One OpenAPI document for the whole public API, made of the services' own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deploy.complaint import Complaint
from deploy.documents.api_examples import add_examples
from deploy.documents.problem_codes import add_codes
from deploy.documents.scopes import add_scopes
from deploy.services import WITH_GATEWAY, assembled, modules_called

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
INFO: Final[Json] = {
    "title": "Cloud economy zone",
    "version": "1",
    "description": ABOUT,
    "contact": {
        "name": "示例开发区伙伴支持 (synthetic): support of the zone's partners",
        "email": "partners@zone.example",
    },
    "license": {
        "name": "For partners of the zone, under their agreement with it",
        "identifier": "LicenseRef-partners-of-the-zone",
    },
}
SERVERS: Final = [
    {"url": "/", "description": "The zone that this document comes from."},
    {"url": "http://127.0.0.1:8000", "description": "A zone on the machine of whoever develops: `./zone up`."},
]


def public_document() -> Json:
    """The document of all services as they are."""
    services = {name: assembled(name) for name in WITH_GATEWAY}
    parts = {name: service.openapi() for name, service in services.items()}
    for name, part in parts.items():
        for module in modules_called("examples", WITH_GATEWAY[name]):
            add_examples(part, module)
    document = merged(parts)
    add_scopes(document)
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

    Raises:
        Complaint: a path or an operation id stands in two of them, or two things have one name: were they told apart by
            their services, a class of one service would change what the clients of another call theirs.
    """
    paths: Json = {}
    components: Json = {}
    ids: dict[str, str] = {}
    for part in parts.values():
        for path, item in part["paths"].items():
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
        for kind, named in part["components"].items():
            known = components.setdefault(kind, {})
            if twice := sorted(name for name, each in named.items() if known.setdefault(name, each) != each):
                raise Complaint(f"Two services call different things {', '.join(twice)}: rename a class of one.")
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": SERVERS,
        "tags": [tag for part in parts.values() for tag in part.get("tags", [])],
        "paths": paths,
        "components": {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())},
    }
