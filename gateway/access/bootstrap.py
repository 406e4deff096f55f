"""The first start: the zone's own office, its operator, and the one key that nobody had to ask for."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from gateway.access import operator_key
from gateway.access.operator_key import PAUSE, TURN, new_operator_key
from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx

CLAIM = "bootstrap|operator-key"
"""Held for ever once somebody has been shown the operator's key; until then by whoever is about to show it."""

log = structlog.get_logger("zone.bootstrap")


async def open_office(
    store: Store, *, pepper: bytes, key_file: Path | None, now: Callable[[], datetime] = utc_now
) -> None:
    """Make the office, an operator client and its key, and show the key, unless that has been done.

    Of several workers one does it and the others wait, as all do while the store is away. The key is committed, then
    shown, and only then is the claim made permanent: where a process dies in between, the next one revokes the key that
    nobody saw and shows another.

    Args:
        key_file: where the key is left, readable by its owner alone; None prints it to standard error.

    Raises:
        OSError: the file cannot be written. The next start tries again.
    """
    holder = secrets.token_hex(8)
    while True:
        try:
            if await _is_done(store):
                return
            text = await _have_turn(store, holder, pepper, now)
            operator_key.show(text, key_file)
            await _end_turn(store, holder, now)
            log.info("office_opened", key_file=str(key_file) if key_file else None)
        except (LostRace, Unavailable):
            await asyncio.sleep(PAUSE)


async def _have_turn(store: Store, holder: str, pepper: bytes, now: Callable[[], datetime]) -> str:
    """The operator's key, committed. Raises LostRace while somebody else has the turn."""
    tx = Tx(store, now=now())
    tx.claim(CLAIM, holder, until=tx.now + TURN)
    _, text = await new_operator_key(tx, pepper)
    await tx.commit()
    return text


async def _end_turn(store: Store, holder: str, now: Callable[[], datetime]) -> None:
    """Say for good that the key has been shown. Raises LostRace where the turn was over and somebody else has it."""
    tx = Tx(store, now=now())
    tx.claim(CLAIM, holder)
    await tx.commit()


async def _is_done(store: Store) -> bool:
    found = await store.read("claims", [CLAIM])
    return bool(found) and found[0]["until"] is None
