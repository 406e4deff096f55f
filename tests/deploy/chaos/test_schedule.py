"""The schedule of faults: drawn before the run, the same for the same seed."""

import pytest

from deploy.chaos.faults.schedule import FAULTS, plan


def test_one_seed_gives_one_schedule() -> None:
    assert plan(7, seconds=20, broker="apache") == plan(7, seconds=20, broker="apache")


def test_another_seed_gives_another_schedule() -> None:
    assert plan(7, seconds=20, broker="apache") != plan(8, seconds=20, broker="apache")


@pytest.mark.parametrize("broker", ["apache", "embedded"])
def test_every_kind_of_fault_comes_once_before_any_comes_again(broker: str) -> None:
    kinds = {fault.name for fault in FAULTS if fault.broker in ("", broker)}
    first = [planned.fault.name for planned in plan(1, seconds=20, broker=broker)][: len(kinds)]
    assert set(first) == kinds


def test_a_fault_of_the_one_broker_is_not_inflicted_on_the_other() -> None:
    assert {planned.fault.broker for planned in plan(1, seconds=600, broker="apache")} == {"", "apache"}


def test_a_long_run_goes_on_to_its_end() -> None:
    assert plan(1, seconds=600, broker="embedded")[-1].at > 590
