"""One operation of the public API as the edge knows it, and as a line of `gateway/operations.tsv`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.edge.inbound import METHODS
from services.chassis.domain.errors import Forbidden

COLUMNS = ("method", "path", "scopes", "body", "answers", "body_limit")
"""The first line of the table; tabs stand between the columns, commas between several values."""
NOTHING = "-"
PUBLIC = "(public)"
"""In place of scopes: nobody has to say who they are."""
ENDLESS = "zone.endless"
"""Set in the scope of a request to an operation that is a stream: its answer goes on while its caller is there."""
ANY_KEY = "(any key)"
"""In place of scopes: who calls must be known, and needs none."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the public API.

    Attributes:
        method: of HTTP.
        template: the path as documented; few distinct values, so fit for metrics.
        scopes: all of them are needed; `None` where nobody has to say who they are.
        accepts: media types of the body; empty where it has none.
        produces: media types of the answers; any of them may be a problem besides.
        body_limit: bytes, where it takes another number of them than most.
    """

    method: str
    template: str
    scopes: frozenset[str] | None
    accepts: frozenset[str] = frozenset()
    produces: frozenset[str] = frozenset()
    body_limit: int | None = None

    @property
    def service(self) -> str:
        """Who performs it, by `/v1/<service>/…`; empty for other paths."""
        segments = self.template.split("/")
        return segments[2] if segments[1] == "v1" and len(segments) > 2 else ""

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


def as_text(operations: Iterable[Operation]) -> str:
    """The table of operations, by path and method: what is committed, and read back by `parsed`."""
    rows = [_row(each) for each in sorted(operations, key=lambda each: (each.template, METHODS.index(each.method)))]
    return "".join("\t".join(row) + "\n" for row in [COLUMNS, *rows])


def parsed(text: str) -> Iterator[Operation]:
    """The operations of a table.

    Raises:
        ValueError: no such table, or a line of it cannot be enforced; the sentence names the line.
    """
    first, *lines = text.splitlines() or [""]
    if tuple(first.split("\t")) != COLUMNS:
        raise ValueError(f"the table of operations begins with {' '.join(COLUMNS)}, not {first!r}")
    for number, line in enumerate(lines, start=2):
        try:
            yield _operation(*line.split("\t"))
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {number} of the table of operations, {line!r}: {error}") from None


def _row(operation: Operation) -> tuple[str, ...]:
    asked = PUBLIC if operation.scopes is None else ",".join(sorted(operation.scopes)) or ANY_KEY
    media = (",".join(sorted(each)) or NOTHING for each in (operation.accepts, operation.produces))
    limit = NOTHING if operation.body_limit is None else str(operation.body_limit)
    return operation.method, operation.template, asked, *media, limit


def _operation(method: str, path: str, scopes: str, body: str, answers: str, body_limit: str) -> Operation:
    if method not in METHODS:
        raise ValueError(f"a method is one of {', '.join(METHODS)}")
    if not path.startswith("/") or not all((body, answers)):
        raise ValueError(f"a path begins with /, and a column that says nothing is {NOTHING}")
    if scopes in ("", NOTHING):
        raise ValueError(f"where no scope is needed, {PUBLIC} or {ANY_KEY} says so")
    return Operation(
        method,
        path,
        None if scopes == PUBLIC else frozenset() if scopes == ANY_KEY else frozenset(scopes.split(",")),
        _values(body),
        _values(answers),
        _bytes(body_limit),
    )


def _bytes(column: str) -> int | None:
    if column == NOTHING:
        return None
    if not column.isdigit() or int(column) == 0:
        raise ValueError("a limit is a number of bytes")
    return int(column)


def _values(column: str) -> frozenset[str]:
    return frozenset() if column == NOTHING else frozenset(column.split(","))
