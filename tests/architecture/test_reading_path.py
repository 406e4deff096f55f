"""The front page sends its reader to functions that are there."""

import re
from pathlib import Path
from pkgutil import resolve_name

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_one_registration_can_be_followed_through_three_functions_that_exist() -> None:
    way = README.split("To follow one registration from route to KPI, read three functions in three files:")[1]
    three, beside = way.split("\n\n")[0].split("What lies between")
    names = re.findall(r"`([\w.]+)`", three)
    assert [name.rpartition(".")[2] for name in names] == ["approve_filing", "effect", "project"]
    files = {resolve_name(name).__code__.co_filename for name in names}
    assert len(files) == 3
    for name in re.findall(r"`([\w.]+)`", beside):
        assert callable(resolve_name(name))
