"""Events that the outbox no longer holds: found by what aggregates count, and made rows again to the byte."""

from datetime import UTC, datetime
from typing import Any

from deploy.backup.carried import SET_BY_THE_SERVER, carried, encoded
from deploy.backup.chains import Numbered
from deploy.backup.pruned import count, pruned, row_of
from services.chassis.domain.envelope import Envelope
from services.chassis.kafka.records import Record
from services.chassis.publishing.publisher import record_of, record_of_row

AT = datetime(2026, 3, 1, 8, 0, 0, 123_000, tzinfo=UTC)
KEY = b"synthetic"


EVENT = Envelope(
    "bok_1:0000000003", "/incubator", "zone.incubator.entry.posted.v1", "bok_1", 3, AT, "zone.incubator.books", "biz_1",
    b'{"amount":1}', hash="a" * 64,
)  # fmt: skip


def event(**members: Any) -> Envelope:
    return EVENT._replace(**members)


def ids(subject: str, *numbers: int) -> list[str]:
    return [f"{subject}:{number:010d}" for number in numbers]


def test_what_an_outbox_lacks_is_what_its_aggregates_have_counted_before_its_first_row() -> None:
    counted = {"a": Numbered(4, ""), "b": Numbered(2, ""), "c": Numbered(3, "")}
    found = pruned([*ids("a", 1, 2, 3, 4), *ids("b", 2)], counted)
    assert found == {"b": 2, "c": 4}
    assert count(found) == 4


def test_a_row_that_was_brought_back_is_published_as_it_was() -> None:
    for envelope in (
        event(),
        event(effective_at=datetime(2026, 2, 1, tzinfo=UTC), business_id="biz_1", partner_id="par_1"),
        event(traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01", tracestate="synthetic=1"),
    ):
        before = record_of(envelope, KEY)
        assert record_of_row(row_of(envelope), "/incubator", KEY) == before
        again = Record(before.topic, before.key, before.value, before.headers).envelope()
        assert record_of_row(row_of(again), "/incubator", KEY) == before


def test_a_row_has_all_members_of_an_outbox_row_and_no_time_of_a_server() -> None:
    row = row_of(event())
    assert (row["actor"], row["request_id"], row["at"]) == (None, None, SET_BY_THE_SERVER)
    document = encoded(row)
    assert carried("outbox", document) == document
