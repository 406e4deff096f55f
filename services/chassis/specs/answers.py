"""What every operation's part of the API document has in common: refusals as problems, and the headers of answers."""

from typing import Any, Final

from services.chassis.specs.references import REFERENCE

Json = dict[str, Any]

PROBLEM_SCHEMAS: Final[Json] = {
    "Problem": {
        "type": "object",
        "description": "Why a request is refused (RFC 9457).",
        "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "description": "The page that explains the code; of a 429, the type that IANA registers.",
                "examples": ["/problems/not_found"],
            },
            "title": {"type": "string", "description": "The name of the status."},
            "status": {"type": "integer", "format": "int32", "description": "The HTTP status of the answer."},
            "detail": {"type": "string", "description": "What is wrong, in a sentence for people."},
            "instance": {"type": "string", "description": "The path that was asked for."},
            "code": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": "What is wrong, for programs: it is stable, and `/problems/<code>` explains it. "
                "Of a 422 it is always `validation_failed`, of parameters that cannot be read `malformed_parameter`: "
                "`errors` say what is wrong.",
            },
            "request_id": {"type": "string", "description": "Names this request to whoever runs the zone."},
            "errors": {
                "type": "array",
                "description": "All that is wrong, each with its place; up to 200.",
                "items": {"$ref": f"{REFERENCE}ProblemPlace"},
            },
        },
    },
    "ProblemPlace": {
        "type": "object",
        "description": "One thing that is wrong with a request, and where.",
        "required": ["code", "detail"],
        "properties": {
            "pointer": {"type": "string", "description": "Where it stands in the body (RFC 6901)."},
            "parameter": {"type": "string", "description": "The parameter of the path or the query that it is."},
            "header": {"type": "string", "description": "The header field that it is."},
            "code": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": "What is wrong, for programs: stable, and explained as the code of a problem is.",
            },
            "detail": {"type": "string", "description": "What is wrong, in a sentence for people."},
        },
    },
}

MEANINGS: Final = {
    "304": "What `If-None-Match` names is still the current one.",
    "400": "The request cannot be read.",
    "401": "No credentials, or bad ones.",
    "403": "The caller is known, but may not do this.",
    "404": "No such thing, or not yours.",
    "409": "State or uniqueness says no.",
    "410": "It was there, and is over for good.",
    "412": "`If-Match` names another version.",
    "413": "The body is too large.",
    "415": "The body is in a form that is not read here.",
    "422": "Readable, but not acceptable: `errors` say what is wrong where, each with a code of its own.",
    "428": "This change needs `If-Match`.",
    "503": "Not now; repeat after `Retry-After` seconds.",
    "default": "What any operation may be answered, by the edge or on the way.",
}
HEADERS: Final[Json] = {
    "ETag": {
        "description": "Of what this caller is shown; as `If-Match`, a change of this version and no other.",
        "schema": {"type": "string", "examples": ['"v3.0123456789abcdef"']},
    },
    "Location": {
        "description": "Where what was made is found.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotent-Replayed": {
        "description": "`true` where this is the answer that an earlier request with the same key was given.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next attempt.",
        "schema": {"type": "integer", "format": "int32"},
    },
    "WWW-Authenticate": {"description": "What is asked for (RFC 9110 §11.6.1).", "schema": {"type": "string"}},
}
"""Of answers; each operation refers to those that it gives."""
