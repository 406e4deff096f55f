"""A business: one entry of the register. Only a completed filing changes it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from pydantic import Field, PrivateAttr

from services.chassis.domain.aggregate import Aggregate, event_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.texts.search import search_tokens
from services.chassis.domain.times import zone_date
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessContactsBlanked,
    BusinessId,
    BusinessResumed,
    BusinessSuspended,
    LegalForm,
)
from services.contracts.registry.dissolutions import (
    AfterCancellation,
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
    DissolutionMode,
)
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.entry.identifiers import USCC
from services.registry.businesses.entry.rules.code_checks import normalised
from services.registry.businesses.record import DissolutionNotice, Entry, LatestReport, Suspended
from services.registry.businesses.status import MOVES, BusinessStatus
from services.registry.businesses.unique_keys import identifier_key, name_keys

NOTICE: Final = timedelta(days=20)
"""For so long others can object to a dissolution: calendar days, its first included (Decree 746 art. 33)."""


KNOWN_FOR: Final = timedelta(days=90)
"""For so long is known what people said and nobody needs any more: how to reach a business that has left the register,
and what a filing said that ended without effect. As long is a draft kept for its owner to hand in."""


class Business(Aggregate, Entry):
    """A business: one entry of the register, as it is now.

    Attributes:
        name_key: see `names.name_key`.
        primary_sector: the primary code of GB/T 4754-2017.
        search_tokens: see `domain.texts.search`.
    """

    collection: ClassVar[str] = "businesses"
    shown_to: ClassVar = owned_by("partner_id", public=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("registration_number", 1),),
        (("identifiers.id", 1),),
        (("status", 1), ("kind", 1), ("primary_sector", 1), ("_id", 1)),
        (("kind", 1), ("_id", 1)),
        (("primary_sector", 1), ("_id", 1)),
        (("name.legal", 1), ("_id", 1)),
        (("updated_at", 1), ("_id", 1)),
        (("status", 1), ("suspension.until", 1)),
        (("status", 1), ("dissolution.objections_open", 1), ("_id", 1)),
        (("status", 1), ("contacts_blanked_at", 1), ("status_since", 1)),
        (("search_tokens", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["registration_number", "partner_id", "kind", "status", "status_since", "updated_at"],
            "properties": {
                "status": {"enum": [status.value for status in BusinessStatus]},
                "status_since": {"bsonType": "date"},
                "updated_at": {"bsonType": "date"},
            },
        }
    }

    id: BusinessId
    name_key: str
    primary_sector: str
    search_tokens: list[str] = Field(default=[])
    _filing_id: str | None = PrivateAttr(default=None)

    def changed_by(self, filing_id: str) -> None:
        """Say which filing takes effect now: what the business states by it tells of it."""
        self._filing_id = filing_id

    def keep_search_tokens(self) -> None:
        """Keep by which words a search finds it: its names in all languages, its number and its codes."""
        names = [self.name.legal, *(each.name for each in self.name.translations)]
        self.search_tokens = search_tokens(*names, self.registration_number, *(each.id for each in self.identifiers))

    def is_called(self, name: str) -> bool:
        """By its id, its registration number, or `uscc:` and its credit code, however that is written."""
        code = normalised(name.removeprefix("uscc:")) if name.startswith("uscc:") else None
        return name in (self.id, self.registration_number) or any(
            each.scheme == USCC and each.id == code for each in self.identifiers
        )

    def hosts_others(self) -> bool:
        """Whether its scope lets other businesses register at its address (cluster registration, 集群注册)."""
        return "商务秘书服务" in self.business_scope

    def suspend(self, *, since: date, until: date, reason: str, effective_at: datetime) -> None:
        """Stop trading for a time."""
        days = self.days_suspended_before() + (until - since).days
        self._move_to(BusinessStatus.SUSPENDED, reason=reason, since=effective_at)
        self.suspension = Suspended(kind="voluntary", since=since, until=until, reason=reason, cumulative_days=days)
        suspended = BusinessSuspended(business_id=self.id, kind=self.kind, suspended_until=until)
        self.record(suspended, effective_at=effective_at)

    def extend_suspension(self, *, until: date, reason: str, effective_at: datetime) -> None:
        """Stay suspended for longer than was said."""
        since = self.running_suspension().since
        days = self.days_suspended_before() + (until - since).days
        self.status_reason = reason
        self.suspension = Suspended(kind="voluntary", since=since, until=until, reason=reason, cumulative_days=days)
        extended = BusinessSuspended(business_id=self.id, kind=self.kind, suspended_until=until)
        self.record(extended, effective_at=effective_at)

    def resume(self, *, effective_at: datetime) -> None:
        """Trade again; what was not used of the suspension does not count."""
        running = self.running_suspension()
        self._move_to(BusinessStatus.ACTIVE, reason=None, since=effective_at)
        ended = max(running.since, min(running.until, zone_date(effective_at)))
        unused = (running.until - ended).days
        days = running.cumulative_days - unused
        self.suspension = running.model_copy(update={"until": ended, "cumulative_days": days})
        self.record(BusinessResumed(business_id=self.id, kind=self.kind), effective_at=effective_at)

    # its end

    def start_dissolution(self, mode: DissolutionMode, *, reason: str, effective_at: datetime) -> None:
        """Trade no more, and leave the register once nobody objects; individual households need no notice."""
        started_on, former = zone_date(effective_at), self.status
        notice_until = None if self.legal_form == LegalForm.INDIVIDUAL_HOUSEHOLD else started_on + NOTICE
        self._move_to(BusinessStatus.DISSOLVING, reason=reason, since=effective_at)
        started = BusinessDissolutionStarted(business_id=self.id, kind=self.kind, mode=mode, notice_until=notice_until)
        self.record(started, effective_at=effective_at)
        self.dissolution = DissolutionNotice(
            mode=mode,
            started_on=started_on,
            notice_until=notice_until,
            former_status=former,
            event_id=event_id(self.id, self.sequence),
        )

    def cancel_dissolution(self, *, effective_at: datetime) -> None:
        """Be again what it was; a suspension whose time is over by now has ended.

        Raises:
            Conflict: `invalid_transition`, it is not being dissolved.
        """
        status: AfterCancellation = "active"
        if self.dissolution and self.dissolution.former_status == BusinessStatus.SUSPENDED:
            status = "suspended" if zone_date(effective_at) < self.running_suspension().until else "active"
        reason = self.running_suspension().reason if status == "suspended" else None
        self._move_to(BusinessStatus(status), reason=reason, since=effective_at)
        self.dissolution = None
        cancelled = BusinessDissolutionCancelled(business_id=self.id, kind=self.kind, status=status)
        self.record(cancelled, effective_at=effective_at)

    def is_in_notice(self, today: date) -> bool:
        """Whether others can object to its dissolution on a day."""
        until = self.dissolution.notice_until if self.dissolution else None
        return self.status == BusinessStatus.DISSOLVING and until is not None and today < until

    def may_be_dissolved(self, today: date) -> bool:
        """Whether its notice is over, no objection stands, and the incubator has said what it owes."""
        its = self.dissolution
        if self.status != BusinessStatus.DISSOLVING or its is None:
            return False
        return its.debts_answered and not its.objections_open and (not its.notice_until or its.notice_until <= today)

    def dissolve(self, *, effective_at: datetime) -> None:
        """Be no more: its hosting ends, and others can have its name and its codes (see `unique_keys`).

        Raises:
            Conflict: `invalid_transition`, it is not being dissolved.
        """
        self._move_to(BusinessStatus.DISSOLVED, reason=self.status_reason, since=effective_at)
        self.change_dissolution(debts_answered=True)
        self.hosting = None
        self.record(BusinessDissolved(business_id=self.id, kind=self.kind), effective_at=effective_at)

    def is_to_lose_contacts(self, at: datetime) -> bool:
        """Whether it left the register so long ago that nobody needs to reach it."""
        left = self.status == BusinessStatus.DISSOLVED and self.status_since + KNOWN_FOR <= at
        return left and self.contacts_blanked_at is None

    def blank_contacts(self, *, at: datetime) -> None:
        """Nobody is reached by what the register says of it any more; its parties and owners stay, by law."""
        self.contacts, self.contacts_blanked_at = Contacts(), at
        self.record(BusinessContactsBlanked(business_id=self.id))

    def awaits_answer(self, dissolution: str) -> bool:
        """Whether it is being dissolved since this event, and not since another one."""
        its = self.dissolution
        return self.status == BusinessStatus.DISSOLVING and its is not None and its.event_id == dissolution

    def change_dissolution(self, *, objections: int = 0, debts_answered: bool = False) -> None:
        """Keep what stands in the way of its dissolution: more objections or fewer, and that the incubator answered."""
        its = self.dissolution
        assert its is not None, f"{self.id} is not being dissolved"
        self.dissolution = its.model_copy(
            update={
                "objections_open": its.objections_open + objections,
                "debts_answered": its.debts_answered or debts_answered,
            }
        )

    def unique_keys(self) -> Iterator[str]:
        """What only one business has at a time, and this one until it is dissolved: its codes and its name."""
        yield from (identifier_key(each) for each in self.identifiers)
        yield from name_keys(self.name.legal, self.legal_form)

    # what it states

    def report(self, report: LatestReport, *, effective_at: datetime) -> None:
        """State the figures of a year that has ended; those of the latest year stand in the register."""
        if self.latest_report is None or self.latest_report.period < report.period:
            self.latest_report = report
        filed = AnnualReportFiled(business_id=self.id, filing_id=self._filing_id, **report.model_dump())
        self.record(filed, effective_at=effective_at)

    def running_suspension(self) -> Suspended:
        """The suspension of a suspended business."""
        assert self.suspension is not None, f"{self.id} has never been suspended"
        return self.suspension

    def days_suspended_before(self) -> int:
        """Days of all suspensions by own wish that have ended; the running one does not count."""
        if self.suspension is None:
            return 0
        running = self.suspension.days() if self.status == BusinessStatus.SUSPENDED else 0
        return self.suspension.cumulative_days - running

    def _move_to(self, status: BusinessStatus, *, reason: str | None, since: datetime) -> None:
        self.status = move(self.status, status, MOVES)
        self.status_since, self.status_reason = since, reason
