"""How an alert rule stands: a pure state machine, one step a period."""

from enum import StrEnum
from typing import Final, NamedTuple

from services.chassis.domain.moves import move


class AlertRuleStatus(StrEnum):
    """How a rule stands."""

    INACTIVE = "inactive"
    """Its condition did not hold in the last period."""
    PENDING = "pending"
    """It holds, but not for as many periods yet as the rule says."""
    FIRING = "firing"
    """There is an alert."""
    RESOLVED = "resolved"
    """There was one, and its condition has not held since."""


MOVES: Final[dict[AlertRuleStatus, set[AlertRuleStatus]]] = {
    AlertRuleStatus.INACTIVE: {AlertRuleStatus.PENDING, AlertRuleStatus.FIRING},
    AlertRuleStatus.PENDING: {AlertRuleStatus.INACTIVE, AlertRuleStatus.FIRING},
    AlertRuleStatus.FIRING: {AlertRuleStatus.RESOLVED},
    AlertRuleStatus.RESOLVED: {AlertRuleStatus.PENDING, AlertRuleStatus.FIRING},
}


class NoData(StrEnum):
    """What a period without a figure counts as."""

    OK = "ok"
    """As one in which the condition does not hold; an alert ends only once it is seen not to."""
    ALERT = "alert"
    """As one in which it holds."""
    KEEP = "keep"
    """As none: status and count stay."""


class Terms(NamedTuple):
    """What a rule says of periods.

    Attributes:
        for_periods: in so many in a row the condition holds before there is an alert; 1 or more.
        keep_firing_periods: in so many more than the first it does not hold before the alert ends; 0 ends it at once.
        no_data: what a period without a figure counts as.
    """

    for_periods: int
    keep_firing_periods: int
    no_data: NoData


class Standing(NamedTuple):
    """How a rule stands after a period.

    Attributes:
        in_a_row: periods that speak for the next status: with the condition where there is no alert, without it
            where there is one.
    """

    status: AlertRuleStatus = AlertRuleStatus.INACTIVE
    in_a_row: int = 0

    def after(self, seen: bool | None, terms: Terms) -> "Standing":
        """How it stands after the next period (M4, G-M2).

        Args:
            seen: whether the condition held in it; None where there was no figure.
        """
        holds = _counted_as(seen, terms.no_data)
        if holds is None:
            return self
        if self.status is not AlertRuleStatus.FIRING:
            return self._towards_an_alert(terms.for_periods) if holds else self._without_one()
        if holds:
            return Standing(AlertRuleStatus.FIRING)
        in_a_row = self.in_a_row + 1
        if seen is None or in_a_row <= terms.keep_firing_periods:  # what is missing ends no alert, however long
            return Standing(AlertRuleStatus.FIRING, in_a_row)
        return self._become(AlertRuleStatus.RESOLVED)

    def _towards_an_alert(self, for_periods: int) -> "Standing":
        in_a_row = self.in_a_row + 1
        if in_a_row >= for_periods:
            return self._become(AlertRuleStatus.FIRING)
        is_pending = self.status is AlertRuleStatus.PENDING
        return Standing(self.status, in_a_row) if is_pending else self._become(AlertRuleStatus.PENDING, in_a_row)

    def _without_one(self) -> "Standing":
        return self._become(AlertRuleStatus.INACTIVE) if self.status is AlertRuleStatus.PENDING else self

    def _become(self, status: AlertRuleStatus, in_a_row: int = 0) -> "Standing":
        return Standing(move(self.status, status, MOVES), in_a_row)


def _counted_as(seen: bool | None, no_data: NoData) -> bool | None:
    if seen is not None:
        return seen
    return {NoData.OK: False, NoData.ALERT: True, NoData.KEEP: None}[no_data]
