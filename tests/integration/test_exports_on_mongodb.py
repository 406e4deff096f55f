"""Exports on a real MongoDB: a file is read as it was made."""

import csv
import io
from collections.abc import AsyncIterator

import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.happenings import TODAY, hear, registered
from tests.own_store import own_store


@pytest.fixture
async def database(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service.documents, service.name) as store:
        yield store


async def test_a_file_is_read_as_it_was_made(database: MongoStore) -> None:
    await hear(database, [registered(1, on="2024-03-15")])
    app = service.routes_on(database, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("officer", scopes="metrics:read"), audience="metrics") as api:
        body = {"format": "csv", "kpis": ["businesses_active"], "first": "2024"}
        made = await api.post("/v1/metrics/exports", json=body)
        assert made.status_code == 201, made.text
        shown = await api.get(made.headers["Location"])
        assert shown.json() == made.json()
        file = await api.get(f"{made.headers['Location']}/file")
        assert len(file.content) == made.json()["length"]
        assert [row["value"] for row in csv.DictReader(io.StringIO(file.text))] == ["1", "1", "1"]
