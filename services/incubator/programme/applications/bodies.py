"""What callers send of applications."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Violation, at_path, refuse
from services.contracts.incubator.startups.programmes import CohortId
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.applications.founder import Founder, Founders, not_to_come
from services.incubator.programme.applications.review import MOST_POINTS, Tie
from services.incubator.programme.programmes.bodies import Reason
from services.incubator.programme.programmes.form import Criterion, Form, Key

Answer = Annotated[str, Text(at_most=5000, lines=True)]
Answers = Annotated[dict[Key, Answer], Field(max_length=50)]
ReviewerId = Annotated[str, StringConstraints(pattern=r"^cli_[0-9a-f]{32}$")]


class DraftApplication(Part):
    """An application for a cohort, which can be changed until it is submitted."""

    cohort_id: CohortId
    """For which cohort."""
    business_id: BusinessId | None = None
    """Which business applies; null where a team has none yet."""
    founders: Founders = Field(default=[])
    """Who founds it."""
    answers: Answers = Field(default={})
    """Question → answer, by the keys of the form."""


class ChangeApplication(Part):
    """What is to change of a draft; what is left out stays (RFC 7396)."""

    business_id: BusinessId | None = None
    """Which business applies; null where a team has none yet."""
    founders: Change[Founders] = None
    """Who founds it, all of them."""
    answers: Change[Answers] = None
    """Question → answer, all of them."""
    form_version: Change[Annotated[int, Field(ge=1, le=1000)]] = None
    """The version of the form that it is written for: the one that holds, to take a correction up."""


class RejectApplication(Part):
    """Why an application gets no seat."""

    reasons: Annotated[list[Reason], Field(min_length=1, max_length=10)]
    """In words that who applied may read."""


class WaitlistApplication(Part):
    """A place on the waiting list."""

    rank: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Lower ones come first, and of equal ones who came on the list first; null is after all that have one."""


class WithdrawApplication(Part):
    """Why an application is withdrawn, where that is said."""

    reason: Reason | None = None
    """In words that both sides may read."""


class CriterionScore(Part):
    """Points for one criterion."""

    criterion: Key
    """By its key."""
    points: Annotated[int, Field(ge=0, le=MOST_POINTS)]
    """From 0 to 5."""


class ScoreApplication(Part):
    """What a reviewer gives."""

    scores: Annotated[list[CriterionScore], Field(min_length=1, max_length=20)]
    """Points, once for each criterion."""

    def points(self, criteria: list[Criterion]) -> dict[str, int]:
        """Criterion → points. Raises Unprocessable (`criterion_unknown`, `key_twice`)."""
        known, seen, wrong = {each.key for each in criteria}, set[str](), list[Violation]()
        for number, each in enumerate(self.scores):
            place = ("scores", number, "criterion")
            if each.criterion not in known:
                wrong.append(Violation("criterion_unknown", "It is not judged by this.", place))
            elif each.criterion in seen:
                wrong.append(Violation("key_twice", "There are points for this already.", place))
            seen.add(each.criterion)
        refuse(*wrong)
        return {each.criterion: each.points for each in self.scores}


class DeclareConflict(Part):
    """A reviewer who is tied to who applies."""

    tie: Annotated[Tie, Field(strict=False)]
    """What ties the two."""
    reviewer_id: ReviewerId | None = None
    """The client of the reviewer; null is the caller's own."""


def check_written(founders: list[Founder] | None, answers: dict[str, str] | None, form: Form, today: date) -> None:
    """Raises Unprocessable for all that the day or the form makes wrong.

    `date_range`, `question_unknown`, `answer_too_long`.
    """
    wrong: list[Violation] = []
    for number, founder in enumerate(founders or ()):
        wrong += at_path(not_to_come(founder.graduated_on, today), "founders", number, "graduated_on")
    asked = {each.key: each for each in form.questions}
    for key, answer in (answers or {}).items():
        if key not in asked:
            wrong.append(Violation("question_unknown", "The form does not ask this.", ("answers", key)))
        elif len(answer) > asked[key].at_most:
            wrong.append(Violation("answer_too_long", f"At most {asked[key].at_most} characters.", ("answers", key)))
    refuse(*wrong)
