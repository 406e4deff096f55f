"""What a cap event is told as."""

from collections.abc import Iterator
from typing import Any

from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.contracts.incubator.startups.shares import (
    AuthorisedSharesChanged,
    SharesCancelled,
    SharesIssued,
    SharesRepurchased,
    SharesSplit,
    SharesTransferred,
)
from services.incubator.investment.shares.cap_event import CapEvent, CapEventType
from services.incubator.investment.shares.share_class import ShareClass


def events_of(event: CapEvent, share_class: ShareClass, authorised_before: int) -> Iterator[Event]:
    """The events that tell of a cap event.

    Args:
        share_class: as it stands after it.
        authorised_before: how many of its shares were authorised before it.
    """
    said: dict[str, Any] = {
        "business_id": event.business_id,
        "cap_table_id": event.cap_table_id,
        "share_class_id": event.share_class_id,
        "seq": event.seq,
        "effective_on": event.effective_on,
        "issued": share_class.issued,
        "authorised": share_class.authorised,
    }
    if event.authorised is not None:
        yield AuthorisedSharesChanged(authorised_before=authorised_before, **said)
    match event.type:
        case CapEventType.ISSUED:
            (new,) = event.begins
            paid = _money(event, event.paid)
            yield SharesIssued(
                investor_id=new.investor_id, certificate=new.certificate, shares=event.shares, paid=paid, **said
            )
        case CapEventType.TRANSFERRED:
            yield SharesTransferred(
                from_investor_id=event.ends[0].investor_id,
                to_investor_id=event.begins[0].investor_id,
                shares=event.shares,
                cancelled=event.cancelled,
                **said,
            )
        case CapEventType.CANCELLED:
            yield SharesCancelled(investor_id=event.ends[0].investor_id, shares=event.shares, **said)
        case CapEventType.REPURCHASED:
            paid = _money(event, event.paid)
            yield SharesRepurchased(investor_id=event.ends[0].investor_id, shares=event.shares, paid=paid, **said)
        case CapEventType.SPLIT:
            ratio: dict[str, Any] = {"numerator": event.numerator, "denominator": event.denominator}
            cash = _money(event, sum(each.amount for each in event.cash_in_lieu))
            yield SharesSplit(issued_before=event.shares, cash_in_lieu=cash, **ratio, **said)


def _money(event: CapEvent, amount: int | None) -> Money:
    return Money(amount=amount or 0, currency=event.currency)
