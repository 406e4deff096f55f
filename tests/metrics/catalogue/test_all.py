"""The catalogue as a whole: what every declaration must hold to."""

import pytest

from services.chassis.domain.events import Event
from services.contracts.registry.filings import FilingDrafted
from services.metrics.catalogue.all import DERIVED, KPIS, SUBJECTS
from services.metrics.catalogue.offices import Office
from services.metrics.figures.kept import Kept
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.subject import Subject, corrected_by
from services.metrics.handlers import on
from tests.metrics.happenings import id_of, sample, told_by

KEPT = [(subject, kpi) for subject in SUBJECTS for kpi in subject.kpis]


def test_no_two_kpis_have_one_id_and_no_two_subjects_one_name() -> None:
    assert len(KPIS) == len(KEPT) + len(DERIVED)
    assert len({subject.name for subject in SUBJECTS}) == len(SUBJECTS)


@pytest.mark.parametrize(("subject", "kpi"), KEPT, ids=[kpi.id for _, kpi in KEPT])
def test_what_changes_a_kpi_is_heard_by_its_subject(subject: Subject, kpi: Kept) -> None:
    assert set(kpi.events) <= set(subject.events)


@pytest.mark.parametrize("kpi", DERIVED, ids=[kpi.id for kpi in DERIVED])
def test_what_changes_a_derived_kpi_is_what_changes_its_inputs(kpi: Kpi) -> None:
    assert set(kpi.events) == {event for part in kpi.parts for event in part.kpi.events}
    assert all(KPIS[part.kpi.id] is part.kpi for part in kpi.parts)


def test_the_figures_that_were_published_first_are_shown_first() -> None:
    assert list(KPIS)[:8] == [
        "businesses_active",
        "businesses_registered",
        "valuation_total",
        "revenue_total",
        "revenue_reported",
        "revenue_per_employee",
        "suspension_days",
        "businesses_deregistered",
    ]


@pytest.mark.parametrize("kpi", KPIS.values(), ids=list(KPIS))
def test_a_kpi_has_a_name_in_both_languages_and_an_office_that_answers_for_it(kpi: Kpi) -> None:
    assert kpi.name.en.isascii()
    assert all("\u4e00" <= each <= "\u9fff" or each.isascii() for each in kpi.name.zh)
    assert any("\u4e00" <= each <= "\u9fff" for each in kpi.name.zh)
    assert kpi.owner in set(Office)
    assert kpi.formula
    assert kpi.fold


@pytest.mark.parametrize(
    ("subject", "event"),
    [(subject, event) for subject in SUBJECTS for event in subject.events],
    ids=[f"{subject.name}-{event.__name__}" for subject in SUBJECTS for event in subject.events],
)
def test_every_event_that_a_subject_hears_is_explained_and_changes_a_kpi(subject: Subject, event: type[Event]) -> None:
    told = told_by(id_of("biz", 1), sample(event))
    assert subject.facts_of(told) or corrected_by(told)
    assert on.hears(event)
    assert any(event in kpi.events for kpi in subject.kpis)


@pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.name for subject in SUBJECTS])
def test_an_event_that_a_subject_does_not_know_is_a_bug_and_not_a_silent_nothing(subject: Subject) -> None:
    with pytest.raises((TypeError, AssertionError)):
        subject.facts_of(told_by(id_of("biz", 1), sample(FilingDrafted)))


def test_no_two_kpis_are_called_the_same() -> None:
    for language in ("en", "zh"):
        assert len({getattr(kpi.name, language) for kpi in KPIS.values()}) == len(KPIS)
