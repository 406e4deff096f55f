"""Restore of a backup: a database made of it beside what is there, and held against the file and its own chains."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.backup.archive import Archive
from deploy.backup.backup import aggregates_of
from deploy.backup.chains import Chains, numbered
from deploy.backup.databases import Restored, connected
from deploy.complaint import Complaint
from deploy.machine.disk import MEGABYTE, NEEDED_MB, free_mb, sync
from deploy.machine.ports import free_port
from deploy.servers.mongod import Mongod

AT_MOST_TWICE: Final = 2
"""What documents take on the disk at most, with their indexes and the server's own log, by their size."""
OF_AN_AGGREGATE: Final = ("sequence", "last_hash")


class Restore:
    """One restore, of a file that has been checked.

    Args:
        archive: the file.
        data: where the new database is made; what is there is removed first.
        databases: service → database.
        log: where its server logs.
        say: told each step.
        with_broken_chains: whether chains that do not hold are told and no more.
    """

    def __init__(
        self,
        archive: Archive,
        data: Path,
        *,
        databases: dict[str, str],
        log: Path,
        say: Callable[[str], None],
        with_broken_chains: bool = False,
    ) -> None:
        self._archive, self._data, self._databases = archive, data, databases
        self._log, self._say, self._with_broken_chains = log, say, with_broken_chains

    def make(self, then: Callable[[Restored], None]) -> None:
        """Make the database, and see that all of it is as the file says, and its chains whole.

        Args:
            then: what else is to be looked at while it runs.

        Raises:
            Complaint: it is not, or there is no room. The data is then good for nothing.
        """
        shutil.rmtree(self._data, ignore_errors=True)
        needed = AT_MOST_TWICE * self._archive.size // MEGABYTE + NEEDED_MB
        if (left := free_mb(self._data)) < needed:
            raise Complaint(f"Only {left} MB are left on the disk of {self._data}, and {needed} MB are needed.")
        server = Mongod(self._data, port=free_port(), log=self._log)
        asyncio.run(server.start())
        try:
            with connected(server.address) as client:
                restored = Restored(client, self._databases)
                restored.keep_what_expires()
                for service in self._databases:
                    self._fill(restored, service)
                self._compare(restored)
                self._follow(restored)
                then(restored)
                restored.settle()
        finally:
            server.stop()
        sync(self._data)

    def _fill(self, restored: Restored, service: str) -> None:
        own = self._archive.members_of(service)
        for member in own:
            restored.fill(self._archive, member)
        self._say(f"{service}: {sum(each.documents for each in own):,} documents")

    def _compare(self, restored: Restored) -> None:
        """Every document to the byte, every option and every index."""
        metadata = {service: restored.metadata(service) for service in self._databases}
        for each in self._archive.members:
            found = restored.content(each.service, each.collection)
            if (found.documents, found.digest) != (each.documents, each.content):
                raise Complaint(f"{each.collection} of {each.service} is not what the backup holds.")
            if metadata[each.service].get(each.collection) != each.metadata:
                raise Complaint(f"Indexes or options of {each.collection} of {each.service} are not as in the backup.")
        self._say("every document, index and validator is as in the file")

    def _follow(self, restored: Restored) -> None:
        """The chains of hashes, and what consumers have heard by them. Raises Complaint."""
        chains = Chains()
        for service in self._databases:
            there = {each.collection for each in self._archive.members_of(service)}
            aggregates = [
                each
                for name in aggregates_of(service)
                if name in there
                for each in restored.rows(service, name, OF_AN_AGGREGATE)
            ]
            chains.outbox(service, restored.rows(service, "outbox"), numbered(aggregates))
        for service in self._databases:
            chains.inbox(restored.rows(service, "inbox"))
        if chains.faults and not self._with_broken_chains:
            raise Complaint("The chains of hashes do not hold:", details="\n".join(chains.told()))
        for fault in chains.told():
            self._say(fault)
        if not chains.faults:
            self._say(f"the chains of hashes hold, through {chains.events:,} events to every aggregate and consumer")
        for service, number in chains.gone.items():
            self._say(f"{number:,} events of {service} are in no outbox any more: no log can be filled with them")
