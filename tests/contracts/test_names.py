"""Names on the wire follow from those of classes and folders, and audiences from nouns: nobody chooses them anew."""

import re

from deploy.documents.events import published_events
from services.chassis.domain.events import Event
from tests.each import of_each

WIRE_NAME = re.compile(
    r"zone\.(?P<service>[a-z]+)\.(?P<noun>[a-z_]+)\.(?P<past>[a-z_]+)\.v(?P<major>[1-9]\d*)", re.ASCII
)
BY_NOUN = {
    "owner": {"reservation", "meter", "bill", "invoice", "commitment", "shares", "authorised_shares"},
    "public": {"job", "round", "program", "cohort", "site", "resource"},
    "zone": {"score", "review", "alert"},
}
"""To whom a noun is told: what a partner does is its own, what is offered is open, what is judged stays inside."""
IRREGULAR = ("withdrawn", "held", "paid", "made", "split", "met", "checked_in", "no_show", "overdue")
"""Past participles that do not end in -ed, and what those who book rooms or wait for money say instead of one."""
each_event = of_each("event", published_events())


def parts(event: type[Event]) -> dict[str, str]:
    match = WIRE_NAME.fullmatch(event.wire_name)
    assert match is not None, f"{event.wire_name} is not zone.<service>.<noun>.<past>.v<major>"
    return match.groupdict()


def in_words(name: str) -> str:
    """`AnnualReportFiled` → `annual_report_filed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@each_event
def test_the_name_on_the_wire_is_the_name_of_the_class(event: type[Event]) -> None:
    found = parts(event)
    assert f"{found['noun']}_{found['past']}" == in_words(event.__name__)


@each_event
def test_an_event_says_what_has_happened(event: type[Event]) -> None:
    assert parts(event)["past"].endswith(("ed", *IRREGULAR))


@each_event
def test_an_event_is_its_services_own_with_its_topic(event: type[Event]) -> None:
    service = parts(event)["service"]
    assert event.__module__.startswith(f"services.contracts.{service}.")
    assert event.topic.name.startswith(f"zone.{service}.")


def test_the_audience_of_a_noun_is_the_one_that_was_decided_for_it() -> None:
    decided = {noun: audience for audience, nouns in BY_NOUN.items() for noun in nouns}
    found = {
        event.wire_name: event.audience
        for event in published_events()
        if event.audience != decided.get(parts(event)["noun"], event.audience)
    }
    assert found == {}
