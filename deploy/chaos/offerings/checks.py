"""Checks of what the incubator keeps: slots, books, bills and invoices, from its documents alone.

Those of rounds and of admissions stand beside them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from deploy.chaos.evidence import Evidence
from deploy.chaos.finding import Finding, Kind
from deploy.chaos.journal import Acknowledged
from deploy.chaos.offerings.admission_checks import admissions
from deploy.chaos.offerings.hand import V1
from deploy.chaos.offerings.round_checks import investments
from services.chassis.domain.aggregate import event_id
from services.chassis.store.writes import Document
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ENDED
from services.incubator.finance.entry import Entry
from services.incubator.finance.invoices.effects import INVOICES
from services.incubator.finance.turnover import moves_of

KEPT_IN: Final = {
    "sit": "sites", "res": "resources", "rsv": "reservations", "trf": "tariffs", "svp": "service_points",
    "mtr": "meters", "rdg": "readings", "brn": "billing_runs", "ent": "entries", "ivc": "invoices",
    "ivs": "investors", "shc": "share_classes", "cap": "cap_events", "rnd": "rounds", "cmt": "commitments",
    "prg": "programs", "coh": "cohorts", "app": "programme_applications",
}  # fmt: skip
"""Prefix of an id → the collection of what has it."""
ONLY_ASKED_FOR: Final = ("reservations", "rounds", "commitments", "programme_applications")
"""Collections in which everything is made by callers."""


def offered(evidence: Evidence, acknowledged: Sequence[Acknowledged]) -> Iterator[Finding]:
    """All that is wrong with what the incubator keeps."""
    yield from answered(evidence, acknowledged)
    yield from slots(evidence.rows("incubator", "reservations"), evidence.rows("incubator", "claims"))
    yield from entries(evidence)
    yield from numbers(evidence)
    yield from bills(evidence)
    yield from charges(evidence)
    yield from investments(evidence)
    yield from admissions(evidence)


def answered(evidence: Evidence, acknowledged: Sequence[Acknowledged]) -> Iterator[Finding]:
    """Every write that was answered is there, as far as the answer said; what callers make is there by no other."""
    known = set()
    for write in acknowledged:
        if not write.path.startswith(V1):
            continue
        id, version = named(write.answer), write.answer.get("version", 0)
        known.add(id)
        row = evidence.by_id("incubator", KEPT_IN[id[:3]]).get(id)
        if row is None or row.get("version", 0) < version:
            yield Finding("lost", f"{write.path} was answered, and {id} is not there as answered")
    made = (
        *(each for collection in ONLY_ASKED_FOR for each in evidence.rows("incubator", collection)),
        *(each for each in evidence.rows("incubator", "readings") if each["source"] == "actual"),
        *(each for each in evidence.rows("incubator", "entries") if each["source"] is None),
        *(each for each in evidence.rows("incubator", "invoices") if not _gathers(each)),
    )
    for each in made:
        if each["_id"] not in known:
            yield Finding("doubled", f"{each['_id']} is there, and no answer ever spoke of it")


def named(answer: Mapping[str, Any]) -> str:
    """What an answer speaks of, by its id: what it shows, or whom it gave a seat."""
    return str(answer.get("id") or answer["application_id"])


def slots(reservations: Iterable[Document], claims: Iterable[Document]) -> Iterator[Finding]:
    """No two reservations take the same slot, and what they take is what is claimed."""
    holders: dict[str, str] = {}
    for each in reservations:
        for claim in Reservation.from_document(each).claims():
            other = holders.setdefault(claim.key, each["_id"])
            if other != each["_id"]:
                yield Finding("doubled", f"{other} has {claim.key} too", event_id(each["_id"], 1))
    claimed = {each["_id"]: each["holder"] for each in claims if each["_id"].startswith("slot|")}
    for key in holders.keys() | claimed.keys():
        if holders.get(key) != claimed.get(key):
            yield Finding("wrong", f"{key} is taken by {holders.get(key)} and claimed by {claimed.get(key)}")


def entries(evidence: Evidence) -> Iterator[Finding]:
    """Every entry balances; a book, its accounts and its turnovers are the sums of its entries, and no more."""
    books: Counter[str] = Counter()
    sides: Counter[tuple[str, str]] = Counter()
    for row in evidence.rows("incubator", "entries"):
        entry = Entry.from_document(row)
        debit, credit = (sum(getattr(each, side) for each in entry.lines) for side in ("debit", "credit"))
        if debit != credit:
            yield Finding("wrong", f"{entry.id} debits {debit} and credits {credit}", event_id(entry.id, 1))
        books[entry.book_id] += debit
        for line in entry.lines:
            sides[line.account_id, "debit"] += line.debit
            sides[line.account_id, "credit"] += line.credit
        for move in moves_of(entry):
            for side, amount in move.by.items():
                sides[move.id, side] += amount
    for book in evidence.rows("incubator", "books"):
        if book["turnover"] != books[book["_id"]]:
            yield Finding("wrong", f"{book['_id']} says {book['turnover']}; its entries are {books[book['_id']]}")
    stored = (*evidence.rows("incubator", "accounts"), *evidence.rows("incubator", "turnovers"))
    said = {(each["_id"], side): each[side] for each in stored for side in ("debit", "credit")}
    for id, side in sides.keys() | said.keys():
        if sides[id, side] != said.get((id, side), 0):
            told = f"{id} has {said.get((id, side))} on {side}; its entries say {sides[id, side]}"
            yield Finding("wrong", told)


def numbers(evidence: Evidence) -> Iterator[Finding]:
    """Entries of each period of a book, and invoices, are numbered 1, 2, 3, … without a gap, as their book counts."""
    series: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in evidence.rows("incubator", "entries"):
        series[row["book_id"], row["period"]].append(row["number"])
    zone = next((each["_id"] for each in evidence.rows("incubator", "books") if each["owner"] == "zone"), "")
    for row in evidence.rows("incubator", "invoices"):
        if row["number"] is not None:
            series[zone, INVOICES].append(row["number"])
    for book in evidence.rows("incubator", "books"):
        for name, last in book["last_numbers"].items():
            given = sorted(series.pop((book["_id"], name), []))
            if given != list(range(1, last + 1)):
                yield Finding("wrong", f"{book['_id']} gave {name} the numbers to {last}, and there are {given}")
    for (book_id, name), given in series.items():
        yield Finding("wrong", f"{book_id} never gave {name} the numbers {given}")


def bills(evidence: Evidence) -> Iterator[Finding]:
    """Months of a service point follow each other, each from where the one before ended, and together are all it took.

    What a later reading corrects is on the next bill, so that this is so once a month was billed after it.
    """
    readings = evidence.by_id("incubator", "readings")
    by_point: defaultdict[str, list[Document]] = defaultdict(list)
    for bill in evidence.rows("incubator", "utility_bills"):
        by_point[bill["service_point_id"]].append(bill)
    for point, found in by_point.items():
        found.sort(key=lambda bill: str(bill["period"]))
        for one, other in pairwise(found):
            if one["measured"]["end"] != other["measured"]["start"]:
                yield Finding("wrong", f"{other['_id']} does not begin where {one['_id']} ends")
        first, last = (
            _in_force(bill["measured"][end]["reading_id"], readings)
            for bill, end in ((found[0], "start"), (found[-1], "end"))
        )
        billed = sum(_billed(bill) for bill in found)
        if billed != last["dial"] - first["dial"]:
            took = f"{first['dial']} to {last['dial']}"
            yield Finding(
                "doubled", f"{point} went from {took}, and {billed} was billed", event_id(found[-1]["_id"], 1)
            )


def charges(evidence: Evidence) -> Iterator[Finding]:
    """What is final of bills, and over of reservations, is charged once; nothing else that they cost is."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    words: Counter[str] = Counter()
    for invoice in evidence.rows("incubator", "invoices"):
        for line in invoice["lines"]:
            if line["charge"]["source"] is None:
                words[line["charge"]["description"]] += 1
            else:
                lines[line["charge"]["source"]].append(line["charge"]["amount"])
    due = dict(_due(evidence))
    for source in due.keys() | lines.keys():
        wanted, charged = sorted(due.get(source, ())), sorted(lines.get(source, ()))
        if wanted != charged:
            kind: Kind = "doubled" if len(charged) > len(wanted) else "lost"
            yield Finding(kind, f"{source} costs {wanted}, and {charged} is charged", event_id(source[:36], 1))
    for description, times in words.items():
        if times > 1:
            yield Finding("doubled", f"{description} is on {times} lines of invoices")


