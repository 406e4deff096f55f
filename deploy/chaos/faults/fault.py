"""A fault: one way to fail, from its beginning to its end."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from deploy.chaos.stage import Stage

Act = Callable[[Stage, Sequence[str], random.Random], Awaitable[int | None]]
"""Does something to its targets and undoes it. Returns how many events it made consumers park; None where the moment
for it did not come."""

NOT_BY_CHANCE = 15.0
"""Seconds to wait for a process to come to a point."""


class Fault(NamedTuple):
    """One way to fail.

    Attributes:
        choices: each a set of targets that it takes together; one is drawn.
        broker: the only kind of broker that can suffer it; '' for both.
    """

    name: str
    choices: Sequence[Sequence[str]]
    act: Act
    broker: str = ""


class Faults(list[Fault]):
    """Faults as they are declared: `@fault("poison", [["poison"]])` over what does it."""

    def __call__(self, name: str, choices: Sequence[Sequence[str]], broker: str = "") -> Callable[[Act], Act]:
        def declare(act: Act) -> Act:
            self.append(Fault(name, choices, act, broker))
            return act

        return declare
