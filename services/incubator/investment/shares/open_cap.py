"""A cap table in the Open Cap Format (OCF): a zip with a manifest and one file a kind of object.

Version 1.2.1-alpha of the Open Cap Table Coalition's schemas. Numbers are decimal text, amounts in major units; a class
that splits does so by one transaction, every other event ends a security and issues those that are new.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from services.chassis.domain.money import DIGITS
from services.chassis.domain.times import rfc3339
from services.incubator.investment.investors.investor import Investor, InvestorKind
from services.incubator.investment.shares.cap_event import CapEvent, CapEventType, Holding
from services.incubator.investment.shares.cap_table import price_per_share
from services.incubator.investment.shares.share_class import ShareClass
from services.incubator.kernel.quantity import decimal_text

Json = dict[str, Any]

VERSION: Final = "1.2.1-alpha+main"
COUNTRY: Final = "CN"
ERASED: Final = "(erased)"
FILES: Final = {
    "stock_plans": "OCF_STOCK_PLANS_FILE",
    "stock_legend_templates": "OCF_STOCK_LEGEND_TEMPLATES_FILE",
    "stock_classes": "OCF_STOCK_CLASSES_FILE",
    "vesting_terms": "OCF_VESTING_TERMS_FILE",
    "valuations": "OCF_VALUATIONS_FILE",
    "transactions": "OCF_TRANSACTIONS_FILE",
    "stakeholders": "OCF_STAKEHOLDERS_FILE",
}
"""The files that a package must have, also where they are empty → their type."""
REST: Final = "rest"
"""What is left of a holding and cancelled with its transfer is a security for that one moment."""


@dataclass(frozen=True)
class Issuer:
    """The business whose cap table it is, as the register has it."""

    id: str
    name: str
    formed_on: date


def package(
    issuer: Issuer,
    as_of: date,
    events: Sequence[CapEvent],
    classes: Mapping[str, ShareClass],
    investors: Iterable[Investor],
    *,
    generated_at: datetime,
) -> bytes:
    """The zip of a cap table: its events as transactions, in the order of their numbers.

    Args:
        events: those that count at the end of the day `as_of`.
        classes: the classes that they name.
        investors: all who stand in them.
    """
    first = {each.share_class_id: each for each in reversed(events) if each.type is CapEventType.AUTHORISED_CHANGED}
    contents: dict[str, list[Json]] = {name: [] for name in FILES} | {
        "stock_classes": [_stock_class(classes[each], event) for each, event in reversed(first.items())],
        "stakeholders": [_stakeholder(each) for each in investors],
        "transactions": [
            each for event in events if event is not first.get(event.share_class_id) for each in transactions(event)
        ],
    }
    files = {
        f"{name}.ocf.json": _written({"file_type": FILES[name], "items": items}) for name, items in contents.items()
    }
    manifest = {
        "ocf_version": VERSION,
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": {
            "id": issuer.id,
            "object_type": "ISSUER",
            "legal_name": issuer.name,
            "formation_date": issuer.formed_on.isoformat(),
            "country_of_formation": COUNTRY,
        },
        "as_of": as_of.isoformat(),
        "generated_at": rfc3339(generated_at),
        **{f"{name}_files": [_file(f"{name}.ocf.json", files[f"{name}.ocf.json"])] for name in FILES},
    }
    return _zipped({"Manifest.ocf.json": _written(manifest), **files})


def transactions(event: CapEvent) -> Iterator[Json]:
    """The transactions of one event: what happened, and the securities that are new by it."""
    match event.type:
        case CapEventType.AUTHORISED_CHANGED:
            yield _authorised(event)
        case CapEventType.ISSUED:
            pass
        case CapEventType.TRANSFERRED:
            yield from _transferred(event)
        case CapEventType.CANCELLED:
            more = {"quantity": str(event.shares), "reason_text": event.reason, **_balance(event)}
            yield _of_security("TX_STOCK_CANCELLATION", event, **more)
        case CapEventType.REPURCHASED:
            price = _money(price_per_share(event.paid or 0, event.shares, event.currency), event.currency)
            more = {"quantity": str(event.shares), "price": price, **_balance(event)}
            yield _of_security("TX_STOCK_REPURCHASE", event, **more)
        case CapEventType.SPLIT:
            if event.authorised is not None:
                yield _authorised(event)
            yield _split(event)
    for holding in event.begins:
        yield _issuance(event, holding.certificate, holding)


def _transferred(event: CapEvent) -> Iterator[Json]:
    moved, *left = event.begins
    resulting = {"resulting_security_ids": [_security(event, moved.certificate)]}
    quantity = {"quantity": str(event.shares)}
    if not event.cancelled:
        balance = {"balance_security_id": _security(event, left[0].certificate)} if left else {}
        yield _of_security("TX_STOCK_TRANSFER", event, **quantity, **resulting, **balance)
        return
    source = event.ends[0]
    rest = f"{source.certificate}:{REST}"
    balance = {"balance_security_id": _security(event, rest)}
    yield _of_security("TX_STOCK_TRANSFER", event, **quantity, **resulting, **balance)
    yield _issuance(event, rest, source.model_copy(update={"shares": event.cancelled}))
    why = "Cancelled with the transfer of the other shares of its holding."
    ended = {"id": f"{event.id}:{REST}", "security_id": _security(event, rest)}
    yield _of_security("TX_STOCK_CANCELLATION", event, quantity=str(event.cancelled), reason_text=why) | ended


def _split(event: CapEvent) -> Json:
    paid = [
        f"{each.investor_id}: {each.fraction} of a share, {_major(each.amount, event.currency)} {event.currency}"
        for each in event.cash_in_lieu
    ]
    return {
        "id": f"{event.id}:split",
        "object_type": "TX_STOCK_CLASS_SPLIT",
        "date": event.effective_on.isoformat(),
        "stock_class_id": event.share_class_id,
        "split_ratio": {"numerator": str(event.numerator), "denominator": str(event.denominator)},
        **({"comments": ["Cash in lieu of fractions", *paid]} if paid else {}),
    }


def _authorised(event: CapEvent) -> Json:
    return {
        "id": f"{event.id}:authorised",
        "object_type": "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT",
        "date": event.effective_on.isoformat(),
        "stock_class_id": event.share_class_id,
        "new_shares_authorized": str(event.authorised),
    }


def _of_security(object_type: str, event: CapEvent, **more: Any) -> Json:
    return {
        "id": event.id,
        "object_type": object_type,
        "date": event.effective_on.isoformat(),
        "security_id": _security(event, event.ends[0].certificate),
        **more,
    }


def _balance(event: CapEvent) -> Json:
    return {"balance_security_id": _security(event, event.begins[0].certificate)} if event.begins else {}


def _issuance(event: CapEvent, name: str, holding: Holding) -> Json:
    return {
        "id": f"{event.id}:{name}",
        "object_type": "TX_STOCK_ISSUANCE",
        "date": event.effective_on.isoformat(),
        "security_id": _security(event, name),
        "custom_id": name,
        "stakeholder_id": holding.investor_id,
        "stock_class_id": holding.share_class_id,
        "share_price": _money(holding.price, event.currency),
        "quantity": str(holding.shares),
        "security_law_exemptions": [],
        "stock_legend_ids": [],
    }


def _security(event: CapEvent, name: str) -> str:
    return f"{event.cap_table_id}:{name}"


def _stock_class(share_class: ShareClass, first: CapEvent) -> Json:
    par = share_class.par_value
    return {
        "id": share_class.id,
        "object_type": "STOCK_CLASS",
        "name": share_class.name,
        "class_type": share_class.class_type.value.upper(),
        "default_id_prefix": f"{share_class.id_prefix}-",
        "initial_shares_authorized": str(first.authorised),
        "votes_per_share": str(share_class.votes_per_share),
        "seniority": str(share_class.seniority),
        **({} if par is None else {"par_value": _money(_major(par, share_class.currency), share_class.currency)}),
    }


def _stakeholder(investor: Investor) -> Json:
    return {
        "id": investor.id,
        "object_type": "STAKEHOLDER",
        "name": {"legal_name": investor.name or ERASED},
        "stakeholder_type": "INDIVIDUAL" if investor.kind is InvestorKind.PERSON else "INSTITUTION",
    }


def _money(amount: str, currency: str) -> Json:
    return {"amount": amount, "currency": currency}


def _major(amount: int, currency: str) -> str:
    return decimal_text(Fraction(amount, 10 ** DIGITS[currency]))


def _file(path: str, content: bytes) -> Json:
    return {"filepath": path, "md5": hashlib.md5(content, usedforsecurity=False).hexdigest()}


def _written(content: Json) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes follow from its files alone: the format's first day stands for every file's."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return kept.getvalue()
