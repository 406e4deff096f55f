"""One write in the driver's words, the filter under which it takes effect, and counts in one query."""

from collections.abc import Mapping, Sequence
from typing import Any

import bson
from bson import Timestamp
from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne

from services.chassis.store.codec import CODEC
from services.chassis.store.writes import Adjust, Claim, Document, Insert, Put, Release, Remove, Replace, Write


def operation_of(write: Write) -> InsertOne[Document] | ReplaceOne[Document] | UpdateOne | DeleteOne:
    """The operation of a bulk write."""
    match write:
        case Insert(collection="outbox", document=document):
            return InsertOne({**document, "at": Timestamp(0, 0)})  # the server replaces it by its own time
        case Insert(document=document):
            return InsertOne(document)
        case Replace(document=document):
            return ReplaceOne(guard_of(write), document)
        case Put(document=document):
            return ReplaceOne({"_id": document["_id"]}, document, upsert=True)
        case Remove(id=id, where=where):
            return DeleteOne({"_id": id, **where})
        case Claim(id=id, holder=holder, until=until, now=now):
            mine_or_expired = [{"holder": holder}, {"until": {"$lte": now}}]
            return UpdateOne(
                {"_id": id, "$or": mine_or_expired}, {"$set": {"holder": holder, "until": until}}, upsert=True
            )
        case Release(id=id, holder=holder):
            return DeleteOne({"_id": id, "holder": holder})
        case Adjust(create=create):
            update: Document = {"$inc": write.moves}
            if create is not None:
                update["$setOnInsert"] = dict(create)
            return UpdateOne(guard_of(write), update, upsert=create is not None)


def guard_of(write: Write) -> Document:
    """The filter that a guarded write must match; empty for one that matches whatever stands there."""
    match write:
        case Replace(id=id, guard=guard):
            return {"_id": id, **guard}
        case Adjust(id=id, at_most=at_most, at_least=at_least, where=where):
            within = [
                {operator: [_after(name, write), _after(bound, write) if isinstance(bound, str) else bound]}
                for operator, bounds in (("$lte", at_most), ("$gte", at_least))
                for name, bound in bounds.items()
            ]
            return {"_id": id, **where} | ({"$expr": {"$and": within}} if within else {})
        case _:
            return {}


def _after(name: str, write: Adjust) -> Document:
    """What a field will be once the counters have moved; one that is missing counts as 0, as `$inc` takes it."""
    return {"$add": [{"$ifNull": [f"${name}", 0]}, write.moves.get(name, 0)]}


def bounded(where: Mapping[str, Any], at_most: int) -> str:
    """A count with a bound, as a text that `counting` reads: equal ones are equal."""
    return bson.encode({"where": where, "at_most": at_most}, codec_options=CODEC).hex()


def counting(collection: str, asked: Sequence[str]) -> list[Mapping[str, Any]]:
    """The stages of several counts in one query, each by its own index; who asked is the id of what is found."""
    first, *others = (_counting(bson.decode(bytes.fromhex(each), CODEC), each) for each in asked)
    return [*first, *({"$unionWith": {"coll": collection, "pipeline": each}} for each in others)]


def _counting(said: Document, asked: str) -> list[Mapping[str, Any]]:
    return [{"$match": said["where"]}, {"$limit": said["at_most"]}, {"$count": "count"}, {"$set": {"_id": asked}}]
