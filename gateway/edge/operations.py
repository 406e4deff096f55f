"""The table of operations: which operations exist and what each asks of its caller, found by method and path."""

from collections.abc import Iterable
from pathlib import Path

from gateway.edge.inbound import MethodNotAllowed
from gateway.edge.operation import Operation, parsed
from services.chassis.domain.errors import NotFound
from services.chassis.http.routing.path_tree import PathTree

FILE = Path(__file__).parent.parent / "operations.tsv"
"""The operations of the public API, written by `./zone operations` from the signatures of the services' routes."""


class Table:
    """The operations by path segment; a literal segment wins over a parameter.

    A parameter takes any segment: whether an id is well formed is the service's to say.

    Args:
        operations: of the public API; who may GET may ask for the HEAD.

    Raises:
        ValueError: a path template that the edge could not match, or one operation twice.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._tree: PathTree[Operation] = PathTree()
        self.services: set[str] = set()
        """The services that perform the operations, as their paths say."""
        for each in operations:
            known = self._tree.at(each.template)
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
        known = self._tree.find(path.decode("latin-1").split("/")[1:])
        if known is None:
            raise NotFound("There is no such path in this API.", code="route_not_found")
        operation = known.get(method)
        if operation is None:
            raise MethodNotAllowed(sorted(known))
        return operation


def load(path: Path = FILE) -> Table:
    """The table in a file.

    Raises:
        OSError, ValueError: no such file, or not a table that the edge can enforce; the gateway must not start.
    """
    return Table(parsed(path.read_text(encoding="ascii")))
