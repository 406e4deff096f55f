"""A chart as SVG: plain shapes, light and dark, the same for the same chart; with a title and a description."""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Final

from services.metrics.charts.axes import short
from services.metrics.charts.chart import Aim, Bar, Chart

LEFT: Final = 64
RIGHT: Final = 20
PLOT: Final = 240
LINE: Final = 18
CHARACTER: Final = 6.4
"""Pixels of a character of small text, about; those of a title are half as wide again."""
WIDEST_TICK: Final = 76
MOST_DOTS: Final = 60
DASHES: Final = ("6 4", "2 3", "10 3 2 3")
"""Targets differ by more than their colour."""
STYLE: Final = """\
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Noto Sans CJK SC', sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 } .quiet { fill: #57606a } .paper { fill: #ffffff }
.grid { stroke: #d8dde4 } .axis { stroke: #8c96a3 } .line { fill: none; stroke: #1f6feb; stroke-width: 2 }
.value { fill: #1f6feb } .running { fill: #ffffff; stroke: #1f6feb; stroke-width: 2 }
.way { fill: none; stroke-width: 2 } .aim0 { stroke: #b35900 } .aim1 { stroke: #8250df } .aim2 { stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .quiet { fill: #9aa6b2 } .paper { fill: #0d1117 } .grid { stroke: #30363d }
  .axis { stroke: #6e7681 } .line { stroke: #58a6ff } .value { fill: #58a6ff }
  .running { fill: #0d1117; stroke: #58a6ff }
  .aim0 { stroke: #f0883e } .aim1 { stroke: #bc8cff } .aim2 { stroke: #3fb950 }
}"""


def drawn(chart: Chart, width: int) -> str:
    """The picture of a chart, so many pixels wide."""
    return "\n".join(_Picture(chart, width).lines()) + "\n"


class _Picture:
    def __init__(self, chart: Chart, width: int) -> None:
        self.chart, self.width = chart, width
        self.days, self.amounts = chart.days, chart.amounts
        self.title = self._wrapped(chart.title, CHARACTER * 1.35)
        self.about = self._wrapped(chart.about, CHARACTER)
        self.top = 20 + LINE * (len(self.title) + len(self.about) + len(chart.aims)) + 12
        self.bottom = self.top + PLOT

    def _wrapped(self, text: str, character: float) -> list[str]:
        return wrap(text, max(int((self.width - 32) / character), 10))

    def x(self, share: float) -> float:
        return LEFT + (self.width - LEFT - RIGHT) * share

    def y(self, value: float) -> float:
        return self.bottom - PLOT * self.amounts.at(value)

    def lines(self) -> Iterator[str]:
        height = self.bottom + 36
        size = f'width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title words">'
        yield f'<title id="title">{escape(self.chart.title)}</title><desc id="words">{escape(self.chart.words)}</desc>'
        yield f'<style>{STYLE}</style><rect class="paper" width="100%" height="100%" rx="6"/>'
        yield from self._head()
        yield from self._grid()
        yield from self._bars() if self.chart.happens else self._line()
        for place, aim in enumerate(self.chart.aims):
            yield from self._aim(place, aim)
        if not any(bar.value is not None for bar in self.chart.bars):
            middle = (self.top + self.bottom) / 2
            yield f'<text class="quiet" x="{self.width / 2:.1f}" y="{middle:.1f}" text-anchor="middle">no values</text>'
        yield "</svg>"

    def _head(self) -> Iterator[str]:
        y = 26
        for kind, texts in (("title", self.title), ("quiet", self.about)):
            for text in texts:
                yield f'<text class="{kind}" x="16" y="{y}">{escape(text)}</text>'
                y += LINE
        for place, aim in enumerate(self.chart.aims):
            yield f'<path class="{_look(place)}" d="M16 {y - 4}h24" stroke-dasharray="{DASHES[place % len(DASHES)]}"/>'
            yield f'<text x="48" y="{y}">{escape(aim.words)}</text>'
            y += LINE

    def _grid(self) -> Iterator[str]:
        for tick in self.amounts.ticks():
            y = self.bottom - PLOT * tick.at
            yield f'<path class="grid" d="M{LEFT} {y:.1f}H{self.width - RIGHT}"/>'
            yield f'<text class="quiet" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick.label}</text>'
        for tick in self.days.ticks(max((self.width - LEFT - RIGHT) // WIDEST_TICK, 2)):
            x = self.x(tick.at)
            yield f'<path class="axis" d="M{x:.1f} {self.bottom}v5"/>'
            yield f'<text class="quiet" x="{x:.1f}" y="{self.bottom + 20}" text-anchor="middle">{tick.label}</text>'
        yield f'<path class="axis" d="M{LEFT} {self.y(0):.1f}H{self.width - RIGHT}"/>'

    def _bars(self) -> Iterator[str]:
        for run in self.chart.runs():
            for bar in run:
                left, right = self.x(self.days.at(bar.first)), self.x(self.days.at(bar.end))
                gap = min((right - left) * 0.15, 6)
                ends = sorted((self.y(bar.value or 0), self.y(0)))
                look = "value" if bar.complete else "running"
                place = f'x="{left + gap:.1f}" y="{ends[0]:.1f}"'
                size = f'width="{max(right - left - 2 * gap, 0.5):.1f}" height="{ends[1] - ends[0]:.1f}"'
                yield f'<rect class="{look}" {place} {size}>{_hint(bar)}</rect>'

    def _line(self) -> Iterator[str]:
        for run in self.chart.runs():
            places = [(self.x(self.days.at(bar.end)), self.y(bar.value or 0)) for bar in run]
            yield f'<path class="line" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>'
            if len(self.chart.bars) <= MOST_DOTS or len(run) == 1:
                for bar, (x, y) in zip(run, places, strict=True):
                    look = "value" if bar.complete else "running"
                    yield f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">{_hint(bar)}</circle>'

    def _aim(self, place: int, aim: Aim) -> Iterator[str]:
        dash = f'stroke-dasharray="{DASHES[place % len(DASHES)]}"'
        way = self._seen(aim)
        if len(way) > 1:
            yield f'<path class="{_look(place)}" {dash} d="M{"L".join(way)}"/>'
        x, y = self.x(self.days.at(aim.due_on)), self.y(aim.goal)
        if not aim.way:
            yield f'<path class="{_look(place)}" {dash} d="M{LEFT} {y:.1f}H{x:.1f}"/>'
        yield f'<path class="{_look(place)}" d="M{x - 5:.1f} {y:.1f}h10M{x:.1f} {y - 5:.1f}v10"/>'

    def _seen(self, aim: Aim) -> Sequence[str]:
        """The corners of its way within the days that are drawn."""
        corners = [corner for corner in aim.way if corner.on >= self.days.first]
        return [f"{self.x(self.days.at(corner.on)):.1f} {self.y(corner.value):.1f}" for corner in corners]


def _look(place: int) -> str:
    return f"way aim{place % len(DASHES)}"


def _hint(bar: Bar) -> str:
    running = "" if bar.complete else ", so far"
    return f"<title>{bar.name}{running}: {short(bar.value or 0)}</title>"
