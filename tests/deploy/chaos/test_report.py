"""The table of a run says what happened, what did not, and all that is wrong."""

from collections.abc import Sequence

from bson import Timestamp

from deploy.chaos.finding import Finding
from deploy.chaos.journal import Journal
from deploy.chaos.report import details, line, table
from deploy.chaos.run import Verdict
from deploy.chaos.stage import Injected
from tests.deploy.chaos.test_checks import BUSINESS, a_good_end

COMMITTED_AT = 1_000


def verdict_of(*findings: Finding, injected: Sequence[Injected] = (), missed: Sequence[str] = ()) -> Verdict:
    """A run in which everything was committed in the same second."""
    evidence = a_good_end()
    for row in evidence.events().values():
        row["at"] = Timestamp(COMMITTED_AT, 1)
    return Verdict(["api killed", "poison"], injected, missed, evidence, findings, Journal(), 3.0)


def lines_of(verdict: Verdict) -> dict[str, list[str]]:
    """The table's cells by the name of their line."""
    rows = zip(*(column.cells for column in table(verdict).columns), strict=True)
    return {str(name): [str(cell) for cell in cells] for name, *cells in rows}


def test_a_kind_that_never_happened_has_a_line_too_and_is_named() -> None:
    killed = Injected("api killed", "gateway", COMMITTED_AT - 1, COMMITTED_AT + 1)
    verdict = verdict_of(injected=[killed], missed=["poison", "poison"])
    assert lines_of(verdict) == {"api killed": ["1", "3", "0", "0", "0", "0"], "poison": ["0", "0", "0", "0", "0", "0"]}
    assert verdict.never_happened() == ["poison"]
    assert "poison (2)" in details(verdict)[0]


def test_what_is_wrong_with_an_event_stands_beside_the_fault_that_was_near() -> None:
    killed = Injected("api killed", "gateway", COMMITTED_AT - 1, COMMITTED_AT + 1)
    lines = lines_of(verdict_of(Finding("lost", "gone", f"{BUSINESS}:0000000001"), injected=[killed]))
    assert lines["api killed"][2:] == ["1", "0", "0", "0"]
    assert "any time" not in lines


def test_what_no_fault_was_near_to_and_what_is_about_no_event_is_in_the_table_too() -> None:
    late = Injected("api killed", "gateway", COMMITTED_AT + 100, COMMITTED_AT + 101)
    found = [Finding("lost", "an answer"), Finding("doubled", "twice", f"{BUSINESS}:0000000001"), Finding("wrong", "?")]
    verdict = verdict_of(*found, injected=[late])
    assert lines_of(verdict)["any time"] == ["", "", "1", "1", "0", "1"]
    assert line(verdict) == "BAD: 1 lost, 1 doubled, 0 parked, 1 wrong"
