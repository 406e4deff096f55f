"""Views: what a caller sees of an aggregate, and what the headers of an answer say of the one that it shows."""

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any, ClassVar, Final, Self

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict, WithJsonSchema

from services.chassis.domain.ids import AnyId, EventId

FOR_ITS_CALLER: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""Headers of what has an entity tag."""


def actions(by_status: Mapping[Any, Iterable[str]], *more: str) -> WithJsonSchema:
    """Describes `allowed_actions` of a view as the closed set that they are of.

    Args:
        by_status: the table that they are read from.
        more: those that no status decides alone.
    """
    known = dict.fromkeys([*(each for found in by_status.values() for each in found), *more])
    return WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(known)}})


class Shown(BaseModel):
    """What a caller sees of something that the service keeps or declares; each member has a docstring below it."""

    model_config = ConfigDict(use_attribute_docstrings=True, hide_input_in_errors=True)

    @classmethod
    def showing(cls, source: object, /, **more: Any) -> Self:
        """Everything as the source has it under the same name, but for what is given.

        Args:
            source: has an attribute or a property for every member that is not in `more`.
            more: members that the source does not have, or that are shown otherwise.

        Raises:
            AttributeError: a member is neither there nor given.
        """
        taken = {name: getattr(source, name) for name in cls.model_fields if name not in more}
        return cls(**taken, **more)


class Tagged(Shown):
    """An answer with an entity tag (RFC 9110 §8.8.3): who has it already is answered 304."""


class View(Tagged):
    """What a caller sees of an aggregate. `at` and its id are the `Location` of a 201.

    Members in `shown_once` are secrets: an answer that is stored for repeats has null in their place.
    """

    model_config = ConfigDict(extra="forbid")

    at: ClassVar[str] = ""
    shown_once: ClassVar[frozenset[str]] = frozenset()

    id: AnyId
    """Its id, for life."""
    version: int
    """Which version this is: 1, 2, 3, … with each change."""
    last_event_id: EventId | None
    """The last event that it recorded; other services say whether they have heard it. Null while there is none."""


def entity_tag(shown: Tagged, response: Response) -> str:
    """The strong entity tag of an answer, quotes included: `"v<version>.<hash>"` of an aggregate, else `"<hash>"`.

    The hash is of the bytes that are answered, so that callers who are shown different things never share a tag. In it
    are neither secrets, which only one answer has, nor a stream, which is not written yet. `If-Match` goes by the
    version.
    """
    content = getattr(response, "body", None)
    if content is None or (isinstance(shown, View) and shown.shown_once):
        secrets = shown.shown_once if isinstance(shown, View) else frozenset()
        content = shown.model_dump_json(by_alias=True, exclude=set(secrets)).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f'"v{shown.version}.{digest}"' if isinstance(shown, View) else f'"{digest}"'


_viewed: ContextVar[Tagged | None] = ContextVar("viewed", default=None)


def remembering_view(endpoint: Callable[..., Any], status: int | None) -> Callable[..., Any]:
    """The endpoint, with the tagged answer that it gives remembered for `ETag` and `Location`.

    An answer that is not JSON says which view it shows, and is given the route's `status`.
    """

    @functools.wraps(endpoint)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        answer = await endpoint(*args, **kwargs)
        shown = answer
        if isinstance(answer, Response) and hasattr(answer, "shows"):
            shown = answer.shows
            answer.status_code = status or answer.status_code
        _viewed.set(shown if isinstance(shown, Tagged) else None)
        return answer

    return wrapped


def stored_body(response: Response) -> bytes:
    """What is kept of an answer for repeats: all of it but the secrets, which nobody sees twice and no store holds.

    Raises:
        TypeError: an answer that is not JSON shows secrets, which could not be left out.
    """
    view = _viewed.get()
    if not isinstance(view, View) or not view.shown_once:
        return bytes(response.body)
    if hasattr(response, "shows"):
        raise TypeError(f"{type(view).__name__} has secrets: it is shown as JSON")
    return orjson.dumps(view.model_dump(mode="json") | dict.fromkeys(view.shown_once))


def described(response: Response) -> Response:
    """The answer with the `ETag` and, on 201, the `Location` of what it shows.

    What has a tag is for its caller alone, and asked again before it is shown again (RFC 9111 §5.2.2).
    """
    shown = _viewed.get()
    _viewed.set(None)
    if shown is not None:
        response.headers.update({"ETag": entity_tag(shown, response), **FOR_ITS_CALLER})
        if response.status_code == 201 and isinstance(shown, View) and shown.at:
            response.headers["Location"] = f"{shown.at}/{shown.id}"
    return response
