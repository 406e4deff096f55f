"""Who calls: from the key in a request to the caller it stands for, on the path of every request."""

import asyncio
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.access.client import Client
from gateway.access.key import Key, KeyStatus
from gateway.access.key_text import id_in, sealed
from gateway.access.partner import AccessStatus, Partner
from gateway.headers import Headers, values
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import A

BELIEVED_FOR = 4.0
"""Seconds for which a worker believes what it read of a key: a revocation is effective everywhere within 5."""
REMEMBERED = 10_000
"""Keys that a worker remembers at most, and apart from them as many ids that name none: guesses crowd no key out."""
STRANGERS_AT_ONCE = 8
"""Look-ups at a time of ids that a worker knows nothing of: guesses do not hold up a key that is read again."""

_BEARER = re.compile(rb"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """A key as it was read, with the caller that it stands for where nothing but time can be in its way."""

    key: Key | None
    caller: Caller | None
    until: float


class Authenticate:
    """`await authenticate(headers)`: the caller, or None where the credentials are missing or not good.

    Refusals do not say why. What is not formed like a key never reaches the store; an id that names nothing costs
    the same reads and the same comparison as one that does, and is remembered as long. A key that is issued on another
    worker works at once all the same: its id is random, and nobody can have asked for it before.

    Args:
        store: the gateway's own.
        pepper: under which keys are sealed.
        now: the zone's clock, for the times of keys.
        monotonic: seconds, for how long something is believed.
    """

    def __init__(
        self,
        store: Store,
        pepper: bytes,
        *,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._pepper, self._now, self._monotonic = store, pepper, now, monotonic
        self._known: dict[str, _Known] = {}
        self._unknown: dict[str, _Known] = {}
        self._strangers = asyncio.Semaphore(STRANGERS_AT_ONCE)
        self._reading: dict[str, asyncio.Task[_Known]] = {}

    async def __call__(self, headers: Headers) -> Caller | None:
        """Raises Unavailable where the store is away and nothing recent is known of the key."""
        text = _presented(headers)
        key_id = id_in(text) if text else None
        if text is None or key_id is None:
            return None
        known = await self._look_up(key_id)
        seal = known.key.hmac if known.key else "0" * 64
        is_right = hmac.compare_digest(sealed(text, self._pepper), seal)
        if not is_right or known.key is None or known.key.status(self._now()) is not KeyStatus.ACTIVE:
            return None
        return known.caller

    async def _look_up(self, key_id: str) -> _Known:
        """What is known of a key, read at most once at a time however many requests come with it."""
        known = self._known.get(key_id) or self._unknown.get(key_id)
        if known is not None and self._monotonic() < known.until:
            return known
        reading = self._reading.get(key_id)
        if reading is None:
            reading = self._reading[key_id] = asyncio.create_task(self._renew(key_id))
            reading.add_done_callback(lambda _: self._reading.pop(key_id, None))
        return await asyncio.shield(reading)

    async def _renew(self, key_id: str) -> _Known:
        """Read a key, and remember what there is, or that there is nothing."""
        if key_id in self._known:
            known = await self._read(key_id)
        else:
            async with self._strangers:
                known = await self._read(key_id)
        self._known.pop(key_id, None)
        self._unknown.pop(key_id, None)
        place = self._unknown if known.key is None else self._known
        if len(place) >= REMEMBERED:
            del place[next(iter(place))]
        place[key_id] = known
        return known

    async def _read(self, key_id: str) -> _Known:
        until = self._monotonic() + BELIEVED_FOR  # counted from before the read: it shows no later state
        key = await self._one(Key, key_id)
        client = await self._one(Client, key.client_id if key else key_id)
        partner = await self._one(Partner, client.partner_id if client else key_id)
        return _Known(key, _caller(key, client, partner), until)

    async def _one(self, cls: type[A], id: str) -> A | None:
        found = await self._store.read(cls.collection, [id])
        return cls.from_document(found[0]) if found else None


def _presented(headers: Headers) -> bytes | None:
    """The bearer token of a request (RFC 6750 §2.1), if there is exactly one."""
    sent = values(headers, b"authorization")
    match = _BEARER.fullmatch(sent[0]) if len(sent) == 1 else None
    return match[1] if match else None


def _caller(key: Key | None, client: Client | None, partner: Partner | None) -> Caller | None:
    if key is None or client is None or partner is None:
        return None
    if client.status is not AccessStatus.ACTIVE or partner.status is not AccessStatus.ACTIVE:
        return None
    if not partner.may_have(client.kind):
        return None  # admitted before officials were the office's alone
    return Caller(partner.id, client.id, key.id, client.kind, key.scopes_of(client))
