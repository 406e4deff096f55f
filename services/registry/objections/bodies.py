"""What a caller sends of an objection."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.texts.text import Text
from services.contracts.registry.dissolutions import ObjectionOutcome

Reason = Annotated[str, Text(at_most=4000, lines=True)]


class Body(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class LodgeObjection(Body):
    """Somebody has a claim on a business that is being dissolved."""

    reason: Reason
    """Which claim, and why it is not settled."""


class DecideObjection(Body):
    """What an official finds."""

    outcome: ObjectionOutcome
    """Upheld, the dissolution is cancelled; dismissed, it goes on."""
    comment: Reason
    """Why: both sides read it."""
