"""Checks of whom a programme took: no more than there are seats, each once, from its documents alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from deploy.chaos.evidence import Evidence
from deploy.chaos.finding import Finding
from services.chassis.domain.aggregate import event_id
from services.chassis.store.writes import Document
from services.contracts.incubator.startups.programmes import AdmissionStatus, ApplicationAccepted, ApplicationWithdrawn
from services.incubator.programme.programmes.status import SEATING

SEATED: Final = (AdmissionStatus.ACCEPTED, AdmissionStatus.ENROLLED)


def admissions(evidence: Evidence) -> Iterator[Finding]:
    """All that is wrong with whom a programme took."""
    applications = defaultdict[str, list[Document]](list)
    for each in evidence.rows("incubator", "programme_applications"):
        applications[each["cohort_id"]].append(each)
    for cohort in evidence.rows("incubator", "cohorts"):
        yield from seats(cohort, applications[cohort["_id"]])
    yield from decisions(evidence)


def seats(cohort: Document, applications: list[Document]) -> Iterator[Finding]:
    """Who has a seat is counted, and are no more than there are; nobody waits for one that was given back."""
    seated = [each for each in applications if each["status"] in SEATED]
    if len(seated) > cohort["seats"]:
        told = f"{cohort['_id']} has {cohort['seats']} seats, and {len(seated)} were given"
        yield Finding("doubled", told, event_id(seated[-1]["_id"], seated[-1]["sequence"]))
    if len(seated) != cohort["seats_taken"]:
        yield Finding("wrong", f"{cohort['_id']} counts {cohort['seats_taken']} seats taken, and {len(seated)} are")
    if cohort["drafts"] != len(applications):
        yield Finding("wrong", f"{cohort['_id']} counts {cohort['drafts']} drafts, and {len(applications)} were begun")
    waiting = [each for each in applications if each["status"] == AdmissionStatus.WAITLISTED]
    vacated = [each for each in applications if each["vacated"]]
    if waiting and vacated and cohort["status"] in SEATING and len(seated) < cohort["seats"]:
        yield Finding(
            "lost", f"{vacated[0]['_id']} gave a seat of {cohort['_id']} back, and {len(waiting)} wait for it"
        )
    for each in waiting:
        if each["waitlisted_at"] is None:
            yield Finding("wrong", f"{each['_id']} is on the waiting list and has no place there")


def decisions(evidence: Evidence) -> Iterator[Finding]:
    """Each application was accepted and withdrawn once at most, and as its status says."""
    told: Counter[tuple[str, str]] = Counter()
    for row in evidence.rows("incubator", "outbox"):
        told[row["_id"].rpartition(":")[0], row["type"]] += 1
    for each in evidence.rows("incubator", "programme_applications"):
        accepted = told[each["_id"], ApplicationAccepted.wire_name]
        withdrawn = told[each["_id"], ApplicationWithdrawn.wire_name]
        is_withdrawn = each["status"] == AdmissionStatus.WITHDRAWN
        if accepted > 1 or withdrawn > 1:
            yield Finding("doubled", f"{each['_id']} was accepted {accepted} times and withdrawn {withdrawn} times")
        elif (each["status"] in SEATED and not accepted) or withdrawn != is_withdrawn:
            yield Finding(
                "lost", f"{each['_id']} is {each['status']}: accepted {accepted} times, withdrawn {withdrawn}"
            )
