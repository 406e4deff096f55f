"""One transaction: the writes of a commit in as few commands as possible, and the commit until its outcome is known."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.store.operations import operation_of
from services.chassis.store.writes import (
    Adjust,
    Claim,
    Document,
    InvalidDocument,
    Put,
    Refused,
    Replace,
    Write,
    by_collection,
    refusal,
)
from services.chassis.telemetry.instruments import COMMIT_RETRIES

DUPLICATE_KEY, WRITE_CONFLICT, VALIDATION_FAILED = 11000, 112, 121

COMMIT_ATTEMPTS_FOR, COMMIT_AGAIN_AFTER = 5.0, 0.02
"""Seconds for which a commit of unknown outcome is repeated before the caller is told so, and between two of them."""

UNKNOWN = "It is not known whether this took effect: repeat it with the same Idempotency-Key."


class Transaction:
    """The writes of one commit, sent in one transaction by the thread that runs it.

    Attributes:
        writes: all of them take effect, or none.

    Args:
        database: as the driver has it without motor.
    """

    def __init__(self, database: Database[Document], writes: Sequence[Write]) -> None:
        self._database = database
        self.writes = writes

    def run(self) -> Sequence[Write]:
        """All of it in one thread: half a dozen commands, each in a hop of its own, would cost a third more.

        Where a guard did not hold it is given up, and those of that collection that have one are returned.
        """
        with self._database.client.start_session() as session:
            session.start_transaction(
                read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", wtimeout=10_000)
            )
            for collection, group in by_collection(self.writes).items():
                if guarded := self._apply(collection, group, session):
                    return guarded
            self._finish(session)
            return ()

    def _apply(self, collection: str, writes: list[Write], session: ClientSession) -> Sequence[Write]:
        try:
            result = self._database[collection].bulk_write(
                [operation_of(write) for write in writes], ordered=True, session=session
            )
        except BulkWriteError as error:
            first = error.details["writeErrors"][0]
            refused = writes[first["index"]]
            told: Exception = error
            if first["code"] == DUPLICATE_KEY:
                told = refusal(refused)
            elif first["code"] == WRITE_CONFLICT:
                told = LostRace(f"{collection}|{refused.id}")
            elif first["code"] == VALIDATION_FAILED:
                told = InvalidDocument(refused, sorted(set(_violated(first["errInfo"]["details"]))))
            raise Refused([refused], told) from error
        except OperationFailure as error:
            if error.code == WRITE_CONFLICT:
                raise LostRace(f"{collection}|{writes[0].id}") from error
            raise
        guarded = [write for write in writes if isinstance(write, Replace | Adjust | Claim | Put)]
        return guarded if result.matched_count + len(result.upserted_ids or {}) != len(guarded) else ()

    @staticmethod
    def _finish(session: ClientSession) -> None:
        """Commit, and again for as long as it is not known whether it took effect.

        Raises:
            Unavailable: `outcome_unknown`.
        """
        give_up = time.monotonic() + COMMIT_ATTEMPTS_FOR
        while True:
            try:
                return session.commit_transaction()
            except PyMongoError as error:
                if not error.has_error_label("UnknownTransactionCommitResult"):
                    raise
                if time.monotonic() > give_up:
                    raise Unavailable(UNKNOWN, code="outcome_unknown") from error
                COMMIT_RETRIES.add(1)
                time.sleep(COMMIT_AGAIN_AFTER)


def _violated(details: Mapping[str, Any]) -> Iterator[str]:
    """The members of a document that a validator does not accept, from what the server says of it."""
    for clause in details.get("clausesNotSatisfied", ()):
        yield from _violated(clause["details"])
    for broken in details.get("schemaRulesNotSatisfied", ()):
        yield from broken.get("missingProperties", ())
        yield from (each["propertyName"] for each in broken.get("propertiesNotSatisfied", ()))
    if details.get("operatorName") == "$expr":
        yield from (name[1:].partition(".")[0] for name in _texts(details["specifiedAs"]) if name.startswith("$"))


def _texts(value: Any) -> Iterator[str]:
    """Every text in an expression that is no operator: paths begin with `$`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)
