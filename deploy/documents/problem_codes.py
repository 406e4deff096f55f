"""The problem codes in the OpenAPI document: which of them an operation can answer, read from its code.

From an operation's function we follow what it names: functions, methods, the models of bodies and parameters with
their validators. Every code that stands on the way is one that it can answer. Where a name can mean the methods of
several classes, those count that the function itself names, else all that its file knows. What the chassis and the
edge answer to any operation is listed once.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from gateway.pages.problem_pages import explanations
from services.chassis.domain.errors import ZoneError
from services.chassis.http.problems import GENERIC

Json = dict[str, Any]

OWN = (
    *("services.registry", "services.incubator", "services.metrics", "services.contracts", "gateway"),
    "services.chassis.consuming.heard",
    *(f"services.chassis.domain.{name}" for name in ("money", "moves", "times", "violations")),
)
"""Where an operation's own codes stand; those of the rest of the chassis are everyone's."""
MEMBER = "x-problem-codes"


def add_codes(document: Json, routes: Iterable[APIRoute]) -> None:
    """Say at each refusal of each operation which codes of its own it has, and at the top what any can answer."""
    status_of = {code: str(found.status) for code, found in explanations().items()}
    unspecific = {*GENERIC.values(), *(vars(cls).get("code") for cls in _subclasses(ZoneError) if not _is_own(cls))}
    own = {route.name: codes_of(route) & status_of.keys() - unspecific for route in routes}
    for item in document["paths"].values():
        for operation in item.values():
            for status, codes in _by_status(own[operation["operationId"]], status_of).items():
                if status in operation["responses"]:
                    operation["responses"][status][MEMBER] = codes
    document[MEMBER] = _by_status(status_of.keys() - set().union(*own.values()), status_of)


def _by_status(codes: Iterable[str], status_of: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in sorted(codes, key=lambda code: (status_of[code], code)):
        found.setdefault(status_of[code], []).append(code)
    return found


def codes_of(route: APIRoute) -> set[str]:
    """Every text on the way of an operation that could be a code."""
    walk = _Walk()
    walk.dependant(route.dependant)
    walk.follow(inspect.unwrap(route.endpoint))
    return walk.texts


class _Walk:
    """One walk through the code of an operation."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self._seen: set[Any] = set()
        self._models: set[type] = set()

    def dependant(self, dependant: Dependant) -> None:
        """What its parameters and its dependencies check."""
        for inner in dependant.dependencies:
            self.follow(inner.call)
            self.dependant(inner)
        for annotation in _annotations(inspect.unwrap(dependant.call) if dependant.call else None, returned=False):
            self.annotation(annotation)

    def annotation(self, annotation: Any) -> None:
        """A type with all that it is made of; of a model, its fields and validators."""
        for part in get_args(annotation):
            self.annotation(part)
        self.validators(getattr(annotation, "__metadata__", ()))
        if not (inspect.isclass(annotation) and issubclass(annotation, BaseModel)) or annotation in self._models:
            return
        self._models.add(annotation)
        for field in annotation.model_fields.values():
            self.annotation(field.annotation)
            self.validators(field.metadata)
        decorators = annotation.__pydantic_decorators__
        validators: list[Any] = [*decorators.field_validators.values(), *decorators.model_validators.values()]
        self.validators(validators)

    def validators(self, metadata: Iterable[Any]) -> None:
        for each in metadata:
            self.follow(getattr(each, "func", None))

    def follow(self, thing: Any) -> None:
        """Whatever a name can stand for; what is not of the services' own files is passed by."""
        match thing:
            case str():
                self.texts.add(thing)
            case property():
                self.follow(thing.fget)
            case classmethod() | staticmethod() | MethodType():
                self.follow(thing.__func__)
            case type() if issubclass(thing, Exception) and _is_own(thing):
                self.follow(vars(thing).get("code"))
                self.follow(vars(thing).get("__init__"))
            case Mapping():
                for each in thing.values():
                    self.follow(each)
            case FunctionType() if thing not in self._seen and _is_own(thing):
                self._seen.add(thing)
                self._function(thing)

    def _function(self, function: FunctionType) -> None:
        self.follow(getattr(function, "__wrapped__", None))
        for cell in function.__closure__ or ():
            self.follow(cell.cell_contents)
        names: set[str] = set()
        for code in _codes(function.__code__):
            self.texts.update(const for const in code.co_consts if isinstance(const, str))
            names.update(code.co_names)
        space = function.__globals__
        called = [space[name] for name in sorted(names & space.keys())]
        modules = [each for each in called if isinstance(each, ModuleType) and _is_own(each)]
        for each in called:
            self.follow(each)
        near = set(self._classes([*called, *_annotations(function), *map(_annotations, called)]))
        far = set(self._classes(space.values()))
        for name in sorted(names):
            for holders in ([*near, *modules], far, _models_of(_package(function))):
                if found := [each for each in (_member(holder, name) for holder in holders) if _is_own(each)]:
                    for each in found:
                        self.follow(each)
                    break

    def _classes(self, things: Iterable[Any]) -> Iterator[type]:
        """The services' own classes among things, with what is derived from them; of a union what the body can be."""
        for thing in things:
            if inspect.isclass(thing) and _is_own(thing):
                derived = list(_subclasses(thing))
                yield thing
                yield from [each for each in derived if each in self._models] or derived
            elif parts := list(thing) if isinstance(thing, tuple | list) else get_args(thing):
                classes = [part for part in parts if inspect.isclass(part)]
                yield from self._classes([each for each in classes if each in self._models] or parts)


def _annotations(thing: Any, *, returned: bool = True) -> list[Any]:
    """The types in a function's signature."""
    found = thing.__annotations__ if isinstance(thing, FunctionType) else {}
    return [annotation for name, annotation in found.items() if returned or name != "return"]


def _member(holder: Any, name: str) -> Any:
    """What a class or a module has under a name, as it was written there: a property is not asked for its value."""
    places = holder.__mro__ if isinstance(holder, type) else [holder]
    found = next((vars(place)[name] for place in places if name in vars(place)), None)
    return getattr(found, "__func__", None) or getattr(found, "fget", None) or found


@cache
def _models_of(package: str) -> list[type]:
    return [each for each in _subclasses(BaseModel) if _package(each) == package]


def _is_own(thing: Any) -> bool:
    return _module(thing).startswith(OWN)


def _module(thing: Any) -> str:
    return thing.__name__ if isinstance(thing, ModuleType) else str(getattr(thing, "__module__", ""))


def _package(thing: Any) -> str:
    return ".".join(_module(thing).split(".")[:2]) if _module(thing).startswith("services") else "gateway"


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of the functions inside it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    for each in cls.__subclasses__():
        yield each
        yield from _subclasses(each)
