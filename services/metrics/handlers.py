"""Every event that changes a figure is projected in one way."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
)
from services.metrics.catalogue.businesses import business_key, facts
from services.metrics.figures.bucket import Bucket, buckets, increments
from services.metrics.figures.contributions import contributions, difference
from services.metrics.figures.entity import Entity

on = Handlers()


@on(
    BusinessRegistered,
    BusinessSuspended,
    BusinessResumed,
    AnnualReportFiled,
    loads=lambda event: [(Entity, business_key(event))],
)
async def project(event: Event, tx: Tx) -> None:
    """Take back what the business added to the figures, learn what is new, put in what it adds now."""
    key, partition = business_key(event), event.envelope.partition
    entity = await tx.find(Entity, key) or Entity(id=key)
    before = contributions(entity.facts)
    entity.learn(facts(event))
    for cell, delta in difference(before, contributions(entity.facts)):
        added = increments(cell, delta)
        for id, begin in buckets(cell, partition):
            tx.adjust(Bucket, id, added, create=begin)
    tx.save(entity)
