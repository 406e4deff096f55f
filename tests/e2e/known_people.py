"""Of whom a zone knows: for each kind of person how one becomes known, in every place that keeps what people write.

Each of these acts takes a mark that stands in every name, address and text, and gives back how all of that is
forgotten: an act that says from which moment on. All names are synthetic.
"""

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.korla.codes import make_uscc
from deploy.public_api import call, connect
from services.chassis.domain.times import rfc3339, utc_now, zone_date
from services.chassis.http.client import Client
from services.chassis.testing.callers import caller
from services.incubator.main import service as incubator
from services.incubator.programme.programmes.clocks import move_cohorts
from services.registry.filings.clocks import blank_ended_filings, blank_unneeded_contacts
from services.registry.main import service as registry
from tests.e2e.leaving import leave, supervisor_key, until
from tests.e2e.moved_time import api_at, run_clock
from tests.zone_under_test import People, ZoneUnderTest, registration

Json = dict[str, Any]
Forget = Callable[[], Awaitable[datetime]]
"""Forgets somebody, and says from which moment on."""
_numbers = itertools.count(1)
LATER = timedelta(days=91)
ALL_WEEK = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]


class Scene:
    """A zone, and a business of its partner that everyone has to do with."""

    def __init__(self, zone: ZoneUnderTest, people: People, business: Json) -> None:
        self.zone, self.people, self.business = zone, people, business

    @classmethod
    async def of(cls, zone: ZoneUnderTest, people: People) -> "Scene":
        business = await people.registered()
        await people.tenant(business["id"])
        return cls(zone, people, business)

    async def post(
        self, path: str, said: Json | None = None, *, by: Client | None = None, service: str = "incubator"
    ) -> Json:
        """By the partner, if not said otherwise; under a key, so that the answer is stored for repeats."""
        key = f"erasure-{next(_numbers)}-{self.business['id']}"
        who = by or self.people.partner
        return (
            await call(who, "POST", f"/v1/{service}/{path}", about="test", json=said or {}, idempotency_key=key)
        ).body

    async def staff(self, path: str, said: Json | None = None, *, service: str = "incubator") -> Json:
        """By an officer."""
        return await self.post(path, said, by=self.people.officer, service=service)


async def candidate(scene: Scene, mark: str) -> Forget:
    """Who looks for work, and was turned down."""
    last_day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    job = {"title": "x", "description": "x", "employment_type": "intern", "remote": {"countries": ["CN"]}}
    named = {"business_id": scene.business["id"], "valid_through": last_day}
    posting = await scene.post("job-postings", named | job)
    await scene.post(f"job-postings/{posting['id']}/publish")
    agreed = {"purpose": "posting", "posting_id": posting["id"], "text_version": "2026-11"}
    who = {"name": f"示例 {mark}", "email": f"{mark}@graduates.example", "graduated_on": "2026-06-30"}
    person = await scene.post("candidates", {**who, "consents": [agreed]})
    application = await scene.post(f"job-postings/{posting['id']}/applications", {"candidate_id": person["id"]})
    await scene.post(f"job-applications/{application['id']}/reject", {"reason": f"示例缘由 {mark}"})

    async def forget() -> datetime:
        await scene.post(f"candidates/{person['id']}/erase")
        asked = {"status": "rejected"}
        path = "/v1/incubator/job-applications"
        after = await call(scene.people.partner, "GET", path, about="test", params=asked)
        assert [each["id"] for each in after.body["data"]] == [application["id"]]  # what is counted stays
        return utc_now()

    return forget


async def investor(scene: Scene, mark: str) -> Forget:
    """Who might invest, and holds nothing."""
    person = await scene.post("investors", {"name": f"示例 {mark}", "kind": "person"})

    async def forget() -> datetime:
        assert (await scene.post(f"investors/{person['id']}/erase"))["erased_at"] is not None
        return utc_now()

    return forget


