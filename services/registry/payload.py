"""What a filing says. A filing type is one of these: a typed payload, its rules, and its effect on the business."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from services.contracts.registry import FilingType
from services.registry.business import Business
from services.registry.section import Section, Violation

if TYPE_CHECKING:
    from services.registry.filing import Filing
    from services.registry.registration import Granted


class ReviewPolicy(StrEnum):
    """Who decides a filing: the rules alone, or an officer."""

    AUTOMATIC = "automatic"
    OFFICER = "officer"


class Claimed(NamedTuple):
    """A unique key that a filing takes when it is submitted, and the refusal of who comes second."""

    key: str
    holder: str
    code: str
    detail: str


@dataclass(frozen=True)
class Register:
    """What the register says around a filing at the moment of a decision.

    Attributes:
        today: the day in the zone.
        business: the one that the filing concerns; None before its registration.
        host: the business that the filing names as host, if it names one and that one is registered.
        changed: the fields of the entry that have changed since the filing was drafted.
    """

    today: date
    business: Business | None = None
    host: Business | None = None
    changed: frozenset[str] = frozenset()


class Payload(Section):
    """The base of all payloads.

    Attributes:
        type: the filing type that this is the payload of.
        replaces: the fields of the entry that it replaces; a later change of one makes a draft stale.
    """

    type: ClassVar[FilingType]
    replaces: ClassVar[frozenset[str]] = frozenset()

    @property
    @abstractmethod
    def group(self) -> str:
        """Only one filing of a group can be under way for a business."""

    @property
    def review_policy(self) -> ReviewPolicy:
        """Who decides."""
        return ReviewPolicy.OFFICER

    def starts_at(self, business: Business | None) -> datetime | None:
        """When it takes effect, where it says so itself."""
        return None

    def violations(self, today: date, business: Business | None) -> Iterator[Violation]:
        """What is wrong with it on a day; judged when it is drafted, submitted and completed."""
        return iter(())

    def obstacles(self, register: Register, business_id: str) -> Iterator[Violation]:
        """What others' state makes wrong with it; judged when it is submitted and completed."""
        return iter(())

    def claims(self, filing: "Filing") -> Iterator[Claimed]:
        """The keys that nobody else may hold at the same time."""
        return iter(())

    def grant(self) -> "Granted | None":
        """What the registry itself gives at completion, kept in the filing."""
        return None

    @abstractmethod
    def effect(self, filing: "Filing", business: Business | None) -> Business:
        """The business as it is afterwards. The same filing on the same business always gives the same."""
