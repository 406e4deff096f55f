"""What is done for a caller ends when it leaves."""

import asyncio

import pytest

from gateway.edge.leaving import CallerLeft, Leaving, WhileThere, nobody_leaves


async def test_what_is_under_way_is_cancelled_when_the_caller_leaves() -> None:
    leaving = nobody_leaves()
    asyncio.get_running_loop().call_soon(leaving.happened)
    with pytest.raises(CallerLeft), WhileThere(leaving):
        await asyncio.Event().wait()
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


async def test_who_has_left_before_is_not_waited_for() -> None:
    leaving = nobody_leaves()
    leaving.happened()
    with pytest.raises(CallerLeft), WhileThere(leaving):
        await asyncio.Event().wait()


async def test_who_leaves_twice_is_noticed_once() -> None:
    leaving = nobody_leaves()

    def leave() -> None:
        leaving.happened()
        leaving.happened()

    asyncio.get_running_loop().call_soon(leave)
    with pytest.raises(CallerLeft), WhileThere(leaving):
        await asyncio.Event().wait()
    await asyncio.sleep(0)


async def test_who_leaves_afterwards_cancels_nothing() -> None:
    leaving = nobody_leaves()
    with WhileThere(leaving):
        await asyncio.sleep(0)
    leaving.happened()
    await asyncio.sleep(0)


async def test_another_cancellation_stays_one() -> None:
    leaving = nobody_leaves()

    async def serve() -> None:
        with WhileThere(leaving):
            await asyncio.Event().wait()

    serving = asyncio.create_task(serve())
    await asyncio.sleep(0)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_the_connection_is_told_to_notice() -> None:
    told: list[bool] = []
    with WhileThere(Leaving(lambda: told.append(True))):
        assert told == [True]
