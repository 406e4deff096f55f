"""What callers see of bills and billing runs."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Self

from services.chassis.background.job import Job, JobStatus
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View
from services.contracts.incubator.finance import InvoiceId
from services.contracts.incubator.meters import ServicePointId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import TariffId, Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.period import PeriodText
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.billing.common_consumption import CommonConsumption
from services.incubator.utilities.billing.run import BillingRun, Note
from services.incubator.utilities.billing.utility_bill import BillStatus, Correction, Measured, UtilityBill
from services.incubator.utilities.tariffs.terms import PricedLine


class UtilityBillView(View):
    """What a service point took in a month, priced."""

    at: ClassVar[str] = "/v1/incubator/utility-bills"

    service_point_id: ServicePointId
    """The service point whose consumption is billed."""
    site_id: SiteId
    """The site that it is on."""
    utility: Utility
    """Water or electricity."""
    business_id: BusinessId
    """Whom it is for."""
    period: PeriodText
    """The month, `YYYY-MM`."""
    starts_on: Day | None
    """The first day that it charges for; null where it only corrects earlier months."""
    ends_on: Day | None
    """The last day, included; null where it only corrects earlier months."""
    tariff_id: TariffId
    """By what it is priced."""
    tariff_version: int
    """By which version of it."""
    measured: Measured | None
    """What was measured; null where it only corrects earlier months."""
    lines: Sequence[PricedLine]
    """For what it charges; each amount is rounded once."""
    corrections: Sequence[Correction]
    """Earlier months of which more is known by now, each with the difference to what was billed."""
    total: Money
    """The sum of lines and corrections, never below 0."""
    credit: Money
    """What is left over where corrections are more than all the rest: it is taken from other charges of the tenant."""
    status: BillStatus
    """Whether it is final. A draft is made anew as readings come."""
    finalises_at: Instant
    """When a draft becomes final."""
    invoice_id: InvoiceId | None
    """The invoice on which it is charged; null while it is a draft, and where there is nothing to charge."""

    @classmethod
    def of(cls, bill: UtilityBill) -> Self:
        return cls.showing(bill)


class CommonConsumptionView(View):
    """What a site took in a month beside its service points, and how it was divided among them."""

    site_id: SiteId
    """The site that took it, beside what its service points took."""
    utility: Utility
    """Water or electricity."""
    period: PeriodText
    """The month, `YYYY-MM`."""
    main: Quantity
    """What its main meters show."""
    submeters: Quantity
    """What the meters of its service points show together."""
    common: Quantity
    """The difference; nothing where the sub-meters show a little more."""
    exceeded: bool
    """Whether they do, within the tolerance of the site."""
    shares: Mapping[ServicePointId, Quantity]
    """The share of each service point, by its area and its days; together they are the common consumption."""

    @classmethod
    def of(cls, found: CommonConsumption) -> Self:
        return cls.showing(found)


class BillingRunView(View):
    """The bills of a month, made or made anew, and what stood in the way of some."""

    at: ClassVar[str] = "/v1/incubator/billing-runs"

    period: PeriodText
    """The month, `YYYY-MM`."""
    status: JobStatus
    """How far it is."""
    job_id: Annotated[str, id_of("job")]
    """The job that does it."""
    sites: int
    """How many sites are done; water and electricity count apart."""
    bills: int
    """How many bills it made, or made anew with another result."""
    problems: Sequence[Note]
    """What was not billed; all others were. Run the month again once it is mended."""
    warnings: Sequence[Note]
    """What was billed, and should be looked at."""

    @classmethod
    def of(cls, run: BillingRun, job: Job) -> Self:
        return cls.showing(run, status=job.status)
