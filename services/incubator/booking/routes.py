"""Resources and blackouts over HTTP: what there is, when it is free, and what staff keeps free."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.resources import ResourceKind
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.bodies import AddResource, BlockResources, ChangeResource
from services.incubator.booking.effects import blacked_out, keep, kept_by
from services.incubator.booking.queries import (
    BlackoutFilter,
    BlackoutRef,
    FreeFilter,
    From,
    Minutes,
    ResourceFilter,
    ResourceRef,
    TimeFrom,
    TimeUntil,
    Until,
    affected,
    busy,
    free_resources,
    resources_named,
    window_of,
)
from services.incubator.booking.resource import Resource
from services.incubator.booking.views import (
    Availability,
    BlackoutView,
    ChangedResourceView,
    FreeResources,
    FreeTime,
    ResourceView,
)
from services.incubator.callers import Reader, Staff
from services.incubator.kernel.area import hundredths
from services.incubator.kernel.interval import Interval
from services.incubator.sites.queries import site_named

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/resources", status_code=201)
@refuses("site_unknown")
async def add_resource(body: AddResource, staff: Staff, tx: InTx) -> ResourceView:
    """Add a room, a desk or a piece of equipment to a site."""
    site = await site_named(body.site_id, tx)
    said: dict[str, Any] = {name: getattr(body, name) for name in AddResource.model_fields if name != "area_m2"}
    area = None if body.area_m2 is None else hundredths(body.area_m2)
    said |= {"time_zone": site.time_zone, "area_hundredths": area, "added_on": zone_date(tx.now)}
    return ResourceView.of(tx.save(Resource.add(**said)))


@router.get("/resources")
async def list_resources(
    asked: Annotated[ResourceFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ResourceView]:
    """What can be reserved, oldest first."""
    return await page.of(tx, Resource, asked.where(), ResourceView.of)


@router.get("/resources/available")
@refuses("empty_interval", "window_too_large", "too_many_resources")
async def list_available(
    asked: Annotated[FreeFilter, Query()], start: TimeFrom, end: TimeUntil, reader: Reader, tx: InTx
) -> FreeResources:
    """Which resources of a site can be booked for a time."""
    found = await free_resources(asked, window_of(start, end, tx.now), tx)
    return FreeResources(data=[ResourceView.of(each) for each in found])


@router.get("/resources/{resource_id}")
async def see_resource(resource_id: ResourceRef, reader: Reader, tx: InTx) -> ResourceView:
    """One resource."""
    return ResourceView.of(await tx.visible(Resource, resource_id))


@router.get("/resources/{resource_id}/availability")
@refuses("empty_interval", "window_too_large")
async def see_availability(
    resource_id: ResourceRef,
    reader: Reader,
    tx: InTx,
    start: From = None,
    end: Until = None,
    minutes: Minutes = None,
) -> Availability:
    """Every time within a window that a booking of so many minutes can have now, and no other; of a consultant none:
    they are met by an appointment."""
    resource = await tx.visible(Resource, resource_id)
    window, calendar = window_of(start, end, tx.now), resource.calendar
    minutes = minutes or resource.terms.min_minutes
    taken = await busy([resource.id], [calendar.reach(window, minutes)], tx)
    is_bookable = resource.is_bookable and resource.kind is not ResourceKind.CONSULTANT
    starts = calendar.starts(window, minutes, taken.of(resource.id), now=tx.now) if is_bookable else ()
    free = [Interval(each, each + timedelta(minutes=minutes)) for each in starts]
    return Availability(resource_id=resource.id, data=[FreeTime.of(each) for each in free])


@router.patch("/resources/{resource_id}")
@refuses("invalid_transition")
async def change_resource(
    resource_id: ResourceRef, body: ChangeResource, staff: Staff, tx: InTx
) -> ChangedResourceView:
    """Say something else of a resource; who has reserved what does not fit any more is named, and keeps it."""
    resource = await tx.visible(Resource, resource_id)
    said: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"area_m2"}}
    if body.area_m2 is not None:
        said["area_hundredths"] = hundredths(body.area_m2)
    resource.change(**said)
    tx.save(resource)
    return ChangedResourceView.with_affected(resource, await affected(resource, tx))


@router.post("/resources/{resource_id}/retire")
@refuses("invalid_transition")
async def retire_resource(
    resource_id: ResourceRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ChangedResourceView:
    """Take no new reservations; who has reserved it still is named, and keeps it."""
    resource = await tx.visible(Resource, resource_id)
    resource.retire(on=zone_date(tx.now))
    tx.save(resource)
    return ChangedResourceView.with_affected(resource, await affected(resource, tx))


@router.post("/blackouts", status_code=201)
@refuses("resource_unknown", "resources_of_two_sites", "not_on_grid", "slots_taken", "too_long", "window_too_large")
async def block_resources(body: BlockResources, staff: Staff, tx: InTx) -> BlackoutView:
    """Keep resources free of bookings; those that are there clash, or are cancelled with it."""
    resources = await resources_named(body.resource_ids, tx)
    return BlackoutView.of(await blacked_out(resources, body, tx))


@router.get("/blackouts")
async def list_blackouts(
    asked: Annotated[BlackoutFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[BlackoutView]:
    """The times for which resources are kept free, oldest first."""
    return await page.of(tx, Blackout, asked.where(), BlackoutView.of)


@router.get("/blackouts/{blackout_id}")
async def see_blackout(blackout_id: BlackoutRef, reader: Reader, tx: InTx) -> BlackoutView:
    """One blackout."""
    return BlackoutView.of(await tx.visible(Blackout, blackout_id))


@router.post("/blackouts/{blackout_id}/lift")
@refuses("invalid_transition")
async def lift_blackout(blackout_id: BlackoutRef, staff: Staff, tx: InTx, body: Nothing | None = None) -> BlackoutView:
    """Let the resources be booked again."""
    blackout = await tx.visible(Blackout, blackout_id)
    before = kept_by(blackout)
    blackout.lift()
    await keep(blackout, before, tx)
    return BlackoutView.of(blackout)
