"""What happened, in the business's words. An event class is its wire contract: it only grows."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.ownership import Audience

if TYPE_CHECKING:
    from services.chassis.domain.envelope import Envelope


@dataclass(frozen=True)
class Topic:
    """A Kafka topic: one per noun, 12 partitions, keyed so that one business stays in one partition."""

    name: str


class Event(BaseModel):
    """A fact, named `zone.<service>.<noun>.<what happened>.v<major>`.

    `data` holds what the fact *changed* and the dimensions of its own object, never a snapshot and never personal
    data. A new field has a default; a new meaning is a new event.

    Attributes:
        audience: who may hear of it outside: anyone, the partner that owns its aggregate, or nobody.
        owner_only: members of a public event that only the owner and the zone see; all others are told without them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    __slots__ = ("_envelope",)  # a private attribute of pydantic's would double what reading an event costs

    wire_name: ClassVar[str]
    topic: ClassVar[Topic]
    audience: ClassVar[Audience]
    owner_only: ClassVar[frozenset[str]]
    types: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(
        cls,
        *,
        name: str | None = None,
        topic: Topic | None = None,
        audience: Audience = "zone",
        owner_only: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if name is None or topic is None:
            return  # a shared base of several events, not an event
        if name in Event.types:
            raise TypeError(f"two events are called {name}")
        if owner_only and audience != "public":
            raise TypeError(f"{name} is not public, so that nothing of it is for its owner alone")
        cls.wire_name, cls.topic, cls.audience, cls.owner_only = name, topic, audience, frozenset(owner_only)

    @classmethod
    def __pydantic_init_subclass__(cls, *, owner_only: Collection[str] = (), **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if unknown := set(owner_only) - cls.model_fields.keys():
            raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
        if "wire_name" in vars(cls):
            Event.types[cls.wire_name] = cls  # last: one that was refused is not known

    @property
    def needs_owner(self) -> bool:
        """Whether all or a part of it is told to its owner alone, so that somebody must own what it is about."""
        return self.audience == "owner" or bool(self.owner_only)

    @property
    def envelope(self) -> "Envelope":
        """Where and when it was published: id, sequence, partition, effective time. Only a delivered event has one."""
        envelope: Envelope | None = getattr(self, "_envelope", None)
        if envelope is None:
            raise LookupError(f"{self.wire_name} has not been delivered: it has no envelope")
        return envelope

    def delivered(self, envelope: "Envelope") -> Self:
        """The same event with the envelope in which it came."""
        object.__setattr__(self, "_envelope", envelope)
        return self


def service_of(name: str) -> str:
    """The service in the name of a topic or of a type, `zone.<service>.…`; empty where it names none."""
    parts = name.split(".", 2)
    return parts[1] if len(parts) == 3 and parts[0] == "zone" else ""
