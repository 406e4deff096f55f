"""What a quantity costs: exact until it is rounded once, closed at the top of each tier."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.chassis.domain.money import Money
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import Quantity, Unit, UnitPrice, decimal_text, rounded
from services.incubator.kernel.rating import RatingMode, Tier, Tiers, of_month, price_of, prorated, rate

GRADUATED, VOLUME, PACKAGE = RatingMode

QUANTITIES = st.integers(0, 10**9).map(lambda thousandths: Fraction(thousandths, 1000))


def kwh(value: str) -> Quantity:
    return Quantity(value=value, unit=Unit.KILOWATT_HOUR)


def tier(up_to: str | None, price: str, *, flat: int | None = None, package: str | None = None) -> Tier:
    return Tier(
        up_to=kwh(up_to) if up_to else None,
        unit_price=UnitPrice(price=price, currency="CNY", per=Unit.KILOWATT_HOUR),
        flat=None if flat is None else Money(amount=flat, currency="CNY"),
        package_size=kwh(package) if package else None,
    )


STEPS = [tier("100", "0.50", flat=100), tier("300", "0.60"), tier(None, "0.90", flat=500)]


@pytest.mark.parametrize(
    ("quantity", "fen"),
    [("0", 100), ("100", 5100), ("100.001", 5100), ("300", 17100), ("301", 17690)],
)
def test_graduated_tiers_price_what_lies_in_each(quantity: str, fen: int) -> None:
    assert price_of(GRADUATED, STEPS, Fraction(quantity)) == Money(amount=fen, currency="CNY")


@pytest.mark.parametrize(
    ("quantity", "fen"),
    [("0", 100), ("100", 5100), ("100.1", 6006), ("300", 18000), ("301", 27590)],
)
def test_a_volume_tariff_prices_all_of_it_by_the_tier_that_it_lies_in(quantity: str, fen: int) -> None:
    assert price_of(VOLUME, STEPS, Fraction(quantity)) == Money(amount=fen, currency="CNY")


@pytest.mark.parametrize(("quantity", "fen"), [("0", 0), ("1", 500), ("10", 500), ("10.1", 1000), ("25", 1400)])
def test_a_package_that_is_begun_is_paid_whole(quantity: str, fen: int) -> None:
    packages = [tier("20", "5", package="10"), tier(None, "4", package="50")]
    assert price_of(PACKAGE, packages, Fraction(quantity)) == Money(amount=fen, currency="CNY")


def test_u2_a_line_is_rounded_once_and_half_up() -> None:
    assert price_of(GRADUATED, [tier(None, "0.067")], Fraction(55)) == Money(amount=369, currency="CNY")


@given(QUANTITIES)
def test_the_tiers_hold_the_whole_quantity(quantity: Fraction) -> None:
    for mode in RatingMode:
        assert sum(each.quantity for each in rate(mode, STEPS, quantity)) == quantity


@given(QUANTITIES, QUANTITIES)
def test_more_never_costs_less_under_graduated_tiers(one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    assert price_of(GRADUATED, STEPS, less).amount <= price_of(GRADUATED, STEPS, more).amount


@pytest.mark.parametrize(
    ("tiers", "places"),
    [
        ([tier("100", "1")], [(0, "up_to")]),
        ([tier(None, "1"), tier(None, "1")], [(0, "up_to")]),
        ([tier("0", "1"), tier(None, "1")], [(0, "up_to")]),
        ([tier("100", "1"), tier("100", "1"), tier(None, "1")], [(1, "up_to")]),
        ([tier("100", "1"), tier("50", "1"), tier("200", "1")], [(2, "up_to"), (1, "up_to")]),
        ([tier(None, "1", package="0")], [(0, "package_size")]),
    ],
)
def test_tiers_that_leave_gaps_are_refused_at_their_places(tiers: list[Tier], places: list[Any]) -> None:
    assert refused(tiers) == [(place, "invalid_tiers") for place in places]


def test_tiers_of_two_currencies_are_refused() -> None:
    yen = Tier(up_to=None, unit_price=UnitPrice(price="1", currency="JPY", per=Unit.KILOWATT_HOUR))
    assert refused([tier("1", "1"), yen]) == [((1,), "currency_mismatch")]


def test_tiers_of_two_units_are_refused() -> None:
    water = Tier(up_to=None, unit_price=UnitPrice(price="1", currency="CNY", per=Unit.CUBIC_METRE))
    assert refused([tier("1", "1"), water]) == [((1,), "unit_mismatch")]


def refused(tiers: list[Tier]) -> list[Any]:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Tiers).validate_python(tiers)
    return [(each["loc"], each["type"]) for each in error.value.errors()]


# U1: part of a month costs part of the month


@pytest.mark.parametrize(
    ("days", "fen"),
    [({"only": 1}, {"only": 100}), ({"only": 22}, {"only": 2200}), ({"one": 9, "two": 22}, {"one": 900, "two": 2200})],
)
def test_u1_a_standing_charge_counts_the_days_held_of_the_whole_month(days: dict[str, int], fen: Any) -> None:
    assert prorated(3100, days, of=31) == fen


@given(st.integers(0, 10**7), st.integers(1, 30))
def test_u1_two_holders_of_a_month_pay_exactly_the_whole(amount: int, days: int) -> None:
    assert sum(prorated(amount, {"one": days, "two": 31 - days}, of=31).values()) == amount


@pytest.mark.parametrize(
    ("first", "last", "fen"),
    [("31", "31", 100), ("10", "31", 2200), ("01", "09", 900), ("01", "31", 3100), ("15", "15", 100)],
)
def test_u1_days_of_a_month_cost_their_part_of_it_whoever_has_the_others(first: str, last: str, fen: int) -> None:
    days = Days(date.fromisoformat(f"2026-08-{first}"), date.fromisoformat(f"2026-08-{last}"))
    assert of_month(Fraction(3100), days) == fen


@given(st.fractions(0, 10**9), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sets(st.integers(2, 28)))
def test_u1_however_a_month_is_cut_its_parts_sum_to_it(amount: Fraction, day: date, cuts: set[int]) -> None:
    month = Period.of(f"{day:%Y-%m}").days
    firsts = [month.first, *(day.replace(day=cut) for cut in sorted(cuts))]
    lasts = [*(first - timedelta(days=1) for first in firsts[1:]), month.last]
    parts = [Days(first, last) for first, last in zip(firsts, lasts, strict=True)]
    assert sum(of_month(amount, part) for part in parts) == rounded(amount)
    for part in parts:
        assert of_month(amount, part) >= 0
        assert abs(of_month(amount, part) - amount * part.number / month.number) < 1


def test_days_in_a_row_are_cut_at_the_ends_of_months() -> None:
    found = list(Days(date(2026, 1, 30), date(2026, 3, 2)).by_month())
    assert [(period.text, days.first.day, days.last.day) for period, days in found] == [
        ("2026-01", 30, 31),
        ("2026-02", 1, 28),
        ("2026-03", 1, 2),
    ]


# numbers


@pytest.mark.parametrize(("exact", "whole"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("49/100", 0), ("-149/100", -1)])
def test_a_half_is_rounded_away_from_zero(exact: str, whole: int) -> None:
    assert rounded(Fraction(exact)) == whole


@pytest.mark.parametrize(("currency", "amount"), [("CNY", 50), ("JPY", 0), ("KWD", 498)])
def test_a_price_is_rounded_to_the_minor_unit_of_its_currency(currency: str, amount: int) -> None:
    price = UnitPrice(price="0.4983", currency=currency, per=Unit.KILOWATT_HOUR)
    assert price.of(1) == Money(amount=amount, currency=currency)


@pytest.mark.parametrize("price", ["0.1234567", "-1", "1e3", "01", ".5", "1.", "", "１", "NaN", 0.5, 1])
def test_what_is_no_decimal_text_is_refused(price: Any) -> None:
    with pytest.raises(ValidationError):
        UnitPrice.model_validate({"price": price, "currency": "CNY", "per": "kWh"})


@given(st.integers(0, 10**17))
def test_a_quantity_is_written_and_read_without_loss(millionths: int) -> None:
    quantity = Quantity.of(Fraction(millionths, 10**6), Unit.CUBIC_METRE)
    assert quantity.exact == Fraction(millionths, 10**6)
    assert not quantity.value.endswith(".")


def test_a_number_without_an_end_has_no_decimal_text() -> None:
    with pytest.raises(ValueError, match="six decimals"):
        decimal_text(Fraction(1, 3))
