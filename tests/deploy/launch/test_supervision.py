"""How often a process is started again, and after which pauses."""

from deploy.launch.supervision import LONGEST_PAUSE_S, RESTARTS, WITHIN_S, Restarts


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def pauses(restarts: Restarts, count: int) -> list[float]:
    found = [restarts.pause() for _ in range(count)]
    return [pause for pause in found if pause is not None]


def test_a_process_is_started_again_five_times_in_a_minute_and_no_more() -> None:
    restarts = Restarts(Clock())
    assert len(pauses(restarts, RESTARTS)) == RESTARTS
    assert restarts.pause() is None


def test_the_pauses_grow_to_a_bound() -> None:
    found = pauses(Restarts(Clock()), RESTARTS)
    assert found[-1] > found[0]
    assert max(found) <= LONGEST_PAUSE_S


def test_a_minute_later_it_may_be_started_again_as_soon_as_at_first() -> None:
    clock = Clock()
    restarts = Restarts(clock)
    first, *_ = pauses(restarts, RESTARTS)
    clock.now += WITHIN_S
    again = restarts.pause()
    assert again is not None
    assert again <= 2 * first
