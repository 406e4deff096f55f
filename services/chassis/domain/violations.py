"""Violations: what a rule does not accept, where it stands, and the ways to refuse it.

While a body is being read, a rule ends the validation of its member, and pydantic adds what it says to all else that is
wrong with the body: so the caller is told everything at once. A rule stands at one member:

    class Term(Part):
        first: Annotated[Day, rule(is_weekday, "date_range", "A term begins on a weekday.")]
        last: Annotated[Day, cross_rule(_not_before_first, "date_range")]   # sees `first`, where that is valid
        signed_on: Annotated[Day, date_rule(_not_to_come, "date_range")]    # sees the day in the zone

    def _not_before_first(last: date, before: Before) -> Iterator[Violation]:
        if "first" in before and last < before["first"]:
            yield Violation("date_range", "A term ends after it begins.")

A `model_validator` runs only where every member is valid; it is for what only all of them together show, and ends with
`invalid`. Each rule declares its codes, for the API document. A check that knows nothing of bodies raises `Violated`,
and `as_validator` makes a validator of it. What only the state of the register makes wrong is refused after the body
was read, by `refuse`; what parameters that are valid one by one ask for together, by `refuse_parameters`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from services.chassis.domain.errors import Unprocessable

STORED: Final[Mapping[str, Any]] = {"stored": True}
"""The context in which a document of the store is read: it was judged when it came, by the rules of that day."""

P = ParamSpec("P")
T = TypeVar("T")

Before = Mapping[str, Any]
"""The members of a whole before the one that a rule looks at, as far as they are valid."""


class Violation(NamedTuple):
    """A value that a rule does not accept, and where it stands; officials are told one sentence more.

    `path` leads to a member of the body, or is the name of a parameter; `allowed` are the values that would have been
    right, where they can be listed.
    """

    code: str
    detail: str
    path: tuple[str | int, ...] = ()
    for_officials: str = ""
    allowed: tuple[str, ...] = ()

    @property
    def pointer(self) -> str:
        """Where it stands in the body (RFC 6901)."""
        return "".join(f"/{part}" for part in self.path)


class Violated(ValueError):
    """A value on its own is not what it claims to be.

    Args:
        code: stable, snake_case.
        detail: one sentence that does not repeat the value.
        for_officials: a sentence that only they are told.
    """

    def __init__(self, code: str, detail: str, for_officials: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.for_officials = for_officials

    def at(self, *path: str | int) -> Violation:
        """The violation of the value that stands at this place of a body."""
        return Violation(self.code, self.detail, path, self.for_officials)


def invalid(*violations: Violation) -> None:
    """End a validation with these violations, each at its place; nothing happens where there are none.

    Raises:
        ValidationError: pydantic adds them to those that it found elsewhere.
    """
    if violations:
        raise _in_pydantics_words(violations)


def _in_pydantics_words(violations: Sequence[Violation]) -> ValidationError:
    found = []
    for each in violations:
        context = {"for_officials": each.for_officials} if each.for_officials else None
        error = PydanticCustomError(each.code, each.detail, context)
        found.append(InitErrorDetails(type=error, loc=each.path, input=None))
    return ValidationError.from_exception_data("violations", found)


def as_validator(check: Callable[P, T], *path: str | int) -> Callable[P, T]:
    """Make a validator of a check that raises `Violated`: of the value itself, or of a field of it at `path`."""

    @wraps(check)
    def validator(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return check(*args, **kwargs)
        except Violated as violated:
            raise _in_pydantics_words([violated.at(*path)]) from violated

    return validator


@dataclass(frozen=True, slots=True)
class Rule(AfterValidator):
    """A validator that declares with which codes it refuses."""

    codes: tuple[str, ...] = ()


def rule(accepts: Callable[[T], object], code: str, detail: str) -> Rule:
    """A rule of one value, for an annotated type; `accepts` answers what is true of a good one, such as a match."""

    def check(value: T, info: ValidationInfo) -> T:
        if info.context is not STORED and not accepts(value):
            invalid(Violation(code, detail))
        return value

    return Rule(check, (code,))


def in_years(first: int, last: int, code: str, detail: str) -> Rule:
    """The rule that a day or a moment is in one of these years, both included; for an annotated type."""

    def accepts(when: date) -> bool:
        return first <= when.year <= last

    return rule(accepts, code, detail)


def at_path(violations: Iterable[Violation], *path: str | int) -> Iterator[Violation]:
    """Prefix each violation's path with the place of the judged value."""
    for each in violations:
        yield each._replace(path=(*path, *each.path))


def cross_rule(judge: Callable[[T, Before], Iterator[Violation]], *codes: str) -> Rule:
    """A rule across members: of one and those before it, of which it is given the valid ones. For an annotated type."""

    def check(value: T, info: ValidationInfo) -> T:
        if info.context is not STORED:
            invalid(*judge(value, info.data))
        return value

    return Rule(check, codes)


def date_rule(judge: Callable[[T, date], Iterator[Violation]], *codes: str) -> Rule:
    """A rule of one value that depends on today's date, for an annotated type; bodies alone are judged by it."""

    def check(value: T, info: ValidationInfo) -> T:
        if info.context and "today" in info.context:
            invalid(*judge(value, info.context["today"]))
        return value

    return Rule(check, codes)


def refuse(*violations: Violation) -> None:
    """Refuse a body for these violations, all at once; nothing happens where there are none.

    Raises:
        Unprocessable: see `refusal`.
    """
    if violations:
        raise refusal(*violations)


def refusal(*violations: Violation) -> Unprocessable:
    """The refusal of a body for these violations, each at its place."""
    places = [{"pointer": each.pointer} for each in violations]
    return _refusal(violations, places, "Not everything in the body is acceptable.")


def refuse_parameters(*violations: Violation) -> None:
    """Refuse a query for these violations, all at once; nothing happens where there are none.

    Args:
        violations: the `path` of each is the name of its parameter.

    Raises:
        Unprocessable: each at its parameter; `allowed` is that of the first that lists any.
    """
    if violations:
        places = [{"parameter": ".".join(map(str, each.path))} for each in violations]
        told = _refusal(violations, places, "Not everything that is asked for can be answered.")
        if allowed := next((each.allowed for each in violations if each.allowed), ()):
            told.members["allowed"] = list(allowed)
        raise told


def _refusal(violations: Sequence[Violation], places: Sequence[Mapping[str, str]], together: str) -> Unprocessable:
    """One refusal for all of them, in the sentence of the only one or in the one that is said of several."""
    return Unprocessable(
        violations[0].detail if len(violations) == 1 else together,
        errors=[
            {**place, "code": each.code, "detail": each.detail} for place, each in zip(places, violations, strict=True)
        ],
    )
