"""A posting as search engines take it: schema.org's JobPosting as JSON-LD (schema.org/JobPosting)."""

from datetime import datetime, time
from html import escape
from typing import Any, Final

from services.chassis.domain.money import DIGITS, Money
from services.chassis.domain.times import ZONE_TIME, rfc3339
from services.contracts.incubator.jobs import EmploymentType
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.terms import Salary, Workplace

EMPLOYMENT: Final = {
    EmploymentType.FULL_TIME: "FULL_TIME",
    EmploymentType.PART_TIME: "PART_TIME",
    EmploymentType.CONTRACT: "CONTRACTOR",
    EmploymentType.TEMPORARY: "TEMPORARY",
    EmploymentType.INTERN: "INTERN",
}
LAST_MOMENT: Final = time(23, 59, 59)


def linked_data(posting: JobPosting, employer: str) -> dict[str, Any]:
    """What schema.org calls a `JobPosting`; a draft has no `datePosted` yet.

    Args:
        employer: the name of its business.
    """
    ends = datetime.combine(posting.valid_through, LAST_MOMENT, ZONE_TIME)
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": employer, "value": posting.id},
        "title": posting.title,
        # The vocabulary has HTML here: what was typed as plain text must read as it was typed.
        "description": escape(posting.description).replace("\n", "<br>"),
        "validThrough": ends.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": employer},
        "employmentType": EMPLOYMENT[posting.employment_type],
        "totalJobOpenings": posting.openings,
        "directApply": False,
    }
    if posting.posted_at is not None:
        said["datePosted"] = rfc3339(posting.posted_at)
    if posting.remote is not None:
        countries = [{"@type": "Country", "name": country} for country in posting.remote.countries]
        said |= {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": countries}
    if posting.location is not None:
        said["jobLocation"] = {"@type": "Place", "address": _address(posting.location)}
    if posting.salary is not None:
        said["baseSalary"] = _salary(posting.salary)
    if posting.skills:
        said["skills"] = ", ".join(posting.skills)
    return said


def _address(place: Workplace) -> dict[str, str]:
    street = {} if place.street is None else {"streetAddress": place.street}
    return {
        "@type": "PostalAddress",
        **street,
        "addressLocality": place.locality,
        "addressRegion": place.region,
        "addressCountry": place.country,
    }


def _salary(salary: Salary) -> dict[str, Any]:
    value = {
        "@type": "QuantitativeValue",
        "minValue": _major(salary.min),
        "maxValue": _major(salary.max),
        "unitText": salary.per.value.upper(),
    }
    return {"@type": "MonetaryAmount", "currency": salary.min.currency, "value": value}


def _major(money: Money) -> float | int:
    """In major units, as the vocabulary has amounts: 13,500.50 is `13500.5`."""
    unit: int = 10 ** DIGITS[money.currency]
    whole, rest = divmod(money.amount, unit)
    return money.amount / unit if rest else whole
