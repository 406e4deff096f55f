"""The tariffs of water and electricity over HTTP."""

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.utilities.tariffs.bodies import AddTariffVersion, PublishTariff, terms_of
from services.incubator.utilities.tariffs.queries import (
    AskedDay,
    AskedQuantity,
    TariffFilter,
    TariffRef,
    version_asked,
)
from services.incubator.utilities.tariffs.tariff import Tariff
from services.incubator.utilities.tariffs.views import QuoteView, TariffView, quoted

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/tariffs", status_code=201)
@refuses("tariff_mid_period", "unit_mismatch")
async def publish_tariff(body: PublishTariff, staff: Staff, tx: InTx) -> TariffView:
    """Publish a tariff with its first version."""
    return TariffView.of(tx.save(Tariff.publish(name=body.name, utility=body.utility, terms=terms_of(body))))


@router.get("/tariffs")
async def list_tariffs(
    asked: Annotated[TariffFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[TariffView]:
    """The tariffs of water and electricity, oldest first."""
    return await page.of(tx, Tariff, asked.where(), TariffView.of)


@router.get("/tariffs/{tariff_id}")
async def see_tariff(tariff_id: TariffRef, reader: Reader, tx: InTx) -> TariffView:
    """One tariff with all of its versions."""
    return TariffView.of(await tx.visible(Tariff, tariff_id))


@router.post("/tariffs/{tariff_id}/versions", status_code=201)
@refuses("tariff_mid_period", "unit_mismatch", "in_the_past", "not_after_the_last_version", "too_many_versions")
async def add_tariff_version(tariff_id: TariffRef, body: AddTariffVersion, staff: Staff, tx: InTx) -> TariffView:
    """Say what a tariff says from a month to come on; what was before stays for what was consumed before."""
    tariff = await tx.visible(Tariff, tariff_id)
    tariff.add_version(terms_of(body), today=zone_date(tx.now))
    return TariffView.of(tx.save(tariff))


@router.get("/tariffs/{tariff_id}/quote")
@refuses("no_tariff_yet", "amount_too_large")
async def quote_tariff(
    tariff_id: TariffRef, quantity: AskedQuantity, reader: Reader, tx: InTx, on: AskedDay = None
) -> QuoteView:
    """Quote what a quantity costs in a whole month. For part of a month the standing charge and the minimum go by days,
    the bounds of the tiers stay."""
    tariff = await tx.visible(Tariff, tariff_id)
    return quoted(tariff, version_asked(tariff, on or zone_date(tx.now)), Fraction(quantity))
