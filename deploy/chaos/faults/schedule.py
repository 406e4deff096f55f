"""The fault schedule: when which fault is inflicted on whom, drawn from a seed before the run begins."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from deploy.chaos.faults import billing_faults, decision_faults, event_faults, process_faults, server_faults
from deploy.chaos.faults.fault import Fault

FIRST_AT = 0.5
FAULTS = [
    *process_faults.fault,
    *billing_faults.fault,
    *decision_faults.fault,
    *server_faults.fault,
    *event_faults.fault,
]
"""All that the zone must survive; the table is in `docs/backbone.md`."""


class Planned(NamedTuple):
    """One fault to come.

    Attributes:
        at: seconds from the beginning; it may wait longer for its targets, while another fault has them.
        seed: of the dice that it throws itself.
    """

    at: float
    fault: Fault
    targets: tuple[str, ...]
    seed: int


def kinds_for(broker: str) -> list[Fault]:
    """All ways to fail where there is this kind of broker."""
    return [fault for fault in FAULTS if fault.broker in ("", broker)]


def plan(seed: int, *, seconds: float, broker: str) -> list[Planned]:
    """Faults without end in a random order, each kind once before any comes again; the same for the same seed.

    Args:
        seconds: in which all must begin; every kind comes at least once, however short it is.
        broker: which kind of broker there is.
    """
    dice = random.Random(seed)
    kinds = kinds_for(broker)
    gap = min(2.0, (seconds - FIRST_AT) / len(kinds))
    return list(_planned(dice, kinds, seconds, gap))


def _planned(dice: random.Random, kinds: list[Fault], seconds: float, gap: float) -> Iterator[Planned]:
    at = FIRST_AT
    deck: list[Fault] = []
    while at < seconds:
        if not deck:
            deck = dice.sample(kinds, len(kinds))
        fault = deck.pop()
        yield Planned(at, fault, tuple(dice.choice(fault.choices)), dice.getrandbits(32))
        at += gap
