"""Everything that is wrong to send to an operation, made from the OpenAPI document, so that it covers new routes."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from zlib import crc32

from gateway.access.scopes import KINDS, SCOPES, Kind

Json = Any
Path = tuple[str | int, ...]

MARK: Final = "zq7mark"
"""Stands in every text that is sent, so that an answer that repeats one is found out."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document, with what of its schemas a wrong request is made of."""

    method: str
    path: str
    described: Mapping[str, Any]

    @property
    def id(self) -> str:
        name: str = self.described["operationId"]
        return name

    @property
    def scopes(self) -> frozenset[str]:
        """What its caller needs."""
        return frozenset(scope for each in self.described.get("security", ()) for scope in each["zone"])

    @property
    def caller(self) -> Kind:
        """A kind of caller that it lets in."""
        return next(kind for kind in reversed(KINDS) if self.scopes <= SCOPES[kind])

    @property
    def strangers(self) -> list[Kind]:
        """The kinds of caller that it does not let in."""
        return [kind for kind in KINDS if not self.scopes <= SCOPES[kind]]

    @property
    def examples(self) -> list[Json]:
        """Bodies that are right; none where it takes none."""
        media = self.described.get("requestBody", {}).get("content", {}).get("application/json", {})
        return [example["value"] for example in media.get("examples", {}).values()]

    @property
    def media_types(self) -> set[str]:
        """In which forms it answers."""
        return {form for answer in self.described["responses"].values() for form in answer.get("content", {})}

    def parameters(self, where: str) -> list[str]:
        """The names of its parameters in the path, the query or the header."""
        return [each["name"] for each in self.described.get("parameters", ()) if each["in"] == where]


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """All operations of a document."""
    return [
        Operation(method.upper(), path, described)
        for path, item in document["paths"].items()
        for method, described in item.items()
    ]


@dataclass(frozen=True)
class Attempt:
    """One wrong request.

    Attributes:
        about: what is wrong with it, for whoever reads the failure.
        statuses: the only ones that it may be answered with; empty where a harmless 2xx is as good as a refusal.
        places: the members, parameters or headers that the refusal has to name.
    """

    about: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    statuses: frozenset[int] = frozenset()
    places: tuple[tuple[str, str], ...] = ()


def in_turn(operation: Operation, attempts: Iterable[Attempt], *, one_of: int) -> list[Attempt]:
    """One of so many attempts, and of those of the next operation others.

    For what one place of the chassis judges for all operations alike: each attempt is made on many of them, and each
    of them sees many.
    """
    known = [*attempts]
    first = crc32(operation.id.encode()) % min(one_of, len(known) or 1)
    return known[first::one_of]


UNREADABLE: Final[Mapping[str, bytes]] = {
    "broken": b"{",
    "trailing garbage": b"{} x",
    "not a number": b'{"a": NaN}',
    "infinity": b'{"a": Infinity}',
    "a member twice": b'{"a": 1, "a": 2}',
    "bad UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "half of a character": b'{"a": "\\ud800"}',
    "too many digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "too deep": b'{"a": ' * 100 + b"1" + b"}" * 100,
    "far too deep": b"[" * 100_000,
}
UNACCEPTABLE: Final[Mapping[str, bytes]] = {
    "an array": b"[]",
    "a text": b'"%s"' % MARK.encode(),
    "a number": b"1",
    "true": b"true",
    "an operator": b'{"$gt": ""}',
    "NUL": b'{"a": "\\u0000"}',
    "wrong in ten thousand places": json.dumps({f"x{number}": 1 for number in range(10_000)}).encode(),
}

WRONG_VALUES: Final[tuple[Json, ...]] = (
    *(None, True, -1, 10**18, 10**400, 0.5, "", "1", f"{MARK}\x00", MARK * 2_000, f"{MARK}\u202e\x07"),
    *([], [[[MARK]]], {}, {"$gt": ""}),
)
"""Put in the place of every member of a right body; which of them are wrong there, the schema says."""
HUGE: Final = 987_654_321_001
"""Becomes 1e400, which no JSON library writes."""


@dataclass(frozen=True)
class Spoilt:
    """A body that was right, with something else in some places.

    Attributes:
        each: for every place, the right body with that one place spoilt.
    """

    about: str
    body: Json
    each: Mapping[Path, Json]

    @property
    def text(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body).replace(str(HUGE), "1e400").encode()


def spoilt(operation: Operation) -> Iterator[Spoilt]:
    """Every way to spoil the members of the right bodies: those that hold others one by one, the rest all at once."""
    for example in operation.examples:
        inside = dict(members(example))
        holders = [path for path, value in inside.items() if isinstance(value, dict | list)]
        # What says of which type a body is, stands alone: where it is wrong, nothing else can be read.
        alone: list[Path] = [path for path in inside if path == ("type",)]
        rest = [path for path in inside if path not in holders + alone]
        for value in (*WRONG_VALUES, HUGE):
            for paths in [rest, alone] if alone else [rest]:
                yield _spoilt(example, dict.fromkeys(paths, value))
        for path in holders:
            for value in (None, 1, MARK, [MARK] if isinstance(inside[path], dict) else {"$gt": ""}):
                yield _spoilt(example, {path: value})
        yield _spoilt(example, {(*path, "示例~/x"): MARK for path in holders if isinstance(inside[path], dict)})


