"""What is stated as a whole, each time anew: the newest statement counts, in whatever order they are heard."""

from itertools import permutations

import pytest

from services.metrics.figures.entity import Entity, Fact


def rated(on: str, sequence: int, *, subject: str = "ubl_1", rank: str = "") -> Fact:
    return Fact(on, subject, sequence, {"rate": sequence}, matter="2026-07", rank=rank)


def known(*statements: list[Fact]) -> set[tuple[str, str, int]]:
    entity = Entity(id="consumption|svp_1|2026-07")
    for facts in statements:
        entity.learn(facts)
    return {fact.order for fact in entity.facts}


FIRST = [rated("2026-07-01", 1), rated("2026-07-11", 1), rated("2026-08-01", 1)]
SECOND = [rated("2026-07-01", 2), rated("2026-07-21", 2)]
LATER_BILL = [rated("2026-07-01", 1, subject="ubl_0", rank="2026-09")]
BESIDE = [Fact("2026-07-05", "svp_1", 9, {"closed": True})]


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, BESIDE])))
def test_a_statement_takes_the_place_of_the_one_before_with_all_its_days(order: tuple[list[Fact], ...]) -> None:
    assert known(*order) == {fact.order for fact in [*SECOND, *BESIDE]}


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, LATER_BILL])))
def test_of_statements_of_several_subjects_the_one_of_the_greatest_rank_counts(order: tuple[list[Fact], ...]) -> None:
    assert known(*order) == {fact.order for fact in LATER_BILL}


def test_two_matters_stand_beside_each_other() -> None:
    june = [Fact("2026-06-01", "ubl_2", 7, {"rate": 3}, matter="2026-06")]
    assert known(FIRST, june) == {fact.order for fact in [*FIRST, *june]}


def test_a_statement_that_is_heard_again_says_the_same_again() -> None:
    assert known(SECOND, FIRST, SECOND) == known(SECOND)
