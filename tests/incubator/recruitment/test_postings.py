"""Postings: drafted, published, filled, opened again, and shown to search engines as they ask for it."""

from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Hear, Json, Pass, created
from tests.incubator.recruitment.conftest import JOB, POSTINGS, WORKPLACE, Act, kinds, told
from tests.incubator.registry_says import business, suspended


async def drafted(api: httpx.AsyncClient, **said: Any) -> Json:
    return created(await api.post(POSTINGS, json={"business_id": business(1), **JOB, **said}))


async def change(api: httpx.AsyncClient, posting: Json, **said: Any) -> httpx.Response:
    return await api.patch(f"{POSTINGS}/{posting['id']}", json=said, headers={"If-Match": "*"})


async def seen(api: httpx.AsyncClient, posting: Json) -> Json:
    found: Json = (await api.get(f"{POSTINGS}/{posting['id']}")).json()
    return found


async def test_a_draft_is_its_owners_and_a_posting_everyones(
    first: httpx.AsyncClient, second: httpx.AsyncClient, store: MemoryStore
) -> None:
    posting = await drafted(first)
    assert (await second.get(f"{POSTINGS}/{posting['id']}")).status_code == 404
    assert (await second.get(POSTINGS)).json()["data"] == []
    assert kinds(store, posting["id"]) == []
    await first.post(f"{POSTINGS}/{posting['id']}/publish")
    assert (await seen(second, posting))["title"] == JOB["title"]
    assert [each["id"] for each in (await second.get(POSTINGS)).json()["data"]] == [posting["id"]]
    assert told(store, posting["id"]) == [
        (
            "job.posted.v1",
            {
                "posting_id": posting["id"],
                "business_id": business(1),
                "business_kind": "cloud",
                "sector": "65",
                "fresh_graduates_welcome": True,
                "openings": 1,
                "hired": 0,
                "employment_type": "full_time",
                "valid_through": "2026-06-30",
            },
        )
    ]


async def test_another_partner_changes_nothing_of_a_posting(second: httpx.AsyncClient, publish: Act) -> None:
    posting = await publish()
    assert (await change(second, posting, title="x")).status_code == 404
    assert (await second.post(f"{POSTINGS}/{posting['id']}/close")).status_code == 404


async def test_a_suspended_business_seeks_nobody_new_and_keeps_what_it_has(
    first: httpx.AsyncClient, publish: Act, hear: Hear
) -> None:
    running, draft = await publish(), await drafted(first)
    await hear(suspended(1))
    refused = await first.post(f"{POSTINGS}/{draft['id']}/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "business_not_active")
    assert (await seen(first, running))["status"] == "published"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"salary": {"min": {"amount": 2, "currency": "CNY"}, "max": {"amount": 1, "currency": "CNY"}, "per": "month"}},
         "salary_range"),
        ({"salary": {"min": {"amount": 1, "currency": "CNY"}, "max": {"amount": 2, "currency": "USD"}, "per": "hour"}},
         "currency_mismatch"),
        ({"description": "Look <b>here</b>"}, "markup_not_allowed"),
        ({"description": "<script src=x>"}, "markup_not_allowed"),
        ({"description": "&lt;b&gt;"}, "markup_not_allowed"),
        ({"location": None}, "location_or_remote"),
        ({"remote": {"countries": ["CN"]}}, "location_or_remote"),
        ({"location": None, "remote": {"countries": []}}, "length"),
        ({"openings": 0}, "invalid"),
        ({"title": ""}, "length"),
        ({"valid_through": "2026-02-30"}, "date_invalid"),
    ],
)  # fmt: skip
async def test_what_is_no_job_is_refused_with_its_place(first: httpx.AsyncClient, wrong: Json, code: str) -> None:
    answer = await first.post(POSTINGS, json={"business_id": business(1), **JOB, **wrong})
    assert answer.status_code == 422
    assert {each["code"] for each in answer.json()["errors"]} == {code}


async def test_a_sign_of_comparison_is_no_markup(first: httpx.AsyncClient) -> None:
    assert (await drafted(first, description="每周 < 40 小时 & 双休"))["description"] == "每周 < 40 小时 & 双休"


