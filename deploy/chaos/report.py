"""The report of a run: a table of what was inflicted and what came of it, and one line of verdict."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from deploy.chaos.finding import Kind
from deploy.chaos.run import Verdict
from deploy.chaos.stage import Injected

MARGIN = 5.0
"""Seconds around a fault: what went wrong with an event committed then may be its work."""
SHOWN = 20
KINDS: tuple[Kind, ...] = ("lost", "doubled", "parked", "wrong")


def table(verdict: Verdict) -> Table:
    """One line a kind of fault, also where it never happened; a last one for what no fault was near to."""
    shown = Table("fault", "times", "in flight", *KINDS, collapse_padding=True, pad_edge=False)
    shown.columns[0].no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    at = {row["_id"]: row["at"].time for row in verdict.evidence.events().values()}
    when = [(finding, at.get(finding.event or "")) for finding in verdict.findings]
    for name in sorted(verdict.kinds):
        injected = [each for each in verdict.injected if each.fault == name]
        in_flight = sum(any(each.began - 1 <= moment <= each.ended for each in injected) for moment in at.values())
        bad = Counter(finding.kind for finding, moment in when if moment is not None and near(moment, injected))
        bad["parked"] += sum(each.parked for each in injected)
        shown.add_row(name, *counts(len(injected), in_flight, bad))
    rest = Counter(finding.kind for finding, moment in when if moment is None or not near(moment, verdict.injected))
    if rest:
        shown.add_row("any time", *counts("", "", rest))
    return shown


def counts(times: int | str, in_flight: int | str, bad: Mapping[Kind, int]) -> Sequence[str]:
    """What stands in a line of the table, behind its name."""
    return [str(times), str(in_flight), *(str(bad.get(kind, 0)) for kind in KINDS)]


def near(when: float, injected: Iterable[Injected]) -> bool:
    """Whether something was committed around one of these faults."""
    return any(each.began - MARGIN <= when <= each.ended + MARGIN for each in injected)


def details(verdict: Verdict) -> list[str]:
    """What is wrong, and how much was done."""
    wrong = [f"{each.kind}: {each.event or ''} {each.what}" for each in verdict.findings[:SHOWN]]
    if len(verdict.findings) > SHOWN:
        wrong.append(f"… and {len(verdict.findings) - SHOWN} more")
    journal = verdict.journal
    missed = ", ".join(f"{name} ({times})" for name, times in sorted(Counter(verdict.missed).items()))
    return [
        *wrong,
        f"{len(verdict.injected)} faults; the moment did not come for {missed or 'none'}; "
        f"{len(journal.acknowledged)} acknowledged writes, {journal.refused} refused for their size, "
        f"{journal.unknown} of unknown outcome; "
        f"{len(verdict.evidence.events())} events, drained in {verdict.drained_in:.0f} s",
    ]


def line(verdict: Verdict) -> str:
    """The verdict."""
    found = Counter(each.kind for each in verdict.findings)
    return f"{'GOOD' if verdict.is_good else 'BAD'}: {', '.join(f'{found[kind]} {kind}' for kind in KINDS)}"
