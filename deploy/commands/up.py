"""`./zone up`"""

import asyncio
import contextlib
import os
import subprocess
import sys
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.documents.public_api import write_public_document
from deploy.launch.launcher import Launcher
from deploy.launch.launcher_log import LauncherLog
from deploy.launch.running import run
from deploy.launch.welcome import welcome
from deploy.machine.logs.follower import LogFollower, LogView
from deploy.machine.zone_folder import IN_USE, ROOT, ZoneFolder
from deploy.servers.broker import ExistingKafka
from deploy.servers.topics import zone_topics
from deploy.terminal import say, warn


def up(
    context: typer.Context,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return once the zone is ready; it goes on running.")
    ] = False,
    exit_after_ready: Annotated[
        bool, typer.Option("--exit-after-ready", help="Start, load, print, stop everything.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove the zone's data first.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The gateway's port on 127.0.0.1.")] = 8000,
    no_load: Annotated[bool, typer.Option("--no-load", help="Leave an empty zone empty.")] = False,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Services log JSON lines.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not show what the services log.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show all that is logged, not only warnings.")] = False,
) -> None:
    """Run the zone until Ctrl-C: database, broker, services and gateway, with the opening figures.

    ZONE_KAFKA=auto|apache|embedded|HOST:PORT chooses the broker; --fresh cannot empty the log of one at HOST:PORT, and
    removes nothing where the zone's events are still in it. Where the zone runs already, nothing is changed and the
    exit code is 0, unless --fresh or --exit-after-ready asked for what that cannot give: then it is 1.

    Once it is ready, what services and gateway log as warnings and errors is shown; ./zone logs has everything.
    """
    if quiet and verbose:
        raise Complaint("--quiet shows nothing of what is logged and --verbose all of it: choose one.")
    if detach and exit_after_ready:
        raise Complaint("--detach keeps the zone running and --exit-after-ready stops it: choose one.")
    folder = ZoneFolder.usual()
    without_effect = _given(context, "port", "no_load", "json_logs", "quiet", "verbose")
    if detach:
        if folder.is_claimed():
            _runs_already(folder, changes_wanted=fresh, without_effect=without_effect)
        else:
            _detached(folder, fresh=fresh, port=port, no_load=no_load, json_logs=json_logs)
        return
    with folder.claimed() as ours:
        if not ours:
            _runs_already(folder, changes_wanted=fresh or exit_after_ready, without_effect=without_effect)
            return
        kafka = os.environ.get("ZONE_KAFKA") or "auto"
        if fresh:
            if ":" in kafka:
                asyncio.run(ExistingKafka(kafka).require_empty(zone_topics()))
            folder.forget_data()
            say("the zone's data has been removed")
        log = LauncherLog(folder.logs / "launcher.log")
        launcher = Launcher(folder, port=port, kafka=kafka, json_logs=json_logs, say=log.say, warn=log.warn)
        followed = _followed(launcher, quiet=quiet or exit_after_ready, verbose=verbose, plain=json_logs)
        try:
            asyncio.run(_run(launcher, followed, load=not no_load, exit_after_ready=exit_after_ready))
        except Complaint as complaint:
            log.fail(complaint)
            raise
        log.say("everything has been stopped")


def _followed(launcher: Launcher, *, quiet: bool, verbose: bool, plain: bool) -> LogFollower:
    """What of the logs is shown from now on: warnings and errors of what is ours, or everything."""
    parts = [] if quiet else [*launcher.names, *(["mongod", "kafka"] if verbose else [])]
    view = LogView(parts, level="debug" if verbose else "warning", plain=plain)
    return LogFollower([launcher.folder.logs / f"{part}.log" for part in parts], view, from_now=True)


async def _run(launcher: Launcher, follower: LogFollower, *, load: bool, exit_after_ready: bool) -> None:
    documented = asyncio.create_task(asyncio.to_thread(write_public_document, launcher.folder.openapi))

    async def greet() -> None:
        await documented
        await welcome(launcher.folder, load=load)
        if not exit_after_ready:
            how = "Ctrl-C or ./zone stop stops" if sys.stdin.isatty() else "./zone stop stops"
            say(f"{how} it; ./zone logs shows what it does")

    following = asyncio.create_task(follower.run())
    try:
        await run(launcher, greet, exit_after_ready=exit_after_ready)
    finally:
        following.cancel()
        follower.catch_up()


def _given(context: typer.Context, *names: str) -> list[str]:
    """Those of the options that stand on the command line, as they are written there."""
    given = [name for name in names if (source := context.get_parameter_source(name)) and source.name != "DEFAULT"]
    return [f"--{name.replace('_', '-')}" for name in given]


def _runs_already(folder: ZoneFolder, *, changes_wanted: bool, without_effect: list[str]) -> None:
    """Say so, where and since when, and which options have no effect therefore."""
    running = folder.running()
    if running is None:
        raise Complaint(f"Nothing was changed, as {IN_USE}. Try again in a moment.")
    sentence = f"The zone runs at {running.url} since {running.started_at}, process {running.launcher_pid}"
    if changes_wanted:
        raise Complaint(f"{sentence}: nothing was changed. Stop it first with ./zone stop.")
    say(f"{sentence}; nothing was changed.")
    if without_effect:
        verb = "is" if len(without_effect) == 1 else "are"
        warn(f"{', '.join(without_effect)} {verb} ignored: stop it first with ./zone stop, then start it so.")


def _detached(folder: ZoneFolder, *, fresh: bool, port: int, no_load: bool, json_logs: bool) -> None:
    """Start a launcher without a terminal and show what it says until it is ready."""
    chosen = {"--fresh": fresh, "--no-load": no_load, "--json-logs": json_logs}
    options = ["--quiet", "--port", str(port), *(name for name, wanted in chosen.items() if wanted)]
    folder.make()
    said = folder.logs / "launcher.out"
    with said.open("wb") as output:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy", "up", *options],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    follower = LogFollower([said], LogView([said.stem], plain=True))
    try:
        while launcher.poll() is None and not ((note := folder.running()) and note.ready):
            follower.catch_up()
            with contextlib.suppress(subprocess.TimeoutExpired):
                launcher.wait(0.1)
    except KeyboardInterrupt:
        launcher.terminate()
        launcher.wait()
        raise
    finally:
        follower.catch_up()
    if launcher.returncode:
        raise typer.Exit(launcher.returncode)
