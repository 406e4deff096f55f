"""Checks of the figures: what metrics keeps is what all committed events make, and what the register itself says."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from deploy.chaos.evidence import Evidence
from deploy.chaos.finding import Finding
from deploy.chaos.incubator_figures import LATER, figures_of_the_incubator
from services.chassis.domain.errors import Reject
from services.chassis.domain.events import service_of
from services.chassis.kafka.decoding import decode
from services.chassis.publishing.publisher import record_of_row
from services.contracts.incubator.startups.rounds import CompanyValued
from services.metrics.catalogue.all import KPIS, SUBJECTS
from services.metrics.figures.bucket import CELLS, Counted, increments
from services.metrics.figures.contributions import contributions
from services.metrics.figures.entity import Entity
from services.metrics.figures.subject import Subject, corrected_by
from services.metrics.figures.sums import Sum

COUNTED: Final = ("n", "m", "t")
"""How many, how much, and its first moment; of a ratio the numerator."""


class Place(NamedTuple):
    """A counter: in which bucket, whoever keeps it, and where in that."""

    bucket: str
    """`<kpi>|<level>|<span>`."""
    path: str

    @property
    def kpi(self) -> str:
        return self.bucket.partition("|")[0]


def figures(evidence: Evidence) -> Iterator[Finding]:
    """Every figure, counter by counter, is what the events make of it; many are what documents say, too."""
    kept = counters_kept(evidence)
    yield from of_events(kept, counters_of_the_events(evidence))
    yield from of_the_documents(kept, figures_of_the_register(evidence) | figures_of_the_incubator(evidence))


def counters_kept(evidence: Evidence) -> Mapping[Place, int]:
    """What stands in the buckets, over all workers."""
    found: Counter[Place] = Counter()
    for bucket in evidence.rows("metrics", "buckets"):
        for path, count in _flat(bucket["cells"], CELLS):
            found[Place(bucket["_id"].rpartition("|")[0], path)] += count
    return found


def _flat(members: Mapping[str, Any], within: str) -> Iterator[tuple[str, int]]:
    for name, value in members.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{within}.{name}")
        else:
            yield f"{within}.{name}", value


def counters_of_the_events(evidence: Evidence) -> Mapping[Place, int]:
    """The counters of the figures as all events make them that metrics has to have heard, each taken once.

    An event that states what cannot be placed is parked, which is found as that.
    """
    things: dict[tuple[Subject, str], Entity] = {}
    for row in evidence.expected_by("metrics").values():
        event = decode(record_of_row(row, f"/{service_of(row['type'])}", b"").envelope())
        for subject in SUBJECTS:
            if event is not None and type(event) in subject.events and (key := subject.key_of(event)):
                try:
                    facts = subject.facts_of(event)
                except Reject:
                    continue
                thing = things.setdefault((subject, key), Entity(id=key))
                thing.learn(facts, corrects=corrected_by(event))
    found: Counter[Place] = Counter()
    for (subject, _), thing in things.items():
        for place, counters in contributions(subject, thing.facts).items():
            for id, paths in increments(Counted(subject, place, 0), counters):
                for path, count in paths.items():
                    found[Place(id.rpartition("|")[0], path)] += count
    return found


def of_events(kept: Mapping[Place, int], due: Mapping[Place, int]) -> Iterator[Finding]:
    """One finding a KPI: how many of its counters are others than the events make, with the first of them."""
    wrong: defaultdict[str, list[Place]] = defaultdict(list)
    for place in sorted(kept.keys() | due.keys()):
        if kept.get(place, 0) != due.get(place, 0):
            wrong[place.kpi].append(place)
    for kpi, places in wrong.items():
        first = places[0]
        told = f"{kept.get(first, 0)} at {first.bucket} {first.path}, not {due.get(first, 0)}"
        yield Finding("wrong", f"{len(places)} counters of {kpi} are not what the events make: {told}")


def of_the_documents(kept: Mapping[Place, int], due: Mapping[str, tuple[int, int]]) -> Iterator[Finding]:
    """Count and sum of what documents say, by each breakdown and on each level; all money is of one currency."""
    found: defaultdict[tuple[str, str, str], Sum] = defaultdict(Sum)
    known = {name.partition(" ")[0] for name in due}
    for (bucket, path), count in kept.items():
        kpi, level, _ = bucket.split("|")
        _, by, _, counter, *_, period = path.split(".")
        if kpi not in known:
            continue
        if counter == "excluded":
            yield Finding("wrong", f"{bucket} excludes money, and all of it is in one currency")
        elif counter in COUNTED:
            of_year = f"{kpi} {period}" if kpi == "revenue_reported" else kpi
            found[of_year, by, level].count(counter, count)
    for (kpi, by, level), counted in found.items():
        is_over_days = kpi in KPIS and KPIS[kpi].over_days
        whole = counted.over_days(Sum(), None, LATER) if is_over_days else counted
        if (whole.n, whole.m) != due.get(kpi, (0, 0)):
            told = f"{whole.n}, {whole.m} for {kpi} by {by} ({level})"
            yield Finding("wrong", f"metrics has {told}, not {due.get(kpi)}")
    for kpi, figure in due.items():
        if figure != (0, 0) and not any(key[0] == kpi for key in found):
            yield Finding("wrong", f"metrics has nothing for {kpi}, where {figure} is due")


def figures_of_the_register(evidence: Evidence) -> dict[str, tuple[int, int]]:
    """Count and sum of each KPI, from documents and not from events."""
    businesses = [each for each in evidence.rows("registry", "businesses") if each["status"] == "active"]
    by_round = valued_by_rounds(evidence)
    stated = {
        each["_id"]: (each["latest_report"] or each["opening_figures"])["valuation"]["amount"] for each in businesses
    }
    valuations = [by_round.get(business, amount) for business, amount in stated.items()]
    revenues = [each["latest_report"]["revenue"]["amount"] for each in businesses if each["latest_report"]]
    count = len(businesses)
    expected = {
        "businesses_active": (count, count),
        "businesses_registered": (count, count),
        "valuation_total": (len(valuations), sum(valuations)),
        "revenue_total": (len(revenues), sum(revenues)),
        "revenue_per_employee": (len(revenues), sum(revenues)),  # all of them state their employees too
    }
    for filing in evidence.rows("registry", "filings"):
        if filing["type"] == "annual_report" and filing["status"] == "completed":
            name = f"revenue_reported {filing['payload']['period']}"
            n, m = expected.get(name, (0, 0))
            expected[name] = n + 1, m + filing["payload"]["revenue"]["amount"]
    return expected


def valued_by_rounds(evidence: Evidence) -> dict[str, int]:
    """What each business is worth by the last round that said so; every report of a run is of an earlier year."""
    said: dict[str, tuple[str, str, int]] = {}
    for row in evidence.rows("incubator", "outbox"):
        if row["type"] == CompanyValued.wire_name:
            data = json.loads(row["data"])
            last = data["valued_on"], row["_id"], data["valuation"]["amount"]
            said[data["business_id"]] = max(last, said.get(data["business_id"], last))
    return {business: amount for business, (_, _, amount) in said.items()}
