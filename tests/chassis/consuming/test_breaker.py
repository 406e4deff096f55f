"""When too much is parked."""

from services.chassis.consuming.breaker import AT_MOST, IN_A_ROW, WINDOW, Breaker


def test_it_opens_at_twenty_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(IN_A_ROW - 1):
        breaker.parked()
    assert not breaker.is_open
    breaker.parked()
    assert breaker.is_open


def test_one_that_is_handled_breaks_the_row() -> None:
    breaker = Breaker()
    for _ in range(2 * IN_A_ROW):
        breaker.parked()
        breaker.handled()
    assert not breaker.is_open


def test_it_opens_above_five_percent_of_the_last_thousand() -> None:
    breaker = Breaker()
    for _ in range(AT_MOST):
        breaker.parked()
        breaker.handled()
    assert not breaker.is_open
    breaker.parked()
    assert breaker.is_open


def test_what_is_older_than_the_last_thousand_is_forgotten() -> None:
    breaker = Breaker()
    for _ in range(AT_MOST):
        breaker.parked()
        breaker.handled()
    for _ in range(WINDOW):
        breaker.handled()
    breaker.parked()
    assert not breaker.is_open


def test_a_copy_counts_by_itself() -> None:
    breaker = Breaker()
    copy = breaker.copy()
    for _ in range(IN_A_ROW):
        copy.parked()
    assert copy.is_open
    assert not breaker.is_open
