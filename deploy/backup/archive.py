"""The backup file: a ZIP archive in the layout of mongodump, with a manifest of SHA-256 digests as its last member.

    zone_registry/businesses.bson             documents, one after the other
    zone_registry/businesses.metadata.json    options and indexes of the collection, as MongoDB Extended JSON
    manifest.json

It is written beside its place under another name, read back, and only then renamed: a file of that name is whole.
"""

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from deploy.complaint import Complaint
from deploy.machine.disk import sync

FORMAT: Final = "zone-backup/1"
MANIFEST: Final = "manifest.json"
OWNER_ONLY: Final = 0o600
DRAFT: Final = ".part"
PIECE: Final = 1 << 20
BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError)
"""What reading a member of a damaged archive raises."""
LENGTH: Final = 4
"""Bytes at the beginning of a BSON document that say how long it is, themselves included."""


@dataclass
class Content:
    """What a collection holds, whatever the order: how many documents, and the sum of their SHA-256 modulo 2²⁵⁶."""

    documents: int = 0
    total: int = 0

    def add(self, document: bytes) -> None:
        self.documents += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(document).digest(), "big")) % (1 << 256)

    @property
    def digest(self) -> str:
        return f"{self.total:064x}"


@dataclass(frozen=True)
class Member:
    """One collection in the file, as the manifest tells of it.

    Attributes:
        bytes: of its documents.
        sha256: of its documents as they stand in the file, one after the other.
        content: see `Content`; by it a database is compared with the file.
        metadata: SHA-256 of its options and indexes.
    """

    service: str
    collection: str
    documents: int
    bytes: int
    sha256: str
    content: str
    metadata: str


class Writer:
    """A file under way."""

    def __init__(self, out: zipfile.ZipFile, databases: dict[str, str]) -> None:
        self._out, self._databases = out, databases
        self.members: list[Member] = []

    def collection(self, service: str, name: str, metadata: bytes, documents: Iterable[bytes]) -> Member:
        """Write one collection: its documents as they come, and its options and indexes."""
        path = f"{self._databases[service]}/{name}"
        digest, content, size = hashlib.sha256(), Content(), 0
        with self._out.open(f"{path}.bson", "w", force_zip64=True) as member:
            for document in documents:
                member.write(document)
                digest.update(document)
                content.add(document)
                size += len(document)
        self._out.writestr(f"{path}.metadata.json", metadata)
        made = Member(
            service, name, content.documents, size, digest.hexdigest(), content.digest, _sha256(metadata)
        )  # fmt: skip
        self.members.append(made)
        return made

    def end(self, facts: dict[str, Any]) -> None:
        """Write the manifest: from now on it can be told whether the file is whole."""
        told = {"format": FORMAT, "databases": self._databases, **facts, "collections": self.members}
        self._out.writestr(MANIFEST, orjson.dumps(told, option=orjson.OPT_INDENT_2))


@contextmanager
def writing(file: Path, databases: dict[str, str]) -> Iterator[Writer]:
    """A new backup file, there once the block has ended well and what was written has been read back.

    Args:
        databases: service → database.

    Raises:
        Complaint: the file is there already, another backup writes it, or it cannot be written.
    """
    if file.exists():
        raise Complaint(f"{file} is there already: a backup never replaces another. Choose another name.")
    draft = file.with_name(file.name + DRAFT)
    try:
        output = os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+b")
    except OSError as error:
        raise Complaint(f"{draft} cannot be written: {error.strerror}.") from error
    with output:
        try:
            fcntl.flock(output, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Complaint(f"Another backup is writing {draft}: wait for its end, or choose another name.") from None
        try:
            output.truncate(0)  # what one that was killed left behind
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                yield Writer(out, databases)
            output.flush()
            os.fsync(output.fileno())
            with reading(draft) as written:
                written.check()
            draft.replace(file)
            sync(file.parent)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


@dataclass
class Archive:
    """A backup file that is read.

    Attributes:
        members: its collections.
        databases: service → database.
        facts: all that its manifest says.
    """

    file: Path
    _zip: zipfile.ZipFile
    facts: dict[str, Any] = field(init=False)
    members: list[Member] = field(init=False)
    databases: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.facts = orjson.loads(self._zip.read(MANIFEST))
        except BROKEN as error:
            raise _not_whole(self.file, "it has no manifest") from error
        if self.facts.get("format") != FORMAT:
            raise Complaint(f"{self.file} is in the format {self.facts.get('format')}, which this release cannot read.")
        self.members = [Member(**each) for each in self.facts["collections"]]
        self.databases = self.facts["databases"]

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(each.bytes for each in self.members)

    def members_of(self, service: str) -> list[Member]:
        """The collections of a service."""
        return [each for each in self.members if each.service == service]

    def check(self) -> None:
        """Read all of it. Raises Complaint where anything is not as the manifest says."""
        for each in self.members:
            path = self._path(each)
            try:
                digest = hashlib.sha256()
                with self._zip.open(f"{path}.bson") as member:
                    while piece := member.read(PIECE):
                        digest.update(piece)
                found = digest.hexdigest(), _sha256(self.metadata(each))
            except BROKEN as error:
                raise _not_whole(self.file, f"{path} cannot be read") from error
            if found != (each.sha256, each.metadata):
                raise _not_whole(self.file, f"{path} is not what the manifest says")

    def metadata(self, member: Member) -> bytes:
        """Options and indexes of a collection."""
        return self._zip.read(f"{self._path(member)}.metadata.json")

    def documents(self, member: Member) -> Iterator[bytes]:
        """The documents of a collection, each as its BSON."""
        with self._zip.open(f"{self._path(member)}.bson") as found:
            while head := found.read(LENGTH):
                yield head + found.read(int.from_bytes(head, "little") - LENGTH)

    def _path(self, member: Member) -> str:
        return f"{self.databases[member.service]}/{member.collection}"


@contextmanager
def reading(file: Path) -> Iterator[Archive]:
    """A backup file. Raises Complaint where it is none, or none that is whole; see `Archive.check`."""
    try:
        opened = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise _not_whole(file, "its end is missing") from error
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}.") from error
    with opened:
        yield Archive(file, opened)


def _not_whole(file: Path, why: str) -> Complaint:
    return Complaint(f"{file} is no whole backup: {why}. Nothing was changed; take another one.")


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
