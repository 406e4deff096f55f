"""`./zone dead-letters` on a real database, with the incubator's own handlers."""

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.commands import dead_letters
from deploy.complaint import Complaint
from services.chassis.background.condition import Condition
from services.chassis.consuming.group import Group
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.aggregate import event_id
from services.chassis.domain.events import Event
from services.chassis.domain.ids import new_id
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.event_keys import KEY, KEYS, TEXT
from services.chassis.testing.heard import envelope_of
from services.contracts.registry.businesses import BusinessKind, BusinessResumed, BusinessSuspended
from services.incubator.main import service
from tests.chassis.garden import logged

BUSINESS = new_id("biz")
REFUSED, BEHIND = event_id(BUSINESS, 1), event_id(BUSINESS, 2)

TOPIC = BusinessSuspended.topic.name
OTHER = "another synthetic key for the tests"

Zone = Callable[..., Result]


@pytest.fixture
def prefix() -> str:
    return f"letters_{uuid.uuid4().hex[:12]}"


@pytest.fixture
def zone(mongo_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """The command line on a database in which a business that is no tenant was suspended, and then resumed."""
    monkeypatch.setenv("ZONE_MONGO_URL", mongo_url)
    monkeypatch.setenv("ZONE_DATABASE_PREFIX", prefix)
    monkeypatch.setenv("ZONE_EVENT_KEYS", json.dumps({"registry": TEXT}))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(dead_letters.app, [*arguments, "--service", "incubator"], catch_exceptions=False)

    on_store(mongo_url, prefix, park_two)
    yield run
    on_store(mongo_url, prefix, forget)


def on_store(url: str, prefix: str, work: Callable[[MongoStore], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        store = MongoStore(url, f"{prefix}_incubator", "incubator")
        await work(store)
        store.close()

    asyncio.run(run())


async def park_two(store: MongoStore) -> None:
    await store.prepare(service.documents)
    events: list[Event] = [
        BusinessSuspended(business_id=BUSINESS, kind=BusinessKind.CLOUD, suspended_until=None),
        BusinessResumed(business_id=BUSINESS, kind=BusinessKind.CLOUD),
    ]
    await consume(
        store, *(record_of(envelope_of(event, BUSINESS, sequence), KEY) for sequence, event in enumerate(events, 1))
    )


async def park_forged(store: MongoStore) -> None:
    resumed = BusinessResumed(business_id=BUSINESS, kind=BusinessKind.CLOUD)
    await consume(store, record_of(envelope_of(resumed, BUSINESS), OTHER.encode()), offset=2)


async def consume(store: MongoStore, *records: Record, offset: int = 0) -> None:
    """What the incubator does with one poll."""
    assert service.handlers is not None
    positions = await Positions.read(store, "zone.incubator", "log", [Partition(TOPIC, 0)])
    group = Group("zone.incubator", store, service.handlers, KEYS)
    await Processor(group, Condition("test")).process(logged(*records, offset=offset), positions, asyncio.Event())


async def forget(store: MongoStore) -> None:
    await store.database.client.drop_database(store.database.name)


def listed(zone: Zone) -> list[tuple[str, str]]:
    return [(row["event"], row["reason"]) for row in json.loads(zone("list", "--json").stdout)]


def test_list_shows_what_is_parked_and_why(zone: Zone) -> None:
    assert listed(zone) == [(REFUSED, "poison"), (BEHIND, "behind")]


def test_list_for_people_counts_them(zone: Zone) -> None:
    assert "2 parked in incubator" in zone("list").stdout


@pytest.mark.usefixtures("zone")
def test_list_without_a_service_shows_those_of_all_of_them() -> None:
    rows = json.loads(CliRunner().invoke(dead_letters.app, ["list", "--json"], catch_exceptions=False).stdout)
    assert [(row["service"], row["event"]) for row in rows] == [("incubator", REFUSED), ("incubator", BEHIND)]
    shown = CliRunner().invoke(dead_letters.app, ["list"], catch_exceptions=False).stdout
    assert "2 parked in registry, incubator, metrics, gateway" in shown


def test_where_no_url_is_given_it_is_the_services_own_secret(
    zone: Zone, mongo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "incubator-mongo-url").write_text(mongo_url)
    monkeypatch.delenv("ZONE_MONGO_URL")
    monkeypatch.setenv("ZONE_SECRETS_DIR", str(tmp_path))
    assert listed(zone) == [(REFUSED, "poison"), (BEHIND, "behind")]


def test_show_gives_the_event_whole(zone: Zone) -> None:
    shown = json.loads(zone("show", REFUSED).stdout)
    assert shown["error"] == f"{BUSINESS} is not a tenant: its registration was never heard of"
    assert shown["data"] == {"business_id": BUSINESS, "kind": "cloud", "suspended_until": None}
    assert shown["headers"]["ce_businessid"] == BUSINESS


def test_show_says_when_there_is_nothing_of_that_name(zone: Zone) -> None:
    with pytest.raises(Complaint, match="parked nothing called"):
        zone("show", event_id(BUSINESS, 9))


def test_a_replay_that_fails_again_says_so_and_ends_with_1(zone: Zone) -> None:
    result = zone("replay", "--all")
    assert result.exit_code == 1
    assert "failed" in result.stdout
    assert listed(zone) == [(REFUSED, "poison"), (BEHIND, "behind")]


@pytest.fixture
def forged(zone: Zone, mongo_url: str, prefix: str) -> str:
    """The id of a third one, that no service wrote."""
    on_store(mongo_url, prefix, park_forged)
    return f"{TOPIC}|0|2"


def test_a_forged_record_is_listed_and_shown_by_its_place(zone: Zone, forged: str) -> None:
    assert (forged, "forged") in listed(zone)
    shown = json.loads(zone("show", forged).stdout)
    assert shown["error"] == "the message authentication code is not registry's"
    assert (shown["subject"], shown["headers"]["ce_subject"]) == (None, BUSINESS)


def test_a_replay_of_a_forged_record_checks_its_code_again(zone: Zone, forged: str) -> None:
    result = zone("replay", "--reason", "forged")
    assert result.exit_code == 1
    assert "is not registry's" in result.stdout
    assert (forged, "forged") in listed(zone)


def test_with_the_right_key_a_replay_believes_it(
    zone: Zone, forged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "incubator-event-keys").write_text(json.dumps({"registry": [TEXT, OTHER]}))
    monkeypatch.delenv("ZONE_EVENT_KEYS")
    monkeypatch.setenv("ZONE_SECRETS_DIR", str(tmp_path))
    assert f"{BUSINESS} is not a tenant" in zone("replay", "--event", forged).stdout


def test_a_forged_record_can_be_given_up(zone: Zone, forged: str) -> None:
    assert zone("discard", "--event", forged, "--because", "synthetic").exit_code == 0
    assert forged not in [event for event, _ in listed(zone)]


def test_discard_needs_a_reason(zone: Zone) -> None:
    assert zone("discard", "--all").exit_code == 2
    with pytest.raises(Complaint, match="written reason"):
        zone("discard", "--all", "--because", " ")


def test_discard_gives_up_the_event_and_those_behind_it_remain(zone: Zone) -> None:
    result = zone("discard", "--event", REFUSED, "--because", "synthetic")
    assert result.exit_code == 0
    assert listed(zone) == [(BEHIND, "behind")]


def test_a_dry_run_changes_nothing(zone: Zone) -> None:
    assert "would be discarded" in zone("discard", "--all", "--because", "a try", "--dry-run").stdout
    assert "would be replayed" in zone("replay", "--subject", BUSINESS, "--dry-run").stdout
    assert len(listed(zone)) == 2


@pytest.mark.parametrize("choice", [(), ("--all", "--event", REFUSED)])
def test_what_is_replayed_must_be_said_and_said_once(zone: Zone, choice: tuple[str, ...]) -> None:
    with pytest.raises(Complaint, match="which events"):
        zone("replay", *choice)


def test_an_unknown_reason_is_named_with_the_known_ones(zone: Zone) -> None:
    with pytest.raises(Complaint, match="poison, undecodable, gap, behind, oversize, forged, contradicting"):
        zone("list", "--reason", "odd")


def test_an_unknown_service_is_named_with_the_known_ones(zone: Zone) -> None:
    with pytest.raises(Complaint, match="registry, incubator, metrics, gateway"):
        CliRunner().invoke(dead_letters.app, ["list", "--service", "odd"], catch_exceptions=False)
