"""Fixtures of the gateway's tests."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop

from gateway.connection.guard import Guard
from gateway.upstream.call import Answer, Call, Deadlines, Upstream
from gateway.upstream.exchange import Begun
from gateway.upstream.httpunk_client import HttpunkUpstream
from gateway.upstream.line import dial
from gateway.upstream.timer import CallTimer
from services.chassis.domain.errors import ZoneError
from tests.gateway.gate import Gate
from tests.gateway.wire import served


class OnWarmConnections(HttpunkUpstream):
    """Has a connection before the first call, as every later one has: where that can be, calls go the short way."""

    async def at_once(self, call: Call, deadlines: Deadlines) -> Answer | Begun | None:
        place = self._place(call)
        if place.is_free(call.client):
            await place.pool.slots.take()
            timer = CallTimer(Deadlines(connect=0.05))
            try:
                async with timer.scope:
                    place.pool.push(place.pool.pop() or await dial(call.base, timer))
            except (ZoneError, TimeoutError):
                pass  # the call itself will say so
            finally:
                place.pool.slots.give()
        return await super().at_once(call, deadlines)


IMPLEMENTATIONS: list[Callable[..., Upstream]] = [HttpunkUpstream, OnWarmConnections]
"""Every implementation of the upstream client holds the same contract."""

cold = pytest.mark.parametrize("make_upstream", [HttpunkUpstream], ids=["HttpunkUpstream"], indirect=True)
"""For a test that counts connections from the first one made, or sees that a fresh one is not taken for stale."""

MakeUpstream = Callable[..., Upstream]


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The gateway is served on uvloop, whose transports end in ways of their own; so it is tested there."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda make: make.__name__)
async def make_upstream(request: pytest.FixtureRequest) -> AsyncIterator[MakeUpstream]:
    """Makes upstream clients, and after the test sees that each of them leaves nothing behind."""
    made: list[Upstream] = []

    def make(limit: int = 10, idle_for: float = 4.0) -> Upstream:
        made.append(request.param(limit=limit, idle_for=idle_for))
        return made[-1]

    before = asyncio.all_tasks()
    yield make
    for upstream in made:
        await upstream.close(within=1)
    await asyncio.sleep(0.05)
    ours = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not ours, "the upstream client left tasks behind"


@pytest.fixture
def upstream(make_upstream: MakeUpstream) -> Upstream:
    return make_upstream()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """The whole edge behind a real uvicorn and its guard, without any service yet."""
    gate = Gate()
    async with served(gate, Guard) as port:
        gate.port = port
        yield gate
        await gate.upstream.close(within=0.5)