async def test_a_posting_whose_last_day_is_over_is_not_published(first: httpx.AsyncClient) -> None:
    posting = await drafted(first, valid_through="2026-03-01")
    refused = await first.post(f"{POSTINGS}/{posting['id']}/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "posting_expired")


async def test_a_posting_lasts_through_its_last_day_and_expires_by_the_clock(
    first: httpx.AsyncClient, publish: Act, pass_time: Pass, store: MemoryStore
) -> None:
    posting = await publish(valid_through="2026-03-03")
    await pass_time(days=1)
    assert (await seen(first, posting))["status"] == "published"
    await pass_time(days=1)
    assert (await seen(first, posting))["status"] == "expired"
    assert kinds(store, posting["id"]) == ["job.posted.v1", "job.expired.v1"]


@pytest.mark.parametrize("how", ["close", "pause", "expire", "fill"])
async def test_r1_a_posting_that_is_closed_is_closed_by_every_path(
    how: str, first: httpx.AsyncClient, second: httpx.AsyncClient, publish: Act, enter: Act, apply: Act, act: Act,
    pass_time: Pass,
) -> None:  # fmt: skip
    posting = await publish(valid_through="2026-03-03")
    late = await enter(posting)
    if how == "expire":
        await pass_time(days=2)
    elif how == "fill":
        await act(await apply(posting), "hire")
    else:
        await first.post(f"{POSTINGS}/{posting['id']}/{how}")
    refused = await second.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": late["id"]})
    status = {"close": "closed", "pause": "paused", "expire": "expired", "fill": "filled"}[how]
    assert refused.status_code == 409
    assert refused.json()["code"] == ("posting_expired" if how == "expire" else "posting_not_open")
    assert refused.json()["posting_status"] == status


async def test_r1_after_the_last_day_nobody_applies_though_the_clock_has_not_come_by(
    second: httpx.AsyncClient, publish: Act, enter: Act, clock: Any
) -> None:
    posting = await publish(valid_through="2026-03-02")
    late = await enter(posting)
    clock.at = clock.at.replace(day=3)
    refused = await second.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": late["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "posting_expired")


async def test_r2_a_filled_posting_can_be_closed(first: httpx.AsyncClient, publish: Act, apply: Act, act: Act) -> None:
    posting = await publish()
    await act(await apply(posting), "hire")
    closed = await first.post(f"{POSTINGS}/{posting['id']}/close")
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")


async def test_r2_more_openings_make_a_filled_posting_seek_people_again(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, store: MemoryStore
) -> None:
    posting = await publish(openings=2)
    for _ in range(2):
        await act(await apply(posting), "hire")
    assert (await seen(first, posting))["status"] == "filled"
    raised = (await change(first, posting, openings=3)).json()
    assert (raised["status"], raised["hired"]) == ("published", 2)
    assert kinds(store, posting["id"]) == ["job.posted.v1", "job.filled.v1", "job.resumed.v1"]


async def test_r2_after_its_last_day_a_filled_posting_is_opened_with_a_later_one_only(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, pass_time: Pass
) -> None:
    posting = await publish(valid_through="2026-03-03")
    await act(await apply(posting), "hire")
    await pass_time(days=5)
    refused = await change(first, posting, openings=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "posting_expired")
    assert (await change(first, posting, openings=2, valid_through="2026-04-01")).json()["status"] == "published"


async def test_r2_a_filled_posting_of_a_business_that_may_not_trade_seeks_nobody_again(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, hear: Hear, store: MemoryStore
) -> None:
    posting = await publish()
    hired = await apply(posting)
    await act(hired, "hire")
    await hear(suspended(1))
    refused = await change(first, posting, openings=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "business_not_active")
    assert (await seen(first, posting))["openings"] == 1
    await act(hired, "fell-through", reason="未到岗")
    assert (await seen(first, posting))["status"] == "paused"
    assert kinds(store, posting["id"])[-1] == "job.paused.v1"


