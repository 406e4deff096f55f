"""What callers call things."""

from typing import Annotated

import pytest
from pydantic import Field
from typing_extensions import TypeAliasType

from services.chassis.http.names import classes_in, name_of, plural
from services.chassis.http.paging import CountedPage, Page
from services.chassis.http.view import View


class HedgeView(View):
    """A hedge."""


class Shrub(View):
    """A shrub."""


Growth = TypeAliasType("Growth", Annotated[HedgeView | Shrub, Field(description="Either.")])


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("Filing", "Filings"),
        ("Business", "Businesses"),
        ("Summary", "Summaries"),
        ("Key", "Keys"),
        ("Match", "Matches"),
    ],
)
def test_many_of_a_noun_are_its_plural(one: str, many: str) -> None:
    assert plural(one) == many


@pytest.mark.parametrize(("annotation", "name"), [(HedgeView, "Hedge"), (Shrub, "Shrub"), (Growth, "Hedge")])
def test_a_type_is_called_what_it_shows(annotation: object, name: str) -> None:
    assert name_of(annotation) == name


def test_the_classes_of_a_type_are_found_however_it_is_written() -> None:
    assert list(classes_in(Growth)) == [HedgeView, Shrub]
    assert list(classes_in(None)) == []


def test_a_list_is_named_for_what_stands_in_it() -> None:
    assert Page[HedgeView].__name__ == "ListOfHedges"
    assert CountedPage[Growth].__name__ == "ListOfHedges"
