"""What a filing said that ended without effect is known for 90 days more, and then blanked, once and for good."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.chassis.domain.times import rfc3339, zone_midnight
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, day, memory_tx
from services.registry.filings.clocks import blank_ended_filings, complete_due_filings, lapse_old_drafts
from services.registry.filings.filing import Filing
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import COLLEAGUE, OFFICER, STRANGER, Json, host, hosted, registration

KNOWN = timedelta(days=90)
SAID = "示例隐名氏"
"""Stands in every text that people write in a filing of these tests."""
ALSO = "hidden.person@shop.example"
PARTY = {"party_kind": "person", "name": SAID, "role": "legal_representative", "appointed_on": "2016-03-01"}
PERSONAL: Json = {"parties": [PARTY], "contacts": {"email": ALSO}}

Ending = Callable[[Desk, MemoryStore], Awaitable[Json]]


async def handed_in(desk: Desk, filing: Json, **options: Any) -> Json:
    said = {"declaration": {"accepted": True, "name": SAID}}
    return expect(await desk.call("POST", f"/filings/{filing['id']}/submit", said, **options))


async def withdrawn_by_its_owner(desk: Desk, store: MemoryStore) -> Json:
    return expect(await desk.withdraw(await handed_in(desk, await desk.draft(registration(**PERSONAL)))))


async def rejected(desk: Desk, store: MemoryStore) -> Json:
    filing = await handed_in(desk, await desk.draft(registration(**PERSONAL)))
    expect(await desk.assign(filing))
    said = {"reason_code": "incorrect", "comment": f"not in order, {SAID}"}
    return expect(await desk.call("POST", f"/filings/{filing['id']}/reject", said, by=OFFICER))


async def withdrawn_by_a_clock(desk: Desk, store: MemoryStore) -> Json:
    its_host = await desk.register(host(), by=STRANGER)
    hosting = hosted(1, its_host["id"])["hosting"] | {"valid_to": "2026-03-04"}
    later = zone_midnight(day("2026-03-05"))
    payload = hosted(1, its_host["id"], hosting=hosting, **PERSONAL)
    filing = await handed_in(desk, await desk.draft(payload, requested_effective_at=rfc3339(later)))
    expect(await desk.confirm_hosting(filing, by=STRANGER))
    await complete_due_filings(later, lambda: memory_tx(store, at=later))
    return expect(await desk.get(f"/filings/{filing['id']}"))


async def lapsed(desk: Desk, store: MemoryStore) -> Json:
    filing = await desk.draft(registration(**PERSONAL))
    at = NOON + KNOWN
    await lapse_old_drafts(at, lambda: memory_tx(store, at=at))
    return expect(await desk.get(f"/filings/{filing['id']}"))


async def an_order_that_was_refused(desk: Desk, store: MemoryStore) -> Json:
    business = await desk.register()
    order = {"reason": f"示例：{SAID}"}
    filing = await desk.draft_for(business["id"], "administrative_dissolution", order, by=OFFICER)
    filing = await handed_in(desk, filing, by=OFFICER)
    expect(await desk.assign(filing, by=COLLEAGUE))
    return expect(await desk.reject(filing, by=COLLEAGUE))


ENDINGS: list[Ending] = [
    withdrawn_by_its_owner,
    rejected,
    withdrawn_by_a_clock,
    lapsed,
    an_order_that_was_refused,
]


class Years:
    """Lets time go by, and the clock that blanks run."""

    def __init__(self, store: MemoryStore, clock: FixedClock) -> None:
        self._store, self._clock = store, clock

    async def go_to(self, at: datetime) -> None:
        self._clock.at = at
        await blank_ended_filings(at, lambda: memory_tx(self._store, at=at))


@pytest.fixture
def years(store: MemoryStore, clock: FixedClock) -> Years:
    return Years(store, clock)


def where_it_stands(store: MemoryStore) -> set[str]:
    """The collections in which something stands that a person wrote."""
    return {
        name for name in store.collections for row in store.rows(name) if any(each in str(row) for each in (SAID, ALSO))
    }


def ended(filing: Json) -> datetime:
    return datetime.fromisoformat(filing["ended_at"])


@pytest.mark.parametrize("ending", ENDINGS)
async def test_what_it_said_is_blanked_ninety_days_after_it_ended_and_not_a_moment_earlier(
    ending: Ending, desk: Desk, store: MemoryStore, years: Years
) -> None:
    filing = await ending(desk, store)
    assert (filing["blanked_at"], filing["payload"]["type"]) == (None, filing["type"])
    due = ended(filing) + KNOWN
    await years.go_to(due - timedelta(milliseconds=1))
    assert (expect(await desk.get(f"/filings/{filing['id']}", by=OFFICER)))["payload"] == filing["payload"]
    assert where_it_stands(store) == {"filings"}
    await years.go_to(due)
    assert where_it_stands(store) == set()


@pytest.mark.parametrize("ending", ENDINGS)
async def test_who_reads_it_later_sees_what_became_of_it_and_when(
    ending: Ending, desk: Desk, store: MemoryStore, years: Years
) -> None:
    before = await ending(desk, store)
    due = ended(before) + KNOWN
    await years.go_to(due)
    after = expect(await desk.get(f"/filings/{before['id']}", by=OFFICER))
    assert (after["payload"], after["blanked_at"], after["allowed_actions"]) == (None, rfc3339(due), [])
    kept = ("status", "type", "ended_at", "block", "submitted_by", "drafted_by", "on_behalf_of", "review")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    told = ("by", "at", "outcome", "reason_code")
    assert [{name: each[name] for name in told} for each in after["decisions"]] == [
        {name: each[name] for name in told} for each in before["decisions"]
    ]
    if before["declaration"]:
        assert after["declaration"] == before["declaration"] | {"name": None}


async def test_it_is_blanked_once_and_its_owner_is_told(desk: Desk, store: MemoryStore, years: Years) -> None:
    filing = await rejected(desk, store)
    await years.go_to(ended(filing) + KNOWN)
    after = store.rows("filings")
    await years.go_to(ended(filing) + 2 * KNOWN)
    assert store.rows("filings") == after
    (told,) = [row for row in store.rows("outbox") if row["type"] == "zone.registry.filing.blanked.v1"]
    assert (told["partner_id"], told["actor"]) == (filing["on_behalf_of"], "system")


async def test_what_took_effect_or_is_under_way_stays(desk: Desk, store: MemoryStore, years: Years) -> None:
    await desk.register()
    await desk.submit(await desk.draft(registration(3)))
    before = store.rows("filings")
    await years.go_to(NOON + 20 * KNOWN)
    assert store.rows("filings") == before


@pytest.mark.parametrize("act", ["submit", "withdraw", "assign", "approve", "reject", "confirm_hosting"])
async def test_nobody_acts_on_it_any_more(act: str, desk: Desk, store: MemoryStore, years: Years) -> None:
    filing = await withdrawn_by_a_clock(desk, store)
    await years.go_to(ended(filing) + KNOWN)
    by = {"by": STRANGER} if act == "confirm_hosting" else {}
    assert refusal(await getattr(desk, act)(filing, **by)) == (409, "invalid_transition")


async def test_who_owns_its_host_sees_that_it_was_asked_and_not_by_whom(
    desk: Desk, store: MemoryStore, years: Years
) -> None:
    filing = await withdrawn_by_a_clock(desk, store)
    await years.go_to(ended(filing) + KNOWN)
    seen = expect(await desk.get(f"/filings/{filing['id']}/hosting", by=STRANGER))
    assert (seen["newcomer"], seen["hosting"], seen["status"]) == (None, None, "withdrawn")
    assert seen["blanked_at"] == rfc3339(ended(filing) + KNOWN)
    assert seen["host_confirmation"]["content"] is None


async def test_its_stored_answers_are_gone_long_before(desk: Desk, store: MemoryStore) -> None:
    filing = await handed_in(desk, await desk.draft(registration(**PERSONAL)))
    await desk.call("POST", f"/filings/{filing['id']}/withdraw", {}, headers={"Idempotency-Key": "key-1"})
    (answer,) = store.rows("idempotency")
    assert ALSO in answer["body"].decode()
    assert answer["expires_at"] < NOON + KNOWN


async def test_one_that_cannot_be_blanked_keeps_no_other_from_it(
    desk: Desk, store: MemoryStore, years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [await desk.draft(registration(number)) for number in (1, 2, 3)]
    filings = [expect(await desk.withdraw(await handed_in(desk, each))) for each in drafts]
    blank = Filing.blank

    def failing(filing: Filing, *, at: datetime) -> None:
        if filing.id == filings[1]["id"]:
            raise RuntimeError("bad item")
        blank(filing, at=at)

    monkeypatch.setattr(Filing, "blank", failing)
    await years.go_to(NOON + KNOWN)
    payloads = [expect(await desk.get(f"/filings/{each['id']}"))["payload"] for each in filings]
    assert [payload is None for payload in payloads] == [True, False, True]


async def test_two_sweeps_at_once_blank_it_once(desk: Desk, store: MemoryStore) -> None:
    filing = await withdrawn_by_its_owner(desk, store)
    at = ended(filing) + KNOWN
    late = memory_tx(store, at=at)
    mine = await late.get(Filing, filing["id"])
    mine.blank(at=at)
    late.save(mine)

    def others() -> Tx:
        return memory_tx(store, at=at)

    await blank_ended_filings(at, others)
    with pytest.raises(Exception, match=filing["id"]):
        await late.commit()
    assert sum(row["type"].endswith("filing.blanked.v1") for row in store.rows("outbox")) == 1
