"""Whether a document in memory fits a filter, as MongoDB would say."""

from collections.abc import Callable, Mapping
from typing import Any

from services.chassis.store.writes import Document


def value_at(document: Any, path: str) -> Any:
    """What stands at a dotted path; None where nothing does, and of each element where a list is on the way."""
    for name in path.split("."):
        if isinstance(document, list):
            document = [each.get(name) for each in document]
        else:
            document = document.get(name) if isinstance(document, dict) else None
    return document


def sortable(document: Document, name: str) -> tuple[bool, Any]:
    """The key to sort by a field: what lacks it comes first."""
    value = value_at(document, name)
    return value is not None, value


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda value, bound: value is not None and value > bound,
    "$gte": lambda value, bound: value is not None and value >= bound,
    "$lt": lambda value, bound: value is not None and value < bound,
    "$lte": lambda value, bound: value is not None and value <= bound,
    "$ne": lambda value, bound: value != bound,
    "$in": lambda value, bound: any(each in bound for each in value) if isinstance(value, list) else value in bound,
    "$nin": lambda value, bound: value not in bound,
    "$exists": lambda value, bound: (value is not None) is bound,
    "$all": lambda value, bound: set(bound) <= set(value or ()),
}


def matches(document: Document, where: Mapping[str, Any]) -> bool:
    """Whether a document fits a filter, for the operators that this code base uses."""
    for name, wanted in where.items():
        if name == "$or":
            if not any(matches(document, each) for each in wanted):
                return False
        elif name == "$and":
            if not all(matches(document, each) for each in wanted):
                return False
        else:
            value = value_at(document, name)
            if isinstance(wanted, dict) and any(key.startswith("$") for key in wanted):
                if not all(COMPARISONS[operator](value, bound) for operator, bound in wanted.items()):
                    return False
            elif value != wanted and not (isinstance(value, list) and wanted in value):
                return False
    return True
