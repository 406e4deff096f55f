"""References between the parts of a document, and what happens to them where a schema is given another name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from services.chassis.http.names import public_name

Json = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"


def public_names(class_names: Iterable[str]) -> dict[str, str]:
    """The public name of each class.

    Raises:
        ValueError: two have one; rename a class.
    """
    classes: dict[str, str] = {}
    for each in class_names:
        first = classes.setdefault(public_name(each), each)
        if first != each:
            raise ValueError(f"callers would know {first} and {each} by one name, {public_name(each)}")
    return {each: name for name, each in classes.items()}


def named_in(value: Any) -> Iterator[str]:
    """The names of the schemas that a value refers to."""
    if isinstance(value, str):
        if value.startswith(REFERENCE):
            yield value.removeprefix(REFERENCE)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from named_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named_in(inner)


def renamed(document: Json, names: Mapping[str, str]) -> Json:
    """A document with other names for some schemas, wherever they stand: in references and in discriminators."""

    def rewrite(value: Any) -> Any:
        if isinstance(value, dict):
            return {member: rewrite(inner) for member, inner in value.items()}
        if isinstance(value, str) and value.startswith(REFERENCE):
            name = value.removeprefix(REFERENCE)
            return REFERENCE + names.get(name, name)
        return [rewrite(inner) for inner in value] if isinstance(value, list) else value

    changed: Json = rewrite(document)
    schemas = changed["components"]["schemas"]
    changed["components"]["schemas"] = {names.get(name, name): schema for name, schema in schemas.items()}
    return changed
