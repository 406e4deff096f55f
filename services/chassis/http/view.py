"""Views: what a caller sees of an aggregate, and what the headers of an answer say of the one that it shows."""

import functools
import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ClassVar, Final, Self

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict

FOR_ITS_CALLER: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""Headers of what has an entity tag."""


class Shown(BaseModel):
    """What a caller sees of something that the service keeps or declares; each member has a docstring below it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

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

    def entity_tag(self) -> str:
        """The strong entity tag of what it shows, quotes included."""
        raise LookupError(f"{type(self).__name__} does not say its tag")


class View(Tagged):
    """What a caller sees of an aggregate. Its version becomes the `ETag`; `at` and its id the `Location` of a 201.

    Members in `shown_once` are secrets: an answer that is stored for repeats has null in their place.

    `tagged_as`: of a view that depends on who looks, its name: the `ETag` is `"v<version>.<name>"`.
    `more_than_its_version`: some of it follows from the time, from other aggregates or from the release too. Then the
    `ETag` is `"v<version>.<hash of what is shown>"`. `If-Match` goes by the version in either.
    """

    model_config = ConfigDict(extra="forbid")

    at: ClassVar[str] = ""
    shown_once: ClassVar[frozenset[str]] = frozenset()
    tagged_as: ClassVar[str] = ""
    more_than_its_version: ClassVar[bool] = False

    id: str
    """Its id, for life."""
    version: int
    """Which version this is: 1, 2, 3, … with each change."""
    last_event_id: str | None
    """The last event that it recorded; other services say whether they have heard it. Null while there is none."""

    def entity_tag(self) -> str:
        """By its version; secrets apart, which only one answer has."""
        if self.more_than_its_version:
            return f'"v{self.version}.{hash_of(self.model_dump(mode="json", exclude=set(self.shown_once)))}"'
        return f'"v{self.version}.{self.tagged_as}"' if self.tagged_as else f'"v{self.version}"'


def hash_of(shown: object) -> str:
    """The first 16 hex digits of SHA-256 over what is shown, as JSON."""
    return hashlib.sha256(orjson.dumps(shown, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


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
        response.headers.update({"ETag": shown.entity_tag(), **FOR_ITS_CALLER})
        if response.status_code == 201 and isinstance(shown, View) and shown.at:
            response.headers["Location"] = f"{shown.at}/{shown.id}"
    return response
