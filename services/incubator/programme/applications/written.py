"""What is written of an application: founders and answers, by one version of the cohort's form, and why it ended."""

from datetime import date, datetime

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Gone
from services.chassis.domain.times import Day, Instant
from services.incubator.programme.applications.founder import Founder
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.form import Form
from services.incubator.programme.programmes.retention import known_through


class Written(Aggregate):
    """What an application says, and what is said of it.

    Attributes:
        founders, answers: None once erased.
        form_version: the version of the cohort's form that it was written for.
        reasons: why it was rejected or withdrawn.
        erase_after: the last day on which founders and answers are known; None once it is enrolled, or erased.
    """

    founders: list[Founder] | None
    answers: dict[str, str] | None
    form_version: int
    reasons: list[str] = Field(default=[])
    erase_after: Day | None = None
    erased_at: Instant | None = None

    def check_known(self) -> None:
        """Raises Gone (`founders_erased`)."""
        if self.erased_at is not None:
            raise Gone("What was known of its founders is erased.", code="founders_erased")

    def end(self, today: date) -> None:
        """It came to nothing on a day: from then on the time is counted after which it is erased."""
        self.erase_after = known_through(today)

    def forget(self, at: datetime) -> None:
        """Nothing is known of the founders any more. Raises Gone (`founders_erased`) the second time."""
        self.check_known()
        self.founders = self.answers = None
        self.reasons = []
        self.erased_at, self.erase_after = at, None

    def take_up(self, form: Form) -> None:
        """Go on with the form that holds now; answers to questions that it does not ask any more are dropped."""
        asked = {each.key for each in form.questions}
        self.answers = {key: answer for key, answer in (self.answers or {}).items() if key in asked}
        self.form_version = form.version

    def check_form(self, cohort: Cohort, form: Form, *, written_for: int | None = None) -> None:
        """Refuse what is written for another version of the form than the one that holds.

        Args:
            written_for: the version that was named; None means the one that it was written for so far.

        Raises:
            Conflict: `form_outdated`, with the `form_version` that holds and the `differences`.
        """
        version = written_for or self.form_version
        if version != form.version:
            found = form.differences(cohort.form_of(version)) if version < form.version else []
            raise Conflict(
                "Another version of the form holds.",
                code="form_outdated",
                form_version=form.version,
                differences=[each.model_dump(mode="json") for each in found],
            )

    def missing(self, form: Form) -> list[str]:
        """What it must have and has not, by its members: `founders`, `answers.<key>`."""
        wanted = [f"answers.{each.key}" for each in form.questions if each.required]
        there = {f"answers.{key}" for key, answer in (self.answers or {}).items() if answer}
        return [*([] if self.founders else ["founders"]), *(each for each in wanted if each not in there)]
