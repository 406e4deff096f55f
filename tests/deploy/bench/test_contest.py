"""How the figures of `./zone bench backbone|incubator|metrics` come about."""

from types import ModuleType

import pytest

from deploy.bench import backbone
from deploy.bench.contest import Contest, Line, Stopwatch, Took, in_columns, in_words
from deploy.bench.incubator import incubator
from deploy.bench.metrics import metrics
from deploy.bench.projection import against_faststream


async def test_contenders_take_turns_forwards_and_backwards() -> None:
    turns: list[str] = []

    async def turn(name: str) -> Took:
        turns.append(name)
        return Took(1, 1.0, 1.0)

    await Contest.of({"a": lambda: turn("a"), "b": lambda: turn("b")}, rounds=2)
    assert turns == ["b", "a", "a", "b"]


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_rates() -> None:
    rates = {"mine": [200.0, 20.0, 200.0], "other": [100.0, 10.0, 50.0]}
    slowed_once = Contest(rates, {"mine": [0.001], "other": [0.001]})
    assert slowed_once.line("x", "mine", "other").ratio.startswith("2.00,")


def test_by_processor_time_less_is_more() -> None:
    found = Contest({"mine": [10.0], "other": [10.0]}, {"mine": [0.001], "other": [0.004]})
    assert found.line("x", "mine", "other") == Line("x", "10/s, cpu 1.00 ms", "1.00, by cpu 4.00 of other")


def test_what_is_a_small_part_of_another_is_not_rounded_away() -> None:
    found = Contest({"mine": [2.0], "other": [100.0]}, {"mine": [0.0005], "other": [0.0000213]})
    assert found.line("x", "mine", "other") == Line("x", "2/s, cpu 0.50 ms", "0.020, by cpu 0.043 of other")
    assert found.line("x", "other").measured == "100/s, cpu 21 us"


async def test_time_and_processor_time_are_shared_by_the_things_that_were_done() -> None:
    async def turn() -> Took:
        return Took(things=3, seconds=1.5, cpu=6.0)

    found = await Contest.of({"a": turn}, rounds=1)
    assert (found.rates["a"], found.cpu["a"]) == ([2.0], [2.0])


def test_what_is_done_before_the_beginning_and_after_the_end_is_not_counted() -> None:
    used = iter([0.0, 0.0, 1.0, 4.0])
    watch = Stopwatch(lambda: next(used))
    watch.begin()
    watch.end()
    assert watch.took(1).cpu == 3.0


def test_little_processor_time_is_told_in_microseconds() -> None:
    assert (in_words(0.000041), in_words(0.0012)) == ("41 us", "1.20 ms")


def test_lines_stand_column_under_column() -> None:
    shown = list(in_columns([Line("short", "1/s"), Line("rather long", "10/s", "0.5 of x", "0.4")]))
    assert shown[0].index("measured") == shown[1].index("1/s") == shown[2].index("10/s")
    assert shown[2].endswith("0.4")


def test_without_faststream_a_sentence_says_how_to_get_it() -> None:
    (line,) = against_faststream(Contest({}, {}), False)
    assert "uv pip install --group benchmark" in line.measured


@pytest.mark.parametrize("benchmark", [backbone, incubator, metrics], ids=["backbone", "incubator", "metrics"])
def test_every_part_can_be_measured_alone(benchmark: ModuleType) -> None:
    assert list(benchmark.MEASURES) == list(benchmark.Part)
