"""The groups by which the ministry assesses zones of the national level, and what the zone measures of each."""

from dataclasses import dataclass
from typing import Final

from services.metrics.figures.kpi import RATIO_DECIMALS

ASSESSMENT_OF_2021: Final = "国家级经济技术开发区综合发展水平考核评价办法(2021年版), Ministry of Commerce"
"""Assessment of the development of national economic and technological development zones: five groups and weights."""


@dataclass(frozen=True)
class Group:
    """A group of inputs. Its weight is the ministry's; within it all inputs weigh the same, which is the zone's choice.

    Attributes:
        weight: in percent of the whole.
        kpis: the figures of the zone that stand in it.
        unknown: what the ministry asks and the zone does not measure: it keeps its weight.
    """

    id: str
    name: str
    weight: int
    kpis: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def weights(self) -> list[int]:
        """Of each input, known or not, in order: shown / 10^4; they sum up to that of the group exactly."""
        whole, count = self.weight * 10**RATIO_DECIMALS // 100, len(self.kpis) + len(self.unknown)
        each, rest = divmod(whole, count)
        return [each + (place < rest) for place in range(count)]


GROUPS: Final = (
    Group(
        "opening_up",
        "Opening-up (对外开放)",
        30,
        unknown=("Foreign capital in actual use", "Imports and exports", "Their shares and growth"),
    ),
    Group(
        "development_quality",
        "Development quality (发展质量)",
        30,
        kpis=("revenue_total", "revenue_per_employee", "valuation_total", "businesses_registered"),
        unknown=("Gross product", "Tax revenue"),
    ),
    Group(
        "innovation",
        "Scientific and technological innovation (科技创新)",
        15,
        kpis=("startups_incubating", "graduations", "investment_closed"),
        unknown=("Research and development expenditure", "Research institutions", "High-technology businesses"),
    ),
    Group(
        "green",
        "Green development (绿色发展)",
        15,
        kpis=("electricity_per_tenant", "water_per_tenant"),
        unknown=("Energy by industrial value added", "Carbon dioxide", "Solid waste"),
    ),
    Group(
        "coordination",
        "Coordination (统筹协调)",
        10,
        kpis=("hires",),
        unknown=("Co-operation parks",),
    ),
)
