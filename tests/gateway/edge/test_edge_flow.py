"""How answers flow through the edge, and what a caller sees when a service, or another caller, does not behave."""

import asyncio
import random
import secrets

import pytest

from gateway.upstream.call import Deadlines
from tests.gateway.gate import Gate, problem, request
from tests.gateway.wire import IN_TIME, Connection, RawCaller, answering, service

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
FILINGS = "/v1/registry/filings"
UPLOADS = "/v1/registry/uploads"
"""Of an operation whose bodies are too large to be held: they go on as they come."""
CALLERS = 200


async def plain(connection: Connection) -> None:
    await answering(connection, PLAIN)


async def test_a_service_that_refuses_connections_is_a_problem(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
    assert problem(await gate.ask(FILINGS)) == (503, "upstream_unreachable")


async def test_a_service_whose_socket_is_missing_is_a_problem(gate: Gate, tmp_path: object) -> None:
    gate.services["registry"] = f"unix:{tmp_path}/nothing"
    assert problem(await gate.ask(FILINGS)) == (503, "upstream_unreachable")


async def test_a_service_on_a_unix_socket_is_reached(gate: Gate, tmp_path: object) -> None:
    async with service(plain, unix=f"{tmp_path}/s") as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask(FILINGS)).status == 200


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 600_000,
    ],
    ids=["half a head", "nonsense", "two lengths", "negative", "upgrade", "endless head"],
)
async def test_a_service_that_does_not_speak_http_is_a_problem(gate: Gate, answer: bytes) -> None:
    async def broken(connection: Connection) -> None:
        await connection.head()
        await connection.say(answer)

    async with service(broken) as registry:
        gate.services["registry"] = registry.base
        assert problem(await gate.ask(FILINGS)) == (502, "upstream_broken")


async def test_a_service_that_does_not_answer_in_time_is_a_problem(gate: Gate) -> None:
    gate.hurry(Deadlines(head=0.1))
    async with service(Connection.until_left) as registry:
        gate.services["registry"] = registry.base
        assert problem(await gate.ask(FILINGS)) == (504, "upstream_head_timeout")
        await asyncio.wait_for(registry.connections[0].over.wait(), 10)


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (500, (502, "upstream_failed")),
        (501, (502, "upstream_failed")),
        (503, (503, "unavailable")),
        (504, (504, "upstream_timeout")),
    ],
)
async def test_an_unexplained_failure_of_a_service_is_not_shown(gate: Gate, status: int, seen: tuple[int, str]) -> None:
    answer = b"HTTP/1.1 %d X\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\nsecret" % status
    async with service(lambda connection: answering(connection, answer)) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask(FILINGS)
    assert problem(response) == seen
    assert b"secret" not in response.body


async def test_a_failure_that_a_service_explains_is_passed_on(gate: Gate) -> None:
    explained = b'{"code":"busy"}'
    answer = (
        b"HTTP/1.1 503 X\r\ncontent-type: application/problem+json\r\nretry-after: 2\r\ncontent-length: %d\r\n\r\n%b"
        % (len(explained), explained)
    )
    async with service(lambda connection: answering(connection, answer)) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask(FILINGS)
    assert (response.status, response.body, response.value("retry-after")) == (503, explained, "2")


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
    ids=["declared", "chunked"],
)
@pytest.mark.parametrize("end", ["FIN", "RST"])
async def test_an_answer_cut_by_its_service_is_cut_for_the_caller_too(gate: Gate, cut: bytes, end: str) -> None:
    async def cutting(connection: Connection) -> None:
        await connection.head()
        await connection.say(cut)
        await asyncio.sleep(0.02)
        if end == "RST":
            connection.reset()

    async with service(cutting) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask(FILINGS)
    assert response.status == 200
    assert not response.complete, "never a clean end"


async def test_an_answer_that_takes_too_long_is_cut(gate: Gate) -> None:
    async def endless(connection: Connection) -> None:
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            await connection.say(b"1\r\nx\r\n")
            await asyncio.sleep(0.02)

    gate.hurry(Deadlines(total=0.2))
    async with service(endless) as registry:
        gate.services["registry"] = registry.base
        assert not (await asyncio.wait_for(gate.ask(FILINGS), 10)).complete


async def _left(gate: Gate, script: str, say: bytes, how: str = "FIN") -> None:
    """A caller leaves, and its service sees it."""
    arrived = asyncio.Event()

    async def watching(connection: Connection) -> None:
        await connection.head()
        if script == "answering":
            await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
        arrived.set()
        await connection.until_left()

    async with service(watching) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.say(say)
        await arrived.wait()
        await asyncio.sleep(0.05)
        caller.leave() if how == "FIN" else caller.reset()
        await asyncio.wait_for(registry.connections[0].over.wait(), IN_TIME)


@pytest.mark.parametrize(("script", "how"), [("silent", "FIN"), ("silent", "RST"), ("answering", "RST")])
async def test_a_service_sees_soon_that_its_caller_left(gate: Gate, script: str, how: str) -> None:
    await _left(gate, script, request(FILINGS), how)


