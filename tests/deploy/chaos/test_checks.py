"""The checks of the fault suite: a good end passes, and each thing that can be wrong is found."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.chaos.checks import findings
from deploy.chaos.evidence import Evidence
from deploy.chaos.faults.unreadable import MARK
from deploy.chaos.journal import Acknowledged
from deploy.chaos.tally import amount_in
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.kafka.decoding import decode
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of, record_of_row
from services.chassis.store.outbox_row import canonical, row_hash
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from services.contracts.incubator.finance import BookOpened
from services.contracts.registry.businesses import AnnualReportFiled, BusinessRegistered
from services.metrics.main import service as metrics

BUSINESS, FILING, BOOK = "biz_" + "1" * 32, "fil_" + "2" * 32, "bok_" + "1" * 32
PARTNER = "par_" + "3" * 32
AT = datetime(2026, 1, 1, tzinfo=UTC)
HOME, SHELF = Partition("zone.registry.businesses", 3), Partition("zone.incubator.books", 3)
VALUATION, REPORTED, REVENUE = 700, 900, 50

ONE_FILING: dict[str, Any] = {
    "_id": "filings_decided|y||0",
    "cells": {"filing_type&outcome": {"registration&approved": {"n": {"2026": 1}}}},
}
"""A figure that the register's documents are not asked for, and that no event made."""

Collections = dict[str, dict[str, list[dict[str, Any]]]]


