"""What a run shows: a table of what was inflicted and what came of it, and one line of verdict."""

from collections import Counter
from collections.abc import Iterable

from rich.table import Table

from deploy.chaos.checks import Kind
from deploy.chaos.run import Verdict
from deploy.chaos.stage import Injected

MARGIN = 5.0
"""Seconds around a fault: what went wrong with an event committed then may be its work."""
SHOWN = 20


def table(verdict: Verdict) -> Table:
    """One line a kind of fault."""
    shown = Table("fault", *(name for name in ("times", "in flight", "lost", "doubled", "parked")))
    shown.columns[0].no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    by_name: dict[str, list[Injected]] = {}
    for each in verdict.injected:
        by_name.setdefault(each.fault, []).append(each)
    at = {row["_id"]: row["at"].time for row in verdict.evidence.events().values()}
    for name, injected in sorted(by_name.items()):
        in_flight = sum(any(each.began - 1 <= when <= each.ended for each in injected) for when in at.values())
        bad: Counter[Kind] = Counter()
        for finding in verdict.findings:
            when = at.get(finding.event or "")
            if when is not None and near(when, injected):
                bad[finding.kind] += 1
        parked = sum(each.parked for each in injected) + bad["parked"]
        shown.add_row(name, *map(str, (len(injected), in_flight, bad["lost"], bad["doubled"], parked)))
    return shown


def near(when: float, injected: Iterable[Injected]) -> bool:
    """Whether something was committed around one of these faults."""
    return any(each.began - MARGIN <= when <= each.ended + MARGIN for each in injected)


def details(verdict: Verdict) -> list[str]:
    """What is wrong, and how much was done."""
    wrong = [f"{each.kind}: {each.event or ''} {each.what}" for each in verdict.findings[:SHOWN]]
    if len(verdict.findings) > SHOWN:
        wrong.append(f"… and {len(verdict.findings) - SHOWN} more")
    journal = verdict.journal
    return [
        *wrong,
        f"{len(verdict.injected)} faults, {len(verdict.missed)} more whose moment did not come; "
        f"{len(journal.acknowledged)} acknowledged writes, {journal.refused} refused for their size; "
        f"{len(verdict.evidence.events())} events, drained in {verdict.drained_in:.0f} s",
    ]


def line(verdict: Verdict) -> str:
    """The verdict."""
    kinds = Counter(each.kind for each in verdict.findings)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("lost", "doubled", "parked", "wrong"))
    return f"{'GOOD' if verdict.is_good else 'BAD'}: {counts}"
