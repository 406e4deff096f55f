"""Reviews: what reviewers give to an application, and the score that follows; a missing one is not a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import AnyId
from services.chassis.domain.times import Instant
from services.incubator.programme.programmes.form import WHOLE, Criterion

MOST_POINTS: Final = 5
MILLION: Final = 1_000_000


class Tie(StrEnum):
    """What ties a reviewer to who applies."""

    FOUNDER = "founder"
    CONSULTANT = "consultant"
    SHAREHOLDER = "shareholder"
    EMPLOYEE = "employee"
    FAMILY = "family"


class ConflictOfInterest(BaseModel):
    """A reviewer who is tied to who applies."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    reviewer_id: AnyId
    """The reviewer: the client of an official."""
    tie: Tie
    """What ties the two."""
    declared_at: Instant
    """When that was said."""


class ApplicationReview(BaseModel):
    """What one reviewer gave; complete once there are points for every criterion."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    reviewer_id: AnyId
    """The reviewer: the client of an official."""
    points: dict[str, int]
    """Criterion → 0 to 5 points."""

    def is_complete(self, criteria: Sequence[Criterion]) -> bool:
        """Whether there are points for each criterion."""
        return all(each.key in self.points for each in criteria)

    def weighted(self, criteria: Sequence[Criterion]) -> int:
        """The points by weight, in 1/10,000 of a point."""
        return sum(self.points[each.key] * each.weight_bps for each in criteria)


@dataclass(frozen=True)
class Score:
    """The weighted mean of the reviews that are complete.

    Attributes:
        millionths: of a point, rounded half up; None while no review is complete.
        reviews: how many are complete.
        complete: whether these are as many as are needed.
    """

    millionths: int | None
    reviews: int
    complete: bool

    @property
    def text(self) -> str | None:
        """Points with four decimals, such as `3.7500`; None while no review is complete."""
        if self.millionths is None:
            return None
        return str((Decimal(self.millionths) / MILLION).quantize(Decimal("0.0001"), ROUND_HALF_UP))


class Reviews(BaseModel):
    """The reviews of one application, and who is tied to it; never changed in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    given: tuple[ApplicationReview, ...] = ()
    conflicts: tuple[ConflictOfInterest, ...] = ()

    def of(self, reviewer_id: str) -> ApplicationReview:
        """What a reviewer gave, which may be nothing yet."""
        nothing = ApplicationReview(reviewer_id=reviewer_id, points={})
        return next((each for each in self.given if each.reviewer_id == reviewer_id), nothing)

    def is_tied(self, reviewer_id: str) -> bool:
        """Whether a reviewer is tied to who applies."""
        return any(each.reviewer_id == reviewer_id for each in self.conflicts)

    def declaring(self, reviewer_id: str, tie: Tie, at: datetime) -> "Reviews":
        """The same where a reviewer is tied to who applies."""
        if self.is_tied(reviewer_id):
            return self
        new = ConflictOfInterest(reviewer_id=reviewer_id, tie=tie, declared_at=at)
        return self.model_copy(update={"conflicts": (*self.conflicts, new)})

    def giving(self, reviewer_id: str, points: Mapping[str, int], so_far: Score) -> "Reviews":
        """The same with points of a reviewer.

        Raises:
            Conflict: `already_scored` with `criteria`; `reviews_complete`.
        """
        own = self.of(reviewer_id)
        if again := [key for key in points if key in own.points]:
            raise Conflict("You gave points for this already.", code="already_scored", criteria=again)
        if so_far.complete:
            raise Conflict("It has as many reviews as it needs.", code="reviews_complete")
        new = own.model_copy(update={"points": {**own.points, **points}})
        return self.model_copy(
            update={"given": (*(each for each in self.given if each.reviewer_id != reviewer_id), new)}
        )

    def score(self, criteria: Sequence[Criterion], needed: int) -> Score:
        """The weighted mean of the complete reviews of those who may judge."""
        counted = [each for each in self.given if not self.is_tied(each.reviewer_id) and each.is_complete(criteria)]
        if not counted:
            return Score(None, 0, False)
        total = sum(each.weighted(criteria) for each in counted)
        mean = Decimal(total * MILLION) / (len(counted) * WHOLE)
        return Score(int(mean.quantize(Decimal(1), ROUND_HALF_UP)), len(counted), len(counted) >= needed)
