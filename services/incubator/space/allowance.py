"""An allowance: the included minutes that are left to a business, month by month, while reservations are priced."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.chassis.domain.money import Money
from services.chassis.domain.times import zone_date
from services.incubator.booking.minutes import minutes_id
from services.incubator.booking.occurrence import Credits
from services.incubator.booking.resource import Resource
from services.incubator.kernel.interval import Interval
from services.incubator.memberships.membership import Membership
from services.incubator.space.price import MINUTES, price_of


class Allowance:
    """What memberships pay in minutes, so that only the rest is paid in money.

    Args:
        memberships: of one business.
        used: id of a month's ledger → minutes used of it, those apart that are to be priced anew.
    """

    def __init__(self, memberships: Sequence[Membership], used: Mapping[str, int]) -> None:
        self._memberships = memberships
        self._used = dict(used)

    def price(self, resources: Sequence[Resource], time: Interval) -> tuple[Money, Credits | None]:
        """What a booking of one unit of each costs, and which included minutes it uses up; these are gone then.

        Minutes count in the month in which it starts, by the days of the zone; of what goes beyond them each is paid
        at the overage of the plan.

        Raises:
            Violated: `amount_too_large`.
        """
        kinds = [each.kind for each in resources]
        day = zone_date(time.start)
        month = f"{day:%Y-%m}"
        membership = next((each for each in self._memberships if each.counts(kinds, day)), None)
        if membership is None:
            return price_of(resources, time), None
        ledger, wanted = minutes_id(membership.id, month), time.minutes * len(resources)
        left = max(membership.included_minutes_per_month - self._used.get(ledger, 0), 0)
        covered = min(left, wanted)
        self._used[ledger] = self._used.get(ledger, 0) + covered
        beyond = Fraction(wanted - covered, MINUTES[membership.overage.per])
        credits = Credits(membership_id=membership.id, month=month, minutes=covered) if covered else None
        return membership.overage.of(beyond), credits
