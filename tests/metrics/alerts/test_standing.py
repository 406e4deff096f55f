"""How an alert rule stands after each period: every clause of M4 and G-M2, and a reading of it by brute force."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.alerts.standing import MOVES, AlertRuleStatus, NoData, Standing, Terms

PERIODS = {"x": True, ".": False, "?": None}
"""The condition held, it did not, there was no figure."""


def standings(seen: str, terms: Terms) -> list[Standing]:
    """How a rule stands before and after each of these periods."""
    return list(
        accumulate((PERIODS[each] for each in seen), lambda was, now: was.after(now, terms), initial=Standing())
    )


def statuses(seen: str, for_periods: int = 1, keep_firing: int = 0, no_data: NoData = NoData.KEEP) -> str:
    """The initials of its status after each."""
    found = standings(seen, Terms(for_periods, keep_firing, no_data))
    return "".join(each.status.value[0] for each in found[1:])


@pytest.mark.parametrize(
    ("seen", "expected"),
    [("x", "p"), ("xx", "pp"), ("xxx", "ppf"), ("xx.xx", "ppipp"), ("xx.xxx", "ppippf"), ("x.x.x.", "pipipi")],
)
def test_m4_for_three_periods_one_good_period_starts_the_count_anew(seen: str, expected: str) -> None:
    assert statuses(seen, for_periods=3) == expected


def test_for_one_period_an_alert_is_raised_at_once() -> None:
    assert statuses(".x") == "if"


@pytest.mark.parametrize(
    ("keep", "seen", "expected"), [(0, "x..x.", "frrfr"), (1, "x..x.", "ffrff"), (2, "x..x...", "ffffffr")]
)
def test_g_m2_an_alert_ends_after_so_many_false_periods_more_than_the_first(
    keep: int, seen: str, expected: str
) -> None:
    assert statuses(seen, keep_firing=keep) == expected


@pytest.mark.parametrize(("no_data", "expected"), [(NoData.KEEP, "pppf"), (NoData.ALERT, "ppff"), (NoData.OK, "ppip")])
def test_m4_a_missing_period_follows_no_data_before_an_alert(no_data: NoData, expected: str) -> None:
    assert statuses("xx?x", for_periods=3, no_data=no_data) == expected


def test_g_m2_keep_freezes_status_and_count() -> None:
    terms = Terms(3, 2, NoData.KEEP)
    pending, firing = standings("xx", terms)[-1], standings("xxx.", terms)[-1]
    assert (pending, firing) == (Standing(AlertRuleStatus.PENDING, 2), Standing(AlertRuleStatus.FIRING, 1))
    assert [each.after(None, terms) for each in (pending, firing)] == [pending, firing]


@pytest.mark.parametrize("no_data", NoData)
@pytest.mark.parametrize("keep", [0, 2])
def test_m4_missing_periods_never_resolve_by_themselves(no_data: NoData, keep: int) -> None:
    assert statuses("x??????????", keep_firing=keep, no_data=no_data) == "fffffffffff"


@pytest.mark.parametrize("no_data", NoData)
@pytest.mark.parametrize("keep", [0, 1, 3])
def test_m4_a_data_gap_makes_no_resolved_and_raised_pair(no_data: NoData, keep: int) -> None:
    assert statuses("x?x??x???x", keep_firing=keep, no_data=no_data) == "ffffffffff"


@pytest.mark.parametrize(("no_data", "expected"), [(NoData.OK, "fffr"), (NoData.KEEP, "ffff"), (NoData.ALERT, "ffff")])
def test_g_m2_ok_counts_as_false_towards_an_end_that_is_then_seen(no_data: NoData, expected: str) -> None:
    assert statuses("x??.", keep_firing=2, no_data=no_data) == expected


def test_what_is_missing_alone_raises_only_where_it_is_to() -> None:
    assert [statuses("???", 3, no_data=each) for each in NoData] == ["iii", "ppf", "iii"]


def test_after_an_end_the_next_alert_takes_as_many_periods_as_the_first() -> None:
    assert statuses("xx.x.xx", for_periods=2) == "pfrpipf"


# by brute force

SEEN = st.text("x.?", max_size=40)
TERMS = st.builds(Terms, st.integers(1, 4), st.integers(0, 3), st.sampled_from(NoData))


def read(seen: str, terms: Terms) -> list[tuple[int, str]]:
    """M4 read from the whole past, without any state machine: in which periods an alert is raised and resolved."""
    found: list[tuple[int, str]] = []
    for now in range(len(seen)):
        is_firing = bool(found) and found[-1][1] == "raised"
        since = found[-1][0] + 1 if found else 0
        past = [counted for each in seen[since : now + 1] if (counted := as_counted(each, terms.no_data)) != "?"]
        if seen[now] == "?" and terms.no_data is NoData.KEEP:
            continue
        if is_firing:
            last = past[-(terms.keep_firing_periods + 1) :]
            if len(last) == terms.keep_firing_periods + 1 and set(last) == {"."} and seen[now] == ".":
                found.append((now, "resolved"))
        elif len(past) >= terms.for_periods and set(past[-terms.for_periods :]) == {"x"}:
            found.append((now, "raised"))
    return found


def as_counted(each: str, no_data: NoData) -> str:
    return {NoData.OK: ".", NoData.ALERT: "x", NoData.KEEP: "?"}[no_data] if each == "?" else each


def transitions(found: Sequence[Standing]) -> list[tuple[int, str]]:
    """In which periods a rule began to fire, and ceased to."""
    return [
        (at, "raised" if now.status is AlertRuleStatus.FIRING else "resolved")
        for at, (was, now) in enumerate(pairwise(found))
        if (was.status is AlertRuleStatus.FIRING) != (now.status is AlertRuleStatus.FIRING)
    ]


@given(SEEN, TERMS)
def test_m4_alerts_are_raised_and_resolved_as_the_whole_past_says(seen: str, terms: Terms) -> None:
    assert transitions(standings(seen, terms)) == read(seen, terms)


@given(SEEN, TERMS)
def test_a_rule_moves_along_its_table_and_counts_no_further_than_it_must(seen: str, terms: Terms) -> None:
    for was, now in pairwise(standings(seen, terms)):
        assert now.status is was.status or now.status in MOVES[was.status]
        assert now.status is not AlertRuleStatus.PENDING or 1 <= now.in_a_row < terms.for_periods


@given(SEEN, TERMS, st.integers(0, 40), st.integers(1, 10))
def test_m4_a_gap_anywhere_in_an_alert_ends_none(seen: str, terms: Terms, at: int, length: int) -> None:
    before = standings(seen[:at], terms)[-1]
    through = [before]
    for _ in range(length):
        through.append(through[-1].after(None, terms))
    if before.status is AlertRuleStatus.FIRING:
        assert {each.status for each in through} == {AlertRuleStatus.FIRING}
        assert through[-1].after(True, terms) == Standing(AlertRuleStatus.FIRING)
