"""A trace as a picture: a lane for each service, a bar for each span, time from left to right. Plain SVG."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from deploy.trace.collector import Span

WIDTH: Final = 1120
GUTTER: Final = 96
RIGHT: Final = 24
TOP: Final = 64
ROW: Final = 22
BAR: Final = 14
LANE_GAP: Final = 12
THINNEST: Final = 2.0
CHARACTER: Final = 6.1
"""Pixels of a character of a label, about."""
MS: Final = 1_000_000
COLOURS: Final = ("#7a6ff0", "#2f81c7", "#1a9a76", "#c77d1a", "#c2517d", "#6b7785")
STYLE: Final = """\
text { font: 11px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 } .lane { font-size: 12px; font-weight: 600 } .quiet { fill: #6b7785 }
.inside { fill: #ffffff }
.paper { fill: #ffffff } .band { fill: #f3f5f8 } .grid { stroke: #d8dde4 } .cause { stroke: #8c96a3; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .quiet { fill: #9aa6b2 } .inside { fill: #ffffff }
  .paper { fill: #0d1117 } .band { fill: #161c24 } .grid { stroke: #30363d }
}"""


def waterfall(spans: Iterable[Span], title: str) -> str:
    """The picture of some spans, usually those of one trace and of the batches that link to it.

    Lanes stand in the order in which their services first did something, bars in the order of their start. A thin line
    leads from what caused a span in another service; a batch, which has many causes, has a dashed border.

    Raises:
        ValueError: there are no spans.
    """
    rows = _in_lanes(list(spans))
    if not rows:
        raise ValueError("a picture needs a span")
    return "\n".join(_Picture(rows, title).lines()) + "\n"


def _in_lanes(spans: list[Span]) -> list[Span]:
    first: dict[str, int] = {}
    for span in sorted(spans, key=lambda span: span.start):
        first.setdefault(span.service, span.start)
    return sorted(spans, key=lambda span: (first[span.service], span.service, span.start, -span.end))


class _Picture:
    def __init__(self, rows: Sequence[Span], title: str) -> None:
        self.rows, self.title = rows, title
        self.lanes = [(name, list(group)) for name, group in groupby(rows, key=lambda span: span.service)]
        self.begin = min(span.start for span in rows)
        self.length = max(max(span.end for span in rows) - self.begin, 1)
        self.bottom = TOP + len(rows) * ROW + len(self.lanes) * LANE_GAP
        self.main_trace = max((span.trace_id for span in rows), key=lambda one: sum(one == s.trace_id for s in rows))

    def x(self, moment: int) -> float:
        return GUTTER + (WIDTH - GUTTER - RIGHT) * (moment - self.begin) / self.length

    def lines(self) -> Iterator[str]:
        box = f'width="{WIDTH}" height="{self.bottom + 16}" viewBox="0 0 {WIDTH} {self.bottom + 16}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(self.title)}">'
        yield f"<style>{STYLE}</style>"
        yield '<rect class="paper" width="100%" height="100%" rx="6"/>'
        yield f'<text class="title" x="16" y="26">{escape(self.title)}</text>'
        yield from self._axis()
        y = float(TOP)
        places: dict[str, tuple[float, float]] = {}
        bars: list[str] = []
        for number, (name, spans) in enumerate(self.lanes):
            height = len(spans) * ROW + LANE_GAP - 4
            yield f'<rect class="band" x="8" y="{y:.0f}" width="{WIDTH - 16}" height="{height}" rx="4"/>'
            yield f'<text class="lane" x="16" y="{y + 19:.0f}">{escape(name)}</text>'
            for place, span in enumerate(spans):
                middle = y + 4 + place * ROW + ROW / 2
                places[span.span_id] = (self.x(span.start), middle)
                bars.extend(self._bar(span, middle, COLOURS[number % len(COLOURS)]))
            y += len(spans) * ROW + LANE_GAP
        yield from self._grid()
        yield from self._causes(places)
        yield from bars
        yield "</svg>"

    def _step(self) -> float:
        """Milliseconds between two lines of the grid: 1, 2 or 5 times a power of ten, at most twelve lines."""
        steps = (base * 10.0**power for power in range(-2, 7) for base in (1, 2, 5))
        return next(step for step in steps if self.length / MS / step <= 12)

    def _ticks(self) -> Iterator[float]:
        step, count = self._step(), 0
        while count * step * MS <= self.length:
            yield count * step
            count += 1

    def _axis(self) -> Iterator[str]:
        for ms in self._ticks():
            x = self.x(self.begin + int(ms * MS))
            yield f'<text class="quiet" x="{x:.1f}" y="{TOP - 10}" text-anchor="middle">{ms:g} ms</text>'

    def _grid(self) -> Iterator[str]:
        for ms in self._ticks():
            x = self.x(self.begin + int(ms * MS))
            yield f'<path class="grid" d="M{x:.1f} {TOP - 4}V{self.bottom}"/>'

    def _causes(self, places: dict[str, tuple[float, float]]) -> Iterator[str]:
        services = {span.span_id: span.service for span in self.rows}
        for span in self.rows:
            if services.get(span.parent_id, span.service) != span.service:
                (_, above), (x, here) = places[span.parent_id], places[span.span_id]
                yield f'<path class="cause" d="M{x:.1f} {above:.1f}V{here:.1f}"/>'

    def _bar(self, span: Span, middle: float, colour: str) -> Iterator[str]:
        left, right = self.x(span.start), self.x(span.end)
        width = max(right - left, THINNEST)
        batch = span.trace_id != self.main_trace
        look = (
            f'fill="{colour}" fill-opacity=".35" stroke="{colour}" stroke-dasharray="4 2"'
            if batch
            else f'fill="{colour}"'
        )
        yield f'<rect x="{left:.1f}" y="{middle - BAR / 2:.1f}" width="{width:.1f}" height="{BAR}" rx="3" {look}/>'
        label = f"{span.name} · {(span.end - span.start) / MS:.1f} ms"
        length = len(label) * CHARACTER
        if not batch and width > length + 16:
            x, rest = left + 8, 'class="inside"'
        elif right + 6 + length < WIDTH - RIGHT:
            x, rest = left + width + 6, ""
        else:
            x, rest = left - 6, 'text-anchor="end"'
        yield f'<text x="{x:.1f}" y="{middle + 4:.1f}" {rest}>{escape(label)}</text>'
