"""Businesses with shares and investors, and rounds in which they seek money: written straight into the store."""

from datetime import timedelta
from typing import Final

from deploy.bench.incubator.scene import A_DAY, PARTNER, TODAY, insert, tenants
from services.chassis.domain.times import zone_date
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.rounds import Instrument
from services.incubator.investment.investors.investor import Investor, InvestorKind
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.terms import RoundTerms
from services.incubator.investment.shares.cap_table import CapTable, When
from services.incubator.investment.shares.effects import keep
from services.incubator.investment.shares.share_class import ShareClass, ShareClassType
from services.incubator.tenants.tenant import Tenant, tenant_id

PLEDGED: Final = 1_000_000
"""Of each investor, in minor units."""
CAP: Final = 10_000 * PLEDGED
FOUNDER_HAS, PRICE = 1_000_000, 100
"""Shares, and what one costs in a round."""
FOUNDED: Final = When(zone_date(TODAY - 300 * A_DAY), TODAY)


async def investors(store: MongoStore, number: int) -> list[Investor]:
    """So many people who may take part in rounds."""
    made = [Investor.enter(PARTNER, f"示例人{each} (synthetic)", InvestorKind.PERSON, None) for each in range(number)]
    await insert(store, made)
    return made


async def founded(store: MongoStore) -> tuple[Tenant, ShareClass]:
    """A business of one founder, and the class of its shares."""
    [business] = await tenants(store, 1)
    [founder] = await investors(store, 1)
    tx = Tx(store, now=TODAY)
    tenant = await tx.get(Tenant, tenant_id(business))
    table = tx.imply(CapTable.of_tenant(tenant))
    said = {"business_id": business, "partner_id": PARTNER, "currency": table.currency, "par_value": None}
    shares = ShareClass.create(
        name="示例股", class_type=ShareClassType.COMMON, id_prefix="CS", votes_per_share=1, seniority=1,
        effective_on=FOUNDED.effective_on, **said,
    )  # fmt: skip
    await keep(table.add_class(shares, 10**12, FOUNDED), table, shares, tx)
    await keep(table.issue(shares, founder.id, FOUNDER_HAS, 0, FOUNDED), table, shares, tx)
    await tx.commit()
    return tenant, shares


def opened_round(tenant: Tenant, shares: ShareClass, *, opened_days_ago: int = 1, lasts_days: int = 30) -> Round:
    """A round for shares that takes whatever comes."""
    opens_at = TODAY - opened_days_ago * A_DAY
    terms = RoundTerms(
        target=1,
        hard_cap=CAP,
        opens_at=opens_at,
        deadline=opens_at + timedelta(days=lasts_days),
        pre_money=FOUNDER_HAS * PRICE,
        share_class_id=shares.id,
    )
    made = Round.draft(
        tenant,
        instrument=Instrument.PRICED_EQUITY,
        terms=terms,
        conditions=[],
        name="示例轮 (synthetic)",
        currency=shares.currency,
    )
    made.open(opens_at)
    return made
