"""What callers see of an objection."""

from typing import Annotated, ClassVar, Self

from services.chassis.http.view import View, actions
from services.registry.objections.objection import Objected, Objection


class ObjectionView(Objected, View):
    """An objection to the dissolution of a business."""

    at: ClassVar[str] = "/v1/registry/objections"

    allowed_actions: Annotated[list[str], actions({}, "decide")]
    """What an official can do to it now."""

    @classmethod
    def of(cls, objection: Objection) -> Self:
        return cls.showing(objection)
