"""Every list is paged: `limit` and an opaque cursor that is signed and belongs to one query.

A page is bounded in bytes too (`Store.page`): it ends early, with a `next_cursor`, where its rows are large.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field, WithJsonSchema

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant, rfc3339
from services.chassis.http.names import name_of, plural
from services.chassis.http.problems import unreadable_parameters
from services.chassis.process import Process
from services.chassis.store.unit_of_work import Tx

V = TypeVar("V")
R = TypeVar("R", bound=Row)

MOST_ON_A_PAGE = 200
"""Rows that a list answers at once."""

BY_ID: Mapping[str, str] = {"id": "_id"}
"""The order of birth: ids sort by it."""


CURSOR = "^[A-Za-z0-9_-]+$"
NextCursor = Annotated[str, WithJsonSchema({"type": "string", "pattern": CURSOR})]


class Page(BaseModel, Generic[V]):
    """One page of a list, and how to get at the next."""

    # Before Python 3.13 a docstring below an attribute is looked for in all modules, anew for each kind of list.
    data: list[V] = Field(description="What stands on this page, in the order of the list.")
    next_cursor: NextCursor | None = Field(
        description="For the parameter `cursor`: it leads to the next page; null on the last one."
    )

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`ListOfFilings` for a page of `FilingView`."""
        return f"ListOf{plural(name_of(params[0]))}"


class CountedPage(Page[V], Generic[V]):
    """One page of a list, how to get at the next, and how many there are in all, where that was asked for."""

    total: int | None = Field(description="How many match in all; null where `include_total` did not ask for it.")


@dataclass(frozen=True)
class PageRequest:
    """What a caller asked for: how many, from where, in which order."""

    limit: int
    cursor: str | None
    sort: str | None
    query: str
    secret: bytes
    include_total: bool = False

    async def counted(
        self,
        tx: Tx,
        cls: type[R],
        where: Mapping[str, Any],
        view: Callable[[R], V],
        *,
        sorts: Mapping[str, str] = BY_ID,
    ) -> CountedPage[V]:
        """As `of`; with the number of all that match and that the caller may see, where `include_total` asks for it."""
        page = await self.of(tx, cls, where, view, sorts=sorts)
        total = await tx.count(cls, tx.shown(cls, where)) if self.include_total else None
        return CountedPage(**dict(page), total=total)

    async def of(
        self,
        tx: Tx,
        cls: type[R],
        where: Mapping[str, Any],
        view: Callable[[R], V],
        *,
        sorts: Mapping[str, str] = BY_ID,
        besides: Sequence[R] = (),
    ) -> Page[V]:
        """The page of rows that match and that the caller may see, in the order asked for.

        Args:
            where: a filter; the service builds it, a caller's text is only ever a value in it.
            view: what the caller sees of a row.
            sorts: public name → indexed field; the first one is the default, `-name` reverses.
            besides: rows that match too, and have no document until they change; those that have one are left out.

        Raises:
            BadRequest: `malformed_parameter`: `cursor_invalid` (altered, or of another query), `unknown_parameter`
                (no such sort).
        """
        name = next(iter(sorts)) if self.sort is None else self.sort
        field, direction = sorts.get(name.removeprefix("-")), -1 if name.startswith("-") else 1
        if field is None:
            detail = f"The sort orders are {', '.join(sorts)}."
            raise unreadable_parameters([{"parameter": "sort", "code": "unknown_parameter", "detail": detail}])
        order = [(field, direction)] if field == "_id" else [(field, direction), ("_id", direction)]
        shown = tx.shown(cls, where)
        if self.cursor is not None:
            shown = {"$and": [shown, self._after(self.cursor, field, direction)]}
        rows, more = await tx.page(cls, shown, sort=order, limit=self.limit)
        if besides:
            rows, more = self._among(rows, more, besides, field, direction)
        return Page(data=[view(row) for row in rows], next_cursor=self._next(rows[-1], field) if more else None)

    def _after(self, cursor: str, field: str, direction: int) -> dict[str, Any]:
        value, id = self._read(cursor)
        beyond = "$gt" if direction > 0 else "$lt"
        if field == "_id":
            return {"_id": {beyond: id}}
        return {"$or": [{field: {beyond: value}}, {field: value, "_id": {beyond: id}}]}

    def _among(
        self, rows: Sequence[R], more: bool, besides: Sequence[R], field: str, direction: int
    ) -> tuple[list[R], bool]:
        """The rows of this page merged with rows from elsewhere: those that fall into its stretch of the order."""
        place = {each.id: (_value(each, field), each.id) for each in (*rows, *besides)}
        stored = {each.id for each in rows}
        begin = self._read(self.cursor) if self.cursor is not None else None
        end = place[rows[-1].id] if rows and more else None

        def falls_here(at: tuple[Any, str]) -> bool:
            low, high = (begin, end) if direction > 0 else (end, begin)
            return (low is None or at > low) and (high is None or at < high)

        added = [each for each in besides if each.id not in stored and falls_here(place[each.id])]
        merged = sorted((*rows, *added), key=lambda each: place[each.id], reverse=direction < 0)
        return merged[: self.limit], more or len(merged) > self.limit

    def _next(self, row: Row, field: str) -> str:
        value = _value(row, field)
        if isinstance(value, datetime):
            value = {"at": rfc3339(value)}
        content = orjson.dumps([value, row.id])
        return _written(self._sign(content) + content)

    def _read(self, cursor: str) -> tuple[Any, str]:
        try:
            raw = base64.urlsafe_b64decode(cursor + "==")
            signature, content = raw[:16], raw[16:]
            if _written(raw) != cursor or not hmac.compare_digest(signature, self._sign(content)):
                raise ValueError
            value, id = orjson.loads(content)
        except ValueError:
            detail = "The cursor is not one that this query has given out."
            raise unreadable_parameters([{"parameter": "cursor", "code": "cursor_invalid", "detail": detail}]) from None
        return (parse_instant(value["at"]) if isinstance(value, dict) else value), id

    def _sign(self, content: bytes) -> bytes:
        return hmac.new(self.secret, self.query.encode() + b"\n" + content, hashlib.sha256).digest()[:16]


