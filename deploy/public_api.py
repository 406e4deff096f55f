"""The zone's public API as the command line calls it: where it is, and one call, repeated while it is busy."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import stamina

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ZoneFolder
from services.chassis.http import client as http_client
from services.chassis.http.client import Client, Response, TransportError

stamina.instrumentation.set_on_retry_hooks(())  # a line for each try again would go between what a command says

DEADLINE: Final = 15.0
"""Seconds that one try may take."""
PATIENCE: Final = 60.0
LONGEST_WAIT: Final = 10.0
"""Seconds to wait at most, whatever `Retry-After` says."""

NOT_NOW: Final = frozenset({429, 502, 503, 504})
UNAUTHENTICATED: Final = 401
A_KEY: Final = re.compile(r"[!-~]+")
"""What can be sent as one (RFC 9110 §11.4), whatever it opens."""
ANOTHER_KEY: Final = "If the operator's key was lost or its secrets are new, ./zone operator-key --new makes another."


class Access(NamedTuple):
    """Where a running zone is reached, and the key of its operator."""

    url: str
    operator_key: str


def access_to(folder: ZoneFolder) -> Access:
    """Access to the zone that runs in this folder.

    Raises:
        Complaint: none runs, it is still starting, or the operator's key cannot be read.
    """
    note = folder.running()
    if note is None:
        raise Complaint("No zone is running here. Start one with ./zone up.")
    key = key_in(folder.operator_key)
    if not key:
        raise Complaint(f"There is no operator key in {folder.operator_key}: ./zone operator-key --new makes one.")
    return Access(note.url, key)


def key_in(file: Path) -> str:
    """What a file of a key holds; empty where it is not there, or was left empty, as by a full disk.

    Raises:
        Complaint: it cannot be read.
    """
    try:
        return file.read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Complaint(f"The key {file} cannot be read: {error.strerror}.") from error


def connect(url: str, key: str) -> Client:
    """A client of the public API that calls with a key. Raises Complaint where that can be none."""
    if not A_KEY.fullmatch(key):
        raise Complaint(f"What was given as a key of the zone at {url} is none: a key is one word in ASCII.")
    return http_client.client(url, timeout=DEADLINE, headers={"Authorization": f"Bearer {key}"})


class UnexpectedAnswer(Complaint):
    """The zone said what nobody can go on from; the sentence names the business, the route and the answer.

    Attributes:
        status: the answer's; None where there was none.
        codes: of the problem that it answered, and of its errors; none where it was something else.
    """

    def __init__(self, sentence: str, *, status: int | None = None, codes: Collection[str] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.codes = frozenset(codes)


class Answer(NamedTuple):
    """A 2xx answer: its JSON body (empty for 204), the same as it came, and whether an earlier call made it."""

    body: dict[str, Any]
    text: str
    replayed: bool


class _NotNow(Exception):
    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


async def call(
    client: Client,
    method: str,
    path: str,
    *,
    about: str,
    json: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None,
    idempotency_key: str | None = None,
    patience: float = PATIENCE,
    not_yet: str = "",
) -> Answer:
    """Call a route until it gives an answer.

    Args:
        about: what the call is for, such as the name of a business; begins the sentence of an error.
        idempotency_key: for what must take effect once, however often it is tried.
        patience: seconds after which it is not tried again.
        not_yet: the code of a refusal that is gone once another service has heard of something; it is tried again.

    Raises:
        UnexpectedAnswer: any status but 2xx, a body that is not JSON, or no answer within `patience`.
    """
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    try:
        async for attempt in stamina.retry_context(on=_again, attempts=None, timeout=patience):
            with attempt:
                async with asyncio.timeout(DEADLINE):
                    answer = await client.request(method, path, json=json, params=params, headers=headers)
                if answer.status_code in NOT_NOW or (not_yet and not_yet in _codes(answer)):
                    raise _NotNow(answer)
    except _NotNow as busy:
        answer = busy.answer
    except (TransportError, TimeoutError) as error:
        raise UnexpectedAnswer(
            f"{about}: {method} {path} got no answer at {client.base_url} for {patience:.0f} s "
            f"({type(error).__name__}). See ./zone status, then try again."
        ) from error
    if not answer.is_success:
        sentence = f"{about}: {method} {path} answered {answer.status_code} {said(answer)}"
        if answer.status_code == UNAUTHENTICATED:
            sentence += f" {ANOTHER_KEY}"
        raise UnexpectedAnswer(sentence, status=answer.status_code, codes=_codes(answer))
    try:
        body = answer.json() if answer.content else {}
    except ValueError as error:
        raise UnexpectedAnswer(f"{about}: {method} {path} answered {answer.status_code} without JSON.") from error
    return Answer(body, answer.text, replayed="Idempotent-Replayed" in answer.headers)


async def pages(client: Client, path: str, *, about: str, **params: str) -> AsyncIterator[dict[str, Any]]:
    """All that a list has, page by page."""
    while True:
        page = (await call(client, "GET", path, about=about, params=params)).body
        for item in page["data"]:
            yield item
        if page["next_cursor"] is None:
            return
        params["cursor"] = page["next_cursor"]


async def the_office(operator: Client, *, about: str) -> dict[str, Any]:
    """The zone's own office, to which officials belong.

    Raises:
        UnexpectedAnswer: see `call`; a zone has an office from its first start on.
    """
    office: dict[str, Any]
    (office,) = (await call(operator, "GET", "/v1/partners", about=about, params={"office": "true"})).body["data"]
    return office


def _again(error: Exception) -> bool | float:
    if isinstance(error, _NotNow):
        seconds = error.answer.headers.get("Retry-After", "")
        return min(float(seconds), LONGEST_WAIT) if seconds.isdecimal() else True
    return isinstance(error, TransportError | TimeoutError)


def _codes(answer: Response) -> set[str]:
    """The code of a problem, and those of its errors; nothing of any other answer."""
    if answer.is_success:
        return set()
    try:
        problem = answer.json()
        return {problem["code"], *(each["code"] for each in problem.get("errors", ()))}
    except (ValueError, KeyError, AttributeError, TypeError):
        return set()


def said(answer: Response) -> str:
    """The code, the sentence and every single error of a problem (RFC 9457), or the beginning of another body."""
    try:
        problem = answer.json()
        errors = [
            f"{error.get('pointer') or error.get('parameter') or error.get('header') or 'all of it'}: "
            f"{error['code']}, {error['detail']}"
            for error in problem.get("errors", [])
        ]
        return "; ".join([f"{problem['code']}: {problem['detail']}", *errors])
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"(no problem body): {answer.text[:200]}"
