"""Deserialisation: from the bytes of a record to the event inside, lifted to the major version that is known here."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from pydantic import ValidationError

from services.chassis.domain.envelope import Envelope, Undecodable
from services.chassis.domain.events import Event

MAJOR = re.compile(r"^(?P<family>.+)\.v(?P<major>\d+)$")

LIFTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Old majors to the next: `zone.….v1` → a pure function from its data to that of `….v2`."""


def decode(envelope: Envelope) -> Event | None:
    """The event inside, lifted to the major that we know; None for a type that nobody here has heard of.

    A member that is not known yet is ignored wherever it stands: the same shapes are strict in a caller's body.

    Raises:
        Undecodable: the data does not fit the type, or it is a newer major of a type that we know.
    """
    wire_name = envelope.type
    try:
        data = orjson.loads(envelope.data)
    except orjson.JSONDecodeError as broken:
        raise Undecodable(f"the data is not JSON: {broken}") from None
    while wire_name in LIFTS:
        data, wire_name = LIFTS[wire_name](data), next_major(wire_name)
    cls = Event.types.get(wire_name)
    if cls is None:
        if major := MAJOR.match(wire_name):
            family = major["family"] + ".v"
            if any(known.startswith(family) for known in Event.types):
                raise Undecodable(f"{wire_name} is a major version that is not known here")
        return None
    try:
        return cls.model_validate(data, extra="ignore").delivered(envelope)
    except ValidationError as misfit:
        places = ", ".join("/".join(map(str, error["loc"])) or "/" for error in misfit.errors(include_input=False))
        raise Undecodable(f"the data does not fit {wire_name} at {places}") from None


def next_major(wire_name: str) -> str:
    """`….v1` → `….v2`."""
    family, _, major = wire_name.rpartition(".v")
    return f"{family}.v{int(major) + 1}"
