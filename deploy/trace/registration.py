"""One registration of a cloud business in a running zone, seen: from the partner's request to the KPI."""

import secrets
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Any, Final

from deploy.korla.businesses import HOSTS, businesses
from deploy.korla.clients import registry_staff
from deploy.korla.codes import make_uscc
from deploy.korla.entry import Entry
from deploy.korla.load import settled
from deploy.korla.plants import PLANTS
from deploy.korla.registrar import Registrar, registered
from deploy.public_api import Access, UnexpectedAnswer, call, connect
from deploy.trace.collector import Span
from services.chassis.http.client import Client

PARTNER: Final = "partner"
DECLARATION: Final = {"declaration": {"accepted": True, "name": "示例录入员"}}
REGISTRATIONS: Final = "/v1/registry/registrations"
KPI: Final = "/v1/metrics/kpis/businesses_active/value"


class Caller:
    """A partner's system that traces what it does, as OpenTelemetry would in it; all of it is one trace."""

    def __init__(self, client: Client) -> None:
        self.trace_id = secrets.token_hex(16)
        self.spans: list[Span] = []
        self._client = client

    async def call(self, method: str, path: str, what: str, **options: Any) -> dict[str, Any]:
        """A request under a span of the caller's own. Raises UnexpectedAnswer for anything but 2xx."""
        span_id = secrets.token_hex(8)
        headers = {"traceparent": f"00-{self.trace_id}-{span_id}-01"}
        start = time.time_ns()
        answer = await self._client.request(method, path, headers=headers, **options)
        self.spans.append(Span(PARTNER, what, self.trace_id, span_id, "", frozenset(), start, time.time_ns()))
        if not answer.is_success:
            raise UnexpectedAnswer(f"{what}: {method} {path} answered {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found


def new_like(entry: Entry) -> Entry:
    """A business hosted by the first one, whose name and code nobody has: each run of a picture makes another."""
    digits = f"{secrets.randbelow(10**7):07d}"
    name = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in digits)
    payload = entry.payload | {
        "name": {"legal": f"示例{name * 2}有限公司", "language": "zh"},
        "identifiers": [{"scheme": "CN-USCC", "id": make_uscc("1", f"T{digits}")}],
    }
    return replace(entry, payload=payload, host=0)


async def one_registration(access: Access) -> Caller:
    """Submit a registration that completes by itself, and read the KPI as soon as it knows of it.

    The business is hosted by one that is registered before, so that connections and caches are as in a zone at work.

    Raises:
        UnexpectedAnswer: the zone refused something.
    """
    connected = partial(connect, access.url)
    everyone = businesses()
    host, hosted = everyone[len(PLANTS)], new_like(everyone[len(PLANTS) + len(HOSTS)])
    async with AsyncExitStack() as opened:
        operator = await opened.enter_async_context(connected(access.operator_key))
        staff = await opened.enter_async_context(registry_staff(operator, connected))
        partner, registrar = staff.partner, Registrar(staff, {}, lambda done, total, name: None, 2)
        if there := await registered(partner, host):
            registrar.there[0] = there
        else:
            await registrar.bring_in((0, host))
        await settled(operator, registrar.there[0])
        payload = hosted.hosted_by(registrar.there[0]["id"])
        draft = {"payload": payload}
        filing = (await call(partner, "POST", REGISTRATIONS, about=hosted.name, json=draft)).body

        caller = Caller(partner)
        path = f"/v1/registry/filings/{filing['id']}/submit"
        await caller.call("POST", path, "submits a registration", json=DECLARATION)
        business = await registered(partner, hosted)
        if business is None:
            raise UnexpectedAnswer(f"{hosted.name} was submitted and is not registered.")
        await settled(operator, business)
        await caller.call("GET", KPI, "reads the KPI", params={"kind": "cloud"})
    return caller
