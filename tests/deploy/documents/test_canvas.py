"""The canvas of a service says what its code says, between markers and nowhere else."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
import typer
from fastapi import APIRouter, Security
from typer.testing import CliRunner

from deploy.commands import canvas as command
from deploy.complaint import Complaint
from deploy.documents.canvas import OF_ONE, SECTIONS, drawn, readme_of, table
from deploy.services import WITH_GATEWAY, assembled, files_of
from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Aggregate, Row
from services.chassis.domain.caller import Caller
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Topic
from services.chassis.domain.moves import mermaid
from services.chassis.http.security import CallerOf
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BUSINESSES, BusinessResumed, BusinessSuspended
from services.metrics.catalogue.all import KPIS

MARKED = "## {name}\n\n<!-- {name}:begin -->\nOf yesterday.\n<!-- {name}:end -->\n\nWords of a person.\n\n"
README = "".join(MARKED.format(name=name) for name in (*SECTIONS, *OF_ONE["metrics"]))


class Season(StrEnum):
    """Whether a garden is open."""

    OPEN = "open"
    SHUT = "shut"


MOVES = {Season.OPEN: {Season.SHUT}, Season.SHUT: set[Season]()}


class Garden(Aggregate):
    """A garden: one of those that visitors see. It has beds."""

    collection: ClassVar[str] = "gardens"
    status: Season = Season.OPEN


class Park(Aggregate):
    """A park."""

    collection: ClassVar[str] = "parks"
    status: Season = Season.OPEN


class Visit(Row):
    """A visit; `<garden>|<day>`."""

    collection: ClassVar[str] = "visits"


router, hidden = APIRouter(prefix="/v1/gardens"), APIRouter(include_in_schema=False)
Visitor = Annotated[Caller, Security(CallerOf(), scopes=["gardens:see", "gardens:enter"])]


@router.get("/{garden_id}")
async def see_garden(garden_id: str, visitor: Visitor) -> None:
    """One garden. Never another."""


@router.get("")
async def list_gardens() -> None:
    """The gardens."""


@hidden.get("/gate")
async def gate() -> None:
    """What is no part of the API."""


on, also = Handlers(), Handlers()


@on(BusinessSuspended, BusinessResumed)
async def look(event: BusinessSuspended | BusinessResumed, tx: Tx) -> None:
    """Somebody looks. Twice."""


@also(BusinessSuspended)
async def shut(event: BusinessSuspended, tx: Tx) -> None:
    """A garden is shut."""


@also.any([BUSINESSES, Topic("zone.incubator.books")])
async def note(envelope: Envelope, tx: Tx) -> None:
    """Everything is noted."""


async def rake(now: datetime, new_tx: NewTx) -> None:
    """Leaves are raked."""


GARDENS = Service(
    "garden",
    modules=[
        Module(
            "gardens",
            "Where one may walk.",
            routers=[router],
            documents=[Visit, Garden, Park],
            handlers=on,
            clocks=[Clock("garden.rake", every=2.5, task=rake)],
        ),
        Module("gates", "How one comes in.", routers=[hidden], handlers=also),
        Module("hours", "When one may walk.", routers=[router]),
    ],
)


def section(service: Service, name: str) -> str:
    return drawn(service, README).split(f"<!-- {name}:begin -->\n")[1].split(f"<!-- {name}:end -->")[0]


@pytest.mark.parametrize("service", WITH_GATEWAY)
def test_every_canvas_is_what_the_code_says(service: str) -> None:
    text = readme_of(service).read_text(encoding="utf-8")
    assert drawn(assembled(service), text) == text, "run ./zone canvas"


@pytest.mark.parametrize("service", WITH_GATEWAY)
def test_every_table_of_moves_is_drawn_on_its_canvas(service: str) -> None:
    shown = section(assembled(service), "states")
    tables = [vars(file)["MOVES"] for file in files_of(WITH_GATEWAY[service]) if "MOVES" in vars(file)]
    assert [moves for moves in tables if mermaid(moves) not in shown] == []


def test_a_collection_is_shown_with_what_it_holds() -> None:
    assert section(GARDENS, "collections").splitlines() == [
        "| Collection | What it holds |",
        "|---|---|",
        "| `gardens` | A garden: one of those that visitors see. |",
        "| `parks` | A park. |",
        "| `visits` | A visit; `<garden>\\|<day>`. |",
    ]


def test_a_route_stands_under_its_room_with_its_scopes_and_what_it_does() -> None:
    rows = [
        "| Route | Scope | What it does |",
        "|---|---|---|",
        "| `GET /v1/gardens/{garden_id}` | `gardens:enter`, `gardens:see` | One garden. |",
        "| `GET /v1/gardens` | none | The gardens. |",
    ]
    assert section(GARDENS, "routes").splitlines() == [
        *("**gardens**: Where one may walk.", "", *rows, ""),
        *("**hours**: When one may walk.", "", *rows),
    ]


def test_an_event_is_shown_with_who_hears_of_it() -> None:
    expected = "| `zone.registry.businesses` | `BusinessResumed` | public | A suspended business trades again"
    assert expected in section(assembled("registry"), "events-out")


def test_a_reaction_is_shown_once_with_all_that_it_is_a_reaction_to() -> None:
    assert section(GARDENS, "events-in").splitlines() == [
        "| From | Events | Room | What happens |",
        "|---|---|---|---|",
        "| registry | `BusinessSuspended`, `BusinessResumed` | gardens | Somebody looks. |",
        "| incubator, registry | all of `zone.registry.businesses`, all of `zone.incubator.books` | gates "
        "| Everything is noted. |",
        "| registry | `BusinessSuspended` | gates | A garden is shut. |",
    ]


def test_a_clock_is_shown_with_how_often_it_runs() -> None:
    assert section(GARDENS, "clocks").splitlines()[2:] == ["| `garden.rake` | 2.5 s | Leaves are raked. |"]


def test_nouns_that_move_by_one_table_share_its_diagram() -> None:
    assert section(GARDENS, "states") == f"`Garden`, `Park`:\n\n```mermaid\n{mermaid(MOVES)}\n```\n"


@pytest.mark.parametrize("name", SECTIONS)
def test_what_there_is_not_is_said(name: str) -> None:
    assert section(Service("empty", modules=[]), name) == "None.\n"


def test_what_a_person_wrote_beside_the_markers_stays() -> None:
    now = drawn(assembled("metrics"), README)
    assert now.count("Words of a person.") == README.count("Words of a person.")
    assert "Of yesterday." not in now


def test_a_canvas_that_is_drawn_again_is_the_same() -> None:
    now = drawn(GARDENS, README)
    assert drawn(GARDENS, now) == now


@pytest.mark.parametrize(
    ("marker", "instead"),
    [
        ("<!-- routes:end -->", ""),
        ("<!-- routes:begin -->\n", ""),
        ("<!-- routes:end -->", "<!-- routes:end --> <!-- routes:end -->"),
        ("<!-- routes:begin -->\nOf yesterday.\n<!-- routes:end -->", "<!-- routes:end --><!-- routes:begin -->\n"),
    ],
)
def test_a_readme_without_both_markers_in_order_is_complained_of(marker: str, instead: str) -> None:
    assert marker in README
    with pytest.raises(Complaint, match="README of garden needs <!-- routes:begin -->"):
        drawn(GARDENS, README.replace(marker, instead))


def test_a_canvas_that_is_out_of_date_fails_the_check_and_is_written_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readmes = {service: tmp_path / f"{service}.md" for service in WITH_GATEWAY}
    for readme in readmes.values():
        readme.write_text(README)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "readme_of", readmes.__getitem__)
    app = typer.Typer()
    app.command()(command.canvas)
    assert isinstance(CliRunner().invoke(app, ["--check"]).exception, Complaint)
    assert readmes["registry"].read_text() == README
    assert CliRunner().invoke(app, []).exit_code == 0
    assert CliRunner().invoke(app, ["--check"]).exit_code == 0


def test_a_cell_never_breaks_its_table() -> None:
    assert table(("A", "B"), [("a|b", "c")]) == "| A | B |\n|---|---|\n| a\\|b | c |\n"


def test_the_canvas_of_metrics_has_every_figure_with_its_formula() -> None:
    text = readme_of("metrics").read_text(encoding="utf-8")
    lines = text.split("<!-- figures:begin -->\n")[1].split("<!-- figures:end -->")[0].splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == list(KPIS)
    assert "| `water_m3` | Water taken, 用水量 | flow, m3 |" in text
    assert "| `revenue_reported` | Revenue reported by year, 年度申报营业收入 | flow, CNY, by year |" in text
    assert "| in total only | facilities | `ConsumptionRated`, " in lines[-1]
    assert all(
        f"`{event.__name__}`" in line for line, kpi in zip(lines, KPIS.values(), strict=True) for event in kpi.events
    )


def test_a_section_of_one_service_is_asked_of_that_one_alone() -> None:
    without = "".join(MARKED.format(name=name) for name in SECTIONS)
    assert drawn(GARDENS, without)
    with pytest.raises(Complaint, match="figures:begin"):
        drawn(assembled("metrics"), without)
