"""`./zone dead-letters list|show|replay|discard`: events that could not be handled, while everything else goes on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.markup import escape

from deploy.complaint import Complaint
from deploy.machine.secret_files import event_key_files, told
from deploy.machine.service_database import database_of, mongo_url_of, place_of
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import EVENT_KEYS, secrets_in
from deploy.services import WITH_GATEWAY, assembled
from deploy.terminal import output, say, show_rows
from services.chassis.consuming.dead_letters import DeadLetters, Done, Selection
from services.chassis.consuming.group import Group, group_of
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.errors import Unavailable
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.kafka.parking import REASONS, Reason
from services.chassis.settings import DEVELOPMENT_SECRET, event_keys_in
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import MongoStore

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    help="Events that could not be handled: list, show, replay, discard. They stand in the services' databases, which "
    "no gateway shows: for a zone in containers it is docker compose run --rm tools dead-letters …",
)

ServiceName = Annotated[str, typer.Option("--service", "-s", help=f"{', '.join(WITH_GATEWAY)}.")]
AnyService = Annotated[str | None, typer.Option("--service", "-s", help="One of them; by default all.")]
EventId = Annotated[str | None, typer.Option("--event", help="One event, `<subject>:<sequence>`.")]
Subject = Annotated[str | None, typer.Option("--subject", help="All of one subject.")]
WithReason = Annotated[str | None, typer.Option("--reason", help=f"All parked as {', '.join(REASONS)}.")]
Everything = Annotated[bool, typer.Option("--all", help="All of them.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]
Json = Annotated[bool, typer.Option("--json", help="For other programs.")]


@app.command("list")
def list_(
    service: AnyService = None,
    event: EventId = None,
    subject: Subject = None,
    reason: WithReason = None,
    as_json: Json = False,
) -> None:
    """What is parked, by service, subject and in its order."""
    chosen = _selection(event, subject, reason)
    services = [service] if service else [*WITH_GATEWAY]
    rows = [(each, row) for each in services for row in _with(each, lambda letters: letters.parked(chosen))]
    if as_json:
        _print_json([{"service": each, **_without_record(row)} for each, row in rows])
        return
    table = [("SERVICE", "EVENT", "TYPE", "REASON", "ATTEMPTS", "PARKED AT", "WHY")]
    for each, row in rows:
        why = row["error"].strip().splitlines()[-1:] or [""]
        cells = (
            each,
            _event(row),
            row["type"] or "",
            row["reason"],
            str(row["attempts"]),
            f"{row['parked_at']:%F %T}Z",
            why[0],
        )
        table.append(cells)
    if rows:
        show_rows(table)
    output.print(f"{len(rows)} parked in {', '.join(services)}")


@app.command()
def show(
    service: ServiceName, event: Annotated[str, typer.Argument(help="`<subject>:<sequence>`, as listed.")]
) -> None:
    """One parked event whole: why it was parked, its headers and its data."""
    rows = _with(service, lambda letters: letters.parked(Selection(event=event)))
    if not rows:
        raise Complaint(
            f"{service} has parked nothing called {event}: see ./zone dead-letters list --service {service}."
        )
    for row in rows:
        record = row["record"]
        _print_json(
            {
                **_without_record(row),
                "key": _text(record["key"]),
                "headers": {name: _text(raw) for name, raw in record["headers"]},
                "data": _data(record["value"]),
            }
        )


@app.command()
def replay(
    service: ServiceName,
    event: EventId = None,
    subject: Subject = None,
    reason: WithReason = None,
    everything: Everything = False,
    dry_run: DryRun = False,
    give_up_missing: Annotated[
        str | None, typer.Option(help="Why events that never came may be passed over, so that those after can follow.")
    ] = None,
) -> None:
    """Try again, all parked events of each subject in order, after the cause has been mended."""
    chosen = _selection(event, subject, reason, everything=everything, must_choose=True)
    _report(_with(service, lambda letters: letters.replay(chosen, dry_run=dry_run, give_up_missing=give_up_missing)))


@app.command()
def discard(
    service: ServiceName,
    because: Annotated[str, typer.Option("--because", help="Why it may be given up; kept with the event.")],
    event: EventId = None,
    subject: Subject = None,
    reason: WithReason = None,
    everything: Everything = False,
    dry_run: DryRun = False,
) -> None:
    """Give events up for good, so that those behind them can be replayed."""
    chosen = _selection(event, subject, reason, everything=everything, must_choose=True)
    if not because.strip():
        raise Complaint("An event is given up only with a written reason: --because.")
    _report(_with(service, lambda letters: letters.discard(chosen, because=because, dry_run=dry_run)))


def _selection(
    event: str | None, subject: str | None, reason: str | None, *, everything: bool = False, must_choose: bool = False
) -> Selection:
    known: dict[str, Reason] = {each: each for each in REASONS}
    if reason is not None and reason not in known:
        raise Complaint(f"Nothing is parked as {reason}; the reasons are {', '.join(REASONS)}.")
    if must_choose and everything is any((event, subject, reason)):
        raise Complaint("Say which events: --event, --subject or --reason, or --all for every one.")
    return Selection(event, subject, known[reason] if reason else None)


def _with(service: str, work: Callable[[DeadLetters], Awaitable[T]]) -> T:
    """Do something with a service's dead letters, in its own database and with its own handlers."""
    if service not in WITH_GATEWAY:
        raise Complaint(f"There is no service {service}; there are {', '.join(WITH_GATEWAY)}.")
    found = assembled(service)
    handlers = found.handlers or Handlers()
    group = partial(Group, handlers=handlers, keys=_producer_keys(service))
    projected = found.projection.collections if found.projection else ()

    async def run() -> T:
        url = mongo_url_of(service)
        store = MongoStore(url, database_of(service), service)
        try:
            shown = await Shown(store, projected).now()
            return await work(DeadLetters(group(group_of(service, shown.generation), shown)))
        except Unavailable as error:
            raise Complaint(f"MongoDB cannot be reached at {place_of(url)}: see ./zone status.") from error
        finally:
            store.close()

    return asyncio.run(run())


def _producer_keys(service: str) -> ProducerKeys:
    """By which a replay believes records: as told, or this zone's; where nobody says, those of development."""
    folder = ZoneFolder.usual()
    if (keys := told(EVENT_KEYS, event_key_files(service)[EVENT_KEYS])) is not None:
        return ProducerKeys(event_keys_in(keys))
    if folder.secrets.is_file():
        return ProducerKeys(event_keys_in(secrets_in(folder.secrets)[EVENT_KEYS]))
    return ProducerKeys({}, otherwise=DEVELOPMENT_SECRET)


def _report(done: Sequence[Done]) -> None:
    for each in done:
        detail = each.detail.strip().splitlines()[-1:] or [""]
        output.print(f"{escape(each.id)}  {each.outcome}{'  ' + escape(detail[0]) if detail[0] else ''}")
    counts = Counter(each.outcome for each in done)
    say(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "nothing is parked that fits")
    if counts["failed"] or counts["waits"]:
        raise typer.Exit(1)


def _event(row: dict[str, Any]) -> str:
    return str(row["_id"]).partition("|")[2]


def _without_record(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in ("_id", "record", "copied")}
    return {"event": _event(row), **shown}


def _print_json(value: Any) -> None:
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=_as_text).decode())


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode(errors="backslashreplace")


def _data(raw: bytes | None) -> Any:
    """JSON where it is, else the text."""
    try:
        return orjson.loads(raw or b"null")
    except orjson.JSONDecodeError:
        return _text(raw)
