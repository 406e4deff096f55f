"""How much memory a service takes for lists whose rows are large, however many are asked for at once."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.launch.service_process import ServiceProcess
from deploy.machine.ports import HOST, free_port
from services.chassis.domain.ids import new_id
from services.chassis.http.client import client
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, identity_of, settings
from services.chassis.testing.moments import NOON
from services.registry.filings.filing import Filing
from services.registry.filings.types.registration import Registration
from tests.registry.papers import PARTNER, Json, registration

FILINGS, READERS, PAGES = 40, 4, 2
MOST_MB, MOST_GROWTH_MB = 400, 200
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
"""The most memory that a process ever had (proc_pid_status(5))."""


def large() -> Json:
    """A payload of some 650 KB, as large as one may be for a request body to hold it."""
    share = {"exact": None, "minimum": 0.001, "maximum": 0.002}
    interest = {"type": "shareholding", "direct_or_indirect": "indirect", "share": share, "beneficial": False}
    owner = {"interested_party": {"party_kind": "person", "name": "示例人" * 40}, "interests": [interest] * 20}
    return registration(ownership={"statements": [owner] * 180, "unspecified_reason": None})


@pytest.fixture
async def registry(mongo_url: str, tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    """The API of a registry in which large drafts have piled up."""
    prefix = f"large_{uuid.uuid4().hex[:8]}"
    store = MongoStore(mongo_url, f"{prefix}_registry", "registry")
    await store.prepare([Filing])
    draft = Filing.draft(Registration.model_validate(large()), by=PARTNER, at=NOON)
    for _ in range(FILINGS):
        draft.id = new_id("fil")
        await store.database["filings"].insert_one(draft.to_document())
    environment = {
        "ZONE_MONGO_URL": mongo_url,
        "ZONE_DATABASE_PREFIX": prefix,
        "ZONE_IDENTITY_PUBLIC_KEY": settings().identity_public_key,
    }
    listen = f"{HOST}:{free_port()}"
    process = ServiceProcess(
        "registry", "services.registry", listen=listen, environment=environment, log=tmp_path / "log", role="api"
    )
    await process.start()
    yield process
    process.stop()
    await store.database.client.drop_database(store.database.name)
    store.close()


def peak_mb(process: ServiceProcess) -> float:
    found = PEAK.search(Path(f"/proc/{process.process.pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


async def read(address: str, pages: int) -> list[str]:
    """The ids on so many pages, asked for as largely as one may."""
    officer = caller("officer", scopes="registry:filings:read")
    seen: list[str] = []
    query = {"limit": "200"}
    async with client(address, headers=identity_of(officer, "registry"), timeout=30) as api:
        for _ in range(pages):
            answer = await api.get("/v1/registry/filings", params=query)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            seen += [each["id"] for each in page["data"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
    return seen


async def test_four_readers_of_large_rows_do_not_fill_the_memory_of_a_service(registry: ServiceProcess) -> None:
    await read(registry.address, 1)
    before = peak_mb(registry)
    found = await asyncio.gather(*(read(registry.address, PAGES) for _ in range(READERS)))
    grown = peak_mb(registry)
    assert (grown < MOST_MB, grown - before < MOST_GROWTH_MB) == (True, True), f"{before:.0f} MB → {grown:.0f} MB"
    assert all(each == found[0] for each in found)
    assert PAGES <= len(found[0]) == len(set(found[0])) < FILINGS
