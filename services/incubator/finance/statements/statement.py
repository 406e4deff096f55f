"""Financial statements of a book, made of what its accounts turned over: pure arithmetic, no entry is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from services.incubator.finance.book import Account
from services.incubator.finance.chart import AccountType


@dataclass(frozen=True)
class Held:
    """What an account was debited and credited up to a day, or within some days, in minor units."""

    account: Account
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """Positive on the side on which the account grows."""
        return self.account.type.balance(self.debit, self.credit)


def sum_of(held: Sequence[Held], *types: AccountType) -> int:
    """The balances of all accounts of these types."""
    return sum(each.balance for each in held if each.account.type in types)


@dataclass(frozen=True)
class Position:
    """What a book holds at the end of a day. No year is closed by entries: the results of the years are computed.

    Attributes:
        held: since the beginning.
        former: the same at the end of the last calendar year before that day.
    """

    held: Sequence[Held]
    former: Sequence[Held]

    @cached_property
    def retained_earnings(self) -> int:
        """The results of all former years."""
        return result_of(self.former)

    @cached_property
    def result_of_year(self) -> int:
        """What the year has earned so far."""
        return result_of(self.held) - self.retained_earnings

    @cached_property
    def assets(self) -> int:
        return sum_of(self.held, AccountType.ASSET)

    @cached_property
    def liabilities(self) -> int:
        return sum_of(self.held, AccountType.LIABILITY)

    @cached_property
    def equity(self) -> int:
        """What was paid in, and what was earned since."""
        return sum_of(self.held, AccountType.EQUITY) + self.retained_earnings + self.result_of_year


def result_of(held: Sequence[Held]) -> int:
    """Income less expenses."""
    return sum_of(held, AccountType.INCOME) - sum_of(held, AccountType.EXPENSE)
