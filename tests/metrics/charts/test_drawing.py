"""Charts as they are drawn: axes that hold everything, gaps that stay gaps, and words for who does not see them."""

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.charts.axes import Amounts, Days, short
from services.metrics.charts.chart import Aim, Bar, Chart, Corner
from services.metrics.charts.drawing import drawn

SVG = "{http://www.w3.org/2000/svg}"
BEGIN, END = date(2018, 4, 30), date(2023, 4, 30)
WAY = [Corner(BEGIN, 8.1), Corner(END, 32.4)]


def chart(values: Sequence[float | None], *, happens: bool = False, aims: Sequence[Aim] = ()) -> Chart:
    """One value a year from 2018 on; the last year is running."""
    bars = [
        Bar(str(year), date(year, 1, 1), date(year + 1, 1, 1), value, complete=year < 2017 + len(values))
        for year, value in enumerate(values, start=2018)
    ]
    return Chart("Worth <of> all", "CNY · by year", "CNY", bars, happens, aims)


def picture(chart: Chart, width: int = 720) -> ElementTree.Element:
    return ElementTree.fromstring(drawn(chart, width))


def of_class(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in svg.iter() if name in (each.get("class") or "").split()]


@given(st.lists(st.floats(-1e15, 1e15), max_size=9))
def test_an_axis_holds_zero_and_every_value_in_few_round_steps(values: list[float]) -> None:
    axis = Amounts.over(values)
    assert all(-1e-9 <= axis.at(value) <= 1 + 1e-9 for value in [0.0, *values])
    assert 2 <= len(list(axis.ticks())) <= 8


@pytest.mark.parametrize(
    ("first", "end", "labels"),
    [
        (date(2018, 4, 30), date(2021, 6, 1), ["2019", "2020", "2021"]),
        (date(2017, 1, 1), date(2027, 1, 1), ["2017", "2019", "2021", "2023", "2025"]),
        (date(2026, 1, 15), date(2026, 4, 2), ["2026-02", "2026-03", "2026-04"]),
        (date(2026, 7, 14), date(2026, 7, 17), ["2026-07-14", "2026-07-15", "2026-07-16"]),
        (date(2026, 12, 31), date(2027, 1, 2), ["2026-12-31", "2027-01-01"]),
    ],
)
def test_days_are_labelled_by_years_or_months_or_days(first: date, end: date, labels: list[str]) -> None:
    assert [tick.label for tick in Days(first, end).ticks(5)] == labels


@pytest.mark.parametrize(
    ("value", "label"), [(32.4e9, "32.4 bn"), (750_000, "750 k"), (0.5, "0.5"), (-2.5e6, "-2.5 m"), (0, "0")]
)
def test_a_number_is_short(value: float, label: str) -> None:
    assert short(value) == label


def test_the_same_chart_gives_the_same_bytes() -> None:
    assert drawn(chart([1, 2]), 720) == drawn(chart([1, 2]), 720)


def test_a_picture_has_a_title_and_a_description() -> None:
    svg = picture(chart([1.0, None, 3.0], aims=[Aim(32.4, END, "missed", WAY)]))
    assert svg.get("role") == "img"
    title, words = (svg.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert words is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == "Worth <of> all"
    assert words.text == (
        "Worth <of> all, CNY · by year. 2 of 3 periods have a value: 2018 1, 2020 3; most 2020 3. "
        "Target 32.4 by 2023-04-30: missed."
    )


def test_a_gap_stays_a_gap() -> None:
    svg = picture(chart([1.0, None, 3.0, 4.0]))
    assert len(of_class(svg, "line")) == 2
    assert len(of_class(svg, "value")) + len(of_class(svg, "running")) == 3


def test_what_is_running_looks_otherwise() -> None:
    svg = picture(chart([1.0, 2.0], happens=True))
    assert [len(of_class(svg, name)) for name in ("value", "running")] == [1, 1]


def test_what_happens_is_drawn_as_bars_from_zero() -> None:
    first, second = of_class(picture(chart([-1.0, 2.0, 1.0], happens=True)), "value")
    assert float(second.get("height", 0)) == pytest.approx(2 * float(first.get("height", 0)), abs=0.2)
    assert float(second.get("y", 0)) + float(second.get("height", 0)) == pytest.approx(
        float(first.get("y", 0)), abs=0.2
    )


def test_without_values_it_says_so() -> None:
    assert "no values" in drawn(chart([None, None]), 720)
    assert "No period has a value." in chart([None]).words


def test_a_target_is_drawn_to_its_day_and_goal_with_its_status() -> None:
    svg = picture(chart([8.1, 9.0], aims=[Aim(32.4, END, "needs_acceleration", WAY)]))
    legend, way, goal = of_class(svg, "aim0")
    assert "stroke-dasharray" in legend.attrib
    assert "stroke-dasharray" in way.attrib
    assert goal.get("d", "").startswith("M")
    assert "needs acceleration" in drawn(chart([1.0], aims=[Aim(2, END, "needs_acceleration", WAY)]), 720)


def test_a_target_without_a_baseline_is_a_line_at_its_goal() -> None:
    svg = picture(chart([1.0], aims=[Aim(20.0, date(2020, 12, 31), "missed", [])]))
    assert any("H" in (each.get("d") or "") for each in of_class(svg, "aim0"))


@pytest.mark.parametrize("width", [360, 1600])
def test_everything_lies_within_the_picture(width: int) -> None:
    svg = picture(chart([1e12] * 8, aims=[Aim(2e12, date(9999, 12, 31), "on_track", [])]), width)
    assert svg.get("width") == str(width)
    places = [float(each.get("x", 0)) for each in svg.iter(f"{SVG}text")]
    assert all(0 <= place <= width for place in places)


def test_expected_lies_straight_between_corners() -> None:
    aim = Aim(32.4, END, "missed", WAY)
    assert aim.expected(date(2018, 4, 29)) is None
    assert aim.expected(END) == 32.4
    assert aim.expected(date(2020, 10, 29)) == pytest.approx(20.25, abs=0.01)
