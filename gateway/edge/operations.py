"""Which operations exist and what each asks of its caller: the public OpenAPI document, compiled."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.edge.inbound import METHODS, MethodNotAllowed
from services.chassis.domain.errors import Forbidden, NotFound

SCHEME = "zone"
"""The security scheme of the document whose scopes are the zone's."""


_PARAMETER = re.compile(r"\{[^{}]+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the public API.

    Attributes:
        template: the path as documented; few distinct values, so fit for metrics.
        service: who performs it, by `/v1/<service>/…`; empty for other paths.
        scopes: all of them are needed; `None` where nobody has to say who they are.
        accepts: media types of the body; empty where none is documented.
        produces: media types of the answers, problems included.
        body_at_most: bytes, where it takes more or fewer than is usual; None where the usual limit holds.
    """

    template: str
    service: str
    scopes: frozenset[str] | None
    accepts: frozenset[str]
    produces: frozenset[str]
    body_at_most: int | None = None

    @property
    def is_stream(self) -> bool:
        """Answers that go on for as long as the caller listens."""
        return "text/event-stream" in self.produces

    def permit(self, scopes: frozenset[str]) -> None:
        """Let a caller with these scopes pass.

        Raises:
            Forbidden: `insufficient_scope` (RFC 6750 §3.1).
        """
        if missing := sorted((self.scopes or frozenset()) - scopes):
            challenge = f'Bearer error="insufficient_scope", scope="{" ".join(missing)}"'
            raise Forbidden(
                f"This needs the scope {', '.join(missing)}.",
                code="insufficient_scope",
                headers={"WWW-Authenticate": challenge},
                scopes=missing,
            )


@dataclass(slots=True)
class _Node:
    """A place in the tree of path segments."""

    named: dict[bytes, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Table:
    """The operations by path segment; a literal segment wins over a parameter.

    A parameter takes any segment: whether an id is well formed is the service's to say.

    Args:
        document: OpenAPI 3.1.

    Raises:
        ValueError: a security requirement, a path template or a limit that the edge could not enforce.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._root = _Node()
        common = document.get("security")
        for template, item in document["paths"].items():
            operations = {
                method.upper(): _operation(template, described, common)
                for method, described in item.items()
                if method.upper() in METHODS
            }
            if "GET" in operations:
                operations.setdefault("HEAD", operations["GET"])
            self._node(template).operations.update(operations)

    def match(self, method: str, path: bytes) -> Operation:
        """The operation at a path.

        Raises:
            NotFound: no such path.
            MethodNotAllowed: the path is known, under other methods.
        """
        node = _find(self._root, path.split(b"/")[1:])
        if node is None:
            raise NotFound("There is no such path in this API.", code="route_not_found")
        operation = node.operations.get(method)
        if operation is None:
            raise MethodNotAllowed(sorted(node.operations))
        return operation

    def _node(self, template: str) -> _Node:
        node = self._root
        for segment in template.split("/")[1:]:
            if _PARAMETER.fullmatch(segment):
                node.any = node.any or _Node()
                node = node.any
            elif "{" in segment:
                raise ValueError(f"{template}: a parameter is a whole segment")
            else:
                node = node.named.setdefault(segment.encode("ascii"), _Node())
        return node


def load(path: Path) -> Table:
    """The table of the document in a file.

    Raises:
        OSError, ValueError: no such file, or not a document the edge can enforce; the gateway must not start.
    """
    return Table(json.loads(path.read_bytes()))


def _find(node: _Node, segments: list[bytes]) -> _Node | None:
    if not segments:
        return node if node.operations else None
    first, rest = segments[0], segments[1:]
    if (named := node.named.get(first)) and (found := _find(named, rest)):
        return found
    return _find(node.any, rest) if node.any and first else None


def _operation(template: str, described: Mapping[str, Any], common: Any) -> Operation:
    segments = template.split("/")
    return Operation(
        template=template,
        service=segments[2] if segments[1] == "v1" and len(segments) > 2 else "",
        scopes=_scopes(template, described.get("security", common)),
        accepts=frozenset(described.get("requestBody", {}).get("content", {})),
        produces=frozenset(
            media for answer in described.get("responses", {}).values() for media in answer.get("content", {})
        ),
        body_at_most=_body_at_most(template, described.get("x-body-limit")),
    )


def _body_at_most(template: str, limit: Any) -> int | None:
    if limit is not None and (type(limit) is not int or limit < 1):
        raise ValueError(f"{template}: x-body-limit is a number of bytes, not {limit}")
    return limit


def _scopes(template: str, security: Any) -> frozenset[str] | None:
    """The scopes of an operation; alternatives are refused, since the edge knows one way in."""
    if not security:
        return None
    if len(security) != 1 or list(security[0]) != [SCHEME]:
        raise ValueError(f"{template}: security is one requirement of the scheme {SCHEME!r}, not {security}")
    return frozenset(security[0][SCHEME])
