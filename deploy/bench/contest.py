"""Ratios within one run: contenders take turns, so that whatever else the machine does meets all of them."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import median

Round = Callable[[], Awaitable[float]]
"""One turn of a contender; says how many things a second it did."""
Clock = Callable[[], Awaitable[float]]
"""Seconds of processor time that all processes concerned have used so far."""


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
        cpu: seconds of processor time for each thing, likewise; empty without a clock. Where other programs use the
            processors too, this is the fairer figure.
    """

    def __init__(self, rates: Mapping[str, list[float]], cpu: Mapping[str, list[float]]) -> None:
        self.rates, self.cpu = rates, cpu

    @classmethod
    async def of(cls, contenders: Mapping[str, Round], rounds: int, clock: Clock | None = None) -> "Contest":
        """Let them take turns, forwards and backwards, so that none is always the first.

        Args:
            clock: for contenders that do nothing else in their turn than what they count.
        """
        rates: dict[str, list[float]] = {name: [] for name in contenders}
        cpu: dict[str, list[float]] = {name: [] for name in contenders if clock}
        for number in range(rounds):
            for name in list(contenders)[:: 1 if number % 2 else -1]:
                used, started = await clock() if clock else 0.0, time.perf_counter()
                rate = await contenders[name]()
                rates[name].append(rate)
                if clock:
                    things = rate * (time.perf_counter() - started)
                    cpu[name].append((await clock() - used) / things)
        return cls(rates, cpu)

    def line(self, label: str, name: str, against: str | None = None, goal: str = "") -> Line:
        """The medians of the rounds, and of the ratios within each round."""
        measured = f"{median(self.rates[name]):,.0f}/s"
        if self.cpu:
            measured += f", cpu {_duration(median(self.cpu[name]))}"
        if against is None:
            return Line(label, measured, goal=goal)
        ratio = _ratio(self.rates[name], self.rates[against])
        if self.cpu:
            ratio += f", by cpu {_ratio(self.cpu[against], self.cpu[name])}"
        return Line(label, measured, f"{ratio} of {against}", goal)


def _ratio(mine: Sequence[float], other: Sequence[float]) -> str:
    ratio = median(a / b for a, b in zip(mine, other, strict=True))
    return f"{ratio:.2f}" if ratio > 0.1 else f"{ratio:.3f}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds > 0.0001 else f"{seconds * 1e6:.1f} µs"
