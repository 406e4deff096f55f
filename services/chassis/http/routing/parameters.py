"""Parameters of an address: which ones an operation reads, and in which form each is written."""

import re
from collections.abc import Iterator, Mapping
from inspect import isclass
from typing import Any, Final, NamedTuple

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.chassis.http.names import classes_in
from services.chassis.http.problems import UNREADABLE_PARAMETERS, unreadable_parameters


class Form(NamedTuple):
    """How values of a type are written, as the API document has them: in no other way, though it could be understood.

    What pydantic reads as a number or as a truth too (`1.0`, `+1`, `1_0`, `01`, `yes`, `TRUE`) would give one page
    several addresses.
    """

    written: re.Pattern[str]
    about: str


FORMS: Final[Mapping[type[Any], Form]] = {
    bool: Form(re.compile("true|false"), "true or false"),
    int: Form(re.compile("0|-?[1-9][0-9]*"), "a whole number in digits"),
}
"""Of texts, days and instants the types themselves see to it (`Text`, `Day`, `Instant`)."""


class Parameters:
    """What an operation reads in its query and its path, those that its dependencies read included.

    Attributes:
        query, path: name → what it is.
    """

    def __init__(self, dependant: Dependant) -> None:
        self.query = dict(_of_query(dependant))
        self.path = {each.alias: each.field_info for each in dependant.path_params}
        self._query_forms, self._path_forms = _forms(self.query), _forms(self.path)

    def check(self, request: Request) -> None:
        """Refuse what could be misread: a misspelt filter must not show everything, nor one that stands twice half.

        Raises:
            BadRequest: `malformed_parameter`; each is listed, with its own code or as `unknown_parameter` or
                `repeated_parameter`.
        """
        items = request.query_params.multi_items()
        names = [name for name, _ in items]
        unknown = sorted(set(names) - self.query.keys())
        repeated = sorted({name for name in names if names.count(name) > 1} & self.query.keys())
        wrong = [{"parameter": name, "code": "unknown_parameter", "detail": "not known here"} for name in unknown]
        wrong += [{"parameter": name, "code": "repeated_parameter", "detail": "it stands twice"} for name in repeated]
        once = {name: value for name, value in items if name not in repeated}
        if wrong := [*wrong, *_malformed(once, self._query_forms)]:
            raise unreadable_parameters(wrong)

    def name_nothing(self, request: Request) -> bool:
        """Whether a part of the path is not written as its type is, so that nothing can be found there."""
        return any(_malformed(request.path_params, self._path_forms))


def _of_query(dependant: Dependant) -> Iterator[tuple[str, FieldInfo]]:
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isclass(model) and issubclass(model, BaseModel):
            yield from ((each.alias or name, each) for name, each in model.model_fields.items())
        else:
            yield field.alias, field.field_info
    for inner in dependant.dependencies:
        yield from _of_query(inner)


def _forms(fields: Mapping[str, FieldInfo]) -> dict[str, Form]:
    found = {name: next(classes_in(field.annotation), str) for name, field in fields.items()}
    return {name: FORMS[type] for name, type in found.items() if type in FORMS}


def _malformed(sent: Mapping[str, str], forms: Mapping[str, Form]) -> Iterator[dict[str, str]]:
    for name, form in forms.items():
        if name in sent and not form.written.fullmatch(sent[name]):
            place = {"parameter": name, "code": "malformed_parameter", "detail": form.about}
            yield place | ({"code": UNREADABLE_PARAMETERS[name]} if name in UNREADABLE_PARAMETERS else {})
