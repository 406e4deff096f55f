"""What a database is made of before its service is ready: collections, their indexes and their validators."""

from collections.abc import Mapping, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import CollectionInvalid, OperationFailure

from services.chassis.domain.aggregate import Row
from services.chassis.store.generations.generation import FIRST, collection_of
from services.chassis.store.writes import HAS_END, Document

COLLECTION_EXISTS = 48
OF_THE_CHASSIS = (
    "idempotency", "claims", "outbox", "relay", "members", "inbox", "offsets", "parked", "discarded", "leases",
)  # fmt: skip


async def make_collections(
    database: AsyncIOMotorDatabase[Document], rows: Sequence[type[Row]], generation: int = FIRST
) -> None:
    """Make those of the chassis and those of a service's rows; safe to run twice and at once."""
    for name in OF_THE_CHASSIS:
        await _make(database, name, None)
    await database["idempotency"].create_index("expires_at", expireAfterSeconds=0)
    await database["claims"].create_index([("until", 1), ("_id", 1)], partialFilterExpression={"until": HAS_END})
    await database["parked"].create_index([("group", 1), ("subject", 1), ("sequence", 1)])
    await database["outbox"].create_index("at")
    for row in rows:
        name = collection_of(row.collection, generation)
        await _make(database, name, row.validator)
        for index in row.indexes:
            await database[name].create_index(list(index))


async def _make(database: AsyncIOMotorDatabase[Document], name: str, validator: Mapping[str, Any] | None) -> None:
    try:
        await database.create_collection(name)
    except CollectionInvalid:
        pass
    except OperationFailure as error:
        if error.code != COLLECTION_EXISTS:
            raise
    if validator is not None:
        await database.command("collMod", name, validator=dict(validator))
