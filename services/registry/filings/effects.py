"""What a filing does to the register when it is handed in, refused and completed: one place for all types.

Nothing here is decided: the filing and its payload say what may be and what becomes; this reads what they need,
and buffers what they change, so that it is one transaction.
"""

from typing import Final

from services.chassis.domain.errors import Conflict, ZoneError
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, at_path
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Put
from services.registry.businesses.business import Business
from services.registry.businesses.status import BusinessStatus
from services.registry.businesses.versions import BusinessVersion
from services.registry.filings.catalogue import PAYLOADS, STATING_CONTACTS
from services.registry.filings.filing import Filing
from services.registry.filings.outcome import STALE
from services.registry.filings.payload import Register
from services.registry.filings.status import UNDER_WAY, FilingStatus
from services.registry.filings.steps import FilingWarning

PAYLOAD: Final = "payload"
UNDER_WAY_ALREADY: Final = "A filing of this kind is under way for this business."
AT_ONCE: Final = 100
"""So many versions and filings of a business lose their contacts in one commit."""


async def business_of(filing: Filing, tx: Tx) -> Business | None:
    """The business that a filing concerns, as it stands in the register.

    One that the filing makes is not looked for: where another run has made it already, the commit knows.
    """
    return None if filing.makes_its_business else await tx.find(Business, filing.business_id)


async def register_around(filing: Filing, tx: Tx) -> Register:
    """What the register says around a filing."""
    host = await tx.find(Business, filing.host_business_id) if filing.host_business_id else None
    business = await business_of(filing, tx)
    changed: set[str] = set()
    if business and business.version > filing.base_version:
        since = {"business_id": business.id, "version": {"$gt": filing.base_version}}
        for field in PAYLOADS[filing.type].replaces:  # counted, not read: each version is a whole business
            if await tx.count(BusinessVersion, {**since, "changed_fields": field}, at_most=1):
                changed.add(field)
    return Register(zone_date(tx.now), business, host, frozenset(changed))


async def take_claims(filing: Filing, tx: Tx) -> None:
    """Reserve for a submitted filing what only one can have; who comes second is told by whom it is held."""
    in_progress = Conflict(UNDER_WAY_ALREADY, code="filing_in_progress")
    if other := await filing_under_way(filing, tx):
        in_progress.members["filing_id"] = other.id
    tx.claim(group_key(filing), filing.id, taken=in_progress)
    for each in filing.stated.claims(filing.business_id, filing.id):
        taken = Conflict(each.detail, code=each.code)
        if holder := await registered_holder(each.key, tx):
            taken.members["business_id"] = holder.id
        tx.claim(each.key, each.holder, taken=taken)


async def warnings_of(filing: Filing, tx: Tx) -> list[FilingWarning]:
    """What a draft would be refused for if it was handed in now: what the register, and filings under way, say."""
    register = await register_around(filing, tx)
    found = [FilingWarning.of(each) for each in at_path(filing.stated.obstacles(register, filing.business_id), PAYLOAD)]
    if register.changed:
        found.append(FilingWarning.of(Violation("stale_base_version", STALE)))
    if not filing.makes_its_business and await filing_under_way(filing, tx):
        found.append(FilingWarning.of(Violation("filing_in_progress", UNDER_WAY_ALREADY)))
    wanted = {each.key: each for each in filing.stated.claims(filing.business_id, filing.id)}
    held = {each["_id"]: each["holder"] for each in await tx.store.read("claims", list(wanted))} if wanted else {}
    for key, each in wanted.items():
        if held.get(key, each.holder) != each.holder:
            holder = await registered_holder(key, tx)
            warning = Violation(each.code, each.detail, (PAYLOAD, *each.path))
            found.append(FilingWarning.of(warning, holder.id if holder else None))
    return list(dict.fromkeys(found))


def give_back_claims(filing: Filing, tx: Tx) -> None:
    """Let others have what a filing had reserved that has ended without effect; a draft had reserved nothing."""
    if filing.payload is None:
        return
    tx.release(group_key(filing), filing.id)
    for each in filing.stated.claims(filing.business_id, filing.id):
        tx.release(each.key, each.holder)


async def take_effect(filing: Filing, tx: Tx) -> None:
    """Complete an approved filing whose moment has come, and change the register with it.

    What speaks against it blocks it, and it is tried again by a clock; what will always do so ends it.
    """
    if not filing.is_due(tx.now):
        return
    register = await register_around(filing, tx)
    try:
        filing.check_against(register)
    except ZoneError as obstacle:
        if filing.ended_by(obstacle, at=tx.now):
            give_back_claims(filing, tx)
            tx.save(filing)
        elif filing.blocked_by(obstacle, at=tx.now):
            tx.save(filing)
        return
    change_register(filing, register.business, tx)


def change_register(filing: Filing, business: Business | None, tx: Tx) -> None:
    """The filing, the business and its new version, what the filing held and what the registry gave: together."""
    before = business.model_copy() if business else None
    # Clocks of two processes may differ; an entry's history never runs backwards.
    at = max(tx.now, before.updated_at) if before else tx.now
    after = tx.save(filing.complete(business, at=at))
    tx.save(filing)
    tx.add(BusinessVersion.of(before, after, filing_id=filing.id))
    tx.release(group_key(filing), filing.id)
    if after.status == BusinessStatus.DISSOLVED and before and before.status != BusinessStatus.DISSOLVED:
        for key in before.unique_keys():
            tx.release(key, after.id)
    if filing.granted:
        tx.claim(f"number|{filing.granted.registration_number}", after.id)  # taken: lost race, drawn again


async def blank_contacts(business: Business, tx: Tx) -> None:
    """How to reach a business is not known any more: in its history, in what it filed, and in its entry.

    The entry comes last, and in another run where there is more than one commit should hold.
    """
    of_it = {"business_id": business.id}
    versions, more_versions = await tx.page(
        BusinessVersion, {**of_it, "snapshot.contacts_blanked_at": None}, limit=AT_ONCE
    )
    said = {**of_it, "status": FilingStatus.COMPLETED, "type": {"$in": STATING_CONTACTS}, "blanked_at": None}
    filings, more_filings = await tx.page(Filing, said, limit=AT_ONCE)
    for version in versions:
        tx.write(Put(version.collection, version.without_contacts(at=tx.now).to_document()))
    for filing in filings:
        filing.blank_contacts(at=tx.now)
        tx.save(filing)
    if not (more_versions or more_filings):
        business.blank_contacts(at=tx.now)
        tx.save(business)


def group_key(filing: Filing) -> str:
    """One filing of a group is under way for a business; so the filing holds it, not the business."""
    return f"filing|{filing.business_id}|{filing.group}"


async def filing_under_way(filing: Filing, tx: Tx) -> Filing | None:
    """The filing of the same group that is under way for the same business, if there is one."""
    of_its_group = {"business_id": filing.business_id, "group": filing.group}
    others = await tx.select(Filing, {**of_its_group, "status": {"$in": list(UNDER_WAY)}}, limit=2)
    return next((each for each in others if each is not filing), None)


async def registered_holder(key: str, tx: Tx) -> Business | None:
    """The business in the register that holds an identifier; everyone may see that it does."""
    if not key.startswith("identifier|"):
        return None
    where = {"identifiers.id": key.rpartition(":")[2], "status": {"$ne": BusinessStatus.DISSOLVED}}
    found = await tx.select(Business, where, limit=1)
    return found[0] if found else None
