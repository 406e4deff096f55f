"""The operator's key as the zone itself makes it, without a caller: at the first start, and anew where it was lost."""

import asyncio
import os
import secrets
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import AccessStatus, Partner
from services.chassis.domain.errors import LostRace
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx
from services.contracts.gateway.access import OperatorKeyReason, OperatorKeyRenewed

OFFICE: Final = "示例云经济开发区管理办公室 (the zone's own office)"
OWNER_ONLY: Final = 0o600
RENEWAL: Final = "renewal|operator-key"
"""Claimed by whoever makes it anew until the key has been shown, so that the last one shown is the one that is good."""
TURN: Final = timedelta(seconds=10)
PAUSE: Final = 0.2
AT_MOST: Final = 1_000
"""Keys of an operator that are revoked with the lost one."""


async def new_operator_key(tx: Tx, pepper: bytes) -> tuple[Key, str]:
    """A key of the operator and its text; both office and operator are made where there are none.

    All other keys of that operator are revoked: one that nobody has seen, or that anybody may have found. An operator
    whose scopes were named does not count, and another is made where there is no other: one that only watches the zone
    could not mend it.
    """
    offices = await tx.select(Partner, {"office": True}, limit=1)
    office = offices[0] if offices else tx.save(Partner.admit(legal_name=OFFICE, plan="standard", office=True))
    unbounded = {"partner_id": office.id, "kind": "operator", "status": AccessStatus.ACTIVE.value, "given": None}
    operators = await tx.select(Client, unbounded, limit=1)
    operator = operators[0] if operators else tx.save(Client.admit(office, kind="operator", scopes=None))
    for other in await tx.select(Key, {"client_id": operator.id, "revoked_at": None}, limit=AT_MOST):
        other.revoke(at=tx.now, by=tx.caller.key_id)
        tx.save(other)
    key, text = Key.issue(operator, pepper=pepper, at=tx.now)
    return tx.save(key), text


async def renew(
    store: Store,
    *,
    pepper: bytes,
    key_file: Path | None,
    reason: OperatorKeyReason,
    now: Callable[[], datetime] = utc_now,
) -> Key:
    """Make the operator's key anew and show it; `OperatorKeyRenewed` says so, besides `KeyIssued` and `KeyRevoked`.

    Of several at once one follows the other. Where one dies before the key could be seen, doing it again is the cure.

    Args:
        key_file: as `show`.
        reason: why; nobody is known who asked, as no key was shown for it.

    Raises:
        Unavailable: the store is away.
        OSError: the file cannot be written.
    """
    holder = secrets.token_hex(8)
    while True:
        tx = Tx(store, now=now())
        tx.claim(RENEWAL, holder, until=tx.now + TURN)
        key, text = await new_operator_key(tx, pepper)
        key.record(OperatorKeyRenewed(client_id=key.client_id, key_id=key.id, reason=reason))
        try:
            await tx.commit()
            break
        except LostRace:
            await asyncio.sleep(PAUSE)
    show(text, key_file)
    tx = Tx(store, now=now())
    tx.release(RENEWAL, holder)
    await tx.commit()
    return key


def show(text: str, key_file: Path | None) -> None:
    """Leave a key in a file that its owner alone may read; None prints it to standard error. Raises OSError."""
    if key_file is None:
        print(f"The operator's key of this zone, shown this once:\n{text}", file=sys.stderr, flush=True)
        return
    draft = key_file.with_name(f"{key_file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as output:
        output.write(f"{text}\n")
        output.flush()
        os.fsync(output.fileno())
    draft.replace(key_file)
