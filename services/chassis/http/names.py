"""What callers call things: the names of schemas in the API document, made of the names of classes."""

from collections.abc import Iterator
from inspect import isclass
from typing import Any, get_args

from typing_extensions import TypeAliasType


def public_name(class_name: str) -> str:
    """What a caller knows the instances of a class by: a `FilingView` is, to a caller, the `Filing`."""
    return class_name.removesuffix("View")


def plural(noun: str) -> str:
    """The plural of an English noun: filings, businesses, summaries, keys."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def name_of(annotation: Any) -> str:
    """The public name of a type; of several classes, that of the first."""
    return public_name(next(classes_in(annotation)).__name__)


def classes_in(annotation: Any) -> Iterator[type[Any]]:
    """The classes that a type is one of, in order."""
    if isinstance(annotation, TypeAliasType):
        yield from classes_in(annotation.__value__)
    elif isclass(annotation):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from classes_in(part)
