"""A job posting: a business seeks some people, and never hires more than that by it."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.texts.search import search_tokens
from services.chassis.domain.times import Day, Instant, zone_date
from services.contracts.incubator.jobs import (
    EmploymentType,
    JobChanged,
    JobClosed,
    JobExpired,
    JobFilled,
    JobPaused,
    JobPosted,
    JobResumed,
    Openings,
)
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.recruitment.postings.status import ACTIONS, CHANGEABLE, HIRING, MOVES, SHOWN_TO_ALL, S
from services.incubator.recruitment.postings.terms import RemoteWork, Salary, Workplace
from services.incubator.tenants.tenant import Tenant


class JobPosting(Aggregate):
    """A job posting of a business.

    Attributes:
        openings, hired: how many are sought, and how many of them were hired: never more.
        posted_at: when it was published first; None of a draft.
        valid_through: the last day, of zone time, on which somebody can apply.
        business_kind, sector: of its business as it was drafted; by them its events are counted.
        search_tokens: by which words of its title and skills it is found.
    """

    collection: ClassVar[str] = "job_postings"
    shown_to: ClassVar = owned_by("partner_id", public_while=("status", [status.value for status in SHOWN_TO_ALL]))
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("status", 1), ("valid_through", 1)),
        (("search_tokens", 1), ("_id", 1)),
    )
    validator: ClassVar = {"$expr": {"$lte": ["$hired", "$openings"]}}

    business_id: BusinessId
    partner_id: str
    business_kind: Growing[BusinessKind]
    sector: str
    title: str
    description: str
    employment_type: EmploymentType
    openings: int
    hired: int = 0
    location: Workplace | None
    remote: RemoteWork | None
    salary: Salary | None
    valid_through: Day
    skills: list[str]
    fresh_graduates_welcome: bool
    posted_at: Instant | None = None
    status: S = S.DRAFT
    search_tokens: list[str] = Field(default=[])

    @classmethod
    def draft(cls, tenant: Tenant, **said: Any) -> Self:
        """A new posting that its owner alone sees; `said` is what `DraftPosting` says of the job."""
        posting = cls(
            id=new_id("jpo"),
            partner_id=tenant.partner_id,
            business_kind=tenant.kind,
            sector=tenant.sector,
            **said | {"business_id": tenant.business_id},
        )
        posting._index()
        return posting

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    def publish(self, at: datetime) -> None:
        """Seek people by it, for the first time or after a pause.

        Raises:
            Conflict: `invalid_transition`; `posting_expired`, its last day is over.
        """
        before, self.status = self.status, self._moved(S.PUBLISHED)
        self._check_day(zone_date(at))
        if before is S.DRAFT:
            self.posted_at = at
            self.record(JobPosted(**self._counts(), **self._terms()))
        else:
            self.record(JobResumed(**self._counts()))

    def pause(self) -> None:
        """Let nobody apply for now. Raises Conflict (`invalid_transition`)."""
        self._end(S.PAUSED, JobPaused)

    def close(self) -> None:
        """Seek nobody by it any more. Raises Conflict (`invalid_transition`)."""
        self._end(S.CLOSED, JobClosed)

    def expire(self, today: date) -> None:
        """Its last day is over; nothing happens before that, or where it seeks nobody anyway."""
        if self.valid_through < today and S.EXPIRED in MOVES[self.status]:
            self._end(S.EXPIRED, JobExpired)

    def change(self, at: datetime, **said: Any) -> None:
        """Say something else of it; with openings left, a filled one seeks people again.

        Raises:
            Conflict: `invalid_transition`; `openings_below_hired`; `posting_expired`, it would seek people after its
                last day.
        """
        if self.status not in CHANGEABLE:
            raise invalid_transition(self.status, self.allowed_actions)
        if said.get("openings", self.openings) < self.hired:
            raise Conflict("More were hired already.", code="openings_below_hired", hired=self.hired)
        before = (self.openings, self.employment_type, self.valid_through, self.fresh_graduates_welcome)
        for name, value in said.items():
            setattr(self, name, value)
        self._index()
        if self.status is S.FILLED and self.hired < self.openings:
            self._seek_again(zone_date(at))
        elif self.status in HIRING and self.hired == self.openings:
            self._end(S.FILLED, JobFilled)
        elif self.status is not S.DRAFT and before != (
            self.openings,
            self.employment_type,
            self.valid_through,
            self.fresh_graduates_welcome,
        ):
            self.record(JobChanged(**self._counts(), **self._terms()))

    def seeks(self, today: date) -> bool:
        """Whether somebody can apply now, or once its pause is over."""
        return self.status in (S.PUBLISHED, S.PAUSED) and today <= self.valid_through

    def check_open(self, today: date) -> None:
        """Raises Conflict where nobody can apply: `posting_expired`, else `posting_not_open` with `posting_status`."""
        self._check_day(today)
        if self.status is not S.PUBLISHED:
            expired = self.status is S.EXPIRED
            raise Conflict(
                "Nobody is sought by it now.",
                code="posting_expired" if expired else "posting_not_open",
                posting_status=self.status.value,
            )

    def hire(self) -> None:
        """One of the openings is taken; with the last one it is filled.

        Raises:
            Conflict: `no_openings_left`; `posting_not_open`, it is closed.
        """
        if self.hired >= self.openings:
            raise Conflict("As many were hired as are sought.", code="no_openings_left", openings=self.openings)
        if self.status not in HIRING:
            raise Conflict("It is closed.", code="posting_not_open", posting_status=self.status.value)
        self.hired += 1
        if self.hired == self.openings:
            self._end(S.FILLED, JobFilled)

    def give_back(self, today: date, *, may_trade: bool) -> None:
        """One who was hired never began: a filled posting has an opening again.

        It seeks people by it; it is paused where its business may not trade, and expired after its last day, so that
        another who applied in time can be hired.
        """
        self.hired -= 1
        if self.status is not S.FILLED:
            return
        self.status = self._moved(S.PUBLISHED)
        if self.valid_through < today:
            self._end(S.EXPIRED, JobExpired)
        elif not may_trade:
            self.pause()
        else:
            self.record(JobResumed(**self._counts()))

    def _seek_again(self, today: date) -> None:
        self._check_day(today)
        self.status = self._moved(S.PUBLISHED)
        self.record(JobResumed(**self._counts()))

    def _check_day(self, today: date) -> None:
        if self.valid_through < today:
            raise Conflict("Its last day is over.", code="posting_expired", posting_status=self.status.value)

    def _end(self, to: S, told: type[Openings]) -> None:
        self.status = self._moved(to)
        self.record(told(**self._counts()))

    def _moved(self, to: S) -> S:
        return move(self.status, to, MOVES, allowed_actions=self.allowed_actions)

    def _index(self) -> None:
        self.search_tokens = search_tokens(" ".join((self.title, *self.skills)))

    def dimensions(self) -> dict[str, Any]:
        """By what its events, and those of its applications, are counted."""
        return {
            "posting_id": self.id,
            "business_id": self.business_id,
            "business_kind": self.business_kind,
            "sector": self.sector,
            "fresh_graduates_welcome": self.fresh_graduates_welcome,
        }

    def _counts(self) -> dict[str, Any]:
        return {**self.dimensions(), "openings": self.openings, "hired": self.hired}

    def _terms(self) -> dict[str, Any]:
        return {"employment_type": self.employment_type, "valid_through": self.valid_through}
