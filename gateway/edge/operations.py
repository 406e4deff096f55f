"""The table of operations: which operations exist and what each asks of its caller, found by method and path."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gateway.edge.inbound import MethodNotAllowed
from gateway.edge.operation import Operation, parsed
from services.chassis.domain.errors import NotFound

FILE = Path(__file__).parent.parent / "operations.tsv"
"""The operations of the public API, written by `./zone operations` from the signatures of the services' routes."""

_PARAMETER = re.compile(r"\{[^{}]+\}")


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
        operations: of the public API; who may GET may ask for the HEAD.

    Raises:
        ValueError: a path template that the edge could not match, or one operation twice.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = _Node()
        self.services: set[str] = set()
        """The services that perform the operations, as their paths say."""
        for each in operations:
            known = self._node(each.template).operations
            if each.method in known:
                raise ValueError(f"{each.method} {each.template} is there twice")
            known[each.method] = each
            if each.method == "GET":
                known["HEAD"] = each
            self.services.add(each.service)

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


def load(path: Path = FILE) -> Table:
    """The table in a file.

    Raises:
        OSError, ValueError: no such file, or not a table that the edge can enforce; the gateway must not start.
    """
    return Table(parsed(path.read_text(encoding="ascii")))


def _find(node: _Node, segments: list[bytes]) -> _Node | None:
    if not segments:
        return node if node.operations else None
    first, rest = segments[0], segments[1:]
    if (named := node.named.get(first)) and (found := _find(named, rest)):
        return found
    return _find(node.any, rest) if node.any and first else None
