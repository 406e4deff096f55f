"""The databases of a zone: read as they were at one cluster time, and filled again."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.write_concern import WriteConcern

from deploy.backup.archive import Archive, Content, Member
from deploy.backup.carried import carried
from deploy.complaint import Complaint
from services.chassis.store.codec import CODEC
from services.chassis.store.writes import Document

Mongo = MongoClient[dict[str, Any]]

RAW: Final = CodecOptions(document_class=RawBSONDocument)
WINDOW: Final = "minSnapshotHistoryWindowInSeconds"
WINDOW_S: Final = 3_600
"""How long a backup may read: for so long the server keeps what was overwritten meanwhile. Its default is 300."""
GONE: Final = frozenset({246, 239})
"""SnapshotUnavailable, SnapshotTooOld: a collection was made or changed since, or the window is over."""
AT_ONCE_BYTES: Final = 8_000_000


class Moved(Exception):
    """What stands at that cluster time can no longer be read whole: begin again."""


class Collection(NamedTuple):
    """A collection with its options and indexes, as mongodump writes them."""

    name: str
    uuid: str
    metadata: bytes


class Snapshot:
    """All databases of a zone as they were at one cluster time, whatever is written meanwhile.

    Attributes:
        collections: by service.
        seconds, increment: the cluster time.
    """

    def __init__(self, client: Mongo, databases: Mapping[str, str], session: ClientSession) -> None:
        self._client, self._databases, self._session = client, databases, session
        self.collections = self._listed()
        there = [(databases[service], each.name) for service, found in self.collections.items() for each in found]
        if not there:
            raise Complaint("The zone's database holds nothing yet.")
        client[there[0][0]][there[0][1]].find_one({}, session=session)  # of what is there: it says when that is
        at: Any = session._snapshot_time
        self.seconds, self.increment = at.time, at.inc

    def raw(self, service: str, collection: str) -> Iterator[bytes]:
        """Its documents as BSON, as a backup carries them. Raises Moved."""
        found: Any = self._client[self._databases[service]].get_collection(collection, RAW)
        with _still_there(), found.find({}, session=self._session) as cursor:
            for document in cursor:
                yield carried(collection, document.raw)

    def documents(
        self, service: str, collection: str, members: Iterable[str], where: Mapping[str, Any] | None = None
    ) -> Iterator[Document]:
        """Some members of its documents, in the order of their ids. Raises Moved."""
        found = self._client[self._databases[service]].get_collection(collection, CODEC)
        with _still_there(), found.find(where or {}, list(members), sort=[("_id", 1)], session=self._session) as cursor:
            yield from cursor

    def see_the_same(self) -> None:
        """Raises Moved where a collection came or went since: it would be in no backup, or half in this one."""
        if self._listed() != self.collections:
            raise Moved

    def _listed(self) -> dict[str, list[Collection]]:
        return {service: collections_of(self._client, name) for service, name in self._databases.items()}


@contextmanager
def snapshot(url: str, databases: Mapping[str, str]) -> Iterator[Snapshot]:
    """A moment of a replica set, kept readable for `WINDOW_S`.

    Args:
        databases: service → database.

    Raises:
        Moved: see `Snapshot`.
        Complaint: there is nothing yet.
        PyMongoError: the database is away.
    """
    with connected(url) as client:
        before = client.admin.command({"getParameter": 1, WINDOW: 1})[WINDOW]
        client.admin.command({"setParameter": 1, WINDOW: max(before, WINDOW_S)})
        try:
            with client.start_session(snapshot=True) as session, _still_there():
                yield Snapshot(client, databases, session)
        finally:
            client.admin.command({"setParameter": 1, WINDOW: before})


@contextmanager
def answering(sentence: str) -> Iterator[None]:
    """Raises Complaint with this sentence where the database does not do what it is asked."""
    try:
        yield
    except PyMongoError as error:
        raise Complaint(sentence, details=str(error)) from error


def connected(url: str) -> Mongo:
    """A client of a zone's database."""
    return MongoClient(url, serverSelectionTimeoutMS=10_000, tz_aware=True)


def collections_of(client: Mongo, database: str) -> list[Collection]:
    """The collections of a database by name."""
    return sorted(
        Collection(each["name"], each["info"]["uuid"].hex(), _metadata(client, database, each))
        for each in client[database].list_collections()
        if each["type"] == "collection" and not each["name"].startswith("system.")
    )


def _metadata(client: Mongo, database: str, collection: Mapping[str, Any]) -> bytes:
    indexes = [dict(each) for each in client[database][collection["name"]].list_indexes()]
    told = {
        "options": collection["options"],
        "indexes": sorted(indexes, key=lambda index: index["name"]),
        "collectionName": collection["name"],
        "type": "collection",
    }
    return json_util.dumps(told, json_options=json_util.CANONICAL_JSON_OPTIONS).encode()


class Restored:
    """Databases that are filled from a backup, and compared with it.

    Args:
        client: of a server that holds nothing yet.
        databases: service → database.
    """

    def __init__(self, client: Mongo, databases: Mapping[str, str]) -> None:
        self.client, self._databases = client, databases

    def keep_what_expires(self) -> None:
        """From now on the server removes nothing by itself: what has expired is compared with the file too."""
        self.client.admin.command({"setParameter": 1, "ttlMonitorEnabled": False})

    def fill(self, archive: Archive, member: Member) -> None:
        """Make a collection with its documents, and then its indexes."""
        database = self.client[self._databases[member.service]]
        metadata = json_util.loads(archive.metadata(member))
        database.command({"create": member.collection, **metadata["options"]})
        into = database.get_collection(member.collection, RAW, write_concern=WriteConcern(1))
        for documents in _batches(archive.documents(member)):
            into.insert_many(documents, ordered=False, bypass_document_validation=True)
        if indexes := [each for each in metadata["indexes"] if each["name"] != "_id_"]:
            database.command({"createIndexes": member.collection, "indexes": indexes})

    def content(self, service: str, collection: str) -> Content:
        """What a collection holds now, as a backup would carry it."""
        found: Any = self.client[self._databases[service]].get_collection(collection, RAW)
        content = Content()
        for document in found.find({}):
            content.add(carried(collection, document.raw))
        return content

    def metadata(self, service: str) -> dict[str, str]:
        """SHA-256 of the options and indexes of each collection."""
        found = collections_of(self.client, self._databases[service])
        return {each.name: hashlib.sha256(each.metadata).hexdigest() for each in found}

    def rows(self, service: str, collection: str, members: Iterable[str] = ()) -> Iterator[Document]:
        """The documents of a collection, in the order of their ids."""
        found = self.client[self._databases[service]].get_collection(collection, CODEC)
        yield from found.find({}, list(members) or None, sort=[("_id", 1)])

    def settle(self) -> None:
        """Wait until all of it is on the disk."""
        self.client.admin.command({"fsync": 1})


def _batches(documents: Iterable[bytes]) -> Iterator[list[RawBSONDocument]]:
    """As many at once as a server takes well, by their size."""
    batch, size = list[RawBSONDocument](), 0
    for document in documents:
        batch.append(RawBSONDocument(document))
        size += len(document)
        if size >= AT_ONCE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def _still_there() -> Iterator[None]:
    try:
        yield
    except OperationFailure as error:
        if error.code in GONE:
            raise Moved from error
        raise
