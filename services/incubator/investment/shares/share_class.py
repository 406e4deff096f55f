"""A share class: shares with the same rights, of which a business may issue so many."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day
from services.contracts.incubator.startups.shares import ShareClassId
from services.contracts.registry.businesses import BusinessId


class ShareClassType(StrEnum):
    """The types of share classes."""

    COMMON = "common"
    PREFERRED = "preferred"


class ShareClass(Aggregate):
    """A share class of a business.

    Attributes:
        id_prefix: with what its certificates begin; once in a business.
        par_value: in minor units; None of shares without one.
        seniority: who is paid first as the business ends: the higher number.
        authorised, issued: how many may be issued, and are.
        last_certificate: the last number given out.
        moved_on: the day of its last event.
        settled_on: the day before which none is issued any more, as an event looked at how many there were.
    """

    collection: ClassVar[str] = "share_classes"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("business_id", 1), ("_id", 1)),)
    validator: ClassVar = {"$expr": {"$lte": ["$issued", "$authorised"]}}

    id: ShareClassId
    business_id: BusinessId
    partner_id: str
    name: str
    class_type: ShareClassType
    id_prefix: str
    votes_per_share: int
    par_value: int | None
    currency: str
    seniority: int
    authorised: int = 0
    issued: int = 0
    last_certificate: int = 0
    moved_on: Day
    settled_on: Day

    @classmethod
    def create(cls, *, effective_on: date, **said: Any) -> Self:
        """A new class, of which none may be issued yet; `said` is what it is called, and which rights it has."""
        return cls(id=new_id("shc"), moved_on=effective_on, settled_on=effective_on, **said)

    def next_certificate(self) -> str:
        """A certificate number that was never given out."""
        self.last_certificate += 1
        return f"{self.id_prefix}-{self.last_certificate}"

    def gave_out(self, certificate: str) -> bool:
        """Whether a certificate of it has this number, or once had."""
        prefix, _, number = certificate.rpartition("-")
        return prefix == self.id_prefix and 1 <= int(number) <= self.last_certificate

    def check_room(self, issued: int, authorised: int | None = None) -> None:
        """Raises Conflict (`authorised_exceeded` with `authorised`, `issued` and `available`)."""
        may = self.authorised if authorised is None else authorised
        if issued > may:
            raise Conflict(
                "More shares of this class than are authorised.",
                code="authorised_exceeded",
                authorised=may,
                issued=self.issued,
                available=max(may - self.issued, 0),
            )

    def check_issued_on(self, day: date) -> None:
        """Raises Conflict (`before_last_event` with `not_before`)."""
        check_not_before(day, self.settled_on)

    def check_settled_on(self, day: date) -> None:
        """As `check_issued_on`, for an event that concerns the whole class."""
        check_not_before(day, self.moved_on)

    def happened_on(self, day: date, *, settles: bool) -> None:
        """Something became of its shares on a day."""
        self.moved_on = max(self.moved_on, day)
        if settles:
            self.settled_on = max(self.settled_on, day)


def check_not_before(day: date, last: date) -> None:
    """Raises Conflict (`before_last_event` with `not_before`)."""
    if day < last:
        raise Conflict(
            "Something became of these shares later already.", code="before_last_event", not_before=last.isoformat()
        )
