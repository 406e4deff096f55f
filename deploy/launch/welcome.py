"""Seed data and start banner: once it is ready, the zone fills itself where it is empty, and shows itself."""

from typing import Final

from deploy.documents.target_table import survey
from deploy.korla.load import Loaded
from deploy.korla.progress_bar import load_with_bar
from deploy.machine.service_database import url_in
from deploy.machine.zone_folder import ZoneFolder
from deploy.operator_key import usable_access
from deploy.public_api import Access, call, connect
from deploy.terminal import errors, output, say

BEGUN: Final = "begun"
DONE: Final = "done"


async def welcome(folder: ZoneFolder, *, load: bool) -> None:
    """Load the opening figures into an empty zone; print the headline figures, the targets, what was loaded, and where.

    Args:
        folder: the running zone's.
        load: whether an empty zone is to be filled.

    Where the operator's key does not open the zone, that alone is said: the zone runs for everyone else.

    Raises:
        Complaint: the figures cannot be loaded or read, or a new key cannot be made where it is gone.
    """
    running = folder.running()
    access = await usable_access(folder, url_in(running) or "")
    if access is None:
        if running is not None:
            say_where(running.url)
        return
    loaded = await load_where_empty(folder, access) if load else None
    output.out(str((await survey(access)).headline()), highlight=False)
    if loaded is not None:
        output.out(str(loaded.base), highlight=False)
    say_where(access.url)
    say(f"the operator's key is in {folder.operator_key}")


def say_where(url: str) -> None:
    """The addresses that people open."""
    say(f"the zone is at {url}, its API is described at {url}/docs")


async def load_where_empty(folder: ZoneFolder, access: Access) -> Loaded | None:
    """Load the opening figures where nothing is registered yet, or where an earlier load did not come to its end.

    Answers what was loaded; None where nothing is to be.
    """
    note = folder.loaded
    if not note.exists():
        if not await _is_empty(access):
            return None
        note.write_text(BEGUN)
    if note.read_text() == DONE:
        return None
    loaded = await load_with_bar(access, errors)
    note.write_text(DONE)
    say(f"opening figures: {loaded}")
    return loaded


async def _is_empty(access: Access) -> bool:
    async with connect(access.url, access.operator_key) as client:
        answer = await call(client, "GET", "/v1/registry/businesses", about="Register", params={"limit": "1"})
    return not answer.body["data"]
