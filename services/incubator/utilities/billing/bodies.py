"""What staff sends of billing runs."""

from services.chassis.domain.part import Part
from services.incubator.kernel.period import PeriodText


class StartBillingRun(Part):
    """A month that is to be billed."""

    period: PeriodText
    """The month, `YYYY-MM`; it must be over."""
