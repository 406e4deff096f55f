"""The code of a record: whatever takes effect is covered by it, under the key of the service that its topic names."""

from collections.abc import Callable

import pytest

from services.chassis.kafka.mac import HEADER, Forged, ProducerKeys, with_mac
from services.chassis.kafka.records import Record
from services.chassis.settings import DEVELOPMENT_SECRET
from services.chassis.testing.callers import settings
from services.chassis.testing.event_keys import KEY, TEXT
from tests.chassis.garden import grown

KEYS = ProducerKeys({"test": [TEXT]})
GENUINE = grown("plant_1", 1)._replace(partition=3, offset=7)
ATTRIBUTES = [name for name, _ in GENUINE.headers if name.startswith("ce_")]
Change = Callable[[Record], Record]


def with_header(name: str, value: bytes | None) -> Change:
    """The record with this header in place of the one of that name."""
    return lambda record: record._replace(
        headers=tuple((each, value if each == name else raw) for each, raw in record.headers)
    )


def without(name: str) -> Change:
    return lambda record: record._replace(headers=tuple(each for each in record.headers if each[0] != name))


def with_another(name: str, value: bytes | None) -> Change:
    return lambda record: record._replace(headers=(*record.headers, (name, value)))


def test_what_its_service_wrote_is_believed() -> None:
    KEYS.check(GENUINE)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_every_attribute_of_the_event_is_covered(name: str) -> None:
    for change in (with_header(name, b"1"), without(name), with_header(name, None), with_another(name, b"1")):
        with pytest.raises(Forged):
            KEYS.check(change(GENUINE))


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record._replace(value=b'{"by":1000,"plant_id":"plant_1"}'),
        lambda record: record._replace(value=None),
        lambda record: record._replace(key=b"plant_2"),
        lambda record: record._replace(key=None),
        lambda record: record._replace(topic="zone.test.beds"),
        with_another("ce_partnerid", b"par_9"),
        with_another("ce_something", b"new"),
    ],
    ids=["value", "no value", "key", "no key", "topic", "an attribute twice", "an attribute more"],
)
def test_value_key_topic_and_attributes_of_later_versions_are_covered(change: Change) -> None:
    with pytest.raises(Forged, match="is not test's"):
        KEYS.check(change(GENUINE))


def test_bytes_cannot_be_moved_from_one_part_to_the_next() -> None:
    moved = GENUINE._replace(key=(GENUINE.key or b"") + (GENUINE.value or b"")[:1], value=(GENUINE.value or b"")[1:])
    with pytest.raises(Forged):
        KEYS.check(moved)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record._replace(headers=tuple(reversed(record.headers))),
        lambda record: record._replace(partition=0, offset=0),
        with_another("traceparent", b"00-a-b-01"),
    ],
    ids=["order of headers", "place in the log", "trace context"],
)
def test_what_decides_nothing_is_not_covered(change: Change) -> None:
    KEYS.check(change(GENUINE))


def test_a_record_without_a_code_is_forged() -> None:
    with pytest.raises(Forged, match="no message authentication code"):
        KEYS.check(without(HEADER)(GENUINE))


def test_a_code_under_the_key_of_another_service_is_worth_nothing() -> None:
    keys = ProducerKeys({"test": ["t" * 32], "other": [TEXT]})
    with pytest.raises(Forged):
        keys.check(GENUINE)


def test_a_service_whose_key_is_not_known_is_not_believed() -> None:
    with pytest.raises(Forged):
        ProducerKeys({"other": [TEXT]}).check(GENUINE)


@pytest.mark.parametrize(
    ("topic", "type"),
    [
        ("zone.other.plants", b"zone.test.plant.grown.v1"),
        ("zone.test.plants", b"zone.other.plant.grown.v1"),
        ("plants", b"grown"),
    ],
)
def test_a_service_writes_its_own_events_on_its_own_topics_alone(topic: str, type: bytes) -> None:
    written = with_mac(with_header("ce_type", type)(GENUINE)._replace(topic=topic), KEY)
    keys = ProducerKeys({"test": [TEXT], "other": [TEXT]})
    with pytest.raises(Forged):
        keys.check(written)


def test_while_a_key_changes_both_are_believed_and_what_the_log_holds_stays_true() -> None:
    keys = ProducerKeys({"test": ["new" * 11, TEXT]})
    keys.check(GENUINE)
    keys.check(with_mac(GENUINE, ("new" * 11).encode()))


def test_a_record_has_one_code_however_often_it_is_written() -> None:
    again = with_mac(with_mac(GENUINE, b"another key"), KEY)
    assert [name for name, _ in again.headers].count(HEADER) == 1
    KEYS.check(again)


def test_in_development_all_services_have_the_key_that_everybody_knows() -> None:
    keys = ProducerKeys.of(settings(), ["zone.test.plants"])
    keys.check(with_mac(GENUINE, DEVELOPMENT_SECRET.encode()))


def test_in_development_too_a_key_that_is_told_is_the_only_one() -> None:
    keys = ProducerKeys.of(settings(event_keys={"test": [TEXT]}), ["zone.test.plants"])
    keys.check(GENUINE)
    with pytest.raises(Forged):
        keys.check(with_mac(GENUINE, DEVELOPMENT_SECRET.encode()))


def test_whoever_is_heard_must_have_a_key() -> None:
    told = settings(event_keys={"test": [TEXT]})
    with pytest.raises(ValueError, match="ZONE_EVENT_KEYS has no key of other, registry"):
        ProducerKeys.of(told, ["zone.test.plants", "zone.registry.filings", "zone.other.things"])
