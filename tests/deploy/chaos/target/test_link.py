"""The wire between a process and a server, whole and broken."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.chaos.target.link import Link
from deploy.machine.ports import HOST


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    """To a server that says everything again."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, HOST, 0)
    link = Link(lambda: int(server.sockets[0].getsockname()[1]))
    await link.open()
    yield link
    await link.close()
    server.close()


async def said_again(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: bytes) -> bytes:
    writer.write(words)
    return await reader.read(1000)


async def last_words(reader: asyncio.StreamReader) -> bytes:
    """What comes before the end, which may be a reset."""
    try:
        async with asyncio.timeout(5):
            return await reader.read(1000)
    except ConnectionError:
        return b""


async def test_what_is_said_comes_through_both_ways(link: Link) -> None:
    assert await said_again(*await asyncio.open_connection(HOST, link.port), b"hello") == b"hello"


async def test_a_cut_link_resets_the_connections_that_there_are(link: Link) -> None:
    reader, writer = await asyncio.open_connection(HOST, link.port)
    await said_again(reader, writer, b"hello")
    link.cut()
    assert await last_words(reader) == b""


async def test_a_cut_link_ends_each_new_connection_until_it_is_healed(link: Link) -> None:
    link.cut()
    reader, _ = await asyncio.open_connection(HOST, link.port)
    assert await last_words(reader) == b""
    link.heal()
    assert await said_again(*await asyncio.open_connection(HOST, link.port), b"hello") == b"hello"


async def test_a_black_hole_holds_everything_back_and_lets_it_go_once_it_is_healed(link: Link) -> None:
    reader, writer = await asyncio.open_connection(HOST, link.port)
    await said_again(reader, writer, b"hello")
    link.silence()
    writer.write(b"are you there")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.read(1000)
    link.heal()
    assert await reader.read(1000) == b"are you there"


async def test_a_slow_link_lets_every_piece_wait(link: Link) -> None:
    connection = await asyncio.open_connection(HOST, link.port)
    link.slow_down(0.1)
    began = asyncio.get_running_loop().time()
    await said_again(*connection, b"hello")
    assert asyncio.get_running_loop().time() - began >= 0.2
