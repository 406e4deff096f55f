"""To whom a noun is shown: public, its owner's, the zone's own, or a part of another."""

from typing import ClassVar, get_args

import pytest

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import ANONYMOUS, SYSTEM, Caller, Kind
from services.chassis.domain.errors import NotFound
from services.chassis.domain.ownership import PUBLIC, Ownership, owned_by, part_of
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller
from services.chassis.testing.matching import matches
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx

MINE, THEIRS = "par_1", "par_2"
KINDS: tuple[Kind, ...] = get_args(Kind)
WATCHING = {"officer", "supervisor", "auditor", "system"}


class Shed(Aggregate):
    """Its owner's; an agent sees it too."""

    collection: ClassVar[str] = "sheds"
    shown_to: ClassVar[Ownership] = owned_by("partner_id", "agent_id")

    partner_id: str = MINE
    agent_id: str = MINE
    kind: str = "partner"


class Shop(Shed):
    """Anyone sees that it is there."""

    collection: ClassVar[str] = "shops"
    shown_to: ClassVar[Ownership] = owned_by("partner_id", public=True)


class Tool(Aggregate):
    """A part of a shed."""

    collection: ClassVar[str] = "tools"
    shown_to: ClassVar[Ownership] = part_of(Shed, by="shed_id")

    shed_id: str


class Ledger(Aggregate):
    """Of the zone: nothing is said."""

    collection: ClassVar[str] = "ledgers"


def of(kind: Kind, partner: str = THEIRS) -> Caller:
    return caller(kind, partner=partner)


def store_with(*aggregates: Aggregate) -> MemoryStore:
    store = MemoryStore()
    for each in aggregates:
        store.collections.setdefault(each.collection, {})[each.id] = each.to_document()
    return store


def on(store: MemoryStore, who: Caller) -> Tx:
    return memory_tx(store, caller=who)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_owned_is_shown_to_its_owner_and_to_who_watches_over_all(kind: Kind) -> None:
    assert Shed.shown_to.shows(Shed(id="shed_1"), of(kind)) is (kind in WATCHING)
    assert Shed.shown_to.shows(Shed(id="shed_1"), of("partner", MINE))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_public_is_shown_to_anyone_and_open_to_its_owner_alone(kind: Kind) -> None:
    assert Shop.shown_to.shows(Shop(id="shop_1"), of(kind))
    assert Shop.shown_to.opens(Shop(id="shop_1"), of(kind)) is (kind in WATCHING)
    assert Shop.shown_to.opens(Shop(id="shop_1"), of("partner", MINE))


@pytest.mark.parametrize("kind", KINDS)
def test_what_says_nothing_is_the_zones_own(kind: Kind) -> None:
    assert Ledger.shown_to.shows(Ledger(id="led_1"), of(kind, MINE)) is (kind in WATCHING)


def test_an_official_whose_organisation_has_the_owners_id_is_no_owner() -> None:
    assert not Shed.shown_to.shows(Shed(id="shed_1"), of("operator", MINE))


def test_any_of_several_fields_makes_a_partner_see_it_and_the_first_is_the_owner() -> None:
    shed = Shed(id="shed_1", partner_id=MINE, agent_id=THEIRS)
    assert Shed.shown_to.shows(shed, of("partner", THEIRS))
    assert shed.owning_partner == MINE


def test_an_owner_sees_a_thing_only_while_its_fields_are_as_declared() -> None:
    ownership = owned_by("partner_id", only={"kind": "partner"})
    assert ownership.opens(Shed(id="shed_1"), of("partner", MINE))
    assert not ownership.opens(Shed(id="shed_2", kind="officer"), of("partner", MINE))


@pytest.mark.parametrize(
    "who", [*(of(kind) for kind in KINDS), of("partner", MINE), ANONYMOUS, SYSTEM], ids=lambda who: who.kind
)
@pytest.mark.parametrize(
    "ownership",
    [Shed.shown_to, Shop.shown_to, Ledger.shown_to, PUBLIC],
    ids=["owned", "owned and public", "zone", "public"],
)
def test_the_filter_of_a_list_lets_through_what_is_shown_and_nothing_else(ownership: Ownership, who: Caller) -> None:
    for shed in (
        Shed(id="shed_1"),
        Shed(id="shed_2", partner_id="par_3", agent_id=THEIRS),
        Shed(id="shed_3", partner_id="par_9"),
    ):
        assert matches(shed.to_document(), ownership.where(who)) is ownership.shows(shed, who)


async def test_a_unit_of_work_gives_only_what_its_caller_may_see() -> None:
    store = store_with(Shed(id="shed_1"))
    assert (await on(store, of("partner", MINE)).visible(Shed, "shed_1")).id == "shed_1"
    for who, id in ((of("partner"), "shed_1"), (of("partner", MINE), "shed_2"), (ANONYMOUS, "shed_1")):
        with pytest.raises(NotFound):
            await on(store, who).visible(Shed, id)


async def test_a_part_is_visible_to_whom_its_whole_is_open() -> None:
    store = store_with(Shed(id="shed_1"), Tool(id="tool_1", shed_id="shed_1"))
    assert (await on(store, of("partner", MINE)).visible(Tool, "tool_1")).id == "tool_1"
    with pytest.raises(NotFound):
        await on(store, of("partner")).visible(Tool, "tool_1")


async def test_the_parts_of_what_nobody_opened_cannot_be_listed() -> None:
    tx = on(store_with(Shed(id="shed_1")), of("partner", MINE))
    with pytest.raises(LookupError, match="Tool is listed by shed_id"):
        tx.shown(Tool, {"shed_id": "shed_1"})
    await tx.visible(Shed, "shed_1")
    assert tx.shown(Tool, {"shed_id": "shed_1"}) == {"shed_id": "shed_1"}


async def test_what_is_public_has_to_be_open_before_its_parts_are() -> None:
    tx = on(store_with(Shop(id="shop_1")), of("partner"))
    with pytest.raises(NotFound):
        await tx.opened(await tx.visible(Shop, "shop_1"))
