"""An aggregation expression of MongoDB (`$expr`), judged in memory: the few operators that validators here use."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.chassis.store.writes import Document
from services.chassis.testing.matching import value_at


class Expression:
    """A condition over the members of a document, such as `{"$eq": [{"$sum": "$lines.debit"}, "$total"]}`.

    Raises:
        ValueError: it uses an operator that is not known here.
    """

    def __init__(self, condition: Mapping[str, Any]) -> None:
        self._condition = condition
        self.members = frozenset(_members(condition))
        """The members of the document that it looks at."""

    def holds(self, document: Document) -> bool:
        return bool(_value(self._condition, document))


def _members(expression: Any) -> Iterator[str]:
    match expression:
        case str() if expression.startswith("$"):
            yield expression[1:].partition(".")[0]
        case list():
            for each in expression:
                yield from _members(each)
        case dict():
            ((operator, operand),) = expression.items()
            if operator not in OPERATORS:
                raise ValueError(f"the store in memory cannot judge {operator}")
            yield from _members(operand)


def _value(expression: Any, document: Document) -> Any:
    match expression:
        case str() if expression.startswith("$"):
            return value_at(document, expression[1:])
        case list():
            return [_value(each, document) for each in expression]
        case dict():
            ((operator, operand),) = expression.items()
            return OPERATORS[operator](_value(operand, document))
        case _:
            return expression


def _sum(value: Any) -> int:
    """The sum of a number, or of the numbers in a list; what is no number adds 0, as in MongoDB."""
    values = value if isinstance(value, list) else [value]
    return sum(each for each in values if isinstance(each, int) and not isinstance(each, bool))


OPERATORS: dict[str, Callable[[Any], Any]] = {
    "$and": all,
    "$eq": lambda both: both[0] == both[1],
    "$lte": lambda both: both[0] <= both[1],
    "$max": max,
    "$or": any,
    "$sum": _sum,
}
