"""A share split: every holding of a class in one ratio, whole shares to each holder and its fraction in money."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.chassis.domain.money import apportion
from services.incubator.investment.shares.cap_event import CashInLieu, Holding, Resized
from services.incubator.kernel.quantity import rounded


@dataclass(frozen=True)
class Split:
    """`numerator` new shares for `denominator` old ones; a fraction is paid at a price per whole new share.

    Attributes:
        price: in minor units; 0 pays nothing.
    """

    numerator: int
    denominator: int
    price: int

    def of(self, holdings: Sequence[Holding]) -> tuple[list[Resized], list[CashInLieu]]:
        """What becomes of the holdings of a class, in their order, and what their holders are paid.

        The whole shares of a holder are those of all of its holdings together, divided among these by the largest
        remainder: two halves of a share are one, not two payments.
        """
        by_holder = defaultdict[str, dict[int, int]](dict)
        for place, each in enumerate(holdings):
            by_holder[each.investor_id][place] = each.shares
        after, cash = dict[int, int](), []
        for investor_id, shares in by_holder.items():
            exact = Fraction(sum(shares.values()) * self.numerator, self.denominator)
            whole = int(exact)
            after |= apportion(whole, shares)
            if fraction := exact - whole:
                amount = rounded(fraction * self.price)
                cash.append(CashInLieu(investor_id=investor_id, fraction=str(fraction), amount=amount))
        resized = [
            Resized(certificate=each.certificate, before=each.shares, after=after[place])
            for place, each in enumerate(holdings)
        ]
        return resized, cash
