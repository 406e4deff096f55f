"""Departures over HTTP: who leaves, and what has still to be done for that."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader
from services.incubator.departures.departure import Departure, departure_id
from services.incubator.departures.queries import DepartureFilter
from services.incubator.departures.views import DepartureView
from services.incubator.tenants.queries import TenantRef

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.get("/departures")
async def list_departures(
    asked: Annotated[DepartureFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[DepartureView]:
    """The businesses that leave or have left, oldest first, with what has still to be done for that."""
    return await page.of(tx, Departure, asked.where(), DepartureView.of)


@router.get("/departures/{business_id}")
async def see_departure(business_id: TenantRef, reader: Reader, tx: InTx) -> DepartureView:
    """The departure of a business: what has still to happen, what it owes, and whether the registry knows."""
    return DepartureView.of(await tx.visible(Departure, departure_id(business_id)))
