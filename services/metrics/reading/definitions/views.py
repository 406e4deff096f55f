"""What a KPI means, as its declaration says: the one place where a reader finds it."""

from collections.abc import Mapping
from typing import Final

from services.chassis.http.view import Shown
from services.metrics.catalogue.all import KPIS, SUBJECT_OF, breakdowns_of, dimensions_of
from services.metrics.figures.kpi import Granularity, Kind, Kpi


class Names(Shown):
    """What people call a KPI."""

    en: str
    """The name in English."""
    zh: str
    """The name in Chinese."""


class Definition(Shown):
    """What a KPI means."""

    id: str
    """Its name, for life."""
    names: Names
    """What people call it."""
    owner: str
    """The office of the zone that answers for it."""
    kind: Kind
    """What may be done with its values over time."""
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """The shown value is value / 10^decimals."""
    formula: str
    """How it is computed, in words."""
    fold: str
    """What is done with the facts of the counted things to come to it."""
    entity: str | None
    """The type of thing that is counted; null where it follows from other figures."""
    dimensions: list[str]
    """By what it can be broken down; what follows from others, by what all of them can."""
    pairs: list[list[str]]
    """Dimensions that can be asked for together."""
    granularities: list[Granularity]
    """The periods that can be asked for."""
    events: list[str]
    """The events that it is computed from in total; its cells follow as well what says how a thing is broken down."""
    definition_version: int
    """Raised when the same events give another value."""


def _stated_of(kpi: Kpi) -> Definition:
    subject = SUBJECT_OF.get(kpi.id)
    return Definition.showing(
        kpi,
        names=Names(en=kpi.name.en, zh=kpi.name.zh),
        entity=subject.name if subject else None,
        dimensions=list(dimensions_of(kpi)),
        pairs=[list(each) for each in breakdowns_of(kpi) if len(each) > 1],
        granularities=list(kpi.granularities),
        events=[event.wire_name for event in kpi.events],
    )


DEFINITIONS: Final[Mapping[str, Definition]] = {kpi.id: _stated_of(kpi) for kpi in KPIS.values()}
"""Made once: every headline shows all of them."""


def definition_of(kpi: Kpi) -> Definition:
    """What the declaration of a KPI says."""
    return DEFINITIONS[kpi.id]