def yuan(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def rows_of(subject: str, *events: Event) -> list[dict[str, Any]]:
    """Outbox rows, chained."""
    rows: list[dict[str, Any]] = []
    for number, event in enumerate(events, start=1):
        row: dict[str, Any] = {"_id": f"{subject}:{number:010d}", "topic": event.topic.name, "key": BUSINESS}
        row |= {"type": event.wire_name, "time": AT, "effective_at": None, "business_id": BUSINESS, "actor": "cli"}
        row |= {"partner_id": PARTNER, "request_id": "", "headers": {}, "data": canonical(event)}
        rows.append(row | {"hash": row_hash(rows[-1]["hash"] if rows else "", row)})
    return rows


def a_good_end() -> Evidence:
    """One business with one report: everything is where it should be."""
    opening = {"as_of": "2017-04-30", "valuation": yuan(VALUATION), "revenue": None, "revenue_period": None}
    registered = BusinessRegistered.model_validate(
        {
            "business_id": BUSINESS, "registration_number": "1", "partner_id": PARTNER, "kind": "cloud",
            "legal_form": "limited_company", "name": "示例", "sector": "6429", "zone_entry_on": "2016-01-01",
            "opening_figures": opening | {"employees": 8},
        }
    )  # fmt: skip
    figures = {"period": "2020", "revenue": yuan(REVENUE), "valuation": yuan(REPORTED), "employees": 8}
    reported = AnnualReportFiled.model_validate({"business_id": BUSINESS, **figures})
    opened = BookOpened(business_id=BUSINESS, book_id=BOOK, currency="CNY")
    of_business, of_book = rows_of(BUSINESS, registered, reported), rows_of(BOOK, opened)
    business = {
        "_id": BUSINESS,
        "sequence": 2,
        "status": "active",
        "latest_report": figures,
        "opening_figures": opening,
    }
    filing = {"_id": FILING, "version": 2, "status": "completed", "type": "annual_report", "payload": figures}
    empty = {"turnover": 0, "last_numbers": {}}
    book = {"_id": BOOK, "sequence": 1, "owner": BUSINESS, **empty}
    collections: Collections = {
        "registry": {"outbox": of_business, "businesses": [business], "filings": [filing]},
        "incubator": {
            "outbox": of_book,
            "tenants": [{"_id": "ten", "business_id": BUSINESS}],
            "books": [book, {"_id": "bok_of_the_zone", "sequence": 0, "owner": "zone", **empty}],
            "accounts": [
                {"_id": "acc_1", "book_id": BOOK, "debit": 0, "credit": 0},
                {"_id": "acc_2", "book_id": "bok_of_the_zone", "debit": 0, "credit": 0},
            ],
            "inbox": [progress("incubator", BUSINESS, 2)],
            "offsets": [position("incubator", HOME, 2)],
        },
        "metrics": {
            "inbox": [progress("metrics", BUSINESS, 2)],
            "offsets": [position("metrics", HOME, 2)],
            "buckets": asyncio.run(projected(*of_business)),
        },
        "tally": {
            "inbox": [progress("tally", BUSINESS, 2), progress("tally", BOOK, 1)],
            "offsets": [position("tally", HOME, 2), position("tally", SHELF, 1)],
            "heard": [{"_id": row["_id"], "times": 1} for row in (*of_business, *of_book)],
            "sums": [
                {"_id": "a|3", "type": registered.wire_name, "n": 1, "amount": VALUATION},
                {"_id": "b|3", "type": reported.wire_name, "n": 1, "amount": REPORTED + REVENUE},
                {"_id": "c|3", "type": opened.wire_name, "n": 1, "amount": 0},
            ],
        },
        "gateway": {},
    }
    topics = {"metrics": [HOME.topic], "incubator": [HOME.topic], "tally": [HOME.topic, SHELF.topic]}
    records = [record(row) for row in (*of_business, *of_book)]
    aggregates = {"registry": [business], "incubator": [book], "metrics": [], "tally": [], "gateway": []}
    return Evidence(collections, aggregates, topics, records, {HOME: 2, SHELF: 1}, "cluster")


def record(row: dict[str, Any]) -> Any:
    subject, _, number = row["_id"].rpartition(":")
    return record_of(
        Envelope(
            id=row["_id"], source="/registry", type=row["type"], subject=subject, sequence=int(number), time=AT,
            topic=row["topic"], key=row["key"], data=row["data"], effective_at=None, business_id=BUSINESS,
            traceparent=None, tracestate=None,
        ),
        KEY,
    )  # fmt: skip


def progress(service: str, subject: str, sequence: int) -> dict[str, Any]:
    return {"_id": f"zone.{service}|{subject}", "sequence": sequence, "parked": 0}


def position(service: str, place: Partition, next: int) -> dict[str, Any]:
    return {"_id": f"zone.{service}|{place.topic}|{place.number}", "next": next, "cluster": "cluster"}


async def projected(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The buckets that metrics itself makes of these events."""
    store = MemoryStore.of(metrics)
    for row in rows:
        event, tx = decode(record_of_row(row, "/registry", KEY).envelope()), Tx(store, now=NOON)
        assert event is not None
        await hear(metrics.handlers, tx, event)
        await tx.commit()
    return store.rows("buckets")


def bucket(end: Any, id: str) -> dict[str, Any]:
    """A bucket of the metrics of this end."""
    return next(each for each in end.collections["metrics"]["buckets"] if each["_id"] == id)


def counters(end: Any, kpi: str) -> dict[str, Any]:
    """Those of the only kind and sector in all years of a KPI."""
    found: dict[str, Any] = bucket(end, f"{kpi}|y||0")["cells"]["kind&sector"]["cloud&I"]
    return found


def answered(filing: str = FILING, version: int = 2) -> Acknowledged:
    answer = {"id": filing, "version": version, "status": "completed", "business_id": BUSINESS}
    return Acknowledged("/v1/registry/filings", "key", {}, answer)


def test_a_good_end_has_no_findings() -> None:
    assert findings(a_good_end(), [answered()]) == []


Change = Callable[[Any], object]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("lost", lambda end: end.collections["registry"]["outbox"].pop()),
        ("lost", lambda end: end.log.pop(0)),
        ("lost", lambda end: end.collections["metrics"]["inbox"][0].update(sequence=1)),
        ("lost", lambda end: end.collections["tally"]["heard"].pop()),
        ("lost", lambda end: end.collections["metrics"].update(discarded=[{"_id": "zone.metrics|x:1"}])),
        ("doubled", lambda end: end.collections["tally"]["heard"][0].update(times=2)),
        ("wrong", lambda end: end.collections["tally"]["heard"].append({"_id": "biz_x:1", "times": 1})),
        ("wrong", lambda end: end.collections["tally"]["sums"][0].update(amount=2 * VALUATION)),
        ("wrong", lambda end: end.collections["tally"]["sums"][0].update(n=2)),
        ("wrong", lambda end: counters(end, "valuation_total").update(m={"2026": VALUATION + REPORTED})),
        ("wrong", lambda end: counters(end, "businesses_active").update(n={"2026": 2})),
        ("wrong", lambda end: end.collections["metrics"]["buckets"].pop()),
        (
            "wrong",
            lambda end: counters(end, "valuation_total").update(excluded={"USD": {"n": {"2026": 1}, "m": {"2026": 1}}}),
        ),
        ("wrong", lambda end: counters(end, "revenue_per_employee")["d"].update({"2026": 9})),
        ("wrong", lambda end: end.collections["metrics"]["buckets"].append(ONE_FILING)),
        ("wrong", lambda end: end.collections["metrics"]["buckets"].append(ONE_FILING | {"_id": "happiness|y||0"})),
        ("wrong", lambda end: end.collections["incubator"]["tenants"].clear()),
        ("wrong", lambda end: end.collections["incubator"]["accounts"][0].update(book_id="bok_x")),
        (
            "wrong",
            lambda end: end.collections["incubator"]["books"].append(
                copy.deepcopy(end.collections["incubator"]["books"][0])
            ),
        ),
        ("wrong", lambda end: end.collections["registry"]["outbox"][0].update(actor="somebody else")),
        ("wrong", lambda end: end.collections["registry"]["businesses"].clear() or end.aggregates["registry"].clear()),
        ("lost", lambda end: end.log.reverse()),
        ("wrong", lambda end: end.collections["metrics"]["offsets"][0].update(next=1)),
        ("wrong", lambda end: end.collections["metrics"]["offsets"][0].update(cluster="another")),
        ("wrong", lambda end: end.collections["metrics"]["inbox"][0].update(parked=1)),
        ("wrong", lambda end: end.collections["metrics"]["inbox"].append(progress("metrics", "biz_x", 1))),
    ],
)
def test_whatever_is_wrong_is_found(kind: str, change: Change) -> None:
    end = copy.deepcopy(a_good_end())
    change(end)
    assert kind in {each.kind for each in findings(end, [answered()])}


def test_an_event_that_came_too_early_and_again_in_its_order_is_no_loss() -> None:
    end = a_good_end()
    assert isinstance(end.log, list)
    end.log.insert(0, end.log[1])
    assert findings(end, [answered()]) == []


def test_a_parked_event_is_found() -> None:
    end = a_good_end()
    place = {"topic": HOME.topic, "partition": HOME.number, "offset": 1}
    row = {"_id": f"zone.metrics|{BUSINESS}:0000000002", "reason": "gap", "error": "", **place}
    end = Evidence(
        **{**vars(end), "collections": {**end.collections, "metrics": {**end.collections["metrics"], "parked": [row]}}}
    )
    assert [(each.kind, each.event) for each in findings(end, [answered()])] == [("parked", f"{BUSINESS}:0000000002")]


def parked_at(offset: int, name: bytes = MARK) -> dict[str, Any]:
    place = {"topic": SHELF.topic, "partition": SHELF.number, "offset": offset}
    record: dict[str, Any] = {"record": {"value": b"..." + name, "key": None, "headers": []}}
    return {"_id": f"zone.tally|{SHELF.topic}|{offset}", "reason": "unreadable", "error": "", **place, **record}


def end_with_unreadable(rows: list[dict[str, Any]]) -> Evidence:
    """A good end, with something at an offset of the shelf that the tally alone reads, and what that has parked."""
    end = a_good_end()
    unreadable = Record(SHELF.topic, None, b"...", (), SHELF.number, 0, "nobody can read it")
    tally = {**end.collections["tally"], "parked": rows}
    return replace(end, unreadable=[unreadable], collections={**end.collections, "tally": tally})


def test_what_a_fault_wrote_that_nobody_can_read_belongs_among_what_is_parked() -> None:
    assert findings(end_with_unreadable([parked_at(0)]), [answered()]) == []


def test_what_nobody_can_read_and_nobody_has_parked_is_lost() -> None:
    assert [each.kind for each in findings(end_with_unreadable([]), [answered()])] == ["lost"]


def test_what_no_fault_wrote_is_not_parked_as_unreadable() -> None:
    rows = [parked_at(0), parked_at(1, name=b"another")]
    assert [each.kind for each in findings(end_with_unreadable(rows), [answered()])] == ["parked"]


@pytest.mark.parametrize(("filing", "version"), [(FILING, 3), ("fil_" + "9" * 32, 1)])
def test_an_acknowledged_write_that_is_not_there_is_lost(filing: str, version: int) -> None:
    assert [each.kind for each in findings(a_good_end(), [answered(), answered(filing, version)])] == ["lost"]


def test_a_filing_that_no_answer_spoke_of_is_one_too_many() -> None:
    assert [each.kind for each in findings(a_good_end(), [])] == ["doubled"]


def test_the_money_in_an_event_is_found_however_deep_it_lies() -> None:
    assert amount_in({"amount": {"amount": 7, "currency": "CNY"}, "lines": [{"kind": "water", "amount": 2}]}) == 9
