"""Who founds a business, and whether founders and business are as the rules of a cohort say."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, date_rule, rule
from services.incubator.programme.programmes.form import WHOLE, EligibilityRule, RuleKind
from services.incubator.tenants.tenant import Tenant


def not_to_come(day: date | None, today: date) -> Iterator[Violation]:
    if day is not None and day > today:
        yield Violation("date_range", "Nobody has graduated on a day that is to come.")


class Founder(Part):
    """One of those who found a business."""

    name: Annotated[str, Text(at_most=100)]
    """How the person is called."""
    graduated_on: Annotated[Day | None, date_rule(not_to_come, "date_range")] = None
    """The day of graduation; null where there was none."""
    share_bps: Annotated[int, Field(ge=0, le=WHOLE)]
    """What the person holds of the business, in basis points."""
    legal_representative: bool = False
    """Whether the person represents the business by law."""


Founders = Annotated[
    list[Founder],
    Field(max_length=20),
    rule(
        lambda founders: sum(each.share_bps for each in founders) <= WHOLE,
        "founder_shares",
        "The founders hold at most the whole, 10,000 basis points.",
    ),
]


class Failure(BaseModel):
    """A rule that who applies does not meet."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    rule: str
    """Which rule of eligibility is not met, by its code."""
    detail: str
    """What it asks for."""


def failures(
    rules: Sequence[EligibilityRule], founders: Sequence[Founder], tenant: Tenant | None, today: date
) -> list[Failure]:
    """The rules that are not met on a day of the zone, all of them; a last day is included.

    What a rule asks of a founder, one founder must be. Months are added with the day clamped to the end of the month.

    Args:
        tenant: the business that applies; None while there is none.
    """
    return [
        Failure(rule=each.rule.value, detail=_asked(each)) for each in rules if not _met(each, founders, tenant, today)
    ]


def _met(asked: EligibilityRule, founders: Sequence[Founder], tenant: Tenant | None, today: date) -> bool:
    match asked.rule:
        case RuleKind.GRADUATED_WITHIN:
            return any(_within(each.graduated_on, asked.months, today) for each in founders)
        case RuleKind.FOUNDER_SHARE_AT_LEAST:
            return any(each.share_bps >= (asked.bps or 0) for each in founders)
        case RuleKind.FOUNDER_IS_LEGAL_REPRESENTATIVE:
            return any(each.legal_representative for each in founders)
        case RuleKind.BUSINESS_REGISTERED_IN_ZONE:
            return tenant is not None
        case RuleKind.BUSINESS_AGE_AT_MOST:
            return tenant is not None and _within(tenant.entered_on, asked.months, today)


def _within(day: date | None, months: int | None, today: date) -> bool:
    return day is not None and day <= today <= day + relativedelta(months=months or 0)


def _asked(rule: EligibilityRule) -> str:
    match rule.rule:
        case RuleKind.GRADUATED_WITHIN:
            return f"A founder graduated at most {rule.months} months ago."
        case RuleKind.FOUNDER_SHARE_AT_LEAST:
            return f"A founder holds at least {rule.bps} basis points."
        case RuleKind.FOUNDER_IS_LEGAL_REPRESENTATIVE:
            return "A founder is the legal representative."
        case RuleKind.BUSINESS_REGISTERED_IN_ZONE:
            return "The business is in the zone's register."
        case RuleKind.BUSINESS_AGE_AT_MOST:
            return f"The business entered the zone at most {rule.months} months ago."
