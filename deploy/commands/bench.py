"""`./zone bench`: what the zone promises, measured and tried on this machine."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import stamina
import typer

from deploy.bench import backbone as of_backbone
from deploy.bench.incubator import incubator as of_incubator
from deploy.bench.metrics import metrics as of_metrics
from deploy.bench.stage import Measure, measured
from deploy.chaos import report
from deploy.chaos.controls import CONTROLS, control
from deploy.chaos.run import Run
from deploy.chaos.target.brokers import kind_of_broker
from deploy.machine.zone_folder import ZoneFolder
from deploy.terminal import output, say

app = typer.Typer(no_args_is_help=True, help="What the zone promises, tried on this machine.")
ONLY = "Only this one; may stand several times."


@app.callback()
def bench() -> None:
    """Each on servers of its own; the running zone is left alone."""


@app.command()
def backbone(
    part: Annotated[list[of_backbone.Part] | None, typer.Option(help=ONLY)] = None,
) -> None:
    """Measure the backbone beside its limits, as ratios within one run; docs/performance.md says what they mean."""
    _measure({each: of_backbone.MEASURES[each] for each in part or of_backbone.Part})


@app.command()
def incubator(
    part: Annotated[list[of_incubator.Part] | None, typer.Option(help=ONLY)] = None,
) -> None:
    """Measure bookings, bills and books beside their limits, and whether any of it grows with what is there."""
    _measure({each: of_incubator.MEASURES[each] for each in part or of_incubator.Part})


@app.command()
def metrics(
    part: Annotated[list[of_metrics.Part] | None, typer.Option(help=ONLY)] = None,
) -> None:
    """Measure figures: what reading, projecting and rebuilding them costs, and how soon a write is among them."""
    _measure({each: of_metrics.MEASURES[each] for each in part or of_metrics.Part})


def _measure(parts: Mapping[str, Measure]) -> None:
    asyncio.run(measured(parts, say, lambda line: output.print(line, markup=False)))


@app.command()
def chaos(
    seconds: Annotated[float, typer.Option(help="How long faults are inflicted.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed, the same schedule.")] = 1,
    members: Annotated[int, typer.Option(help="Of the database's replica set: 1, or 3 that replace each other.")] = 1,
    controls: Annotated[
        bool, typer.Option(help="Afterwards, that the checks fail once a protection is switched off.")
    ] = True,
    keep: Annotated[bool, typer.Option("--keep", help="Keep data and logs of the run.")] = False,
) -> None:
    """Kill, pause, cut off and confuse every part of a zone under writes; nothing may be lost or doubled.

    ZONE_KAFKA=apache|embedded chooses the broker. The exit code is 1 where something was, or where a control passes.
    """
    if members not in (1, 3):
        raise typer.BadParameter("of two members none could go on without the other: 1 or 3", param_hint="--members")
    jars = ZoneFolder.usual().jars
    kafka = kind_of_broker(os.environ.get("ZONE_KAFKA") or "auto", jars)
    stamina.instrumentation.set_on_retry_hooks(())  # that a caller tries again is what a run is about
    folder = Path(tempfile.mkdtemp(prefix="zone-chaos-"))
    say(f"seed {seed}, {seconds:.0f} s, Kafka: {kafka}, in {folder}")
    run = Run(folder / "zone", jars, kafka=kafka, seed=seed, members=members, say=say)
    good = asyncio.run(_chaos(run, seconds, controls=controls))
    if good and not keep:
        shutil.rmtree(folder)
    raise typer.Exit(0 if good else 1)


async def _chaos(run: Run, seconds: float, *, controls: bool) -> bool:
    """The run, its table, the controls on the same zone, and the verdict. Returns whether all is as it must be."""
    async with run.running():
        say("the zone runs")
        verdict = await run.chaos(seconds)
        output.print(report.table(verdict))
        for detail in report.details(verdict):
            output.print(detail, markup=False)
        good = verdict.is_good
        for name in CONTROLS if good and controls else ():
            found = await control(run, name)
            good = good and not found.is_good
            says = "and must not be" if found.is_good else "as it must be"
            output.print(f"control, without {name}: {report.line(found)}, {says}", markup=False)
        output.print(report.line(verdict), markup=False)
        return good
