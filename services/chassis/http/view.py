"""Views: what a caller sees of an aggregate, and what the headers of an answer say of the one that it shows."""

import functools
import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ClassVar, Self

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    """What a caller sees of something that the service keeps or declares."""

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


class View(Shown):
    """What a caller sees of an aggregate. Its version becomes the `ETag`; `at` and its id the `Location` of a 201.

    Members in `shown_once` are secrets: an answer that is stored for repeats has null in their place.

    `more_than_its_version`: some of it follows from the time, from other aggregates or from the release too. Then the
    `ETag` is `"v<version>.<hash of what is shown>"`; `If-Match` goes by the version in it.
    """

    model_config = ConfigDict(extra="forbid")

    at: ClassVar[str] = ""
    shown_once: ClassVar[frozenset[str]] = frozenset()
    more_than_its_version: ClassVar[bool] = False

    id: str
    version: int
    last_event_id: str | None


_viewed: ContextVar[View | None] = ContextVar("viewed", default=None)


def remembering_view(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, with the view that it answers remembered for `ETag` and `Location`."""

    @functools.wraps(endpoint)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        answer = await endpoint(*args, **kwargs)
        _viewed.set(answer if isinstance(answer, View) else None)
        return answer

    return wrapped


def stored_body(response: Response) -> bytes:
    """What is kept of an answer for repeats: all of it but the secrets, which nobody sees twice and no store holds."""
    view = _viewed.get()
    if view is None or not view.shown_once:
        return bytes(response.body)
    return orjson.dumps(view.model_dump(mode="json") | dict.fromkeys(view.shown_once))


def entity_tag(view: View) -> str:
    """The strong entity tag of what a view shows; secrets apart, which only one answer has."""
    if not view.more_than_its_version:
        return f'"v{view.version}"'
    shown = orjson.dumps(view.model_dump(mode="json", exclude=set(view.shown_once)))
    return f'"v{view.version}.{hashlib.sha256(shown).hexdigest()[:16]}"'


def described(response: Response) -> Response:
    """The answer with the `ETag` and, on 201, the `Location` of the view that it shows."""
    view = _viewed.get()
    _viewed.set(None)
    if view is not None:
        response.headers["ETag"] = entity_tag(view)
        if response.status_code == 201 and view.at:
            response.headers["Location"] = f"{view.at}/{view.id}"
    return response
