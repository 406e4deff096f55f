"""The canvas of a service says what its code says, between markers and nowhere else."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.commands import canvas as command
from deploy.complaint import Complaint
from deploy.documents.canvas import SECTIONS, drawn, first_sentence, readme_of, row
from deploy.services import WITH_GATEWAY, assembled

MARKED = "## {name}\n\n<!-- {name}:begin -->\n<!-- {name}:end -->\n\nWords of a person.\n\n"
EMPTY = "".join(MARKED.format(name=name) for name in SECTIONS)


def section(service: str, name: str) -> str:
    return drawn(service, EMPTY).split(f"<!-- {name}:begin -->\n")[1].split(f"<!-- {name}:end -->")[0]


@pytest.mark.parametrize("service", WITH_GATEWAY)
def test_every_canvas_is_what_the_code_says(service: str) -> None:
    text = readme_of(service).read_text(encoding="utf-8")
    assert drawn(service, text) == text, "run ./zone canvas"


@pytest.mark.parametrize("service", WITH_GATEWAY)
def test_every_route_and_every_collection_stands_on_its_canvas(service: str) -> None:
    assert len(section(service, "routes").splitlines()) == len(assembled(service).routes()) + 2
    for document in assembled(service).documents:
        assert f"| `{document.collection}` | " in section(service, "collections")


def test_a_route_is_shown_with_its_scope_and_what_it_does() -> None:
    expected = "| `POST /v1/registry/filings/{filing_id}/assign` | `registry:review` | Take a filing up. |\n"
    assert expected in section("registry", "routes")


def test_an_event_is_shown_with_who_hears_of_it() -> None:
    expected = "| `zone.registry.businesses` | `BusinessResumed` | public | A suspended business trades again"
    assert expected in section("registry", "events-out")


def test_a_reaction_is_shown_with_what_happens() -> None:
    assert "| registry | `BusinessResumed` | A business that trades again may use" in section("incubator", "events-in")


def test_each_table_of_moves_is_a_diagram_under_the_file_that_it_stands_in() -> None:
    shown = section("registry", "states")
    assert "`businesses/business.py`:" in shown
    assert "`filings/status.py`:" in shown
    assert shown.count("stateDiagram-v2") == 2


def test_what_there_is_not_is_said() -> None:
    assert section("registry", "events-in") == "None.\n"


def test_what_a_person_wrote_beside_the_markers_stays() -> None:
    assert drawn("registry", EMPTY).count("Words of a person.") == len(SECTIONS)


def test_a_readme_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="routes: its two markers"):
        drawn("registry", EMPTY.replace("<!-- routes:end -->", ""))


def test_a_canvas_that_is_out_of_date_fails_the_check_and_is_written_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readmes = {service: tmp_path / f"{service}.md" for service in WITH_GATEWAY}
    for readme in readmes.values():
        readme.write_text(EMPTY)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "readme_of", readmes.__getitem__)
    app = typer.Typer()
    app.command()(command.canvas)
    assert isinstance(CliRunner().invoke(app, ["--check"]).exception, Complaint)
    assert readmes["registry"].read_text() == EMPTY
    assert CliRunner().invoke(app, []).exit_code == 0
    assert CliRunner().invoke(app, ["--check"]).exit_code == 0


def test_a_sentence_ends_where_it_ends_and_a_cell_never_breaks_its_table() -> None:
    def thing() -> None:
        """Costs 1.50 a
        day. And more."""

    assert first_sentence(thing) == "Costs 1.50 a day."
    assert row("a|b", "c") == "| a\\|b | c |\n"
