"""A tree of path segments: what stands at a path, found in as many steps as the path has segments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

_PARAMETER = re.compile(r"\{[^{}]+\}")


@dataclass(slots=True)
class _Node(Generic[T]):
    named: dict[str, "_Node[T]"] = field(default_factory=dict)
    any: "_Node[T] | None" = None
    methods: dict[str, T] = field(default_factory=dict)


class PathTree(Generic[T]):
    """Path templates and what they stand for, by method; a literal segment wins over a parameter.

    A parameter takes any segment that is not empty.
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def at(self, template: str) -> dict[str, T]:
        """What stands under a template, by method, to be added to.

        Raises:
            ValueError: a parameter is a part of a segment.
        """
        node = self._root
        for segment in template.split("/")[1:]:
            if _PARAMETER.fullmatch(segment):
                node.any = node.any or _Node()
                node = node.any
            elif "{" in segment:
                raise ValueError(f"{template}: a parameter is a whole segment")
            else:
                node = node.named.setdefault(segment, _Node())
        return node.methods

    def find(self, segments: Sequence[str]) -> Mapping[str, T] | None:
        """What stands at a path, by method; None where there is no such path."""
        return _find(self._root, segments, 0)


def _find(node: _Node[T], segments: Sequence[str], depth: int) -> dict[str, T] | None:
    if depth == len(segments):
        return node.methods or None
    segment = segments[depth]
    if (named := node.named.get(segment)) and (found := _find(named, segments, depth + 1)):
        return found
    return _find(node.any, segments, depth + 1) if node.any and segment else None
