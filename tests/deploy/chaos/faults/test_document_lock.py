"""Whether a transaction under way holds a document, seen from outside."""

from collections.abc import AsyncIterator, Sequence

import pytest

from deploy.chaos.faults.document_lock import is_free, is_held
from services.chassis.store.mongo import MongoStore
from tests.own_store import own_store


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url) as store:
        yield store


@pytest.mark.parametrize("there", [(), [{"_id": "row", "next": 1}]])
async def test_a_document_is_held_until_the_transaction_that_wrote_it_ends(
    store: MongoStore, there: Sequence[dict[str, object]]
) -> None:
    rows = store.database["offsets"]
    for row in there:
        await rows.insert_one(dict(row))
    assert not await is_held(store, "offsets", "row")
    async with store.session() as session:
        session.start_transaction()
        await rows.update_one({"_id": "row"}, {"$set": {"next": 2}}, upsert=True, session=session)
        assert await is_held(store, "offsets", "row")
        assert not await is_free(store, "offsets", "row", within=0.3)
        await session.abort_transaction()
    assert await is_free(store, "offsets", "row", within=5)
    assert await rows.find({}).to_list(None) == list(there)
