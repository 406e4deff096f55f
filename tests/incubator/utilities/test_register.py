"""The arithmetic of registers: what is on the dial is not the consumption, and a dial goes round."""

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.chassis.domain.violations import Violated
from services.chassis.testing.moments import NOON
from services.incubator.utilities.metering.register import (
    Flag,
    Judgement,
    Look,
    Register,
    average_daily,
    judge,
    spread,
)

REGISTERS = st.builds(
    Register,
    digits=st.integers(1, 8),
    decimals=st.integers(0, 3),
    factor=st.sampled_from(["1", "40", "0.5", "9999.999"]),
)
A_DAY = timedelta(days=1)


def test_ninety_eight_to_two_on_two_digits_is_four() -> None:
    assert Register(digits=2).consumed(98, 2, rollover=True) == 4


def test_a_dial_that_shows_less_without_a_rollover_is_refused() -> None:
    with pytest.raises(Violated) as refused:
        Register(digits=2).consumed(98, 2, rollover=False)
    assert refused.value.code == "reading_below_previous"


def test_a_rollover_that_did_not_happen_changes_nothing() -> None:
    assert Register(digits=2).consumed(2, 98, rollover=True) == 96


def test_u4_the_dial_times_the_factor_of_its_transformer_is_the_consumption() -> None:
    register = Register(digits=5, factor="40")
    assert register.quantity(register.consumed(register.read("00123"), register.read("00125"), rollover=False)) == 80


@given(REGISTERS, st.data())
def test_a_rollover_is_consumed_as_if_the_dial_were_longer(register: Register, data: st.DataObject) -> None:
    before = data.draw(st.integers(0, register.modulus - 1))
    much = data.draw(st.integers(0, register.modulus - 1))
    assert register.consumed(before, (before + much) % register.modulus, rollover=True) == much


@given(REGISTERS, st.data())
def test_looks_in_between_change_nothing_of_the_whole(register: Register, data: st.DataObject) -> None:
    dials = sorted(data.draw(st.lists(st.integers(0, register.modulus - 1), min_size=2)))
    parts = [register.consumed(one, other, rollover=False) for one, other in pairwise(dials)]
    assert sum(parts) == register.consumed(dials[0], dials[-1], rollover=False)


@given(REGISTERS, st.data())
def test_what_a_dial_shows_is_read_as_it_was(register: Register, data: st.DataObject) -> None:
    dial = data.draw(st.integers(0, register.modulus - 1))
    assert register.read(register.shown(dial)) == dial
    assert register.read("000" + register.shown(dial)) == dial


@pytest.mark.parametrize(
    ("text", "code"), [("100", "exceeds_register"), ("1.25", "too_many_decimals"), ("99.95", "too_many_decimals")]
)
def test_what_no_dial_of_two_digits_and_a_decimal_shows_is_refused(text: str, code: str) -> None:
    with pytest.raises(Violated) as refused:
        Register(digits=2, decimals=1).read(text)
    assert refused.value.code == code


def test_zeros_behind_the_last_decimal_say_nothing_more() -> None:
    assert Register(digits=2, decimals=1).read("7.500") == 75


@pytest.mark.parametrize("factor", ["0", "0.000", "-1", "1.2345", "10000", "1e3"])
def test_a_factor_is_a_decimal_above_nothing(factor: str) -> None:
    with pytest.raises(ValidationError):
        Register(digits=5, factor=factor)


def judged(consumed: int, days: float, *, rolled_over: bool = False, most: int | None = 10) -> Judgement:
    until = NOON + timedelta(days=days)
    max_daily = None if most is None else Fraction(most)
    return judge(Fraction(consumed), rolled_over=rolled_over, since=NOON, until=until, max_daily=max_daily)


@pytest.mark.parametrize(
    ("consumed", "days", "judgement"),
    [
        (30, 3, Judgement()),
        (31, 3, Judgement(Flag.SUSPECT_HIGH, True)),
        (40, 3.01, Judgement()),
        (10, 0, Judgement()),
        (11, 0.5, Judgement(Flag.SUSPECT_HIGH, True)),
        (0, 7, Judgement(Flag.SUSPECT_ZERO, False)),
        (0, 6.9, Judgement()),
    ],
)
def test_more_than_the_most_of_a_day_for_every_day_begun_is_reviewed(
    consumed: int, days: float, judgement: Judgement
) -> None:
    assert judged(consumed, days) == judgement


def test_a_rollover_is_believed_only_below_the_most_of_a_day() -> None:
    assert not judged(4, 1, rolled_over=True).must_be_reviewed
    assert judged(11, 1, rolled_over=True).must_be_reviewed
    assert judged(4, 1, rolled_over=True, most=None).must_be_reviewed
    assert not judged(4_000, 1, most=None).must_be_reviewed


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 30))
def test_what_is_spread_by_days_is_all_there_at_the_end(before: int, much: int, day: int) -> None:
    register = Register(digits=3)
    after = Look(NOON + 30 * A_DAY, (before + much) % 1000, rollover=True)
    first = Look(NOON, before)
    assert spread(register, first, after, NOON) == 0
    assert spread(register, first, after, after.at) == much
    assert abs(spread(register, first, after, NOON + day * A_DAY) - Fraction(much * day, 30)) <= Fraction(1, 2)


def test_half_of_a_last_digit_goes_to_the_even_one() -> None:
    after = Look(NOON + 2 * A_DAY, 5)
    assert spread(Register(digits=3), Look(NOON, 0), after, NOON + A_DAY) == 2
    assert spread(Register(digits=3), Look(NOON, 0), after._replace(dial=7), NOON + A_DAY) == 4


def test_the_average_is_that_of_the_last_three_spans_of_some_length() -> None:
    spans = [
        (100 * A_DAY, Fraction(9_000)),
        (4 * A_DAY, Fraction(8)),
        (2 * A_DAY, Fraction(3)),
        (4 * A_DAY, Fraction(9)),
    ]
    assert average_daily(spans) == 2
    assert average_daily([*spans, (timedelta(), Fraction())]) == 2


def test_less_than_a_week_of_history_is_none() -> None:
    assert average_daily([(7 * A_DAY, Fraction(7))]) == 1
    assert average_daily([(6 * A_DAY, Fraction(6))]) is None
    assert average_daily([]) is None
