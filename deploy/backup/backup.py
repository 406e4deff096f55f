"""A backup of a running zone: every document of all services at one cluster time, and every event."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from deploy.backup.archive import Writer, writing
from deploy.backup.carried import LEFT_OUT, OUTBOX, encoded
from deploy.backup.chains import Numbered, numbered
from deploy.backup.databases import Collection, Moved, Snapshot, snapshot
from deploy.backup.pruned import Before, brought_back, count, pruned, together
from deploy.backup.secret_prints import prints_of
from deploy.complaint import Complaint
from deploy.services import assembled
from services.chassis.domain.aggregate import Aggregate
from services.chassis.kafka.mac import ProducerKeys

ATTEMPTS: Final = 5
"""How often a backup begins again where collections come and go under it, as they do in a rebuild."""


class Backup:
    """One backup.

    Args:
        mongo: the URL of the zone's database.
        databases: service → database.
        kafka: `HOST:PORT` of the broker, asked only for what no outbox holds any more.
        keys: by which records in the log are believed.
        secrets: of the zone; the file says by which it was written, and holds none.
        notes: what else is kept of the zone's folder.
        say: told each step.
    """

    def __init__(
        self,
        *,
        mongo: str,
        databases: dict[str, str],
        kafka: str | None,
        keys: ProducerKeys,
        secrets: dict[str, str],
        notes: dict[str, Any],
        say: Callable[[str], None],
    ) -> None:
        self._mongo, self._databases, self._kafka = mongo, databases, kafka
        self._keys, self._secrets, self._notes, self._say = keys, secrets, notes, say

    def write(self, file: Path) -> None:
        """Write it. Raises Complaint; then there is no file of that name."""
        for _ in range(ATTEMPTS):
            try:
                with snapshot(self._mongo, self._databases) as moment, writing(file, self._databases) as out:
                    self._say(f"reading the zone as it was at cluster time {moment.seconds}, {moment.increment}")
                    told = self._all(moment, out)
                    moment.see_the_same()
                    out.end(self._facts(moment) | told)
                    self._say("reading the file back")
            except Moved:
                self._say("collections came or went meanwhile: beginning again")
                continue
            documents, size = sum(each.documents for each in out.members), file.stat().st_size
            self._say(f"{file}: {documents:,} documents, {size / 1e6:,.1f} MB, whole")
            return
        raise Complaint("Collections of the zone come and go too fast to be backed up: is a rebuild under way?")

    def _all(self, moment: Snapshot, out: Writer) -> dict[str, Any]:
        """Write every collection; says what was brought back from the log, and what is nowhere any more."""
        found, missing = Counter[str](), dict[str, int]()
        for service in self._databases:
            before = pruned(self._ids(moment, service), self._aggregates(moment, service))
            documents = 0
            if before:
                found[service] = 0
            for each in moment.collections[service]:
                rows = self._rows(moment, service, each, before, found)
                written = out.collection(service, each.name, each.metadata, rows)
                documents += written.documents
            if before:
                missing[service] = count(before) - found[service]
            brought = f", {found[service]:,} of them events from the log" if found.get(service) else ""
            self._say(f"{service}: {documents:,} documents{brought}")
            if missing.get(service):
                self._say(f"{service}: {missing[service]:,} events stand neither in its outbox nor in the log any more")
        return {"from_the_log": found, "nowhere": {name: number for name, number in missing.items() if number}}

    def _rows(
        self, moment: Snapshot, service: str, collection: Collection, before: Before, found: Counter[str]
    ) -> Iterator[bytes]:
        """The documents of a collection, in an outbox also those events that only the log holds, which are counted."""
        if collection.name in LEFT_OUT:
            return iter(())
        there = moment.raw(service, collection.name)
        if collection.name != OUTBOX or not before:
            return there
        if self._kafka is None:
            raise Complaint(f"{count(before)} events of {service} are in the log alone, and no broker is known.")
        return chain(there, self._brought(self._kafka, service, before, found))

    def _brought(self, kafka: str, service: str, before: Before, found: Counter[str]) -> Iterator[bytes]:
        for row in together(brought_back(kafka, service, before, self._keys)):
            found[service] += 1
            yield encoded(row)

    def _ids(self, moment: Snapshot, service: str) -> Iterator[str]:
        return (row["_id"] for row in moment.documents(service, OUTBOX, ["_id"]))

    def _aggregates(self, moment: Snapshot, service: str) -> dict[str, Numbered]:
        there = {each.name for each in moment.collections[service]}
        read = partial(moment.documents, service, members=["sequence", "last_hash"], where={"sequence": {"$gt": 0}})
        return numbered(chain.from_iterable(read(name) for name in aggregates_of(service) if name in there))

    def _facts(self, moment: Snapshot) -> dict[str, Any]:
        positions = {
            service: {row["_id"]: row["next"] for row in moment.documents(service, "offsets", ["next"])}
            for service in self._databases
        }
        logs = {
            row["cluster"]
            for service in self._databases
            for row in moment.documents(service, "relay", ["cluster"])
            if row.get("cluster")
        }
        return {
            "cluster_time": [moment.seconds, moment.increment],
            "taken_at": datetime.fromtimestamp(moment.seconds, UTC).isoformat(),
            "log": {"clusters": sorted(logs), "positions": positions},
            "secrets": prints_of(self._secrets),
            **self._notes,
        }


def aggregates_of(service: str) -> list[str]:
    """The collections whose documents record events."""
    return [each.collection for each in assembled(service).documents if issubclass(each, Aggregate)]
