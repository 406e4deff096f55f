"""Why all processes of a service change their release together: a document says everything or is not read."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from services.chassis.domain.aggregate import Aggregate


class Pot(Aggregate):
    collection: ClassVar = "pots"
    size: int


class LargerPot(Pot):
    """Of the next release: it has a member more, with a value for those that were written before."""

    colour: str = "brown"


def test_the_next_release_reads_what_this_one_wrote_where_a_new_member_has_a_value() -> None:
    assert LargerPot.from_document(Pot(id="pot_1", size=3).to_document()).colour == "brown"


def test_this_release_does_not_read_what_the_next_one_wrote_and_so_cannot_save_it_without_the_new_member() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Pot.from_document(LargerPot(id="pot_1", size=3, colour="red").to_document())
