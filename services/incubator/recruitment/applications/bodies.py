"""What callers send of job applications."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.contracts.incubator.jobs import CandidateId

Reason = Annotated[str, Text(at_most=500)]


class Stage(StrEnum):
    """The stages before an offer."""

    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEW = "interview"


class Apply(Part):
    """Who applies."""

    candidate_id: CandidateId
    """The candidate, who agreed to be put forward for this posting."""


class Advance(Part):
    """Another stage of an application."""

    to_status: Annotated[Stage, Field(strict=False)]
    """A later one, or the one before."""
    reason: Reason | None = None
    """Why, in words that both sides may read."""


class Explain(Part):
    """Why an application ends."""

    reason: Reason
    """In words that both sides may read."""


class MayExplain(Part):
    """Why an application ends, where that is said."""

    reason: Reason | None = None
    """In words that both sides may read."""