def _spoilt(example: Json, changes: Mapping[Path, Json]) -> Spoilt:
    body = example
    for path, value in changes.items():
        body = _replaced(body, path, value)
    about = f"{json.dumps(next(iter(changes.values()), None))[:30]} at {' '.join(map(pointer, changes))[:100]}"
    return Spoilt(about, body, {path: _replaced(example, path, value) for path, value in changes.items()})


def members(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every value inside a body, with its place; the whole body first."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in inner:
        yield from members(member, (*path, name))


def pointer(path: Path) -> str:
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _replaced(body: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    changed = copy.deepcopy(body)
    place = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return changed


def _text(body: Json) -> bytes:
    return json.dumps(body).encode()


WRONG_PARAMETERS: Final = (
    *("", "%00", "%ff", "%ED%A0%80", "%D9%A3", "-1", "1e400", "201", "9" * 30, MARK * 500),
    *("%7B%22%24gt%22%3A%22%22%7D", "9999-99-99T99:99:99Z", "a%0D%0Ab: c"),
)
WRONG_IDS: Final = (
    *("%00", "x", "%ff", "%E2%98%83", "%2e%2e", "%2f", "$gt", "9" * 30, MARK * 1_500),
    *("biz_" + "0" * 32, "biz_" + "0" * 32 + "%0A"),
)
WRONG_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Idempotency-Key": ("x" * 256, '"a', '"a"b', '""', "é"),
    "If-Match": ("1", "v1", '"v1', '"v 1"', '"v1" "v2"', '"v1", x', '*, "v1"', "é"),
}


def unreadable(operation: Operation, target: str) -> Iterator[Attempt]:
    """Bodies that are no bodies."""
    for about, body in UNREADABLE.items():
        yield Attempt(about, operation.method, target, JSON, body, frozenset({400}))
    for about, body in UNACCEPTABLE.items():
        yield Attempt(about, operation.method, target, JSON, body, frozenset({422}))
    yield Attempt("too large", operation.method, target, JSON, b" " * 1_100_000, frozenset({413}))


JSON: Final = {"Content-Type": "application/json", "If-Match": "*"}


def wrongly_labelled(operation: Operation, target: str) -> Iterator[Attempt]:
    """Bodies and answers in a form that is not spoken here."""
    refused = frozenset({415})
    for kind in ("text/plain", "application/xml", "application/json; charset=gbk", "multipart/form-data", ""):
        yield Attempt(f"type {kind}", operation.method, target, JSON | {"Content-Type": kind}, b"{}", refused)
    yield Attempt("zipped", operation.method, target, JSON | {"Content-Encoding": "gzip"}, b"{}", refused)


def wrong_headers(operation: Operation, target: str) -> Iterator[Attempt]:
    """Headers that cannot be read, and what the caller will not read."""
    body = _text(operation.examples[0]) if operation.examples else None
    headers = JSON if body else {}
    for name in operation.parameters("header"):
        for value in WRONG_HEADERS.get(name, ()):
            attempt = f"{name}: {value}"
            sent = headers | {name: value}
            yield Attempt(attempt, operation.method, target, sent, body, frozenset({400}), (("header", name),))
    for accept in {"text/html", "application/json;q=0", "audio/*"} - operation.media_types:
        yield Attempt(accept, operation.method, target, headers | {"Accept": accept}, body, frozenset({406}))
    for tag in ("x", '"', "é", "W/" + MARK * 100):
        if operation.method == "GET":
            sent = {"If-None-Match": tag}
            yield Attempt(f"If-None-Match: {tag}", operation.method, target, sent, None, frozenset({400}))


def wrong_queries(operation: Operation, target: str) -> Iterator[Attempt]:
    """Every declared parameter with every wrong value, twice, and parameters that are not declared."""
    unknown = frozenset({400})
    yield Attempt("unknown", "GET", f"{target}?{MARK}=1", statuses=unknown, places=(("parameter", MARK),))
    for name in operation.parameters("query"):
        yield Attempt(
            f"{name} twice", "GET", f"{target}?{name}=1&{name}=1", statuses=unknown, places=(("parameter", name),)
        )
        operator = f"{name}[$gt]"
        yield Attempt(
            operator, "GET", f"{target}?{quote(operator)}=", statuses=unknown, places=(("parameter", operator),)
        )
        for value in WRONG_PARAMETERS:
            yield Attempt(f"{name}={value[:30]}", "GET", f"{target}?{name}={value}")


def wrong_ids(operation: Operation, objects: Mapping[str, str]) -> Iterator[Attempt]:
    """Every parameter of the path in every wrong form."""
    body = _text(operation.examples[0]) if operation.examples else None
    asks_for_more = any(each["in"] == "query" and each.get("required") for each in operation.described["parameters"])
    refused = frozenset({400, 404, 414, *([422] if asks_for_more else [])})
    for name in operation.parameters("path"):
        for id in WRONG_IDS:
            target = operation.path.format(**{**objects, name: id})
            headers = JSON if body else {"If-Match": "*"}
            yield Attempt(f"{name} {id[:30]}", operation.method, target, headers, body, refused)
