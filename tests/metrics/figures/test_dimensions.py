"""The dimensions of a business, and how its cells are called."""

import pytest

from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.catalogue.sections import section_of
from services.metrics.catalogue.sizes import size_of
from services.metrics.figures.dimensions import dims_of, key_of
from services.metrics.figures.subject import cells_of


@pytest.mark.parametrize(
    ("employees", "size"),
    [
        (None, "unknown"),
        (0, "micro"),
        (19, "micro"),
        (20, "small"),
        (299, "small"),
        (300, "medium"),
        (999, "medium"),
        (1_000, "large"),
        (10_000_000, "large"),
    ],
)
def test_the_size_of_a_business_follows_the_national_thresholds(employees: int | None, size: str) -> None:
    assert size_of(employees) == size


def test_every_section_of_the_classification_is_a_sector() -> None:
    (sector,) = (each for each in BUSINESS.dimensions if each.name == "sector")
    assert list(sector.values) == sorted({section_of(f"{division:02d}") for division in range(1, 98)})


def test_a_cell_is_called_the_same_in_whatever_order_its_dimensions_are_named() -> None:
    assert key_of({"sector": "C", "kind": "cloud"}) == key_of({"kind": "cloud", "sector": "C"}) == "kind=cloud&sector=C"


@pytest.mark.parametrize("dims", [{}, {"entry_year": "2012"}, {"kind": "cloud", "sector": "C"}])
def test_the_name_of_a_cell_says_its_dimensions(dims: dict[str, str]) -> None:
    assert dims_of(key_of(dims)) == dims


def test_a_business_is_in_one_cell_of_each_declared_breakdown_and_in_the_total() -> None:
    cells = cells_of(BUSINESS, ("cloud", "F", "micro", "2015"))
    assert [by for by, _ in cells] == ["", "kind", "sector", "size", "entry_year", "kind&sector"]
    assert cells[0] == ("", "")
