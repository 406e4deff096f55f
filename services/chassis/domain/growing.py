"""Lists of values that may grow: a consumer takes a value that was added after it was built."""

from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

T = TypeVar("T")

ValueToCome = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A value that is not known here yet: a word as all of the zone's enumerations have them."""

Growing = Annotated[T | ValueToCome, Field(union_mode="left_to_right")]
"""An enumeration in an event, `Growing[FilingType]`: known values are its members, those to come arrive as text.

Were it closed, a new filing type would park its event, and everything behind it of the same subject, in every consumer
that is older. What a value means that it does not know, each consumer decides; `str(value)` is its text either way.
"""
