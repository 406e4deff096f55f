"""The chains of hashes, by which a restored zone is verified: every break is told, and only breaks are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.backup.chains import Chains, Numbered, numbered
from services.chassis.store.outbox_row import row_hash

AT = datetime(2026, 3, 1, tzinfo=UTC)


def events(subject: str, count: int) -> list[dict[str, Any]]:
    """The first events of a subject, each chained to the one before it."""
    rows: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        row = {
            "_id": f"{subject}:{number:010d}", "topic": "zone.registry.businesses", "key": subject,
            "type": "zone.registry.business.registered.v1", "time": AT, "effective_at": None, "business_id": subject,
            "partner_id": None, "actor": "clt_1", "request_id": "synthetic", "data": b"{}",
        }  # fmt: skip
        rows.append(row | {"hash": row_hash(rows[-1]["hash"] if rows else "", row)})
    return rows


ROWS = events("biz_1", 5)
WHOLE = {"biz_1": Numbered(5, ROWS[-1]["hash"])}


def faults(rows: list[dict[str, Any]], aggregates: dict[str, Numbered] = WHOLE) -> list[str]:
    chains = Chains()
    chains.outbox("registry", rows, aggregates)
    return chains.faults


def heard(sequence: int, hash: str = "", parked: int = 0, rows: list[dict[str, Any]] = ROWS) -> list[str]:
    """What is said of a consumer that has come so far."""
    chains = Chains()
    chains.outbox("registry", rows, WHOLE)
    row = {"_id": "zone.metrics|biz_1", "sequence": sequence, "hash": hash, "parked": parked}
    chains.inbox([row])
    return chains.faults


def test_a_whole_chain_is_followed_to_the_hash_of_its_aggregate() -> None:
    chains = Chains()
    chains.outbox(
        "registry", [*ROWS, *events("biz_2", 1)], WHOLE | {"biz_2": Numbered(1, events("biz_2", 1)[0]["hash"])}
    )
    assert (chains.faults, chains.events, chains.gone) == ([], 6, {})


@pytest.mark.parametrize("member", ["data", "actor", "time", "key"])
def test_an_event_that_was_changed_is_found(member: str) -> None:
    other = {"data": b'{"synthetic": true}', "actor": "clt_2", "time": datetime(2026, 3, 2, tzinfo=UTC), "key": "biz_2"}
    changed = [row | {member: other[member]} if n == 2 else row for n, row in enumerate(ROWS)]
    assert faults(changed) == ["registry: the chain of hashes is broken at biz_1:0000000003"]


def test_an_event_that_is_missing_in_the_middle_is_found() -> None:
    assert "registry: events are missing in the middle of biz_1:0000000001 and what follows it" in faults(
        [*ROWS[:2], *ROWS[3:]]
    )


def test_an_event_that_is_missing_at_the_end_is_found() -> None:
    assert faults(ROWS[:-1]) == ["registry: the chain of biz_1 does not end where biz_1 says"]


def test_events_of_nobody_are_found() -> None:
    assert faults(ROWS, {}) == ["registry has events of biz_1, which is not there"]


@pytest.mark.parametrize("first", [1, 3, 5])
def test_events_that_only_the_log_held_are_what_the_next_is_chained_to(first: int) -> None:
    brought = [row | {"actor": None, "request_id": None} for row in ROWS[:first]]
    chains = Chains()
    chains.outbox("incubator", [*brought, *ROWS[first:]], WHOLE)
    assert (chains.faults, chains.gone) == ([], {})


def test_one_brought_back_with_another_hash_is_found() -> None:
    brought = [row | {"actor": None} for row in ROWS[:2]]
    brought[1]["hash"] = "0" * 64
    assert faults([*brought, *ROWS[2:]]) == ["registry: the chain of hashes is broken at biz_1:0000000003"]


@pytest.mark.parametrize("left", [0, 2])
def test_events_that_are_nowhere_any_more_are_counted(left: int) -> None:
    chains = Chains()
    chains.outbox("incubator", ROWS[5 - left :], WHOLE)
    assert (chains.faults, chains.gone) == ([], {"incubator": 5 - left})


@pytest.mark.parametrize(("sequence", "hash"), [(5, ROWS[-1]["hash"]), (5, ""), (3, ROWS[2]["hash"]), (0, "")])
def test_a_consumer_that_has_heard_what_was_said_is_right(sequence: int, hash: str) -> None:
    assert heard(sequence, hash) == []


def test_a_consumer_that_has_heard_more_than_was_said_is_found() -> None:
    assert heard(6) == ["zone.metrics has heard something else of biz_1 than biz_1 has said"]


def test_a_consumer_that_has_heard_something_else_is_found() -> None:
    assert heard(5, "0" * 64) == ["zone.metrics has heard something else of biz_1 than biz_1 has said"]


def test_a_consumer_that_needs_what_is_nowhere_any_more_is_found_unless_it_is_parked() -> None:
    assert heard(1, rows=ROWS[3:]) == ["zone.metrics waits for events of biz_1 that are nowhere any more"]
    assert heard(3, rows=ROWS[3:]) == []
    assert heard(1, parked=1, rows=ROWS[3:]) == []


def test_a_consumer_that_has_heard_of_nobody_is_found() -> None:
    chains = Chains()
    chains.inbox([{"_id": "zone.metrics|biz_9", "sequence": 1, "hash": "", "parked": 0}])
    assert chains.faults == ["zone.metrics has heard of biz_9, which is not there"]


def test_many_faults_are_told_in_few_lines() -> None:
    chains = Chains(faults=["synthetic"] * 1_000)
    assert list(chains.told())[-1] == "and 980 more"


def test_only_aggregates_that_recorded_anything_are_numbered() -> None:
    documents = [{"_id": "biz_1", "sequence": 2, "last_hash": "a"}, {"_id": "biz_2", "sequence": 0, "last_hash": ""}]
    assert numbered(documents) == {"biz_1": Numbered(2, "a")}
