"""The first start: the zone's own office, its operator, and the one key that nobody had to ask for."""

import asyncio
import os
import secrets
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.access.standing import AccessStatus
from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx

CLAIM = "bootstrap|operator-key"
"""Held for ever once somebody has been shown the operator's key; until then by whoever is about to show it."""
TURN = timedelta(seconds=10)
"""What one worker has for it; one that died in the middle is followed by the next."""
PAUSE = 0.2
OFFICE = "示例云经济开发区管理办公室 (the zone's own office)"
OWNER_ONLY = 0o600

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
            _show(text, key_file)
            await _end_turn(store, holder, now)
            log.info("office_opened", key_file=str(key_file) if key_file else None)
        except (LostRace, Unavailable):
            await asyncio.sleep(PAUSE)


async def _have_turn(store: Store, holder: str, pepper: bytes, now: Callable[[], datetime]) -> str:
    """The operator's key, committed. Raises LostRace while somebody else has the turn."""
    tx = Tx(store, now=now())
    tx.claim(CLAIM, holder, until=tx.now + TURN)
    text = await _new_operator_key(tx, pepper)
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


async def _new_operator_key(tx: Tx, pepper: bytes) -> str:
    """A key of the operator, who is made with it or was left by a start that did not come to its end."""
    offices = await tx.select(Partner, {"office": True}, limit=1)
    office = offices[0] if offices else tx.save(Partner.admit(legal_name=OFFICE, plan="standard", office=True))
    active = {"partner_id": office.id, "kind": "operator", "status": AccessStatus.ACTIVE.value}
    operators = await tx.select(Client, active, limit=1)
    operator = operators[0] if operators else tx.save(Client.admit(office, kind="operator", scopes=None))
    for unseen in await tx.select(Key, {"client_id": operator.id, "revoked_at": None}, limit=100):
        unseen.revoke(at=tx.now, by=tx.caller.key_id)
        tx.save(unseen)
    key, text = Key.issue(operator, pepper=pepper, at=tx.now)
    tx.save(key)
    return text


def _show(text: str, key_file: Path | None) -> None:
    if key_file is None:
        print(f"The operator's key of this zone, shown this once:\n{text}", file=sys.stderr, flush=True)
        return
    draft = key_file.with_name(f"{key_file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as output:
        output.write(f"{text}\n")
        output.flush()
        os.fsync(output.fileno())
    draft.replace(key_file)
