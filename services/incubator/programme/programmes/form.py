"""What an applicant is asked, by what it is judged, and who may apply: data of a programme, frozen for each cohort."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule, rule

WHOLE: Final = 10_000
"""Basis points of the whole."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, Text(at_most=200)]
Months = Annotated[int, Field(ge=1, le=600)]


class Question(Part):
    """One question of the form."""

    key: Key
    """By which answers name it."""
    text: Title
    """What is asked."""
    required: bool = True
    """Whether an application without an answer cannot be submitted."""
    at_most: Annotated[int, Field(ge=1, le=5000)] = 2000
    """How many characters an answer has at most."""


class Criterion(Part):
    """By what applications are judged, from 0 to 5 points."""

    key: Key
    """By which scores name it."""
    name: Title
    """What is judged."""
    weight_bps: Annotated[int, Field(ge=1, le=WHOLE)]
    """Its share of the score, in basis points."""


class RuleKind(StrEnum):
    """What an applicant must be."""

    GRADUATED_WITHIN = "graduated_within"
    FOUNDER_SHARE_AT_LEAST = "founder_share_at_least"
    FOUNDER_IS_LEGAL_REPRESENTATIVE = "founder_is_legal_representative"
    BUSINESS_REGISTERED_IN_ZONE = "business_registered_in_zone"
    BUSINESS_AGE_AT_MOST = "business_age_at_most"


MONTHS: Final = (RuleKind.GRADUATED_WITHIN, RuleKind.BUSINESS_AGE_AT_MOST)
SHARE: Final = (RuleKind.FOUNDER_SHARE_AT_LEAST,)


def _where_it_belongs(kinds: Sequence[RuleKind], value: int | None, before: Before) -> Iterator[Violation]:
    if "rule" in before and (value is not None) != (before["rule"] in kinds):
        yield Violation("rule_parameter", "`months` and `bps` are said of the rules that have them, and of no other.")


def _months(value: int | None, before: Before) -> Iterator[Violation]:
    return _where_it_belongs(MONTHS, value, before)


def _share(value: int | None, before: Before) -> Iterator[Violation]:
    return _where_it_belongs(SHARE, value, before)


class EligibilityRule(Part):
    """One rule of who may apply; one founder must be as it says, or the business."""

    rule: Annotated[RuleKind, Field(strict=False)]
    """What is asked."""
    months: Annotated[Months | None, cross_rule(_months, "rule_parameter"), Field(validate_default=True)] = None
    """Within how many months, the last day included; for `graduated_within` and `business_age_at_most`."""
    bps: Annotated[
        Annotated[int, Field(ge=1, le=WHOLE)] | None,
        cross_rule(_share, "rule_parameter"),
        Field(validate_default=True),
    ] = None
    """The least share in basis points; for `founder_share_at_least`."""


class PlannedMilestone(Part):
    """What a business that incubates is to reach."""

    title: Title
    """What is to be reached."""
    due_after_months: Months
    """How many months after the first day it is due."""
    mandatory: bool = True
    """Whether nobody graduates without it."""


def _own_keys(parts: Sequence[Question] | Sequence[Criterion]) -> bool:
    return len({each.key for each in parts}) == len(parts)


def _whole(criteria: Sequence[Criterion]) -> bool:
    return sum(each.weight_bps for each in criteria) == WHOLE


DOUBLED: Final = rule(_own_keys, "key_twice", "Each has a key of its own.")
Questions = Annotated[list[Question], Field(max_length=50), DOUBLED]
Criteria = Annotated[
    list[Criterion],
    Field(min_length=1, max_length=20),
    DOUBLED,
    rule(_whole, "weights_not_whole", "The weights of all criteria sum to 10,000 basis points."),
]
Eligibility = Annotated[
    list[EligibilityRule],
    Field(max_length=len(RuleKind)),
    rule(lambda rules: len({each.rule for each in rules}) == len(rules), "key_twice", "Each rule is said once."),
]
Milestones = Annotated[list[PlannedMilestone], Field(max_length=30)]

Member = Literal["questions", "criteria", "eligibility"]


class Difference(BaseModel):
    """What one version of a form has otherwise than another."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    member: Member
    """In which part of it."""
    key: str
    """Which question or criterion, by its key, or which rule."""
    change: Literal["added", "removed", "changed"]
    """What happened to it."""


class Form(BaseModel):
    """One version of what applicants of a cohort are asked and judged by."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    version: int
    """Which version it is: 1, 2, 3, … with each correction."""
    questions: list[Question]
    """What is asked."""
    criteria: list[Criterion]
    """By what applications are judged."""
    eligibility: list[EligibilityRule]
    """Who may apply."""

    def differences(self, earlier: "Form") -> list[Difference]:
        """What this version has otherwise than an earlier one, in the order of its members."""
        found: list[Difference] = []
        members: tuple[Member, ...] = ("questions", "criteria", "eligibility")
        for member in members:
            now, before = (_by_key(getattr(form, member)) for form in (self, earlier))
            found += [Difference(member=member, key=key, change="added") for key in now if key not in before]
            found += [Difference(member=member, key=key, change="removed") for key in before if key not in now]
            both = [key for key in now if key in before and now[key] != before[key]]
            found += [Difference(member=member, key=key, change="changed") for key in both]
        return found


def _by_key(parts: Sequence[Question | Criterion | EligibilityRule]) -> dict[str, Part]:
    return {each.rule.value if isinstance(each, EligibilityRule) else each.key: each for each in parts}