async def founder(scene: Scene, mark: str) -> Forget:
    """Who applied for a seat, and thought better of it."""
    application = await _applied(scene, mark, closes_at=utc_now() + LATER)
    await scene.post(f"applications/{application['id']}/withdraw", {"reason": f"示例缘由 {mark}"})

    async def forget() -> datetime:
        erased = await scene.post(f"applications/{application['id']}/erase")
        assert (erased["status"], erased["founders"]) == ("withdrawn", None)
        return utc_now()

    return forget


async def founder_of_an_incubated_business(scene: Scene, mark: str) -> Forget:
    """Who was given a seat, reached something, and left all the same."""
    closes_at = utc_now() + timedelta(minutes=10)
    application = await _applied(scene, mark, closes_at=closes_at)
    for act in ("screen", "interview"):
        await scene.staff(f"applications/{application['id']}/{act}")
    await run_clock(scene.zone, incubator, move_cohorts, at=closes_at)
    await scene.staff(f"applications/{application['id']}/accept")
    enrolled = await scene.staff(f"applications/{application['id']}/enrol")
    path = f"incubations/{enrolled['id']}"
    proof = {"evidence_url": f"https://{mark}.example/proof"}
    await scene.staff(f"{path}/milestones/{enrolled['milestones'][0]['id']}/met", proof)
    await scene.post(f"{path}/withdraw", {"reason": f"示例缘由 {mark}"})

    async def forget() -> datetime:
        erased = await scene.post(f"{path}/erase")
        assert (erased["status"], erased["milestones"][0]["status"]) == ("withdrawn", "met")
        return utc_now()

    return forget


async def _applied(scene: Scene, mark: str, *, closes_at: datetime) -> Json:
    """An application that was handed in, of an open cohort."""
    asked = {"questions": [{"key": "idea", "text": "项目是什么？"}]}
    reached = {"milestones": [{"title": "示例", "due_after_months": 3}]}
    program = await scene.staff("programs", {"name": "示例计划", **asked, **reached})
    await scene.staff(f"programs/{program['id']}/open")
    times = {"opens_at": "2020-01-01T00:00:00Z", "closes_at": rfc3339(closes_at)}
    days = {"starts_on": zone_date(closes_at).isoformat(), "ends_on": "2099-12-31"}
    cohort = await scene.staff(f"programs/{program['id']}/cohorts", {"name": "示例", "seats": 1, **times, **days})
    await run_clock(scene.zone, incubator, move_cohorts, at=utc_now())
    people = [{"name": f"示例 {mark}", "share_bps": 6000, "legal_representative": True}]
    named = {"cohort_id": cohort["id"], "business_id": scene.business["id"]}
    said = {**named, "founders": people, "answers": {"idea": f"示例 {mark}"}}
    application = await scene.post("applications", said)
    return await scene.post(f"applications/{application['id']}/submit")


async def consultant(scene: Scene, mark: str) -> Forget:
    """Who gave advice, and gives none any more."""
    person = await _consultant(scene, f"示例 {mark}")
    await scene.staff(f"consultants/{person['id']}/retire")

    async def forget() -> datetime:
        assert (await scene.staff(f"consultants/{person['id']}/erase"))["status"] == "erased"
        return utc_now()

    return forget


