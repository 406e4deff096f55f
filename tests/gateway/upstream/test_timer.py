"""The deadlines of a call that has gone a part of its way before."""

import asyncio

from gateway.upstream.call import Deadlines
from gateway.upstream.timer import CallTimer


async def test_the_time_for_a_head_counts_from_when_the_request_was_written() -> None:
    now = asyncio.get_running_loop().time()
    timer = CallTimer(Deadlines(head=15), now - 10)
    async with timer.scope:
        timer.allow_head(now - 10)
        assert timer.scope.when() is not None
        assert abs((timer.scope.when() or 0) - (now + 5)) < 1
        timer.allow_head(None)
        assert abs((timer.scope.when() or 0) - (now + 15)) < 1


async def test_the_time_for_the_whole_counts_from_the_start() -> None:
    now = asyncio.get_running_loop().time()
    timer = CallTimer(Deadlines(total=30), now - 10)
    async with timer.scope:
        timer.allow_the_rest()
        assert abs((timer.scope.when() or 0) - (now + 20)) < 1
        assert timer.left is not None
        assert 19_000 < timer.left <= 20_000
