"""The front page sends its reader to functions that are there."""

import re
from pathlib import Path
from pkgutil import resolve_name

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_one_registration_can_be_followed_through_functions_that_exist() -> None:
    way = README.split("To follow one registration through the code:")[1].split("\n\n")[0]
    names = re.findall(r"`([\w.]+)`", way)
    assert [name.rpartition(".")[2] for name in names] == ["approve_filing", "take_effect", "effect", "project"]
    for name in names:
        assert callable(resolve_name(name))
