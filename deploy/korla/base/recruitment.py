"""Jobs of the start-ups in the Demonstration Base: postings, the people who applied, and those who were hired."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from deploy.korla.base.hand import Hand, Json
from deploy.korla.base.start_up import StartUp
from deploy.korla.together import together

KORLA: Final = {"country": "CN", "region": "新疆", "locality": "库尔勒市", "street": "示例孵化路 1 号"}
SHOWN_FOR: Final = timedelta(days=60)
A_YEAR: Final = timedelta(days=365)
ACTS: Final = {
    "hired": (("interview", "advance"), ("offer", "offer"), ("hired", "hire")),
    "interview": (("interview", "advance"),),
    "applied": (),
}
"""What an application is to become → by which acts, each with the status after it."""


class Job(NamedTuple):
    """A posting of a start-up.

    Attributes:
        people: what becomes of each who applies, in the order of their numbers.
    """

    start_up: int
    title: str
    openings: int
    people: tuple[str, ...]


JOBS: Final = (
    Job(1, "示例 电商运营专员", 2, ("hired", "hired")),
    Job(2, "示例 软件开发工程师", 3, ("hired", "interview", "applied")),
)


class Jobs(NamedTuple):
    """How many postings there are, and how many people were hired by them."""

    postings: int
    hires: int


async def recruited(start_ups: Sequence[StartUp], today: date, owner: Hand) -> Jobs:
    """Jobs, and who has them; what an earlier load made stays as it is. Raises UnexpectedAnswer."""
    postings = await owner.all("job-postings")
    known = {each["email"]: each for each in await owner.all("candidates")}

    async def fill(job: Job) -> Json:
        business_id = start_ups[job.start_up - 1].business_id
        there = {"business_id": business_id, "title": job.title}
        found = next((each for each in postings if there.items() <= each.items()), None)
        posting = found or await owner.post("job-postings", _posting(job, business_id, today))
        if posting["status"] == "draft":
            posting = await owner.post(f"job-postings/{posting['id']}/publish")
        if posting["status"] == "published":
            people = (f"{job.start_up}-{number}" for number in range(1, len(job.people) + 1))
            applied = await owner.all("job-applications", posting_id=posting["id"])
            await together(
                *(
                    _become(who, wanted, posting["id"], known, applied, today, owner)
                    for who, wanted in zip(people, job.people, strict=True)
                )
            )
            posting = await owner.see(f"job-postings/{posting['id']}")
        return posting

    shown = await together(*map(fill, JOBS))
    return Jobs(len(shown), sum(each["hired"] for each in shown))


async def _become(
    who: str, wanted: str, posting_id: str, known: dict[str, Json], applied: Sequence[Json], today: date, owner: Hand
) -> None:
    """Whoever it is has applied, and the application has come as far as it is to."""
    email = f"seeker-{who}@people.example"
    candidate = known.get(email) or await owner.post("candidates", _person(who, email, today))
    application = next((each for each in applied if each["candidate_id"] == candidate["id"]), None)
    if application is None:
        path = f"job-postings/{posting_id}/applications"
        application = await owner.post(path, {"candidate_id": candidate["id"]})
    steps = ACTS[wanted]
    done = [status for status, _ in steps]
    behind = done.index(application["status"]) + 1 if application["status"] in done else 0
    for status, act in steps[behind:] if application["status"] in ("applied", *done) else ():
        body = {"to_status": status} if act == "advance" else {}
        await owner.post(f"job-applications/{application['id']}/{act}", body)


def _posting(job: Job, business_id: str, today: date) -> Json:
    return {
        "business_id": business_id,
        "title": job.title,
        "description": "示例职位，并不存在。\n欢迎应届毕业生。",
        "employment_type": "full_time",
        "openings": job.openings,
        "location": KORLA,
        "salary": {
            "min": {"amount": 600_000, "currency": "CNY"},
            "max": {"amount": 900_000, "currency": "CNY"},
            "per": "month",
        },
        "valid_through": (today + SHOWN_FOR).isoformat(),
        "skills": ["示例技能"],
        "fresh_graduates_welcome": True,
    }


def _person(who: str, email: str, today: date) -> Json:
    pool = {"purpose": "talent_pool", "text_version": "示例-1", "expires_on": (today + A_YEAR).isoformat()}
    graduated = today.replace(year=today.year - 1, day=1).isoformat()
    return {"name": f"示例求职者 {who}", "email": email, "graduated_on": graduated, "consents": [pool]}
