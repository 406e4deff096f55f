"""Ratios within one run: contenders take turns, so that whatever else the machine does meets all of them."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import median

Clock = Callable[[], float]
"""Seconds of processor time that all processes concerned have used so far."""


@dataclass(frozen=True)
class Took:
    """What one turn of a contender did: so many things, in so many seconds, for so many seconds of processor time."""

    things: float
    seconds: float
    cpu: float


class Stopwatch:
    """Seconds and processor time between a beginning and an end, which may be noted again: the last one counts.

    Args:
        clock: of the processes concerned.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begin()
        self.end()

    def begin(self) -> None:
        self._began = time.perf_counter(), self._clock()

    def end(self) -> None:
        self._ended = time.perf_counter(), self._clock()

    def took(self, things: float) -> Took:
        """What lies between the two."""
        (began, used), (ended, used_at_last) = self._began, self._ended
        return Took(things, ended - began, used_at_last - used)


Round = Callable[[], Awaitable[Took]]
"""One turn of a contender."""


@dataclass(frozen=True)
class Line:
    """One line of a result: what was measured, how much, against what, and what was hoped for."""

    name: str
    measured: str
    ratio: str = ""
    goal: str = ""


def in_columns(lines: Sequence[Line]) -> Iterator[str]:
    """The lines as text, column under column."""
    rows = [("", "measured", "ratio", "goal"), *map(astuple, lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


class Contest:
    """What the contenders of one run did.

    Attributes:
        rates: things a second, for each contender one number a round.
        cpu: seconds of processor time for each thing, likewise. Where other programs use the processors too, this is
            the fairer figure.
    """

    def __init__(self, rates: Mapping[str, list[float]], cpu: Mapping[str, list[float]]) -> None:
        self.rates, self.cpu = rates, cpu

    @classmethod
    async def of(cls, contenders: Mapping[str, Round], rounds: int) -> "Contest":
        """Let them take turns, forwards and backwards, so that none is always the first."""
        rates: dict[str, list[float]] = {name: [] for name in contenders}
        cpu: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(rounds):
            for name in list(contenders)[:: 1 if number % 2 else -1]:
                took = await contenders[name]()
                rates[name].append(took.things / took.seconds)
                cpu[name].append(took.cpu / took.things)
        return cls(rates, cpu)

    def line(self, label: str, name: str, against: str | None = None, goal: str = "") -> Line:
        """The medians of the rounds, and of the ratios within each round."""
        measured = f"{median(self.rates[name]):,.0f}/s, cpu {in_words(median(self.cpu[name]))}"
        if against is None:
            return Line(label, measured, goal=goal)
        by_rate, by_cpu = _ratio(self.rates[name], self.rates[against]), _ratio(self.cpu[against], self.cpu[name])
        ratio = f"{by_rate}, by cpu {by_cpu} of {against}"
        return Line(label, measured, ratio, goal)


def in_words(seconds: float) -> str:
    """Processor time of one thing: `1.25 ms`, or `41 us` where it is less than half of one."""
    return f"{seconds * 1e6:.0f} us" if seconds < 0.0005 else f"{seconds * 1e3:.2f} ms"


def _ratio(mine: Sequence[float], other: Sequence[float]) -> str:
    """To two decimals, and to three where it is a small part."""
    ratio = median(a / b for a, b in zip(mine, other, strict=True))
    return f"{ratio:.2f}" if ratio > 0.1 else f"{ratio:.3f}"
