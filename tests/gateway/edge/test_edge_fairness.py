"""How one caller, slow or greedy, is kept from shutting a service for all others: over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from gateway.edge.body_room import BodyRoom
from gateway.limits import OWN_AT_ONCE
from gateway.upstream.call import Deadlines
from tests.gateway.gate import Gate, problem, request
from tests.gateway.wire import IN_TIME, Connection, RawCaller, Response, answering, service

FILINGS = "/v1/registry/filings"
PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
SLOTS = 60
"""Of the gate's upstream client; a quarter of them is one client's."""


async def plain(connection: Connection) -> None:
    await answering(connection, PLAIN)


@asynccontextmanager
async def many(gate: Gate, how_many: int, said: bytes) -> AsyncIterator[list[RawCaller]]:
    """So many connections, each of which has said the same."""
    async with AsyncExitStack() as stack:
        callers = [await stack.enter_async_context(gate.caller()) for _ in range(how_many)]
        for caller in callers:
            await caller.say(said)
        yield callers
        for caller in callers:
            caller.leave()


async def arrived(gate: Gate) -> None:
    """Wait until some of a body is held."""
    while not gate.room.held:
        await asyncio.sleep(0.01)


async def answered(callers: list[RawCaller], how_many: int) -> list[Response]:
    """The answers of those that were answered first, whichever they are."""
    asked = [asyncio.create_task(caller.response()) for caller in callers]
    answers = []
    for each in asyncio.as_completed(asked, timeout=IN_TIME):
        answers.append(await each)
        if len(answers) == how_many:
            break
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    return answers


async def test_bodies_that_come_slowly_hold_no_slot(gate: Gate) -> None:
    half = request(FILINGS, "POST", body=b"x" * 1000)[:-500]
    async with service(plain) as registry, many(gate, SLOTS + 1, half) as slow:
        gate.services["registry"] = registry.base
        assert (await gate.ask(FILINGS, key="officer")).status == 200
        assert len(registry.heads) == 1, "a service hears of a request when it is whole"
        assert (await slow[0].ask(b"x" * 500)).status == 200


async def test_a_body_in_pieces_reaches_its_service_whole(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        whole = request(FILINGS, "POST", body=b"x" * 1000)
        await caller.say(whole[:-500])
        await asyncio.sleep(0.02)
        assert (await caller.ask(whole[-500:])).status == 200
    assert b"content-length: 1000" in registry.heads[0]


async def test_one_client_waits_for_its_own_share_of_a_service_and_is_then_told_so(gate: Gate) -> None:
    gate.hurry(Deadlines(slot=0.1))
    async with service(Connection.until_left) as registry:
        gate.services["registry"] = registry.base
        async with many(gate, SLOTS, request(FILINGS)) as greedy:
            for refused in await answered(greedy, SLOTS - SLOTS // 4):
                assert problem(refused) == (429, "too_many_in_flight")
                assert refused.value("retry-after") == "1"
                assert json.loads(refused.body)["violated-policies"] == ["in-flight"]
            assert len(registry.connections) == SLOTS // 4


async def test_a_greedy_client_leaves_the_service_to_others(gate: Gate) -> None:
    async def stuck_for_partners(connection: Connection) -> None:
        head = await connection.head()
        if b"/mine" in head:
            await connection.until_left()
        await connection.say(PLAIN)

    mine = request("/v1/registry/filings/mine")
    async with service(stuck_for_partners) as registry:
        gate.services["registry"] = registry.base
        async with many(gate, 2 * SLOTS, mine):
            await asyncio.sleep(0.05)
            assert (await gate.ask(FILINGS, key="officer")).status == 200


async def test_whoever_does_not_say_who_they_are_shares_one_bound(gate: Gate) -> None:
    gate.hurry(Deadlines(slot=0.1))
    anonymous = request("/v1/registry/certificates/1", key=None)
    async with service(Connection.until_left) as registry:
        gate.services["registry"] = registry.base
        async with many(gate, SLOTS, anonymous) as callers:
            refused = await answered(callers, SLOTS - SLOTS // 4)
            assert {problem(each) for each in refused} == {(429, "too_many_in_flight")}
            assert len(registry.connections) == SLOTS // 4


async def test_one_client_has_a_share_of_the_own_routes_too(gate: Gate) -> None:
    gate.hurry(Deadlines(slot=0.1))
    slow = request("/v1/partners/slow")
    async with many(gate, OWN_AT_ONCE, slow) as greedy, gate.caller() as another:
        while len(gate.own.scopes) < OWN_AT_ONCE:
            await asyncio.sleep(0.01)
        assert problem(await another.ask(slow)) == (429, "too_many_in_flight")
        assert (await gate.ask("/v1/partners", key="officer")).status == 200
        gate.own.let.set()
        assert {(await caller.response()).status for caller in greedy} == {200}


async def test_readers_that_do_not_read_hold_no_more_than_their_share(gate: Gate) -> None:
    async def flood(connection: Connection) -> None:
        head = await connection.head()
        if b"/mine" not in head:
            await connection.say(PLAIN)
            return
        await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (64 * 2**20))
        await connection.say(b"x" * (64 * 2**20))

    async with service(flood) as registry:
        gate.services["registry"] = registry.base
        async with many(gate, SLOTS, request("/v1/registry/filings/mine")):
            await asyncio.sleep(0.1)
            assert (await gate.ask(FILINGS, key="officer")).status == 200


async def test_streams_and_large_uploads_have_bounds_of_their_own(gate: Gate) -> None:
    gate.hurry(Deadlines(slot=0.1))
    large = request("/v1/registry/uploads", "POST", body=b"x" * 200_000, Content_Type="text/csv")[:-100_000]
    async with service(Connection.until_left) as stuck, service(plain) as well:
        gate.services |= {"registry": stuck.base, "metrics": stuck.base}
        async with many(gate, 4, large) as uploads, many(gate, 3, request("/v1/metrics/stream")) as streams:
            for callers in (uploads, streams):
                assert [problem(each) for each in await answered(callers, 1)] == [(429, "too_many_in_flight")]
            gate.services["registry"] = well.base
            assert (await gate.ask(FILINGS)).status == 200
        assert len(stuck.connections) == SLOTS // 20 + 2


async def test_a_client_whose_unfinished_bodies_fill_its_share_of_memory_is_told_so(gate: Gate) -> None:
    gate.hold(BodyRoom(at_most=10_000, a_client=1_500))
    half = request(FILINGS, "POST", body=b"x" * 2_000)[:-1_000]
    async with service(plain) as registry, many(gate, 1, half), gate.caller() as second:
        gate.services["registry"] = registry.base
        await arrived(gate)
        refused = await second.ask(half)
        assert problem(refused) == (429, "too_many_in_flight")
        assert refused.value("retry-after") == "1"
        assert (await gate.ask("/v1/partners/par_1/notes", "POST", key="officer", body=b"{}")).status == 200


@pytest.mark.parametrize("path", [FILINGS, "/v1/partners/par_1/notes"], ids=["a service", "an own route"])
async def test_bodies_that_do_not_fit_into_memory_any_more_are_refused_for_now(gate: Gate, path: str) -> None:
    gate.hold(BodyRoom(at_most=1_500, a_client=1_500))
    officers = request("/v1/partners/par_1/notes", "POST", key="officer", body=b"x" * 2_000)[:-1_000]
    async with service(plain) as registry, many(gate, 1, officers), gate.caller() as second:
        gate.services["registry"] = registry.base
        await arrived(gate)
        refused = await second.ask(request(path, "POST", body=b"x" * 2_000)[:-1_000])
        assert problem(refused) == (503, "unavailable")
        assert refused.value("retry-after") == "1"


async def test_the_memory_of_a_body_is_free_when_its_request_is_over(gate: Gate) -> None:
    gate.hold(BodyRoom(at_most=1_500, a_client=1_500))
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        for _ in range(3):
            assert (await gate.ask(FILINGS, "POST", body=b"x" * 1_000)).status == 200
        async with gate.caller() as leaving:
            await leaving.say(request(FILINGS, "POST", body=b"x" * 1_400)[:-100])
            await arrived(gate)
            leaving.leave()
        while gate.room.held:
            await asyncio.sleep(0.01)
        assert (await gate.ask(FILINGS, "POST", body=b"x" * 1_400)).status == 200
