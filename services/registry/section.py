"""A section of a business's entry, and the ways in which what a caller wrote in one can be wrong."""

from collections.abc import Callable, Iterable
from typing import Annotated, NamedTuple, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from services.chassis.errors import Unprocessable

T = TypeVar("T")


class Section(BaseModel):
    """One part of an entry. It is never changed in place: a filing brings a whole new one."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, serialize_by_alias=True)


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""A short text: a name, a line of an address."""


class Violation(NamedTuple):
    """A value that a rule does not accept, and where it stands."""

    code: str
    detail: str
    path: tuple[str | int, ...] = ()


def refuse_in_model(title: str, violations: Iterable[Violation]) -> None:
    """End a model's validation with these violations, each at its place; nothing happens where there are none.

    Raises:
        ValidationError: pydantic adds them to those that it found elsewhere.
    """
    if found := list(violations):
        raise ValidationError.from_exception_data(title, [_in_pydantics_words(each) for each in found])


def _in_pydantics_words(each: Violation) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(each.code, each.detail), loc=each.path, input=None)


def refuse(violations: Iterable[Violation]) -> None:
    """Refuse a payload for these violations, all at once; nothing happens where there are none.

    Raises:
        Unprocessable: with their common code, or `validation_failed` where they have several.
    """
    if found := list(violations):
        codes = {each.code for each in found}
        raise Unprocessable(
            found[0].detail if len(found) == 1 else "Not everything in the payload is acceptable.",
            code=codes.pop() if len(codes) == 1 else "validation_failed",
            errors=[
                {
                    "pointer": "".join(f"/{part}" for part in ("payload", *each.path)),
                    "code": each.code,
                    "detail": each.detail,
                }
                for each in found
            ],
        )


def rule(accepts: Callable[[T], bool], code: str, detail: str) -> AfterValidator:
    """A rule of one value, for an annotated type."""

    def check(value: T) -> T:
        if not accepts(value):
            invalid(code, detail)
        return value

    return AfterValidator(check)


def invalid(code: str, detail: str, for_officials: str = "") -> NoReturn:
    """Refuse the value that is being validated; `for_officials` is a sentence that only officers are told."""
    raise PydanticCustomError(code, detail, {"for_officials": for_officials} if for_officials else None)
