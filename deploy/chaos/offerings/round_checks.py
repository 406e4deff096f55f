"""Checks of what investment keeps: rounds, promises, shares and what is entered of them, from its documents alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from deploy.chaos.evidence import Evidence
from deploy.chaos.finding import Finding, Kind
from services.chassis.store.writes import Document
from services.contracts.incubator.startups.rounds import (
    CommitmentAllotted,
    CommitmentCancelled,
    CommitmentLapsed,
    CommitmentReleased,
    Instrument,
)
from services.incubator.finance.chart import BANK
from services.incubator.finance.entry import HOUSE
from services.incubator.investment.closing.posting import BONDS, CAPITAL
from services.incubator.investment.commitments.status import COUNTED, LIVE
from services.incubator.investment.rounds.status import RoundStatus
from services.incubator.investment.shares.cap_event import CapEvent, CapEventType, Standing

ENDS: Final = {
    "allotted": CommitmentAllotted.wire_name,
    "cancelled": CommitmentCancelled.wire_name,
    "lapsed": CommitmentLapsed.wire_name,
    "released": CommitmentReleased.wire_name,
}
"""How a commitment ends → what is told of it."""


def investments(evidence: Evidence) -> Iterator[Finding]:
    """All that is wrong with what investment keeps."""
    commitments = evidence.rows("incubator", "commitments")
    yield from rounds(evidence, commitments)
    yield from endings(evidence, commitments)
    yield from investors(evidence, commitments)
    yield from tables(evidence)
    yield from allotted(evidence, commitments)
    yield from ledger(evidence, commitments)


def rounds(evidence: Evidence, commitments: Sequence[Document]) -> Iterator[Finding]:
    """A round counts what is committed in it; of one that is over nothing runs, and it took no more than its cap."""
    of_round: defaultdict[str, list[Document]] = defaultdict(list)
    for each in commitments:
        of_round[each["round_id"]].append(each)
    for round in evidence.rows("incubator", "rounds"):
        mine = of_round[round["_id"]]
        is_closed = round["status"] == RoundStatus.CLOSED
        live = sum(each["status"] in LIVE for each in mine)
        counted = sum(each["allocated"] + each["amount"] * (each["status"] in COUNTED) for each in mine)
        said = {"committed": counted, "commitments_count": live, "raised": sum(each["paid"] for each in mine)}
        for name, due in said.items():
            if round[name] != due:
                yield Finding("wrong", f"{round['_id']} says {round[name]} {name}; its commitments say {due}")
        if live and round["status"] not in (RoundStatus.OPEN, RoundStatus.DRAFT):
            yield Finding("wrong", f"{round['_id']} is {round['status']}, and {live} of its commitments are not over")
        if is_closed and counted > round["terms"]["hard_cap"]:
            yield Finding("doubled", f"{round['_id']} allocated {counted}, more than its cap")


def endings(evidence: Evidence, commitments: Sequence[Document]) -> Iterator[Finding]:
    """A commitment ends once, as it says it did, and all of its money is the business's or goes back."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for row in evidence.rows("incubator", "outbox"):
        if row["type"] in ENDS.values():
            told[row["_id"].rpartition(":")[0]].append(row["type"])
    for each in commitments:
        due = [ENDS[each["status"]]] if each["status"] in ENDS else []
        if told[each["_id"]] != due:
            kind: Kind = "doubled" if len(told[each["_id"]]) > len(due) else "lost"
            yield Finding(kind, f"{each['_id']} is {each['status']}, and {told[each['_id']]} was told of it")
        back = each["paid"] + each["returned"] - each["funded"]  # of a convertible: what was less than a share
        if due and (back < 0 or (back > 0 and each["instrument"] != Instrument.CONVERTIBLE)):
            yield Finding("wrong", f"{each['_id']} had {each['funded']}: {each['paid']} kept, {each['returned']} back")


def investors(evidence: Evidence, commitments: Sequence[Document]) -> Iterator[Finding]:
    """An investor counts its commitments that are not over or not shares yet, and its holdings."""
    live = Counter(each["investor_id"] for each in commitments if each["status"] in LIVE or each["outstanding"])
    held = Counter(
        holding["investor_id"]
        for table in evidence.rows("incubator", "cap_tables")
        for holding in table["standing"]["holdings"].values()
    )
    for each in evidence.rows("incubator", "investors"):
        due = live[each["_id"]], held[each["_id"]]
        if (each["commitments"], each["holdings"]) != due:
            yield Finding("wrong", f"{each['_id']} counts {each['commitments']}, {each['holdings']}, and has {due}")


