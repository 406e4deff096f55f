"""A fault: one way to fail, from its beginning to its end."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from deploy.chaos.stage import Stage

Act = Callable[[Stage, Sequence[str], random.Random], Awaitable[int | None]]
"""Does something to its targets and undoes it. Returns how many events it made consumers park; None where the moment
for it did not come."""

Prepare = Callable[[Stage], Awaitable[object]]
"""Lets come about what a fault needs, while others may still have its targets."""

NOT_BY_CHANCE = 15.0
"""Seconds to wait for a process to come to a point."""


async def nothing(stage: Stage) -> None:
    """What most faults need."""


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
    prepare: Prepare = nothing


class Faults(list[Fault]):
    """Faults as they are declared: `@fault("poison", [["poison"]])` over what does it."""

    def __call__(
        self, name: str, choices: Sequence[Sequence[str]], *, broker: str = "", prepare: Prepare = nothing
    ) -> Callable[[Act], Act]:
        def declare(act: Act) -> Act:
            self.append(Fault(name, choices, act, broker, prepare))
            return act

        return declare
