"""A candidate: a person who looks for work, known for as long as there is a reason to, and then erased."""

from datetime import date, datetime
from typing import ClassVar, Final, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Gone, NotFound
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_date
from services.contracts.incubator.jobs import CandidateErased
from services.incubator.recruitment.candidates.consent import Consent, GiveConsent

RETENTION: Final = relativedelta(months=6)
"""How long a person is known after the last application ended."""
FRESH: Final = relativedelta(months=24)
"""How long after graduation somebody is a fresh graduate: the two years in which China's graduates choose a job."""
MOST_CONSENTS: Final = 100
MOST_APPLICATIONS: Final = 200


class Candidate(Aggregate):
    """A person who looks for work.

    Attributes:
        partner_id: who entered the person, and the only one that sees it all.
        name, email, graduated_on: None once erased.
        person: the seal of the e-mail address, the same for each partner; None once erased.
        live, applied: how many applications run, and how many there ever were.
        last_ended_on: the day on which the last application ended.
        erase_after: the last day on which the person is known; None while an application runs, or once erased.
    """

    collection: ClassVar[str] = "candidates"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("partner_id", 1), ("_id", 1)),
        (("erase_after", 1), ("_id", 1)),
    )

    partner_id: str
    name: str | None
    email: str | None
    graduated_on: Day | None
    person: str | None
    consents: list[Consent] = Field(default=[])
    live: int = 0
    applied: int = 0
    entered_on: Day
    last_ended_on: Day | None = None
    erase_after: Day | None = None
    erased_at: Instant | None = None

    @classmethod
    def enter(
        cls, *, partner_id: str, name: str, email: str, graduated_on: date | None, person: str, at: datetime
    ) -> Self:
        """A person, with no consent yet."""
        candidate = cls(
            id=new_id("cnd"),
            partner_id=partner_id,
            name=name,
            email=email,
            graduated_on=graduated_on,
            person=person,
            entered_on=zone_date(at),
        )
        candidate._keep()
        return candidate

    @property
    def claim(self) -> str:
        """By which its partner enters an address once."""
        return f"candidate|{self.partner_id}|{self.person}"

    def check_known(self) -> None:
        """Raises Gone (`candidate_erased`)."""
        if self.erased_at is not None:
            raise Gone("What was known of this person is erased.", code="candidate_erased")

    def give(self, consent: GiveConsent, at: datetime) -> None:
        """The person agrees to something.

        Raises:
            Gone: `candidate_erased`.
            Conflict: `too_many_consents`.
        """
        self.check_known()
        if len(self.consents) >= MOST_CONSENTS:
            raise Conflict("There are too many consents of this person.", code="too_many_consents")
        self.consents = [
            *self.consents,
            Consent(number=len(self.consents) + 1, given_at=at, **consent.model_dump()),
        ]
        self._keep()

    def take_back(self, number: int, at: datetime) -> None:
        """The person takes a consent back; what rests on it alone is ended by who calls this.

        Raises:
            Gone: `candidate_erased`.
            NotFound: there is no such consent.
        """
        self.check_known()
        if not 1 <= number <= len(self.consents):
            raise NotFound("There is no such consent.")
        self.consents[number - 1].withdraw(at)
        self._keep()

    def agrees_to(self, posting_id: str, today: date) -> bool:
        """Whether the person may be put forward for a posting, on a day."""
        return any(consent.covers(posting_id, today) for consent in self.consents)

    def lets_know(self, posting_id: str) -> bool:
        """Whether a consent by which the person was put forward for a posting was not taken back."""
        return any(consent.is_for(posting_id) for consent in self.consents)

    def apply(self, posting_id: str, today: date) -> None:
        """One more application runs.

        Raises:
            Gone: `candidate_erased`.
            Conflict: `consent_missing`, for this posting; `too_many_applications`.
        """
        self.check_known()
        if not self.agrees_to(posting_id, today):
            raise Conflict("This person did not agree to be put forward for this posting.", code="consent_missing")
        if self.applied >= MOST_APPLICATIONS:
            raise Conflict("There are too many applications of this person.", code="too_many_applications")
        self.live, self.applied = self.live + 1, self.applied + 1
        self._keep()

    def application_ended(self, today: date) -> None:
        """One fewer runs; from the last one on, the time is counted after which the person is erased."""
        self.live -= 1
        self.last_ended_on = today
        self._keep()

    def is_fresh_graduate(self, today: date) -> bool:
        """Whether the person graduated within two years before a day."""
        return self.graduated_on is not None and self.graduated_on <= today <= self.graduated_on + FRESH

    def change(self, *, name: str, email: str, graduated_on: date | None, person: str) -> None:
        """Say something else of the person. Raises Gone (`candidate_erased`)."""
        self.check_known()
        self.name, self.email, self.graduated_on, self.person = name, email, graduated_on, person

    def erase(self, at: datetime) -> None:
        """Nothing is known of the person any more. Raises Gone (`candidate_erased`) the second time."""
        self.check_known()
        self.name = self.email = self.graduated_on = self.person = None
        self.erased_at, self.erase_after = at, None
        self.record(CandidateErased(candidate_id=self.id))

    def _keep(self) -> None:
        """Say until when the person is known: six months after the last application, or as long as was agreed to."""
        pool = [each.expires_on for each in self.consents if each.withdrawn_at is None and each.expires_on is not None]
        since = self.last_ended_on or self.entered_on
        self.erase_after = None if self.live else max([since + RETENTION, *pool])
