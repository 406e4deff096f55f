"""An incubation: a business in a programme, from its first day to what became of it."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self

from services.chassis.domain.errors import Conflict, Gone
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.startups.incubations import (
    IncubationErased,
    IncubationExtended,
    IncubationGraduated,
    IncubationStarted,
    IncubationTerminated,
    IncubationWithdrawn,
    Outcome,
    OutcomeReported,
)
from services.incubator.programme.applications.application import Application
from services.incubator.programme.incubations.enrolled import Enrolled
from services.incubator.programme.incubations.milestone import IncubationMilestone
from services.incubator.programme.incubations.status import MOVES, M, S
from services.incubator.programme.incubations.term import IncubationBaseline, Term
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.tenants.tenant import Tenant

DISSOLVED: Final = "The business was dissolved."


class Incubation(Enrolled):
    """A business that incubates."""

    collection: ClassVar[str] = "incubations"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("cohort_id", 1), ("_id", 1)),
        (("next_due_on", 1), ("_id", 1)),
    )

    @classmethod
    def start(
        cls, application: Application, cohort: Cohort, program: Program, tenant: Tenant, baseline: IncubationBaseline
    ) -> Self:
        """A business that is enrolled, from the first day of its cohort on."""
        term = Term(
            months=program.term_months,
            max_extensions=program.max_extensions,
            extension_months=program.extension_months,
            extension_notice_days=program.extension_notice_days,
        )
        incubation = cls(
            id=new_id("inc"),
            application_id=application.id,
            program_id=cohort.program_id,
            cohort_id=cohort.id,
            partner_id=application.partner_id,
            business_id=tenant.business_id,
            business_kind=tenant.kind,
            sector=tenant.sector,
            starts_on=cohort.starts_on,
            ends_on=term.last_day(cohort.starts_on, 0),
            term=term,
            milestones=[IncubationMilestone.planned(each, cohort.starts_on) for each in cohort.milestones],
            baseline=baseline,
        )
        incubation._look_ahead()
        incubation._tell(
            IncubationStarted,
            application_id=application.id,
            starts_on=incubation.starts_on,
            ends_on=incubation.ends_on,
        )
        return incubation

    def extend(self, today: date) -> None:
        """Let the business stay longer.

        Raises:
            Conflict: `invalid_transition`; `extension_limit`; `extension_window_missed` with `until`, the last day on
                which it would have been in time.
        """
        move(self.status, S.EXTENDED, MOVES, allowed_actions=self.allowed_actions)
        if self.extensions >= self.term.max_extensions:
            raise Conflict("It was extended as often as may be.", code="extension_limit", extensions=self.extensions)
        until = self.ends_on - timedelta(days=self.term.extension_notice_days)
        if today > until:
            raise Conflict("It is too late.", code="extension_window_missed", until=until.isoformat())
        self.status, self.extensions = S.EXTENDED, self.extensions + 1
        self.ends_on = self.term.last_day(self.starts_on, self.extensions)
        self._tell(IncubationExtended, ends_on=self.ends_on, extensions=self.extensions)

    def graduate(self, today: date) -> None:
        """The business has reached what it was to reach.

        Raises:
            Conflict: `invalid_transition`; `milestones_open` with `milestones`, the mandatory ones that are not met.
        """
        move(self.status, S.GRADUATED, MOVES, allowed_actions=self.allowed_actions)
        if left := [each.id for each in self.milestones if each.mandatory and each.status is not M.MET]:
            raise Conflict("Not every mandatory milestone is met.", code="milestones_open", milestones=left)
        self._end(S.GRADUATED, today, None)
        self._tell(IncubationGraduated, graduated_on=today)

    def withdraw(self, today: date, reason: str | None) -> None:
        """The business leaves. Raises Conflict (`invalid_transition`)."""
        self._end(S.WITHDRAWN, today, reason)
        self._tell(IncubationWithdrawn, ended_on=today)

    def terminate(self, today: date, reason: str) -> None:
        """The zone ends it. Raises Conflict (`invalid_transition`)."""
        self._end(S.TERMINATED, today, reason)
        self._tell(IncubationTerminated, ended_on=today)

    def report(self, outcome: Outcome, observed_on: date) -> None:
        """Say what was seen to have become of a business that has graduated; the last one holds.

        Raises:
            Conflict: `invalid_transition`.
            Unprocessable: `date_range`, that was before the graduation or before what was seen last.
        """
        if self.status is not S.GRADUATED or self.ended_on is None:
            raise invalid_transition(self.status, self.allowed_actions)
        if observed_on < (self.outcome_on or self.ended_on):
            refuse(Violation("date_range", "It was seen since the graduation, and since the last.", ("observed_on",)))
        self.outcome, self.outcome_on = outcome, observed_on
        self._tell(OutcomeReported, outcome=outcome, observed_on=observed_on, graduated_on=self.ended_on)

    def close(self, day: date) -> None:
        """Its business is no more: an incubation that runs is terminated, one that has graduated has its outcome."""
        if self.is_live:
            self.terminate(day, DISSOLVED)
        elif self.status is S.GRADUATED and self.outcome is not Outcome.CLOSED:
            self.report(Outcome.CLOSED, max(day, self.outcome_on or day, self.ended_on or day))

    def erase(self, at: datetime) -> None:
        """Forget what people wrote of one that has ended: why it did, and where its milestones can be seen.

        Raises:
            Conflict: `invalid_transition`, the business incubates.
            Gone: `incubation_erased`, the second time.
        """
        if self.is_live:
            raise invalid_transition(self.status, self.allowed_actions)
        if self.erased_at is not None:
            raise Gone("What people wrote of it is erased.", code="incubation_erased")
        self.milestones = [each.model_copy(update={"evidence_url": None}) for each in self.milestones]
        self.ended_because, self.erased_at = None, at
        self._tell(IncubationErased)

    def _end(self, to: S, today: date, reason: str | None) -> None:
        self.status = move(self.status, to, MOVES, allowed_actions=self.allowed_actions)
        self.ended_on, self.ended_because = today, reason
        self._look_ahead()