async def test_a_stream_sees_at_once_that_its_caller_left(gate: Gate) -> None:
    async def stream(connection: Connection) -> None:
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await connection.until_left()

    async with service(stream) as metrics, gate.caller() as caller:
        gate.services["metrics"] = metrics.base
        await caller.say(request("/v1/metrics/stream"))
        await caller.reader.readuntil(b"\r\n\r\n")
        caller.leave()
        await asyncio.wait_for(metrics.connections[0].over.wait(), IN_TIME)


async def test_a_service_sees_at_once_that_its_caller_left_in_an_upload(gate: Gate) -> None:
    whole = request(UPLOADS, "POST", body=b"x" * 50_000, Content_Type="text/csv")
    await _left(gate, "silent", whole[:-20_000])


async def test_a_service_sees_that_its_caller_left_after_an_upload(gate: Gate) -> None:
    await _left(gate, "silent", request(FILINGS, "POST", body=b"x" * 50_000))


async def test_a_caller_that_leaves_frees_the_connection_for_others(gate: Gate) -> None:
    async with service(Connection.until_left) as registry:
        gate.services["registry"] = registry.base
        for _ in range(70):  # more than there are slots
            async with gate.caller() as caller:
                await caller.say(request(FILINGS))
                await asyncio.sleep(0.005)
                caller.leave()
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask(FILINGS)).status == 200


async def test_an_early_answer_ends_an_upload(gate: Gate) -> None:
    refusal = b"HTTP/1.1 409 Conflict\r\ncontent-type: application/problem+json\r\ncontent-length: 2\r\n\r\n{}"

    async def impatient(connection: Connection) -> None:
        await connection.head()
        await connection.say(refusal)
        await connection.until_left()

    async with service(impatient) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        whole = request(UPLOADS, "POST", body=b"x" * 50_000, Content_Type="text/csv")
        await caller.say(whole[:-20_000])
        response = await caller.response()
        assert (response.status, response.value("connection")) == (409, "close")
        await asyncio.wait_for(registry.connections[0].over.wait(), 10)
        await caller.say(whole[-20_000:])
        assert await caller.reader.read() == b"", "closed, not reset"


async def test_an_upload_flows_while_it_comes(gate: Gate) -> None:
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def reading(connection: Connection) -> None:
        await connection.head()
        while True:
            arrived.put_nowait(await connection.reader.readexactly(5))

    async with service(reading) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.say(request(UPLOADS, "POST", body=b"first" + b"x" * 10, Content_Type="text/csv")[:-10])
        assert await asyncio.wait_for(arrived.get(), 10) == b"first"
        await caller.say(b"later")
        assert await asyncio.wait_for(arrived.get(), 10) == b"later"


async def test_an_answer_flows_while_it_comes(gate: Gate) -> None:
    heard = asyncio.Semaphore(1)

    async def events(connection: Connection) -> None:
        await connection.head()
        await connection.say(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        for _ in range(4):
            await heard.acquire()  # says nothing more before what it said has been heard
            await connection.say(b"9\r\ndata: x\n\n\r\n")

    async with service(events) as metrics, gate.caller() as caller:
        gate.services["metrics"] = metrics.base
        await caller.say(request("/v1/metrics/stream"))
        await caller.reader.readuntil(b"\r\n\r\n")
        for _ in range(4):
            await asyncio.wait_for(caller.reader.readuntil(b"data: x\n\n\r\n"), IN_TIME)
            heard.release()


async def test_a_caller_that_reads_slowly_slows_its_service_down(gate: Gate) -> None:
    sent = 0

    async def flood(connection: Connection) -> None:
        nonlocal sent
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (64 * 2**20))
        for _ in range(1024):
            await connection.say(b"x" * 65536)
            sent += 65536

    async with service(flood) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.say(request(FILINGS))
        await caller.reader.readexactly(1)
        await asyncio.sleep(0.3)
        assert sent < 24 * 2**20
        caller.leave()


async def _echo(connection: Connection) -> None:
    """Answers with the nonce of the request, now and then with a response too many, cut, or gone."""
    chance = random.Random(connection.number)
    while True:
        head, _ = await connection.request()
        nonce = head.split(b"/filings/")[1].split(b" ")[0]
        await asyncio.sleep(chance.random() * 0.003)
        answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(nonce), nonce)
        style = chance.randrange(10)
        await connection.say(answer + b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen" if style == 0 else answer)
        if style == 1:
            return


async def test_no_answer_crosses_between_two_keys_at_two_hundred_callers(gate: Gate) -> None:
    answered = 0

    async def asking(key: str, chance: random.Random) -> None:
        nonlocal answered
        async with gate.caller() as first:
            connection: RawCaller = first
            for _ in range(12):
                nonce = f"{key}-{secrets.token_hex(8)}"
                await connection.say(request(f"/v1/registry/filings/{nonce}", key=key))
                if chance.random() < 0.1:
                    await asyncio.sleep(chance.random() * 0.005)
                    connection.leave()
                    return
                response = await connection.response()
                assert (response.status, response.body) == (200, nonce.encode())
                answered += 1

    gate.hurry(Deadlines(slot=30, connect=30))  # most of them wait for a slot; how long is no matter here
    async with service(_echo) as registry:
        gate.services["registry"] = registry.base
        keys = ("partner", "officer")
        await asyncio.gather(*(asking(keys[n % 2], random.Random(n)) for n in range(CALLERS)))
    assert answered > CALLERS * 4
