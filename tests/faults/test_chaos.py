"""The zone under random faults: what must hold does, and would be seen if it did not.

One run, of one seed, then each control on the same zone. `./zone bench chaos` runs longer, with any seed.
"""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.chaos.controls import CONTROLS, control
from deploy.chaos.run import Run, Verdict
from deploy.chaos.target.brokers import kind_of_broker
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.zone_folder import ROOT

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.long]

SECONDS, SEED = 20.0, 5


@dataclass(frozen=True)
class Outcome:
    """What came of the run, and of each control after it."""

    verdict: Verdict
    controls: dict[str, Verdict]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, server_starts: None) -> Outcome:
    """A run with the broker that ZONE_KAFKA chooses."""
    return asyncio.run(chaos(tmp_path_factory.mktemp("chaos") / "zone"))


async def chaos(folder: Path) -> Outcome:
    jars = KafkaJars(ROOT / ".zone" / "kafka" / "lib")
    kafka = kind_of_broker(os.environ.get("ZONE_KAFKA") or "auto", jars)
    run = Run(folder, jars, kafka=kafka, seed=SEED)
    async with run.running():
        verdict = await run.chaos(SECONDS)
        return Outcome(verdict, {name: await control(run, name) for name in CONTROLS})


def test_nothing_is_lost_and_nothing_takes_effect_twice_under_random_faults(outcome: Outcome) -> None:
    assert list(outcome.verdict.findings) == []


def test_faults_were_really_inflicted_while_writers_wrote(outcome: Outcome) -> None:
    assert outcome.verdict.never_happened() == []
    assert len(outcome.verdict.journal.acknowledged) > 20


@pytest.mark.parametrize("protection", CONTROLS)
def test_the_checks_see_it_when_a_protection_is_switched_off(outcome: Outcome, protection: str) -> None:
    assert not outcome.controls[protection].is_good
