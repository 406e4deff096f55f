"""Imports go down only: no circle between files, none between folders, wherever the folders stand."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("services", "gateway", "deploy")
Module = tuple[str, ...]
"""A file by its dotted name: `("services", "metrics", "main")`."""
Arrows = Mapping[str, set[str]]
"""Of each file or folder of one folder, those beside it that it imports."""


def module_of(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


FILES = {module_of(path): path for folder in SOURCE for path in sorted((ROOT / folder).rglob("*.py"))}
FOLDERS = sorted({module[:depth] for module in FILES for depth in range(1, len(module))})


def imported_by(tree: ast.AST) -> Iterator[Module]:
    """The files that a file imports; what is there for the type checker alone runs nowhere, and is not counted."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (tuple(each.name.split(".")) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            parent = tuple(node.module.split("."))
            yield from ((*parent, each.name) if (*parent, each.name) in FILES else parent for each in node.names)
        yield from imported_by(node)


IMPORTS = {module: {*imported_by(ast.parse(path.read_text()))} & FILES.keys() for module, path in FILES.items()}


def arrows_in(folder: Module) -> Arrows:
    """What the children of a folder import of one another, each with all that is in it."""
    depth, found = len(folder), defaultdict[str, set[str]](set)
    for module, imported in IMPORTS.items():
        for other in imported:
            if len(module) > depth < len(other) and module[:depth] == folder == other[:depth]:
                found[module[depth]].add(other[depth])
    return {child: others - {child} for child, others in found.items()}


def circle_in(arrows: Arrows) -> list[str]:
    """The children on a circle or on the way to one: those left when all that import no other are taken away."""
    left = {child: set(others) for child, others in arrows.items()}
    while done := {child for child, others in left.items() if not others & left.keys()}:
        left = {child: others for child, others in left.items() if child not in done}
    return sorted(left)


@pytest.mark.parametrize("folder", FOLDERS, ids=".".join)
def test_files_and_folders_that_stand_together_import_one_another_in_one_direction_only(folder: Module) -> None:
    assert circle_in(arrows_in(folder)) == []


def test_a_circle_is_found_with_whatever_leads_to_it() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert circle_in({"a": {"b", "c"}, "b": {"c"}}) == []


def test_the_imports_of_a_file_are_found_wherever_they_stand() -> None:
    imported = IMPORTS["services", "metrics", "main"]
    assert ("services", "metrics", "handlers") in imported
