"""A finding: something that must not be."""

from typing import Literal, NamedTuple

Kind = Literal["lost", "doubled", "parked", "wrong"]


class Finding(NamedTuple):
    """Something that must not be: of what kind, in words, and which event it is about."""

    kind: Kind
    what: str
    event: str | None = None
