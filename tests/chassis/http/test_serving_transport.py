"""The transport that writes together what one turn of the event loop wrote."""

import asyncio
from typing import Any, cast

import pytest

from services.chassis.http.serving import HELD_AT_MOST, Together


class Inner:
    """A transport that keeps what is done to it."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def write_eof(self) -> None:
        self.done.append("eof")

    def close(self) -> None:
        self.closing = True
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return 1

    def pause_reading(self) -> None:
        self.done.append("pause")

    def resume_reading(self) -> None:
        self.done.append("resume")

    def get_extra_info(self, name: str) -> str:
        return name


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.fixture
async def together(inner: Inner) -> Together:
    return Together(cast(asyncio.Transport, inner), asyncio.get_running_loop())


async def test_what_one_turn_of_the_loop_writes_is_written_once(inner: Inner, together: Together) -> None:
    together.write(b"head ")
    together.write(b"")
    together.write(b"body")
    assert inner.done == []
    assert together.get_write_buffer_size() == len(b"head body") + 1
    await asyncio.sleep(0)
    assert inner.done == [b"head body"]
    together.write(b"later")
    await asyncio.sleep(0)
    assert inner.done == [b"head body", b"later"]


async def test_much_does_not_wait(inner: Inner, together: Together) -> None:
    together.write(b"head")
    together.write(b"x" * HELD_AT_MOST)
    assert inner.done == [b"head" + b"x" * HELD_AT_MOST]
    await asyncio.sleep(0)
    assert len(inner.done) == 1


@pytest.mark.parametrize(("end", "done"), [("close", [b"x", "close"]), ("write_eof", [b"x", "eof"])])
async def test_what_is_held_leaves_before_an_end(inner: Inner, together: Together, end: str, done: list[Any]) -> None:
    together.write(b"x")
    getattr(together, end)()
    assert inner.done == done


async def test_what_is_held_does_not_leave_before_an_abort(inner: Inner, together: Together) -> None:
    together.write(b"x")
    together.abort()
    await asyncio.sleep(0)
    assert inner.done == ["abort"]


async def test_nothing_is_written_to_a_connection_that_is_gone(inner: Inner, together: Together) -> None:
    together.write(b"x")
    inner.closing = True
    await asyncio.sleep(0)
    assert inner.done == []


async def test_in_all_else_it_is_the_transport_inside(inner: Inner, together: Together) -> None:
    together.pause_reading()
    together.resume_reading()
    assert inner.done == ["pause", "resume"]
    assert together.get_extra_info("peername") == "peername"
    assert not together.is_closing()
