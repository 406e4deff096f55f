"""Sectors: the categories of a classification under which a business trades."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import ValidationInfo, model_validator

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import STORED, Before, Violation, as_validator, cross_rule
from services.registry.businesses.entry.rules.classifications import SectorError, primary_sector, sector

PRIOR_APPROVAL: Final = (
    *("16", "5128"),  # tobacco: made, sold wholesale
    "2671",  # civil explosives
    *("661", "662", "663", "671", "672", "674", "681", "682", "683"),  # banks, securities, funds, futures, insurers
    "7271",  # guards
)
"""Codes of GB/T 4754-2017 whose activities need an approval before registration (企业登记前置审批事项目录, 2021)."""

_counted_under: Final = as_validator(primary_sector, "code")


def _known(code: str, before: Before) -> Iterator[Violation]:
    try:
        if "scheme" in before:
            sector(before["scheme"], code)
    except SectorError as unknown:
        yield unknown.at()


class SectorCode(Part):
    """One category of a classification under which a business trades."""

    refuses: ClassVar = ("sector_unknown", "sector_level")

    scheme: Literal["GBT4754-2017", "ISIC4"]
    """The classification: the national one (国民经济行业分类) or that of the United Nations (ISIC Rev. 4)."""
    code: Annotated[str, Text(at_most=10), cross_rule(_known, "sector_unknown")]
    """The category in it; the primary one is a division or finer."""
    primary: bool
    """Whether it is what the business mainly does; exactly one is, by the national classification."""

    @model_validator(mode="after")
    def _fine_enough(self, info: ValidationInfo) -> Self:
        if self.primary and info.context is not STORED:
            _counted_under(self.scheme, self.code)
        return self

    @property
    def needs_prior_approval(self) -> bool:
        """Whether its activity may begin only with an approval of another authority."""
        return self.scheme == "GBT4754-2017" and self.code.startswith(PRIOR_APPROVAL)


def sector_violations(sectors: list[SectorCode]) -> Iterator[Violation]:
    """What is wrong with the sectors of a business, taken together."""
    if sum(each.primary for each in sectors) != 1:
        yield Violation("sector_primary", "Exactly one sector is the primary one.")
    codes = [(each.scheme, each.code) for each in sectors]
    for place, each in enumerate(codes):
        if each in codes[:place]:
            yield Violation("sector_primary", "This sector is listed already.", (place, "code"))
