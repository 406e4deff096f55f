"""`./zone restore FILE`: a backup in the place of what this zone has, verified first."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from deploy.backup.archive import Archive, reading
from deploy.backup.databases import Restored, answering
from deploy.backup.restore import Restore
from deploy.backup.secret_prints import others_in
from deploy.complaint import Complaint
from deploy.machine.service_database import database_of
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import KEY_PEPPER, secrets_in
from deploy.servers.broker import ExistingKafka
from deploy.servers.topics import zone_topics
from deploy.terminal import say
from gateway.access.key import Key
from gateway.access.key_text import sealed

Fresh = Annotated[bool, typer.Option("--fresh", help="In place of the data of this zone, which is then gone.")]
Rehearse = Annotated[bool, typer.Option("--rehearse", help="Do all of it beside the zone, which may run, and undo it.")]
BrokenChains = Annotated[bool, typer.Option("--with-broken-chains", help="Also where chains of hashes do not hold.")]
NewSecrets = Annotated[bool, typer.Option("--new-secrets", help="Also where the secrets here are not those of then.")]


def restore(
    file: Annotated[Path, typer.Argument(help="What ./zone backup wrote.")],
    fresh: Fresh = False,
    rehearse: Rehearse = False,
    new_secrets: NewSecrets = False,
    with_broken_chains: BrokenChains = False,
) -> None:
    """Make a zone that is stopped what it was when the backup was taken; ./zone up then fills its log anew.

    Until every document and every chain of hashes has been found right, nothing of what is here is changed.
    """
    folder = ZoneFolder.usual()
    with reading(file) as archive:
        say("checking the file")
        archive.check()
        if rehearse:
            _rehearsed(folder, archive)
            return
        with folder.claimed() as ours:
            if not ours:
                raise Complaint("The zone runs: stop it first with ./zone stop. --rehearse tries a backup beside it.")
            _require_emptiness(folder, fresh=fresh)
            pepper = _secrets(folder, archive, new_secrets=new_secrets)
            is_known = _made(folder, archive, folder.restored.data, pepper, with_broken_chains=with_broken_chains)
            say("putting it in its place")
            folder.restored.take(opening_figures=archive.facts["opening_figures"], keep_operator_key=is_known)
    say(f"the zone is as it was at {archive.facts['taken_at']}: ./zone up starts it and fills its log anew")
    if not is_known:
        say(f"there is no key of it in {folder.operator_key}: put it there, or let ./zone up make a new one")


def _rehearsed(folder: ZoneFolder, archive: Archive) -> None:
    beside = ZoneFolder(folder.path / "rehearsal")
    with beside.claimed() as ours:
        if not ours:
            raise Complaint("Another rehearsal is under way here: wait for its end.")
        try:
            _made(beside, archive, beside.restored.data, None)
        finally:
            shutil.rmtree(beside.path, ignore_errors=True)
    say("it can be restored; nothing was changed")


def _require_emptiness(folder: ZoneFolder, *, fresh: bool) -> None:
    """Of this folder, unless it may be emptied, and of a log that cannot be. Raises Complaint."""
    if folder.has_data and not fresh:
        raise Complaint(f"There is a zone in {folder.path}: --fresh replaces it by the backup. Nothing was changed.")
    if ":" in (kafka := os.environ.get("ZONE_KAFKA", "")):
        asyncio.run(ExistingKafka(kafka).require_empty(zone_topics()))


def _secrets(folder: ZoneFolder, archive: Archive, *, new_secrets: bool) -> str:
    """The zone's pepper, where its secrets are those of then or need not be. Raises Complaint."""
    if not folder.secrets.exists() and not new_secrets:
        raise Complaint(
            f"There are no secrets in {folder.secrets}: put those of the backed-up zone there, as a backup holds none, "
            "or say --new-secrets: then no key that was issued is taken any more."
        )
    found = secrets_in(folder.secrets)
    if (others := others_in(found, archive.facts["secrets"])) and not new_secrets:
        raise Complaint(
            f"The secrets in {folder.secrets} are not those of the backup: {'; '.join(others)}. "
            "Put those of the backed-up zone there, or say --new-secrets. Nothing was changed."
        )
    return found[KEY_PEPPER]


def _made(
    folder: ZoneFolder, archive: Archive, data: Path, pepper: str | None, *, with_broken_chains: bool = False
) -> bool:
    """Make the data and verify it. Answers whether the operator's key that is here is one of that zone's."""
    found = False

    def look(restored: Restored) -> None:
        nonlocal found
        if pepper is None or not folder.operator_key.exists():
            return
        seal = sealed(folder.operator_key.read_bytes().strip(), pepper.encode())
        found = any(
            row["hmac"] == seal and row["revoked_at"] is None for row in restored.rows("gateway", Key.collection)
        )

    folder.logs.mkdir(parents=True, exist_ok=True)
    databases = {service: database_of(service) for service in archive.databases}
    log = folder.logs / "restore.log"
    one = Restore(archive, data, databases=databases, log=log, say=say, with_broken_chains=with_broken_chains)
    with answering(f"The new database did not take it: see {log}."):
        one.make(look)
    return found