async def test_r2_a_hire_that_falls_through_after_the_last_day_lets_another_who_applied_in_time_be_hired(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, pass_time: Pass
) -> None:
    posting = await publish(valid_through="2026-03-03")
    hired, second_choice = await apply(posting), await apply(posting)
    await act(hired, "hire")
    await pass_time(days=5)
    await act(hired, "fell-through", reason="未到岗")
    assert (await seen(first, posting))["status"] == "expired"
    assert (await act(second_choice, "hire"))["status"] == "hired"
    assert (await seen(first, posting))["status"] == "filled"


async def test_openings_are_never_fewer_than_hires(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act
) -> None:
    posting = await publish(openings=3)
    for _ in range(2):
        await act(await apply(posting), "hire")
    refused = await change(first, posting, openings=1)
    assert (refused.status_code, refused.json()["code"], refused.json()["hired"]) == (409, "openings_below_hired", 2)
    assert (await change(first, posting, openings=2)).json()["status"] == "filled"


async def test_who_applied_in_time_may_be_hired_after_the_last_day_and_not_after_it_was_closed(
    first: httpx.AsyncClient, publish: Act, apply: Act, act: Act, pass_time: Pass
) -> None:
    expired, closed = await publish(valid_through="2026-03-03"), await publish()
    in_time, too_late = await apply(expired), await apply(closed)
    await pass_time(days=2)
    assert (await act(in_time, "hire"))["status"] == "hired"
    assert (await seen(first, expired))["status"] == "filled"
    await first.post(f"{POSTINGS}/{closed['id']}/close")
    refused = await first.post(f"/v1/incubator/job-applications/{too_late['id']}/hire")
    assert (refused.status_code, refused.json()["code"]) == (409, "posting_not_open")


async def test_postings_are_found_by_words_and_by_what_they_offer(
    second: httpx.AsyncClient, first: httpx.AsyncClient, publish: Act
) -> None:
    office = await publish(skills=["数据分析"])
    remote = await publish(title="仓库管理员", location=None, remote={"countries": ["CN", "KZ"]})

    async def found(**by: Any) -> list[str]:
        return [each["id"] for each in (await second.get(POSTINGS, params=by)).json()["data"]]

    assert await found(q="数据") == [office["id"]]
    assert await found(remote=True) == [remote["id"]]
    assert await found(remote=False) == [office["id"]]
    assert await found(status="closed") == []


async def test_r5_a_posting_is_linked_data_that_search_engines_take(second: httpx.AsyncClient, publish: Act) -> None:
    salary = {"min": {"amount": 600_000, "currency": "CNY"}, "max": {"amount": 900_050, "currency": "CNY"}}
    posting = await publish(openings=2, salary={**salary, "per": "month"}, description="a < b\nc")
    answer = await second.get(f"{POSTINGS}/{posting['id']}/posting.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json() == {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": "示例软件1号有限公司", "value": posting["id"]},
        "title": JOB["title"],
        "description": "a &lt; b<br>c",
        "datePosted": "2026-03-02T04:00:00.000Z",
        "validThrough": "2026-06-30T23:59:59+08:00",
        "hiringOrganization": {"@type": "Organization", "name": "示例软件1号有限公司"},
        "employmentType": "FULL_TIME",
        "totalJobOpenings": 2,
        "directApply": False,
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": WORKPLACE["locality"],
                "addressRegion": WORKPLACE["region"],
                "addressCountry": "CN",
            },
        },
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "CNY",
            "value": {"@type": "QuantitativeValue", "minValue": 6000, "maxValue": 9000.5, "unitText": "MONTH"},
        },
    }


async def test_r5_a_remote_job_says_from_where_and_no_place(second: httpx.AsyncClient, publish: Act) -> None:
    posting = await publish(location=None, remote={"countries": ["CN"]})
    said = (await second.get(f"{POSTINGS}/{posting['id']}/posting.jsonld")).json()
    assert said["jobLocationType"] == "TELECOMMUTE"
    assert said["applicantLocationRequirements"] == [{"@type": "Country", "name": "CN"}]
    assert "jobLocation" not in said
