"""`./zone rebuild metrics`: the figures made anew from the log beside live traffic, and the way back."""

import asyncio
import time
from collections.abc import Iterator
from typing import Annotated, Any, Final

import orjson
import typer

from deploy.complaint import Complaint
from deploy.named_zone import Key, Url, access
from deploy.public_api import Access, call, connect
from deploy.terminal import say

PATH: Final = "/v1/metrics/rebuilds"
LOOK_EVERY: Final = 0.5
UNDER_WAY: Final = frozenset({"building", "meeting", "comparing", "settling"})

Json = Annotated[bool, typer.Option("--json", help="Print the rebuild as the API shows it, once it is over.")]
Rollback = Annotated[bool, typer.Option("--rollback", help="Go back to the figures that were shown before.")]
Accept = Annotated[bool, typer.Option("--accept", help="Show the figures that wait, whatever differs.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Give up what is under way or waits.")]


def rebuild(
    service: Annotated[str, typer.Argument(help="metrics: no other service is made of events alone.")],
    rollback: Rollback = False,
    accept: Accept = False,
    cancel: Cancel = False,
    as_json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Make the figures anew from the log, compare them with those that are shown, and swap; Ctrl-C lets it go on."""
    if service != "metrics":
        raise Complaint(f"{service} is not made of events alone, so nothing of it can be made anew; metrics is.")
    if rollback + accept + cancel > 1:
        raise Complaint("Say one of --rollback, --accept and --cancel.")
    act = "rollback" if rollback else "accept" if accept else "cancel" if cancel else ""
    found = asyncio.run(_followed(access(url, key), act, quiet=as_json))
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo("\n".join(summary(found)))
    if found["status"] != ("dropped" if cancel else "done"):
        raise typer.Exit(1)


async def _followed(zone: Access, act: str, *, quiet: bool) -> dict[str, Any]:
    """Order it, say how it goes, and return it as it ended."""
    async with connect(zone.url, zone.operator_key) as operator:
        path = PATH if not act else f"{PATH}/rollback" if act == "rollback" else f"{await _last(operator)}/{act}"
        found = (await call(operator, "POST", path, about="rebuild", json={})).body
        said, began = "", time.monotonic()
        while found["status"] in UNDER_WAY:
            line = progress(found)
            if not quiet and line != said:
                say(f"{time.monotonic() - began:6.1f} s  {line}")
            said = line
            await asyncio.sleep(LOOK_EVERY)
            found = (await call(operator, "GET", f"{PATH}/{found['id']}", about="rebuild")).body
    return found


async def _last(operator: Any) -> str:
    """The path of the one that is under way or waits."""
    after: dict[str, str] = {}
    while True:
        page = (await call(operator, "GET", PATH, about="rebuild", params={"limit": "200", **after})).body
        for each in page["data"]:
            if each["status"] in UNDER_WAY | {"waiting"}:
                return f"{PATH}/{each['id']}"
        if page["next_cursor"] is None:
            raise Complaint("No rebuild is under way, and none waits.")
        after = {"cursor": page["next_cursor"]}


def progress(rebuild: dict[str, Any]) -> str:
    """How far it is, in a line."""
    rate = f", {rebuild['rate']:,} a second" if rebuild["rate"] else ""
    left = f", {rebuild['behind']:,} to go" if rebuild["behind"] else ""
    halted = f"; stopped: {rebuild['halted'][0]}" if rebuild["halted"] else ""
    return f"{rebuild['status']}: {rebuild['events']:,} events{left}{rate}{halted}"


def summary(rebuild: dict[str, Any]) -> Iterator[str]:
    """What came of it."""
    rate = f", {rebuild['rate']:,} a second" if rebuild["rate"] else ""
    yield f"{rebuild['status']}: generation {rebuild['generation']}, {rebuild['events']:,} events{rate}"
    if rebuild["why"]:
        yield rebuild["why"]
    for place, offset in rebuild["cut"].items():
        yield f"the log of {place.replace('|', ', partition ')} begins at {offset}: what was before is gone from it"
    for each in rebuild["differences"]:
        why = "another definition" if each["expected"] else "the same definition"
        yield f"{each['kpi']} differs in {each['counters']} counters, by {why}"
        yield from (f"  {at['path']}: shown {at['shown']}, built {at['built']}" for at in each["places"])
    yield from (f"parked: {event}" for event in rebuild["parked"])
    if rebuild["digests"]:
        yield f"{len(rebuild['digests'])} KPIs compared, {len(rebuild['digests']) - len(rebuild['differences'])} equal"
    if rebuild["status"] == "waiting":
        yield "./zone rebuild metrics --accept shows it all the same, --cancel gives it up"
