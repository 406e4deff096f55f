"""Registers: what the dial of a meter shows, and how much was consumed between two looks at it.

A dial is counted in its last digit. It goes back to 0 after its largest number, which is called a rollover. What it
says times the factor of its transformers is the quantity: digits and rollovers are judged on the dial, tariffs and
figures on the quantity.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from services.chassis.domain.part import Part
from services.chassis.domain.violations import Violated, rule

A_DAY = timedelta(days=1)
QUIET_DAYS = 7
"""After so many days without any consumption somebody should look: a meter that stands still looks the same."""

DialText = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]
"""What a dial shows, as it is read off: leading zeros do not matter."""


def _is_factor(text: str) -> bool:
    return 0 < Fraction(text) < 10_000


FactorText = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?$"),
    rule(_is_factor, "factor_invalid", "A factor is above 0."),
]
"""What a dial is multiplied by, with at most three decimals; 1 where nothing stands between the meter and the wire."""


class Register(Part):
    """The dial of a meter; it stays for as long as the meter does."""

    digits: int = Field(ge=1, le=8)
    """How many digits it has before the point."""
    decimals: int = Field(default=0, ge=0, le=3)
    """How many it has behind the point."""
    factor: FactorText = "1"
    """By what its consumption is multiplied: the ratio of its current and voltage transformers."""

    @property
    def modulus(self) -> int:
        """How many numbers it can show."""
        return int(10 ** (self.digits + self.decimals))

    def read(self, text: str) -> int:
        """What it shows, in its last digit.

        Raises:
            Violated: `exceeds_register`, `too_many_decimals`.
        """
        if len(text.partition(".")[2].rstrip("0")) > self.decimals:
            raise Violated("too_many_decimals", f"This register has {self.decimals} decimals.")
        dial = int(Fraction(text) * 10**self.decimals)
        if dial >= self.modulus:
            raise Violated("exceeds_register", f"This register has {self.digits} digits before the point.")
        return dial

    def shown(self, dial: int) -> str:
        """What it shows as text, with all of its decimals and no leading zeros."""
        whole, rest = divmod(dial, 10**self.decimals)
        return f"{whole}.{rest:0{self.decimals}}" if self.decimals else str(whole)

    def consumed(self, before: int, after: int, *, rollover: bool) -> int:
        """What went by between two looks at it, in its last digit.

        Args:
            rollover: whether it is known to have gone past its largest number, once, if the later is the lesser.

        Raises:
            Violated: `reading_below_previous`.
        """
        if after < before and not rollover:
            shown = f"It showed {self.shown(before)} before"
            raise Violated("reading_below_previous", f"{shown}; where it went past its largest number, say rollover.")
        return (after - before) % self.modulus

    def quantity(self, dial: int) -> Fraction:
        """A difference of the dial as the quantity that it stands for."""
        return Fraction(dial, 10**self.decimals) * Fraction(self.factor)


class Flag(StrEnum):
    """What looks wrong with a reading."""

    SUSPECT_HIGH = "suspect_high"
    """More than can be consumed in that time."""
    SUSPECT_ZERO = "suspect_zero"
    """Nothing, for a week or longer."""


class Judgement(NamedTuple):
    """How plausible a reading is: one that must be reviewed counts only once somebody has confirmed it."""

    flag: Flag | None = None
    must_be_reviewed: bool = False


def judge(
    consumed: Fraction,
    *,
    rolled_over: bool,
    since: datetime,
    until: datetime,
    max_daily: Fraction | None,
    cut_off: bool = False,
) -> Judgement:
    """How plausible a consumption is.

    More than a day's most, for every day begun, is reviewed, and anything where the supply was cut off. A rollover is
    believed only below that; where nobody said what the most is, it is reviewed.
    """
    if cut_off:
        return Judgement(Flag.SUSPECT_HIGH, True) if consumed else Judgement()
    most = None if max_daily is None else max_daily * max(ceil((until - since) / A_DAY), 1)
    if most is not None and consumed > most:
        return Judgement(Flag.SUSPECT_HIGH, True)
    if consumed == 0 and until - since >= QUIET_DAYS * A_DAY:
        return Judgement(Flag.SUSPECT_ZERO)
    return Judgement(None, rolled_over and most is None)


class Look(NamedTuple):
    """One look at a dial."""

    at: datetime
    dial: int
    rollover: bool = False


def spread(register: Register, before: Look, after: Look, at: datetime) -> int:
    """What was consumed from the first of two looks until a moment between them, if evenly; in the last digit.

    Rounded half to even. Raises Violated, `reading_below_previous`.
    """
    whole = register.consumed(before.dial, after.dial, rollover=after.rollover)
    return round(whole * in_days(at - before.at) / in_days(after.at - before.at))


def in_days(length: timedelta) -> Fraction:
    """A length of time in days, exactly."""
    return Fraction(length // timedelta(milliseconds=1), 86_400_000)


def average_daily(spans: Sequence[tuple[timedelta, Fraction]]) -> Fraction | None:
    """The average daily consumption of the last spans between actual looks, at most three; None below seven days.

    Args:
        spans: how long, and how much; the oldest first.
    """
    last = [span for span in spans if span[0]][-3:]
    days = sum((in_days(length) for length, _ in last), Fraction())
    return sum((much for _, much in last), Fraction()) / days if days >= 7 else None
