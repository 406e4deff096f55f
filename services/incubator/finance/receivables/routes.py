"""Aged receivables over HTTP: as JSON, as CSV for a spreadsheet, and as a page to print."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.http.answers.table import TableCsv, TablePage
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.registry.businesses import BusinessId
from services.incubator.callers import Reader
from services.incubator.finance.receivables.queries import aged_on, names_of
from services.incubator.finance.receivables.views import AgedReceivablesView
from services.incubator.finance.statements.queries import AsOf, day_asked
from services.incubator.kernel.quantity import CURRENCY

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

OfBusiness = Annotated[BusinessId | None, Query(description="One business alone.")]


@router.get("/aged-receivables")
async def aged_receivables(
    reader: Reader, tx: InTx, as_of: AsOf = None, business_id: OfBusiness = None
) -> AgedReceivablesView:
    """What businesses owed the zone at the end of a day, by how long it was past due; a partner sees its own."""
    day = day_asked(as_of, tx)
    rows = await aged_on(day, business_id, tx)
    return AgedReceivablesView.of(rows, await names_of(rows, tx), day, CURRENCY)


@router.get("/aged-receivables.csv")
async def aged_receivables_as_csv(
    reader: Reader, tx: InTx, as_of: AsOf = None, business_id: OfBusiness = None
) -> TableCsv:
    """The aged receivables for a spreadsheet, in major units."""
    return TableCsv((await aged_receivables(reader, tx, as_of, business_id)).table(), file_name="receivables.csv")


@router.get("/aged-receivables.html")
async def aged_receivables_as_page(
    reader: Reader, tx: InTx, as_of: AsOf = None, business_id: OfBusiness = None
) -> TablePage:
    """The aged receivables as a page to print."""
    return TablePage((await aged_receivables(reader, tx, as_of, business_id)).table())