def _value(row: Row, field: str) -> Any:
    """What a row is sorted by; dotted where it lies deeper."""
    value: Any = row.id if field == "_id" else row.to_document()
    for part in field.split(".") if field != "_id" else ():
        value = value[part]
    return value


def _written(raw: bytes) -> str:
    """Base64 for addresses, without padding (RFC 4648 §5 and §3.2): the one form of these bytes that is taken."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


Limit = Annotated[
    int, Field(ge=1, le=MOST_ON_A_PAGE), Query(description="How many at most; a page of large ones ends earlier.")
]
Cursor = Annotated[str | None, Query(max_length=2000, pattern=CURSOR, description="`next_cursor` of the page before.")]
IncludeTotal = Annotated[bool, Query(description="Whether to say how many there are in all.")]
Sort = Annotated[
    str | None, Query(max_length=50, pattern="^-?[a-z_]+$", description="A declared order; `-` before it reverses.")
]


async def page_request(request: Request, limit: Limit = 50, cursor: Cursor = None) -> PageRequest:
    """A page without a choice of order."""
    return _page_request(request, limit, cursor, None)


async def sorted_page_request(
    request: Request, limit: Limit = 50, cursor: Cursor = None, sort: Sort = None
) -> PageRequest:
    """A page with a choice of order."""
    return _page_request(request, limit, cursor, sort)


async def counted_page_request(
    request: Request, limit: Limit = 50, cursor: Cursor = None, include_total: IncludeTotal = False
) -> PageRequest:
    """A page without a choice of order, of a list that can be counted."""
    return _page_request(request, limit, cursor, None, include_total)


async def counted_sorted_page_request(
    request: Request, limit: Limit = 50, cursor: Cursor = None, sort: Sort = None, include_total: IncludeTotal = False
) -> PageRequest:
    """A page with a choice of order, of a list that can be counted."""
    return _page_request(request, limit, cursor, sort, include_total)


def _page_request(
    request: Request, limit: int, cursor: str | None, sort: str | None, include_total: bool = False
) -> PageRequest:
    of_the_page = ("limit", "cursor", "include_total")
    asked = sorted(item for item in request.query_params.multi_items() if item[0] not in of_the_page)
    query = orjson.dumps([request.url.path, asked]).decode()
    return PageRequest(limit, cursor, sort, query, Process.of(request).settings.cursor_secret.encode(), include_total)


InPage = Annotated[PageRequest, Depends(page_request)]
InCountedPage = Annotated[PageRequest, Depends(counted_page_request)]
InCountedSortedPage = Annotated[PageRequest, Depends(counted_sorted_page_request)]
InSortedPage = Annotated[PageRequest, Depends(sorted_page_request)]
