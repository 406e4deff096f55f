"""What callers see of candidates."""

from typing import ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.consent import Consent


class PersonView(View):
    """A person who applied, as the business sees that did not enter the person."""

    shown_once: ClassVar[frozenset[str]] = frozenset({"name", "email", "graduated_on"})

    name: str | None
    """How the person is called; null once erased, and in the answer to a request that is repeated after ten minutes."""
    email: str | None
    """Where the person is written to; null as `name` is."""
    graduated_on: Day | None
    """The day of graduation; null where it is not known, or as `name` is."""
    erased_at: Instant | None
    """When what was known of the person was erased; null before."""

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        return cls.showing(candidate)


class CandidateView(PersonView):
    """A person who looks for work."""

    at: ClassVar[str] = "/v1/incubator/candidates"

    consents: list[Consent]
    """What the person agreed to, in that order."""
    erase_after: Day | None
    """The last day on which the person is known; null while an application runs, and once erased."""
