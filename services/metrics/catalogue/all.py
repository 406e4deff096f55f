"""Every subject and every KPI of the zone, in the order in which they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.metrics.catalogue import (
    bookings,
    consulting,
    filings,
    finance,
    investment,
    programme,
    recruitment,
    sites,
    space,
    utilities,
)
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.catalogue.derived import CLOUD_SHARE
from services.metrics.figures.dimensions import Breakdown, Dimension
from services.metrics.figures.kpi import Kpi, Part
from services.metrics.figures.subject import Subject

SUBJECTS: Final[Sequence[Subject]] = (
    BUSINESS,
    *filings.SUBJECTS,
    *sites.SUBJECTS,
    *space.SUBJECTS,
    *bookings.SUBJECTS,
    *utilities.SUBJECTS,
    *finance.SUBJECTS,
    *programme.SUBJECTS,
    *consulting.SUBJECTS,
    *recruitment.SUBJECTS,
    *investment.SUBJECTS,
)
"""Everything that is counted."""

DERIVED: Final[Sequence[Kpi]] = (
    CLOUD_SHARE,
    *space.DERIVED,
    *utilities.DERIVED,
)
"""What follows from what is counted."""

KPIS: Final[Mapping[str, Kpi]] = {
    kpi.id: kpi for kpi in (*(kpi for subject in SUBJECTS for kpi in subject.kpis), *DERIVED)
}
"""All figures by their ids."""

SUBJECT_OF: Final[Mapping[str, Subject]] = {kpi.id: subject for subject in SUBJECTS for kpi in subject.kpis}
"""Of a figure that is kept, what it counts."""


def dimensions_of(kpi: Kpi) -> Mapping[str, Dimension]:
    """The dimensions of a KPI by name."""
    names = {each[0] for each in breakdowns_of(kpi) if len(each) == 1}
    return {each.name: each for each in SUBJECT_OF[kpi.parts[0].kpi.id].dimensions if each.name in names}


def breakdowns_of(kpi: Kpi) -> tuple[Breakdown, ...]:
    """The cells in which a KPI is known beside the total: those in which everything is kept of which it is made."""
    first = SUBJECT_OF[kpi.parts[0].kpi.id]
    return tuple(each for each in first.breakdowns if all(_is_kept(part, each) for part in kpi.parts))


def _is_kept(part: Part, breakdown: Breakdown) -> bool:
    """Whether the cell of a part is broken down by these dimensions too."""
    together = tuple(sorted({*part.dims, *breakdown}))
    return part.dims.keys().isdisjoint(breakdown) and together in SUBJECT_OF[part.kpi.id].breakdowns


def breakdown_of(kpi: Kpi, names: set[str]) -> Breakdown | None:
    """The cells of a KPI that have exactly these dimensions; None where none are kept."""
    wanted = tuple(sorted(names))
    return wanted if wanted in ((), *breakdowns_of(kpi)) else None


def kept_with(kpi_id: str, names: Iterable[str]) -> Kpi | None:
    """A KPI where this release has it and keeps it by exactly these dimensions: what was set or frozen may be older."""
    kpi = KPIS.get(kpi_id)
    return None if kpi is None or breakdown_of(kpi, {*names}) is None else kpi


def source_of(kpi_id: str, breakdown: Breakdown) -> Breakdown:
    """Of a KPI that is kept, the breakdown in whose cells this one is written."""
    return SUBJECT_OF[kpi_id].source_of(breakdown)
