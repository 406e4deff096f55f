"""A service of one noun for the tests of the chassis: pots with a number of places."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Security
from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.domain.events import Event, Topic
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.chassis.http.security import CallerOf
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service


class PotMade(Event, name="zone.pots.pot.made.v1", topic=Topic("zone.pots.pots")):
    """A pot was made."""

    pot_id: str


class Pot(Aggregate):
    """Something with places, of which some are taken."""

    collection: ClassVar[str] = "pots"

    places: int
    taken: int = 0


class Make(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    places: int


class PotView(View):
    at: ClassVar[str] = "/v1/pots"

    places: int
    taken: int

    @classmethod
    def of(cls, pot: Pot) -> "PotView":
        return cls.showing(pot)


router = APIRouter(prefix="/v1/pots", route_class=TransactionalRoute)
Anyone = Annotated[Caller, Security(CallerOf(), scopes=["pots"])]


@router.post("", status_code=201)
async def make(body: Make, anyone: Anyone, tx: InTx) -> PotView:
    pot = Pot(id=body.id, places=body.places)
    pot.record(PotMade(pot_id=pot.id))
    return PotView.of(tx.save(pot))


@router.post("/{pot_id}/take")
async def take(pot_id: str, anyone: Anyone, tx: InTx) -> Nothing:
    """Take a place without reading: a guarded counter."""
    full = Conflict("No place is left.", code="full")
    tx.adjust(Pot, pot_id, {"taken": 1}, at_most={"taken": "places"}, refused=full)
    return Nothing()


@router.post("/{pot_id}/fill")
async def fill(pot_id: str, anyone: Anyone, tx: InTx) -> PotView:
    """Take a place by reading and saving: an optimistic write."""
    pot = await tx.get(Pot, pot_id)
    if pot.taken == pot.places:
        raise Conflict("No place is left.", code="full")
    pot.taken += 1
    return PotView.of(tx.save(pot))


@router.post("/{pot_id}/slot")
async def slot(pot_id: str, anyone: Anyone, tx: InTx) -> Nothing:
    """Take the only place that a claim guards."""
    tx.claim(f"slot|{pot_id}", tx.request_id, taken=Conflict("Somebody has it.", code="slot_taken"))
    return Nothing()


@router.get("/{pot_id}")
async def see(pot_id: str, anyone: Anyone, tx: InTx) -> PotView:
    return PotView.of(await tx.get(Pot, pot_id))


service = Service("pots", modules=[Module("pots", "Pots.", routers=[router], documents=[Pot])])

if __name__ == "__main__":
    service.run()
