"""Dissolution (注销): a business leaves the register, by its own wish or by order (Decree 746 art. 31-33)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.registry.dissolutions import DissolutionMode
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.line import Line
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.payload import ReviewPolicy
from services.registry.filings.types.status_change import StatusChange

DissolutionProcedure = TypeAliasType(
    "DissolutionProcedure",
    Annotated[
        Literal["voluntary", "simplified"],
        Field(description="In which procedure a business leaves the register by its own wish."),
    ],
)
"""The modes of a dissolution that an owner may choose."""


def _settled(settled: bool, before: Before) -> Iterator[Violation]:
    if before.get("mode") == DissolutionMode.SIMPLIFIED and not settled:
        yield Violation("debts_not_settled", "The simplified procedure is for who has no debts, or has settled them.")


class LeavingRegister(StatusChange):
    """The base of both: it begins the dissolution, and of a business that is being dissolved it is the end of that."""

    replaces: ClassVar = frozenset({"status", "dissolution"})

    reason: Line
    """Why; its owner and officials read it in its entry, strangers do not."""

    @property
    def review_policy(self) -> ReviewPolicy:
        """Nobody brings a business back who has taken it out of the register in error: two look at it."""
        return ReviewPolicy.OFFICER_AND_SUPERVISOR

    @property
    def dissolution_mode(self) -> DissolutionMode:
        """In which procedure it leaves."""
        return DissolutionMode.ADMINISTRATIVE

    def effective_moment(self, asked: datetime | None, *, submitted_at: datetime, approved_at: datetime) -> datetime:
        """Never before everyone is told: who has a claim has the whole notice to object."""
        return max(asked or approved_at, approved_at)

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The business is being dissolved, or is no more."""
        if business.status == BusinessStatus.DISSOLVING:
            business.dissolve(effective_at=effective_at)
        else:
            business.start_dissolution(self.dissolution_mode, reason=self.reason, effective_at=effective_at)


class Dissolution(LeavingRegister):
    """A business leaves the register by its own wish, 20 days after everyone was told."""

    type: Literal[FilingType.DISSOLUTION] = FilingType.DISSOLUTION
    """The type of the filing that says this."""
    mode: DissolutionProcedure
    """Whether it has debts to settle on its way out, or promises that it has none (简易注销)."""
    settled: Annotated[bool, cross_rule(_settled, "debts_not_settled")]
    """Whether all investors promise that it has no debts, wages or taxes to pay; the simplified procedure needs it."""

    @property
    def dissolution_mode(self) -> DissolutionMode:
        return DissolutionMode(self.mode)


class AdministrativeDissolution(LeavingRegister):
    """A business is taken out of the register by order: one official makes it, and others decide it."""

    by_order: ClassVar = True

    type: Literal[FilingType.ADMINISTRATIVE_DISSOLUTION] = FilingType.ADMINISTRATIVE_DISSOLUTION
    """The type of the filing that says this."""


ENDED_BY_CLOCK: Final = "The notice is over, and nobody objects."
"""Why a business is dissolved in the end, where its entry says no other reason."""


def end_of(business: Business) -> Dissolution | AdministrativeDissolution:
    """What the system files for a business that is being dissolved, when nothing stands in the way any more."""
    assert business.dissolution is not None
    reason, mode = business.status_reason or ENDED_BY_CLOCK, business.dissolution.mode
    if mode is DissolutionMode.ADMINISTRATIVE:
        return AdministrativeDissolution(reason=reason)
    said: DissolutionProcedure = "voluntary" if mode is DissolutionMode.VOLUNTARY else "simplified"
    return Dissolution(mode=said, reason=reason, settled=True)
