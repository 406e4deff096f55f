"""The query parameters that follow from the dimensions of all subjects."""

from dataclasses import replace
from typing import Any

import pytest

from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.reading.parameters import query_parameters
from tests.metrics.rides import RIDE


def test_every_dimension_of_every_subject_is_a_parameter() -> None:
    found = query_parameters([*BUSINESS.dimensions, *RIDE.dimensions])
    assert [each.name for each in found] == ["kind", "sector", "size", "entry_year", "district"]


def test_a_dimension_that_two_subjects_share_is_one_parameter() -> None:
    assert len(query_parameters([*BUSINESS.dimensions, *BUSINESS.dimensions])) == len(BUSINESS.dimensions)


@pytest.mark.parametrize("other", [str, int])
def test_two_dimensions_of_one_name_with_other_values_are_an_error_at_once(other: Any) -> None:
    kind = BUSINESS.dimensions[0]
    with pytest.raises(TypeError, match="kind"):
        query_parameters([kind, replace(kind, type=other)])
