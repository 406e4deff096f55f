"""The journal of a run, and who writes into it: callers whose every write goes on until it is answered."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.public_api import NOT_NOW, Answer, UnexpectedAnswer, call, connect, the_office
from services.chassis.http.client import Client

PATIENCE = 300.0
"""Seconds; on a busy machine a process that faults queue for starts again and again."""
ONCE = 0.01
"""Seconds of patience that are over after one try."""
AGAIN_AFTER = (0.1, 0.4)
"""Seconds; sooner than a caller should, so that faults find writes under way."""
NOT_HEARD_YET = "business_unknown_yet"
"""The refusal of what another service has not told yet; it is no end."""

By = Literal["partner", "officer"]
"""Who writes."""


@dataclass(frozen=True)
class Acknowledged:
    """A write that was answered with 2xx, so that it must never be lost."""

    path: str
    key: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any]
    by: By = "partner"


@dataclass
class Journal:
    """The history of acknowledged writes: what the writers were told.

    Attributes:
        declined: writes that a rule refused, as it may, such as a booking of what is taken.
        refused: writes refused as too large; they are sent again.
        unknown: writes of which it was not known whether they took effect; the same key is sent until it says so.
        unanswered: writes without any answer; they may have taken effect or not.
        complaints: answers that no fault explains.
    """

    acknowledged: list[Acknowledged] = field(default_factory=list)
    businesses: list[str] = field(default_factory=list)
    reported: dict[str, list[int]] = field(default_factory=dict)
    declined: int = 0
    refused: int = 0
    unknown: int = 0
    unanswered: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Callers:
    """A partner and an officer.

    Args:
        url: of the gateway.
        journal: where every answer goes.
        dice: how long they wait until they try again.
    """

    def __init__(self, url: str, journal: Journal, dice: random.Random) -> None:
        self.journal = journal
        self._url, self._dice = url, dice
        self._clients: dict[By, Client] = {}

    @contextlib.asynccontextmanager
    async def admitted(self, operator_key: str) -> AsyncIterator[None]:
        """With keys."""
        async with contextlib.AsyncExitStack() as opened:
            operator = await opened.enter_async_context(connect(self._url, operator_key))
            name = {"legal_name": "示例伙伴 (synthetic)"}
            partner = (await call(operator, "POST", "/v1/partners", about="chaos", json=name)).body["id"]
            office = (await the_office(operator, about="chaos"))["id"]
            kinds: dict[By, str] = {"partner": partner, "officer": office}
            for kind, owner in kinds.items():
                path = f"/v1/partners/{owner}/clients"
                client = (await call(operator, "POST", path, about="chaos", json={"kind": kind})).body["id"]
                made = await call(operator, "POST", f"/v1/clients/{client}/keys", about="chaos", json={})
                self._clients[kind] = await opened.enter_async_context(connect(self._url, made.body["key"]))
            yield

    @property
    def officer(self) -> Client:
        """Who sees everything."""
        return self._clients["officer"]

    async def post(
        self, by: By, path: str, key: str, body: Mapping[str, Any], *, declined: Collection[str] = ()
    ) -> dict[str, Any] | None:
        """One write, until it is answered.

        Args:
            declined: codes of the rules that may refuse it. Returns None where one does.

        Raises:
            UnexpectedAnswer: once it stands in the journal.
        """
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await call(
                    self._clients[by], "POST", path, about="chaos", json=body, idempotency_key=key, patience=ONCE
                )
            except UnexpectedAnswer as error:
                if not error.codes.isdisjoint(declined):
                    self.journal.declined += 1
                    return None
                if self._is_the_end(str(error), out_of_patience=time.monotonic() > give_up):
                    raise
                await asyncio.sleep(self._dice.uniform(*AGAIN_AFTER))
            else:
                self.journal.acknowledged.append(Acknowledged(path, key, body, answer.body, by))
                return answer.body

    async def repeat(self, write: Acknowledged) -> Answer:
        """Repeat a write that was acknowledged, under its key."""
        client = self._clients[write.by]
        return await call(client, "POST", write.path, about="chaos", json=write.body, idempotency_key=write.key)

    def _is_the_end(self, said: str, *, out_of_patience: bool) -> bool:
        """Note what was said in place of an answer; whether nothing better is to be hoped for."""
        self.journal.unknown += "answered 503 outcome_unknown" in said
        if "answered 413 event_too_large" in said:
            self.journal.refused += 1
            return False
        is_away = "got no answer" in said or any(f" answered {code} " in said for code in NOT_NOW)
        if not is_away and f" {NOT_HEARD_YET}: " not in said:
            self.journal.complaints.append(said)
            return True
        if out_of_patience:
            self.journal.unanswered.append(said)
        return out_of_patience
