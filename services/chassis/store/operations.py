"""One write in the driver's words, and the filter under which it takes effect."""

from bson import Timestamp
from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne

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
