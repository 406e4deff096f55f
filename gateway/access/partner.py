"""A partner: an organisation whose systems call the zone, the zone's own office among them."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from gateway.access.scopes import ADMINISTRATORS, Kind
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.texts.text import Text
from services.contracts.gateway.access import PartnerAdmitted, PartnerStatusChanged, Plan


class AccessStatus(StrEnum):
    """Let in, or kept out until further notice; of partners and of clients."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


MOVES = {
    AccessStatus.ACTIVE: {AccessStatus.SUSPENDED},
    AccessStatus.SUSPENDED: {AccessStatus.ACTIVE},
}
LegalName = Annotated[str, Text(at_most=200)]


class Partner(Aggregate):
    """A partner: an organisation whose systems call the zone; the zone's own office is one of them.

    Attributes:
        office: the zone's own office, made at the first start; it cannot be shut out.
    """

    collection: ClassVar[str] = "partners"
    shown_to: ClassVar = owned_by("id", watchers=ADMINISTRATORS)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("status", 1), ("_id", 1)),)

    legal_name: str
    plan: Plan
    status: AccessStatus = AccessStatus.ACTIVE
    office: bool = False

    @classmethod
    def admit(cls, *, legal_name: str, plan: Plan, office: bool = False) -> Self:
        """A new partner; it can call once a client of it has a key."""
        partner = cls(id=new_id("par"), legal_name=legal_name, plan=plan, office=office)
        partner.record(PartnerAdmitted(partner_id=partner.id, plan=plan))
        return partner

    def may_have(self, kind: Kind) -> bool:
        """Whether a client of this kind can be its own: officials are the office's, and nobody else's.

        So whoever decides about filings never does it for an organisation that makes them.
        """
        return self.office is (kind != "partner")

    def rename(self, legal_name: str) -> None:
        """The name under which it is registered where it comes from has changed."""
        self.legal_name = legal_name

    def move_to(self, status: AccessStatus) -> None:
        """Shut it out with all its keys, or let it in again.

        Raises:
            Conflict: `office_stays`, `invalid_transition`.
        """
        if self.office:
            raise Conflict(
                "The zone's own office cannot be suspended: nobody could let it in again.", code="office_stays"
            )
        self.status = move(self.status, status, MOVES)
        self.record(PartnerStatusChanged(partner_id=self.id, status=self.status.value))
