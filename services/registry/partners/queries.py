"""On whose behalf a filing is made."""

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Forbidden
from services.chassis.domain.violations import Violation, refusal
from services.chassis.store.unit_of_work import Tx
from services.registry.partners.partner import Partner


async def owner_named(partner_id: str | None, filer: Caller, tx: Tx) -> str:
    """The partner that is to own a business: the one whom an official names, else the filer's own.

    Raises:
        Forbidden: `wrong_kind_of_caller`, somebody else is named by one who is no official.
        Unprocessable: `partner_unknown`.
    """
    if partner_id is None or partner_id == filer.partner_id:
        return filer.partner_id
    if not filer.is_official:
        raise Forbidden("Only officials file on behalf of another partner.", code="wrong_kind_of_caller")
    if await tx.find(Partner, partner_id) is None:
        raise refusal(Violation("partner_unknown", "The zone knows no such partner.", ("on_behalf_of",)))
    return partner_id