def tables(evidence: Evidence) -> Iterator[Finding]:
    """A cap table is the fold of its events, which are numbered without a gap; a class counts what was issued."""
    events: defaultdict[str, list[CapEvent]] = defaultdict(list)
    for row in evidence.rows("incubator", "cap_events"):
        events[row["cap_table_id"]].append(CapEvent.from_document(row))
    classes = evidence.by_id("incubator", "share_classes")
    for table in evidence.rows("incubator", "cap_tables"):
        own = sorted(events.pop(table["_id"], []), key=lambda event: event.seq)
        if [event.seq for event in own] != list(range(1, table["seq"] + 1)):
            yield Finding("wrong", f"{table['_id']} counts {table['seq']} events, and has {[each.seq for each in own]}")
            continue
        standing = Standing.after(own)
        if standing != Standing.model_validate(table["standing"]):
            yield Finding("wrong", f"{table['_id']} is not the fold of its events")
        for id, authorised in standing.authorised.items():
            found = classes[id]
            if (found["issued"], found["authorised"]) != (standing.issued(id), authorised):
                yield Finding("wrong", f"{id} counts {found['issued']} shares; its events say {standing.issued(id)}")
    for table_id in events:
        yield Finding("wrong", f"{table_id} is not there, and has events")


def allotted(evidence: Evidence, commitments: Sequence[Document]) -> Iterator[Finding]:
    """The shares that rounds allotted were issued, each once; of their class no others are there."""
    due = Counter((each["investor_id"], each["shares"]) for each in commitments if each["shares"])
    events = {(row["begins"][0]["investor_id"], row["shares"]): row for row in _issued(evidence)}
    issued = Counter((row["begins"][0]["investor_id"], row["shares"]) for row in _issued(evidence))
    for key in due.keys() | issued.keys():
        if due[key] != issued[key]:
            kind: Kind = "doubled" if issued[key] > due[key] else "lost"
            told = f"{key[0]} was allotted {key[1]} shares {due[key]} times, and issued {issued[key]} times"
            yield Finding(kind, told, events[key]["_id"] if key in events else None)


def ledger(evidence: Evidence, commitments: Sequence[Document]) -> Iterator[Finding]:
    """What a round raised is entered once; capital is what was paid for shares, bonds what has not become shares."""
    raised: defaultdict[str, list[int]] = defaultdict(list)
    nets: Counter[str] = Counter()
    for entry in evidence.rows("incubator", "entries"):
        if str(entry["source"]).startswith("rnd_"):
            for line in entry["lines"]:
                nets[line["code"]] += line["credit"] - line["debit"]
            if entry["reference"] == f"{HOUSE}{entry['source']}:raised":
                raised[entry["source"]] += [line["debit"] for line in entry["lines"] if line["code"] == BANK]
    for round in evidence.rows("incubator", "rounds"):
        entered = raised.pop(round["_id"], [])
        if entered != ([round["raised"]] if round["raised"] else []):
            kind: Kind = "doubled" if len(entered) > 1 else "lost"
            yield Finding(kind, f"{round['_id']} raised {round['raised']}, and {entered} is entered")
    for round_id in raised:
        yield Finding("wrong", f"{round_id} is not there, and money of it is entered")
    due = {
        CAPITAL: sum(row["paid"] for row in _issued(evidence)),
        BONDS: sum(row["outstanding"] for row in commitments),
    }
    for code, amount in due.items():
        if nets[code] != amount:
            yield Finding("wrong", f"rounds put {nets[code]} on {code}, and {amount} is due")


def _issued(evidence: Evidence) -> list[Document]:
    """The events by which shares of the classes of rounds were issued."""
    classes = {round["terms"]["share_class_id"] for round in evidence.rows("incubator", "rounds")}
    rows = evidence.rows("incubator", "cap_events")
    return [row for row in rows if row["type"] == CapEventType.ISSUED and row["share_class_id"] in classes]
