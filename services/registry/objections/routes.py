"""Objections over HTTP: who has a claim on a business that is being dissolved, and what is decided of it."""

from fastapi import APIRouter

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.registry.businesses.business import Business
from services.registry.businesses.queries import BusinessRef, business_by
from services.registry.callers import Filer, FilingReader, Officer
from services.registry.filings.effects import change_register
from services.registry.filings.filing import Filing
from services.registry.filings.types.dissolution_cancellation import DissolutionCancellation
from services.registry.objections.bodies import DecideObjection, LodgeObjection
from services.registry.objections.objection import Objection, ObjectionStatus
from services.registry.objections.queries import ObjectionRef
from services.registry.objections.views import ObjectionView

router = APIRouter(prefix="/v1/registry", route_class=TransactionalRoute)


@router.post("/businesses/{business_id}/objections", status_code=201)
@refuses("objection_to_own", "not_in_notice_period", "objection_exists")
async def lodge_objection(business_id: BusinessRef, body: LodgeObjection, filer: Filer, tx: InTx) -> ObjectionView:
    """Object to the dissolution of a business, while its notice lasts: it is not dissolved while that stands."""
    business = await business_by(business_id, tx)
    objection = Objection.lodge(business, body.reason, by=filer, at=tx.now)
    there = Conflict("An objection of yours to this dissolution stands already.", code="objection_exists")
    tx.claim(objection.key, objection.id, taken=there)
    tx.save(business)
    return ObjectionView.of(tx.save(objection))


@router.get("/businesses/{business_id}/objections")
async def list_objections(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InPage
) -> Page[ObjectionView]:
    """The objections to the dissolution of a business that the caller may see: its owner and officials, all of them."""
    business = await business_by(business_id, tx)
    return await page.of(tx, Objection, {"business_id": business.id}, ObjectionView.of)


@router.get("/objections/{objection_id}")
async def see_objection(objection_id: ObjectionRef, reader: FilingReader, tx: InTx) -> ObjectionView:
    """One objection."""
    return ObjectionView.of(await tx.visible(Objection, objection_id))


@router.post("/objections/{objection_id}/decide")
@refuses("invalid_transition", "separation_of_duties")
async def decide_objection(
    objection_id: ObjectionRef, body: DecideObjection, officer: Officer, tx: InTx
) -> ObjectionView:
    """Find an objection good, which cancels the dissolution in the same transaction; or dismiss it."""
    objection = await tx.visible(Objection, objection_id)
    objection.decide(body.outcome, body.comment, by=officer, at=tx.now)
    business = await tx.visible(Business, objection.business_id)
    if objection.is_about(business):
        if objection.status is ObjectionStatus.UPHELD:
            cancelled = Filing.of_a_clock(DissolutionCancellation(), business, effective_at=tx.now)
            change_register(cancelled, business, tx)
        else:
            business.change_dissolution(objections=-1)
            tx.save(business)
    tx.release(objection.key, objection.id)
    return ObjectionView.of(tx.save(objection))
