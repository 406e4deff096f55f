"""A client: one system of a partner, of one kind, with its share of that kind's scopes."""

from collections.abc import Sequence
from typing import ClassVar, Self

from gateway.access.partner import MOVES, AccessStatus, Partner
from gateway.access.scopes import ADMINISTRATORS, SCOPES, Kind, chosen
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.violations import Violation, refuse
from services.contracts.gateway.access import ClientAdmitted, ClientScopesChanged, ClientStatusChanged, PartnerId


class Client(Aggregate):
    """A client: one system of a partner, with the scopes that it was given out of its kind's.

    Attributes:
        kind: for life; another kind is another client.
        given: the scopes that it was given; None is all of its kind, those of later versions included.
    """

    collection: ClassVar[str] = "clients"
    shown_to: ClassVar = owned_by("partner_id", only={"kind": "partner"}, watchers=ADMINISTRATORS)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("partner_id", 1), ("_id", 1)),)

    partner_id: PartnerId
    kind: Kind
    given: list[str] | None
    status: AccessStatus = AccessStatus.ACTIVE

    @classmethod
    def admit(cls, partner: Partner, *, kind: Kind, scopes: Sequence[str] | None) -> Self:
        """A new client of a partner.

        Raises:
            Unprocessable: `wrong_kind_of_client`; a scope is not one of its kind, see `scopes.chosen`.
        """
        if not partner.may_have(kind):
            detail = "The office has officials only." if partner.office else "Only the zone's own office has officials."
            refuse(Violation("wrong_kind_of_client", detail, ("kind",)))
        client = cls(id=new_id("cli"), partner_id=partner.id, kind=kind, given=chosen(scopes, SCOPES[kind]))
        client.record(
            ClientAdmitted(partner_id=partner.id, client_id=client.id, kind=kind, scopes=sorted(client.scopes))
        )
        return client

    @property
    def scopes(self) -> frozenset[str]:
        """What it may do today."""
        return SCOPES[self.kind] if self.given is None else SCOPES[self.kind].intersection(self.given)

    def give(self, scopes: Sequence[str] | None) -> None:
        """Other scopes than before; its keys lose what it loses.

        Raises:
            Unprocessable: see `scopes.chosen`.
        """
        self.given = chosen(scopes, SCOPES[self.kind])
        self.record(ClientScopesChanged(partner_id=self.partner_id, client_id=self.id, scopes=sorted(self.scopes)))

    def move_to(self, status: AccessStatus, *, by: str) -> None:
        """Shut it out with its keys, or let it in again.

        Args:
            by: the client that asks.

        Raises:
            Conflict: `own_client`, `invalid_transition`.
        """
        if by == self.id:
            raise Conflict("A client cannot suspend itself: it could not let itself in again.", code="own_client")
        self.status = move(self.status, status, MOVES)
        self.record(ClientStatusChanged(partner_id=self.partner_id, client_id=self.id, status=self.status.value))