async def words_of_a_meeting(scene: Scene, mark: str) -> Forget:
    """What a business asked, what its consultant noted, and what it thought of that."""
    person = await _consultant(scene, "示例顾问")
    nothing = {"amount": 0, "currency": "CNY"}
    offering = await scene.staff("offerings", {"title": "示例", "minutes": 15, "topics": ["tax"], "price": nothing})
    quarters = int(utc_now().timestamp()) // 900 + 1
    start = datetime.fromtimestamp(900 * quarters, UTC)
    named = {"business_id": scene.business["id"], "consultant_id": person["id"], "offering_id": offering["id"]}
    said = {"topic": "tax", "mode": "online", "start": rfc3339(start)}
    meeting = await scene.post("appointments", {**named, **said, "agenda": f"示例议程 {mark}"})
    path = f"/v1/incubator/appointments/{meeting['id']}"
    notes = {"join_url": f"https://{mark}.example/1", "notes": f"示例 {mark}"}
    await scene.staff(f"appointments/{meeting['id']}/confirm", notes)

    scopes = "incubator:read incubator:write incubator:manage"
    officer, owner = caller("officer", scopes=scopes), caller(partner=scene.business["partner_id"], scopes=scopes)
    over = start + timedelta(minutes=15)
    for who, act, words in (
        (officer, "complete", {"notes": f"示例纪要 {mark}"}),
        (owner, "feedback", {"score": 2, "comment": f"示例评语 {mark}"}),
    ):
        async with api_at(scene.zone, incubator, over, who) as api:
            answer = await api.post(f"{path}/{act}", json=words, headers={"Idempotency-Key": f"{act}-{meeting['id']}"})
        assert answer.status_code == 200, answer.text

    async def forget() -> datetime:
        erased = await scene.post(f"appointments/{meeting['id']}/erase")
        assert (erased["status"], erased["score"]) == ("completed", 2)
        return utc_now()

    return forget


async def _consultant(scene: Scene, name: str) -> Json:
    site = await scene.staff("sites", {"name": "示例", "address": "示例路1号", "area_m2": 1})
    person = {"topics": ["tax"], "languages": ["zh"], "weekly_availability": ALL_WEEK, "max_per_week": 1}
    return await scene.staff("consultants", {"site_id": site["id"], "name": name, **person})


async def who_was_refused(scene: Scene, mark: str) -> Forget:
    """Who stood in a registration that was rejected; forgotten by the registry's clock, 90 days later."""
    party = {"party_kind": "person", "name": f"示例 {mark}", "role": "legal_representative"}
    payload = registration(parties=[party | {"appointed_on": "2016-03-01"}], contacts={"email": f"{mark}@shop.example"})
    filing = await scene.post("registrations", {"payload": payload}, service="registry")
    declared = {"accepted": True, "name": f"示例 {mark}"}
    await scene.post(f"filings/{filing['id']}/submit", {"declaration": declared}, service="registry")
    await scene.staff(f"filings/{filing['id']}/assign", service="registry")
    why = {"reason_code": "incorrect", "comment": f"示例缘由 {mark}"}
    await scene.staff(f"filings/{filing['id']}/reject", why, service="registry")

    async def forget() -> datetime:
        later = utc_now() + LATER
        await run_clock(scene.zone, registry, blank_ended_filings, at=later)
        path = f"/v1/registry/filings/{filing['id']}"
        after = (await call(scene.people.partner, "GET", path, about="test")).body
        assert (after["status"], after["payload"]) == ("rejected", None)
        return later

    return forget


async def contacts(scene: Scene, mark: str) -> Forget:
    """How to reach a business that has left the register; forgotten by the registry's clock, 90 days later."""
    ways = {"email": f"{mark}@shop.example", "website": f"https://{mark}.example"}
    code = [{"scheme": "CN-USCC", "id": make_uscc("2", f"ERA{next(_numbers):05d}")}]
    business = await scene.people.registered(legal_form="individual_household", identifiers=code, contacts=ways)
    await scene.people.tenant(business["id"])
    report = {"period": "2024", "contacts": ways}
    filing = await scene.post(f"businesses/{business['id']}/annual-reports", {"payload": report}, service="registry")
    declared = {"accepted": True, "name": "示例人"}
    await scene.post(f"filings/{filing['id']}/submit", {"declaration": declared}, service="registry")
    async with connect(scene.zone.url, await supervisor_key(scene.people.operator)) as supervisor:
        await leave(scene.people, supervisor, business["id"])

    async def as_it_is() -> Json:
        return await scene.people.business(business["id"])

    await until(as_it_is, lambda each: each["status"] == "dissolved")

    async def forget() -> datetime:
        later = utc_now() + LATER
        await run_clock(scene.zone, registry, blank_unneeded_contacts, at=later)
        after = await as_it_is()
        assert after["contacts_blanked_at"] is not None
        return later

    return forget
