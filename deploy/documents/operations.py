"""The table of operations that the edge lets through, made from the OpenAPI document of the whole public API."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from deploy.complaint import Complaint
from gateway.edge.operation import Operation

Json = Mapping[str, Any]

SCHEME: Final = "zone"
"""The security scheme of the document whose scopes are the zone's."""
PROBLEM: Final = "application/problem+json"
BODY_LIMIT: Final = "x-body-limit"
"""Of an operation, in the document: how many bytes it may have where that is not what most may."""


def operations_of(document: Json) -> Iterator[Operation]:
    """Each operation of a document.

    Raises:
        Complaint: a security requirement that the edge could not enforce, since it knows one way in.
    """
    for template, item in document["paths"].items():
        for method, described in item.items():
            body = described.get("requestBody", {})
            answers = described["responses"].values()
            yield Operation(
                method.upper(),
                template,
                _scopes(f"{method.upper()} {template}", described.get("security", [])),
                frozenset(body.get("content", {})),
                frozenset(media for answer in answers for media in answer.get("content", {}) if media != PROBLEM),
                described.get(BODY_LIMIT),
            )


def _scopes(name: str, security: Any) -> frozenset[str] | None:
    if not security:
        return None
    if len(security) != 1 or list(security[0]) != [SCHEME]:
        raise Complaint(f"The security of {name} is one requirement of the scheme {SCHEME}, not {security}.")
    return frozenset(security[0][SCHEME])
