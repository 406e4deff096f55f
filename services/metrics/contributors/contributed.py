"""What one thing adds to one cell of a figure over some days, and which events make it so: the figure explained."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from services.metrics.figures.contributions import contributions
from services.metrics.figures.entity import Fact
from services.metrics.figures.kept import Kept
from services.metrics.figures.subject import Subject
from services.metrics.figures.sums import Sum

MOST_TRIED: Final = 64
"""How often it is tried what a thing would add without some of its events; an invoice may have hundreds."""


def contributed(
    subject: Subject, kpi: Kept, facts: Sequence[Fact], dims: Mapping[str, str], first: date | None, end: date
) -> Sum:
    """What a thing with these facts adds to a cell over the days from `first` (None: from the beginning) to `end`.

    The sum of this over all things is what the buckets say (`queries.sums_of`): both come from one function. Of what is
    known by year alone a year counts once it is over, as it has no shorter periods.
    """
    begin = first.isoformat() if first else ""
    until = f"{end.year:04d}" if kpi.finest == "year" else end.isoformat()
    before, found = Sum(), Sum()
    for place, counters in contributions(subject, facts, (kpi,)).items():
        values = {each.name: value for each, value in zip(subject.dimensions, place.dims, strict=True)}
        if place.on < until and dims.items() <= values.items():
            for name, amount in counters.items():
                (found if place.on >= begin else before).count(name, amount)
    return found.over_days(before, first, end) if kpi.over_days else found.settled()


def made_by(
    subject: Subject, kpi: Kept, facts: Sequence[Fact], dims: Mapping[str, str], first: date | None, end: date
) -> list[Fact]:
    """The facts that make a contribution, in their order: without any of their events it would be another one.

    Events are left out one after the other, the oldest first, where what is left comes to the same. So of two that say
    the same the newer one is named, and what was overtaken is not. Any set of events has a contribution, as they are
    heard in any order. Of more than `MOST_TRIED` some are left out together, or kept: each try folds all the others.
    """
    wanted = contributed(subject, kpi, facts, dims, first, end)
    by_event: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact.order):
        by_event[fact.event_id].append(fact)
    needed, ids = dict(by_event), list(by_event)
    together = -(-len(ids) // MOST_TRIED)
    for place in range(0, len(ids), together):
        tried = ids[place : place + together]
        others = {id: said for id, said in needed.items() if id not in tried}
        if contributed(subject, kpi, [fact for said in others.values() for fact in said], dims, first, end) == wanted:
            needed = others
    return sorted((fact for said in needed.values() for fact in said), key=lambda fact: fact.order)
