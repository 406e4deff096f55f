"""Checks after a run: what must hold; each looks at the evidence alone and says what is wrong, event by event."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from deploy.chaos.evidence import Evidence
from deploy.chaos.faults.unreadable import MARK
from deploy.chaos.figure_checks import figures
from deploy.chaos.finding import Finding
from deploy.chaos.journal import Acknowledged
from deploy.chaos.offering_checks import offered
from deploy.chaos.tally import amount_in
from services.chassis.domain.aggregate import event_id
from services.chassis.store.outbox_row import row_hash
from services.chassis.store.writes import Document
from services.incubator.finance.book import ZONE

CONSUMERS = ("metrics", "incubator", "tally")


def findings(evidence: Evidence, acknowledged: Sequence[Acknowledged]) -> list[Finding]:
    """All that is wrong; nothing in a good run."""
    return [
        *acknowledged_writes(evidence, acknowledged),
        *outboxes(evidence),
        *log(evidence),
        *inboxes(evidence),
        *positions(evidence),
        *parked(evidence),
        *tally(evidence),
        *figures(evidence),
        *books(evidence),
        *offered(evidence, acknowledged),
    ]


def acknowledged_writes(evidence: Evidence, acknowledged: Sequence[Acknowledged]) -> Iterator[Finding]:
    """Every filing that was answered stands in the register, as far as the answer said; and no other does."""
    filings = evidence.by_id("registry", "filings")
    businesses = evidence.by_id("registry", "businesses").keys()
    filed = [write for write in acknowledged if write.path.startswith("/v1/registry/")]
    for write in filed:
        filing = filings.get(write.answer["id"])
        if filing is None or filing["version"] < write.answer["version"]:
            yield Finding("lost", f"{write.path} was answered, and {write.answer['id']} is not there as answered")
        elif write.answer["status"] == "completed" and (
            filing["status"] != "completed" or write.answer["business_id"] not in businesses
        ):
            yield Finding("lost", f"{write.answer['id']} was completed, and its business is not there")
    for id in filings.keys() - {write.answer["id"] for write in filed}:
        yield Finding("doubled", f"{id} is there, and no answer ever spoke of it")


def outboxes(evidence: Evidence) -> Iterator[Finding]:
    """Events of every aggregate are numbered 1, 2, 3, … without a hole, as far as the aggregate itself counts."""
    for service, aggregates in evidence.aggregates.items():
        rows = by_subject(evidence.rows(service, "outbox"))
        for aggregate in aggregates:
            own = rows.pop(aggregate["_id"], {})
            for number in range(1, aggregate["sequence"] + 1):
                if number not in own:
                    yield Finding("lost", "its aggregate recorded it", event_id(aggregate["_id"], number))
            if extra := own.keys() - range(1, aggregate["sequence"] + 1):
                yield Finding("wrong", f"{aggregate['_id']} never recorded its events {sorted(extra)}")
            previous = ""
            for _, row in sorted(own.items()):
                if row_hash(previous, row) != row["hash"]:
                    yield Finding("wrong", "the chain of hashes is broken", row["_id"])
                previous = row["hash"]
        for subject in rows:
            yield Finding("wrong", f"{service} published events of {subject}, which is not there")


def log(evidence: Evidence) -> Iterator[Finding]:
    """Everything committed is in the log as it was stored, after the event before it; nothing else is.

    An event may stand there earlier too: a relay that has not yet seen that its log was wiped goes on in the new one,
    and then publishes everything there.
    """
    events = evidence.events()
    last: defaultdict[str, int] = defaultdict(int)
    for record in evidence.log:
        envelope = record.envelope()
        row = events.get(envelope.id)
        if row is None:
            yield Finding("wrong", "it is in the log and was never committed", envelope.id)
        elif bytes(row["data"]) != record.value:
            yield Finding("wrong", "its bytes in the log are not those that were stored", envelope.id)
        last[envelope.subject] += envelope.sequence == last[envelope.subject] + 1
    for id in events:
        subject, _, number = id.rpartition(":")
        if int(number) > last[subject]:
            yield Finding("lost", "it was committed and is not in the log after the event before it", id)


def inboxes(evidence: Evidence) -> Iterator[Finding]:
    """Every consumer has come to the end of every subject that it hears of."""
    for service in CONSUMERS:
        inbox = {row["_id"].partition("|")[2]: row for row in evidence.rows(service, "inbox")}
        for subject, rows in by_subject(evidence.expected_by(service).values()).items():
            row = inbox.pop(subject, {"sequence": 0, "parked": 0})
            for number in range(row["sequence"] + 1, max(rows) + 1):
                yield Finding("lost", f"{service} has not come to it", event_id(subject, number))
            if row["sequence"] > max(rows):
                yield Finding("wrong", f"{service} is further in {subject} than its events go")
            if row["parked"]:
                yield Finding("wrong", f"{service} counts {row['parked']} parked events of {subject}")
        for subject in inbox:
            yield Finding("wrong", f"{service} heard of {subject}, which never said anything")


def positions(evidence: Evidence) -> Iterator[Finding]:
    """Every consumer stands at the end of every partition that it reads, in this log and no other."""
    for service in CONSUMERS:
        rows = {row["_id"].partition("|")[2]: row for row in evidence.rows(service, "offsets")}
        for place, end in evidence.ends.items():
            if place.topic not in evidence.topics[service]:
                continue
            row = rows.get(f"{place.topic}|{place.number}", {"next": 0, "cluster": evidence.cluster})
            if row["next"] != end or row["cluster"] != evidence.cluster:
                yield Finding("wrong", f"{service} stands at {row['next']} of {end} in {place.topic} {place.number}")


def parked(evidence: Evidence) -> Iterator[Finding]:
    """Poison was replayed; of the rest only what nobody can read, by a fault, is parked; nothing was given up."""
    for service, topics in evidence.topics.items():
        kept = {(row["topic"], row["partition"], row["offset"]) for row in evidence.rows(service, "parked")}
        for record in evidence.unreadable:
            if record.topic in topics and (*record.place, record.offset) not in kept:
                yield Finding("lost", f"{service} passed over what nobody can read at {record.place} {record.offset}")
        for row in evidence.rows(service, "parked"):
            if row["reason"] in ("unreadable", "undecodable") and MARK in row["record"]["value"]:
                continue
            yield Finding("parked", f"{service}: {row['reason']}, {row['error']}", row["_id"].partition("|")[2])
        for row in evidence.rows(service, "discarded"):
            yield Finding("lost", f"{service} discarded it", row["_id"].partition("|")[2])


def tally(evidence: Evidence) -> Iterator[Finding]:
    """What only counts up has counted each event once, and all the money in them."""
    expected = evidence.expected_by("tally")
    times = {row["_id"]: row["times"] for row in evidence.rows("tally", "heard")}
    for id in expected.keys() | times.keys():
        if id not in times:
            yield Finding("lost", "the tally never counted it", id)
        elif id not in expected:
            yield Finding("wrong", "the tally counted it, and it was never committed", id)
        elif times[id] > 1:
            yield Finding("doubled", f"the tally counted it {times[id]} times", id)
    counted: dict[str, tuple[int, int]] = {}
    for row in evidence.rows("tally", "sums"):
        n, amount = counted.get(row["type"], (0, 0))
        counted[row["type"]] = n + row["n"], amount + row["amount"]
    due: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for event in expected.values():
        due[event["type"]] += 1
        money[event["type"]] += amount_in(json.loads(event["data"]))
    for type in due.keys() | counted.keys():
        if counted.get(type, (0, 0)) != (due[type], money[type]):
            yield Finding("wrong", f"the tally of {type} is {counted.get(type)}, not {(due[type], money[type])}")


def books(evidence: Evidence) -> Iterator[Finding]:
    """Each business has one tenant and one book in the incubator; nobody else has, but the zone. No account is odd."""
    businesses = Counter(each["_id"] for each in evidence.rows("registry", "businesses"))
    tenants = Counter(each["business_id"] for each in evidence.rows("incubator", "tenants"))
    owners = Counter(each["owner"] for each in evidence.rows("incubator", "books") if each["owner"] != ZONE)
    for what, found in (("tenant", tenants), ("book", owners)):
        for business in businesses.keys() | found.keys():
            if found[business] != businesses[business]:
                yield Finding(
                    "wrong", f"{business} is {businesses[business]} business and has {found[business]} {what}s"
                )
    books = {each["_id"] for each in evidence.rows("incubator", "books")}
    for account in evidence.rows("incubator", "accounts"):
        if account["book_id"] not in books:
            yield Finding("wrong", f"{account['_id']} is of no book")


def by_subject(rows: Any) -> dict[str, dict[int, Document]]:
    """Outbox rows by subject and number."""
    subjects: defaultdict[str, dict[int, Document]] = defaultdict(dict)
    for row in rows:
        subject, _, number = row["_id"].rpartition(":")
        subjects[subject][int(number)] = row
    return subjects
