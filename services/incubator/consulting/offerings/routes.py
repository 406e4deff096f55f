"""Offerings of consultations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.consulting.offerings.bodies import OfferConsultation
from services.incubator.consulting.offerings.offering import Offering
from services.incubator.consulting.offerings.queries import OfferingFilter, OfferingRef
from services.incubator.consulting.offerings.views import OfferingView

router = APIRouter(prefix="/v1/incubator/offerings", route_class=TransactionalRoute)


@router.post("", status_code=201)
async def offer_consultation(body: OfferConsultation, staff: Staff, tx: InTx) -> OfferingView:
    """Offer a consultation; it never changes, and another takes its place."""
    said = {name: getattr(body, name) for name in OfferConsultation.model_fields}
    return OfferingView.of(tx.save(Offering.offer(**said)))


@router.get("")
async def list_offerings(
    asked: Annotated[OfferingFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[OfferingView]:
    """The consultations that are offered, oldest first."""
    return await page.of(tx, Offering, asked.where(), OfferingView.of)


@router.get("/{offering_id}")
async def see_offering(offering_id: OfferingRef, reader: Reader, tx: InTx) -> OfferingView:
    """One offering."""
    return OfferingView.of(await tx.visible(Offering, offering_id))


@router.post("/{offering_id}/withdraw")
@refuses("invalid_transition")
async def withdraw_offering(
    offering_id: OfferingRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> OfferingView:
    """Let nobody ask for it any more; what was asked for stays as it is."""
    offering = await tx.visible(Offering, offering_id)
    offering.withdraw()
    return OfferingView.of(tx.save(offering))
