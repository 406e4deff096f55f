"""The rules of the house that no linter knows: what is read here are the source files themselves."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from inspect import isclass
from pathlib import Path

from services.chassis.domain import errors

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("services", "gateway", "deploy")
LONGEST = 250
"""Lines of a file; most have 40 to 200. One that grows beyond holds more than the noun in its name."""
FULLEST = 15
"""Files in a folder, `__init__.py` apart: what one can take in at a look."""
MENU = ROOT / "deploy" / "commands"
"""A menu and no room: one file a command, as long as the command line has."""
NO_NOUN = {"util", "utils", "common", "helper", "helpers", "misc", "base", "lib", "tools", "manager", "core"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
IGNORED = re.compile(r"#\s*(noqa|type:\s*ignore)")
IGNORED_WITH_REASON = re.compile(
    r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w,\s-]+\])\s*([-–—#:]|as|because)\s*\S+"
)


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def named(paths: Iterator[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_every_init_file_is_empty_as_a_re_export_would_hide_an_import() -> None:
    assert named(path for path in python_files(*SOURCE) if path.name == "__init__.py" and path.stat().st_size) == []


def test_every_package_has_its_init_file() -> None:
    folders = {path.parent for path in python_files(*SOURCE)}
    assert named(folder for folder in sorted(folders) if not (folder / "__init__.py").exists()) == []


def test_test_folders_have_no_init_file_as_pytest_imports_them_by_path() -> None:
    assert named(path for path in python_files("tests") if path.name == "__init__.py") == []


def test_no_file_is_longer_than_one_can_read() -> None:
    assert named(path for path in python_files(*SOURCE) if len(path.read_text().splitlines()) > LONGEST) == []


def test_no_folder_holds_more_than_one_can_take_in() -> None:
    folders = {path.parent for path in python_files(*SOURCE)} - {MENU}
    assert named(folder for folder in sorted(folders) if len(list(folder.glob("[!_]*.py"))) > FULLEST) == []


def test_three_files_with_one_prefix_are_a_folder() -> None:
    prefixes = Counter((path.parent, path.stem.partition("_")[0]) for path in python_files(*SOURCE) if "_" in path.stem)
    assert [
        f"{folder.relative_to(ROOT)}/{prefix}_*" for (folder, prefix), n in prefixes.items() if n > 2 and prefix
    ] == []


def test_every_file_is_named_for_the_noun_inside() -> None:
    assert named(path for path in python_files(*SOURCE, "tests") if path.stem in NO_NOUN) == []


def test_nothing_is_left_unfinished() -> None:
    files = (path for path in python_files(*SOURCE, "tests") if path != Path(__file__))
    assert named(path for path in files if UNFINISHED.search(path.read_text())) == []


def test_every_ignored_rule_carries_its_reason_on_the_same_line() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in python_files(*SOURCE, "tests")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if IGNORED.search(line) and not IGNORED_WITH_REASON.search(line)
    ]
    assert bare == []


def test_every_module_says_what_it_is_to_the_zone() -> None:
    files = (path for path in python_files(*SOURCE) if path.name not in ("__init__.py", "__main__.py"))
    assert named(path for path in files if not ast.get_docstring(ast.parse(path.read_text()))) == []


def test_every_test_is_named_as_a_sentence() -> None:
    short = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 3
    ]
    assert short == []


def test_a_refusal_is_made_where_it_is_raised() -> None:
    """One that a module keeps would gather a traceback with each request, and be changed by two at once."""
    refusals = {each.__name__ for each in vars(errors).values() if isclass(each) and issubclass(each, Exception)}
    kept = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files(*SOURCE)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in refusals
    ]
    assert kept == []
