"""Views: what they take over from what they show, and what they must be given."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from services.chassis.domain.aggregate import Aggregate
from services.chassis.http.view import View


class Lamp(Aggregate):
    collection: ClassVar[str] = "lamps"

    colour: str

    @property
    def is_warm(self) -> bool:
        return self.colour == "red"


class LampView(View):
    colour: str
    is_warm: bool


class PricedLampView(LampView):
    price: int


LAMP = Lamp(id="lmp_1", version=3, sequence=2, colour="red")


def test_a_view_takes_over_what_its_source_has_under_the_same_name() -> None:
    assert LampView.showing(LAMP).model_dump() == {
        "id": "lmp_1",
        "version": 3,
        "last_event_id": "lmp_1:0000000002",
        "colour": "red",
        "is_warm": True,
    }


def test_what_is_given_goes_before_what_the_source_has() -> None:
    shown = PricedLampView.showing(LAMP, colour="rouge", price=7)
    assert (shown.colour, shown.price) == ("rouge", 7)


def test_a_member_that_is_neither_there_nor_given_is_a_mistake_of_ours() -> None:
    with pytest.raises(AttributeError, match="price"):
        PricedLampView.showing(LAMP)


def test_what_cannot_be_shown_is_told_of_without_what_it_says() -> None:
    with pytest.raises(ValidationError) as refused:
        PricedLampView.showing(LAMP, price="示例隐名氏")
    assert "示例隐名氏" not in str(refused.value)
