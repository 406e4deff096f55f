"""A zone of so many businesses as metrics keeps it, written straight into the store: what hearing of each would leave.

Businesses differ in few ways; what one of a kind adds to the figures is worked out by the catalogue itself, and
multiplied by how many there are. `tests/deploy/bench/test_population.py` compares it with a zone that heard of each.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from deploy.bench.event_log import envelope_of
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessKind, BusinessRegistered, LegalForm
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.figures.bucket import Bucket, Counted, increments
from services.metrics.figures.contributions import cells, contributions, difference
from services.metrics.figures.entity import Entity

TODAY: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)
KINDS: Final = 48
"""Businesses differ in as many ways: a hundred fill every cell that a million fill."""
AT_ONCE: Final = 500 * KINDS
"""So many are copied with one command, which then ends long before the driver stops waiting for it."""
LARGEST: Final = 10_000_000
"""Fewer than as many have ids of one length."""
PREFIX: Final = "biz_" + "0" * 24


def business(number: int) -> str:
    """The id of a synthetic business."""
    return f"{PREFIX}{LARGEST + number}"


def registered(number: int) -> BusinessRegistered:
    """Its registration, with all figures that one can state, as metrics hears of it."""
    kind = number % KINDS
    money = {"amount": 100_000 + kind, "currency": "CNY"}
    year = 2024 + kind % 2
    event = BusinessRegistered.model_validate(
        {
            "business_id": business(number),
            "registration_number": "KEZ1234567809",
            "partner_id": "par_1",
            "kind": (BusinessKind.INDUSTRIAL, BusinessKind.CLOUD)[kind % 2],
            "legal_form": LegalForm.LIMITED_COMPANY,
            "name": "示例 (synthetic)",
            "sector": ("3111", "5292", "6513", "0111")[kind % 4],
            "zone_entry_on": f"20{10 + kind % 8}-01-01",
            "opening_figures": {
                "as_of": f"{year}-06-30",
                "valuation": money,
                "revenue": money,
                "revenue_period": f"{year - 1}",
                "employees": (5, 50)[kind % 2],
            },
        }
    )
    at = datetime(year, 1 + kind % 9, 1 + kind % 5, 4, tzinfo=UTC)
    return event.delivered(envelope_of(event, event.business_id, 1, at=at))


def count(tx: Tx, businesses: int) -> None:
    """The figures of so many businesses, into their buckets."""
    for kind in range(KINDS):
        alike = len(range(kind, businesses, KINDS))
        for place, added in difference({}, contributions(BUSINESS, BUSINESS.facts_of(registered(kind)))):
            sums = {name: amount * alike for name, amount in added.items()}
            tx.sum_up(Bucket, Counted(BUSINESS, place, tx.worker), sums, increments)


def entities(numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
    """What metrics knows of some of them."""
    for number in numbers:
        facts = BUSINESS.facts_of(registered(number))
        known = Entity(id="", version=1, facts=facts, cells=cells(BUSINESS, contributions(BUSINESS, facts)))
        yield {"_id": f"{BUSINESS.name}|{business(number)}", **known.model_dump(exclude={"id"})}


async def fill(store: MongoStore, businesses: int) -> None:
    """What so many businesses leave behind; entities are copied by the database, one of each kind again and again.

    By their ids alone: the names of their cells would be 36 million keys, in which no sum of buckets looks anything up.
    """
    tx = Tx(store, now=TODAY)
    count(tx, businesses)
    await tx.commit()
    patterns = [{**each, "kind": kind} for kind, each in enumerate(entities(range(KINDS)))]
    await store.database["pattern"].insert_many(patterns)
    await store.database[Entity.collection].drop_indexes()
    id = {"$concat": [PREFIX, {"$toString": {"$add": [LARGEST, "$kind"]}}]}
    for first in range(0, businesses, AT_ONCE):
        numbers = {"$range": [{"$add": ["$kind", first]}, min(first + AT_ONCE, businesses), KINDS]}
        copied: list[dict[str, Any]] = [
            {"$set": {"kind": numbers}},
            {"$unwind": "$kind"},
            {"$set": {"_id": {"$concat": [f"{BUSINESS.name}|", id]}, "facts.subject": id}},
            {"$unset": "kind"},
            {"$merge": {"into": Entity.collection, "whenMatched": "fail"}},
        ]
        await store.database["pattern"].aggregate(copied, bypassDocumentValidation=True).to_list(None)
    await store.database.drop_collection("pattern")