def _due(evidence: Evidence) -> Iterator[tuple[str, list[int]]]:
    """What is to be charged: its source, and the amounts."""
    for bill in evidence.rows("incubator", "utility_bills"):
        if bill["status"] == "finalised":
            parts = (*bill["lines"], *bill["corrections"])
            yield bill["_id"], [each["amount"]["amount"] for each in parts if each["amount"]["amount"]]
    for row in evidence.rows("incubator", "reservations"):
        for each in row["occurrences"]:
            if each["status"] in ENDED and each["price"]["amount"]:
                yield f"{row['_id']}-{each['number']}", [each["price"]["amount"]]


def _gathers(invoice: Mapping[str, Any]) -> bool:
    """Whether it is one that gathers what offerings charge, and no caller's."""
    return any(line["charge"]["source"] for line in invoice["lines"])


def _in_force(reading_id: str, readings: Mapping[str, Document]) -> Document:
    while (reading := readings[reading_id])["superseded_by"]:
        reading_id = reading["superseded_by"]
    return reading


def _billed(bill: Mapping[str, Any]) -> int:
    """The kilowatt-hours that a bill charges, what it corrects included; they are whole here."""
    corrected = sum(int(each["now"]["value"]) - int(each["before"]["value"]) for each in bill["corrections"])
    return int(bill["measured"]["own"]["value"]) + corrected
