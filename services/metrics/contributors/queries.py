"""Reads of the things that a figure is made of: the only ones that read things, a page at a time through an index."""

import asyncio
from typing import Any, NamedTuple

from services.chassis.consuming.heard import Heard
from services.chassis.domain.errors import NotFound
from services.chassis.domain.violations import Violation, refuse_parameters
from services.chassis.http.paging import PageRequest
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import SUBJECT_OF
from services.metrics.contributors.contributed import contributed, made_by
from services.metrics.contributors.views import Contribution, Contributor, Contributors, FactView
from services.metrics.figures.entity import Entity
from services.metrics.figures.kept import Kept
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.subject import Subject, cell_name
from services.metrics.figures.sums import Sum
from services.metrics.reading.queries import through_of
from services.metrics.reading.question import Question
from services.metrics.reading.views import shown_days

NOTHING = Sum()


class Counting(NamedTuple):
    """A figure that things are counted in, and what they are."""

    kpi: Kept
    subject: Subject
    asked: Question

    def added(self, entity: Entity) -> Sum:
        """What a thing adds to the cell on the days that are asked for; nothing to days that have not come."""
        if self.asked.is_ahead:
            return NOTHING
        first = self.asked.first(self.kpi)
        return contributed(self.subject, self.kpi, entity.facts, self.asked.dims, first, self.asked.end)

    def shown(self, entity: Entity, added: Sum) -> Contributor:
        """What is shown of a thing."""
        return Contributor.of(entity, self.kpi, self.kpi.measured([added], days=self.asked.days), added)

    @property
    def cell(self) -> str:
        """By which name things have the cell that is asked for."""
        return cell_name(self.kpi.id, self.asked.dims)


def counting(asked: Question) -> Counting:
    """The figure that is asked for. Raises Unprocessable: `follows_from_others`, nothing is counted in it itself."""
    if not isinstance(asked.kpi, Kept):
        inputs = tuple(dict.fromkeys(part.kpi.id for part in asked.kpi.parts))
        detail = f"It follows from {' and '.join(inputs)}: ask what these are made of."
        refuse_parameters(Violation("follows_from_others", detail, ("kpi_id",), allowed=inputs))
    assert isinstance(asked.kpi, Kept)
    return Counting(asked.kpi, SUBJECT_OF[asked.kpi.id], asked)


async def contributors(tx: Tx, heard: Heard, asked: Question, page: PageRequest) -> Contributors:
    """A page of the things that the caller may see; at most `limit` of those that ever counted in the cell are read."""
    of = counting(asked)
    through = await through_of(heard, [asked.kpi])
    found = await page.of(tx, Entity, {"cells": of.cell}, lambda entity: (entity, of.added(entity)))
    data = [of.shown(entity, added) for entity, added in found.data if added != NOTHING]
    return Contributors(
        data=data, next_cursor=found.next_cursor, **_asked_for(asked, asked.kpi), computed_through=through
    )


async def contribution(tx: Tx, heard: Heard, asked: Question, id: str) -> Contribution:
    """What one thing adds, and why. Raises NotFound where it never counted in the cell, or is another partner's."""
    of = counting(asked)
    through = await through_of(heard, [asked.kpi])
    entity = await tx.visible(Entity, f"{of.subject.name}|{id}")
    if of.cell not in entity.cells:
        raise NotFound("It does not count in this cell of the figure, and never did.")
    added = of.added(entity)
    said = (of.subject, of.kpi, entity.facts, asked.dims, asked.first(of.kpi), asked.end)
    facts = [] if asked.is_ahead else await asyncio.to_thread(made_by, *said)
    return Contribution(
        contributor=of.shown(entity, added),
        facts=[FactView.of(fact) for fact in facts],
        **_asked_for(asked, asked.kpi),
        computed_through=through,
    )


def _asked_for(asked: Question, kpi: Kpi) -> dict[str, Any]:
    return {
        "kpi": kpi.id,
        "dims": dict(asked.dims),
        "unit": kpi.unit,
        "decimals": kpi.decimals,
        "definition_version": kpi.definition_version,
        **shown_days(asked),
    }
