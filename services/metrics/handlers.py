"""Every event that changes a figure is projected in one way."""

from services.chassis.events import Event
from services.chassis.handlers import Handlers
from services.chassis.store import Tx
from services.contracts.registry import AnnualReportFiled, BusinessRegistered, BusinessResumed, BusinessSuspended
from services.metrics.bucket import Bucket, buckets, increments
from services.metrics.contributions import contributions, difference
from services.metrics.entity import Entity
from services.metrics.facts import business_key, facts

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
