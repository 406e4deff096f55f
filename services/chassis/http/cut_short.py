"""Requests that a stop of their process cuts off: whoever is not answered yet is told when to come back."""

import orjson
from starlette.types import Scope, Send

from services.chassis.domain.errors import Unavailable, ZoneError, problem

CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})


def cut_short(method: str) -> ZoneError:
    """The refusal of a request that a stop cut off, as far as it can be known what became of it."""
    if method in CHANGES_NOTHING:
        return Unavailable("This process stops, and could not wait for the answer any longer.")
    return Unavailable(
        "This process stops, and could not wait until it knew whether the change took effect.", code="outcome_unknown"
    )


async def say_cut_short(scope: Scope, send: Send) -> None:
    """Answer so, in ASGI's words."""
    error = cut_short(scope["method"])
    body = orjson.dumps(problem(error, instance=scope["path"], request_id=scope["zone.request_id"]))
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    headers += [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in error.headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
