"""A tree of path segments: a literal wins over a parameter, and a parameter takes any segment."""

import pytest

from services.chassis.http.routing.path_tree import PathTree


def tree(*templates: str) -> PathTree[str]:
    found: PathTree[str] = PathTree()
    for template in templates:
        found.at(template)["GET"] = template
    return found


def at(path: str, *templates: str) -> str | None:
    found = tree(*templates).find(path.split("/")[1:])
    return found["GET"] if found else None


def test_a_literal_segment_wins_over_a_parameter() -> None:
    assert at("/a/latest", "/a/{id}", "/a/latest") == "/a/latest"


def test_a_literal_that_leads_nowhere_gives_way_to_the_parameter() -> None:
    assert at("/a/latest/y", "/a/latest/x", "/a/{id}/y") == "/a/{id}/y"


@pytest.mark.parametrize("path", ["/a", "/a/", "/a/1/2", "/", "/A/1", "//1"])
def test_where_nothing_stands_nothing_is_found(path: str) -> None:
    assert at(path, "/a/{id}") is None


def test_a_parameter_that_is_part_of_a_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="whole segment"):
        tree("/a/{id}.pdf")
