"""The dimensions of a business, and how its cells are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.catalogue.dimensions.sections import section_of
from services.metrics.catalogue.dimensions.sizes import size_of
from services.metrics.figures.dimensions import TOTAL, dims_of, key_of, path_of, values_at


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


@given(st.lists(st.text(), min_size=1, max_size=3).map(tuple))
def test_a_cell_is_found_in_a_bucket_whatever_the_values_of_its_dimensions_are(values: tuple[str, ...]) -> None:
    path = path_of(values)
    assert values_at(path) == values
    assert path not in ("", TOTAL)
    assert not {".", "$", "\0"} & set(path)


def test_the_total_has_a_name_that_no_other_cell_has() -> None:
    assert (path_of(()), values_at(TOTAL), path_of(("*",))) == (TOTAL, (), "%2A")
