"""A precondition: what a caller says of the version that its write changes."""

from dataclasses import dataclass

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import PreconditionFailed


@dataclass
class Precondition:
    """`If-Match` of a request (RFC 9110 §13.1.1).

    What the path of a write names is looked at when it is read, and judged when the request is about to take effect:
    to who may not see it, a version that is wrong looks as one that is right (§13.2.1).

    Attributes:
        names: those in the path.
        versions: one of them must be the current one; None is `*`.
    """

    names: frozenset[str]
    versions: frozenset[str] | None
    is_met: bool = False

    def look_at(self, aggregate: Aggregate) -> None:
        if any(aggregate.is_called(name) for name in self.names):
            self.is_met = self.admits(f"v{aggregate.version}")

    def admits(self, version: str | None) -> bool:
        """Whether this version is named; None is what has no version, which only `*` names."""
        return self.versions is None or version in self.versions

    def judge(self) -> None:
        """Raises PreconditionFailed."""
        if not self.is_met:
            raise PreconditionFailed("There is no such version, or the resource has changed since.")
