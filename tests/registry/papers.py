"""Synthetic filings and the callers who make and decide them; each builder shows only what matters."""

from datetime import datetime
from typing import Any

from deploy.korla.codes import make_uscc
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import zone_date
from services.chassis.testing.callers import caller
from services.chassis.testing.moments import NOON
from services.registry.businesses.business import Business
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.filing import Filing
from services.registry.filings.payload import Register
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.dissolution import Dissolution
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension

Json = dict[str, Any]

READS = "registry:businesses:read registry:filings:read"
PARTNER = caller("partner", partner="par_1", client="cli_partner", scopes=f"{READS} registry:filings:write")
STRANGER = caller("partner", partner="par_2", client="cli_stranger", scopes=f"{READS} registry:filings:write")
OFFICIAL = f"{READS} registry:filings:write registry:review"
OFFICER = caller("officer", partner="par_zone", client="cli_officer", scopes=OFFICIAL)
COLLEAGUE = caller("officer", partner="par_zone", client="cli_colleague", scopes=OFFICIAL)
SUPERVISOR = caller("supervisor", partner="par_zone", client="cli_supervisor", scopes=OFFICIAL)
AUDITOR = caller("auditor", partner="par_zone", client="cli_auditor", scopes=READS)
OPERATOR = caller("operator", partner="par_zone", client="cli_operator", scopes="registry:businesses:read")
CALLERS = (PARTNER, STRANGER, OFFICER, COLLEAGUE, SUPERVISOR, AUDITOR, OPERATOR)

TODAY = zone_date(NOON)
ADDRESS: Json = {
    "country": "CN",
    "region": "新疆",
    "locality": "库尔勒",
    "lines": ["示例路 1 号"],
    "division_code": "652801",
}
OTHER_ADDRESS: Json = ADDRESS | {"lines": ["示例路 2 号"]}


def yuan(amount: int) -> Json:
    return {"amount": amount * 100, "currency": "CNY"}


def uscc(number: int = 1, category: str = "1") -> str:
    return make_uscc(category, f"XXXX{number:04d}")


def registration(number: int = 1, **changed: Any) -> Json:
    """The payload of an industrial business, valid as it is."""
    payload: Json = {
        "kind": "industrial",
        "legal_form": "limited_company",
        "name": {"legal": f"示例{number}号机械有限公司", "language": "zh"},
        "identifiers": [{"scheme": "CN-USCC", "id": uscc(number)}],
        "addresses": {"registered": ADDRESS},
        "premises": {"parcel_id": "KORLA-0001", "area_m2": 1200, "tenure": "leased", "agreement_document_id": None},
        "hosting": None,
        "online_presence": [],
        "sectors": [{"scheme": "GBT4754-2017", "code": "3512", "primary": True}],
        "business_scope": "示例生产",
        "capital": {"registered": yuan(1_000_000), "paid_in": yuan(0)},
        "established_on": "2016-03-01",
        "zone_entry_on": "2016-05-01",
        "term_until": None,
        "parties": [
            {
                "party_kind": "person",
                "name": "示例人",
                "role": "legal_representative",
                "appointed_on": "2016-03-01",
            }
        ],
        "ownership": {"statements": [], "unspecified_reason": "Synthetic."},
        "contacts": {"email": "a@shop.example"},
        "opening_figures": None,
    }
    return payload | changed


def online(number: int = 1, **changed: Any) -> Json:
    """The payload of a cloud business with premises of its own."""
    shop = {"platform": "web", "url": f"https://shop.example/{number}", "licence_no": None}
    sectors = [{"scheme": "GBT4754-2017", "code": "52", "primary": True}]
    return registration(number, **({"kind": "cloud", "online_presence": [shop], "sectors": sectors} | changed))


def host(number: int = 900, **changed: Any) -> Json:
    """The payload of a cloud business that may host others."""
    return online(number, **({"business_scope": "商务秘书服务；企业管理服务"} | changed))


def hosted(number: int, host_id: str, **changed: Any) -> Json:
    """The payload of a cloud business at the address of its host."""
    hosting = {
        "host_business_id": host_id,
        "agreement_document_id": None,
        "valid_from": "2026-01-01",
        "valid_to": "2029-01-01",
    }
    return online(number, **({"premises": None, "hosting": hosting} | changed))


def suspension(begin: str = "2026-03-10", until: str = "2027-03-10", **changed: Any) -> Json:
    return {"from": begin, "until": until, "reason": "示例原因", "service_address": OTHER_ADDRESS} | changed


def report(period: str = "2025", **changed: Any) -> Json:
    return {"period": period, "revenue": yuan(100), "valuation": yuan(1000), "employees": 12} | changed


# the domain, without a store


def submitted(
    payload: AnyPayload,
    business: Business | None = None,
    *,
    at: datetime = NOON,
    by: Caller = PARTNER,
    host: Business | None = None,
    requested_effective_at: datetime | None = None,
) -> Filing:
    filing = Filing.draft(payload, by=by, at=at, business=business, requested_effective_at=requested_effective_at)
    filing.submit("示例人", Register(zone_date(at), business, host), by=by, at=at)
    return filing


def approved(payload: AnyPayload, business: Business | None = None, *, at: datetime = NOON, **more: Any) -> Filing:
    filing = submitted(payload, business, at=at, **more)
    if filing.status == "submitted":
        filing.assign(by=OFFICER, at=at)
        filing.approve(by=OFFICER, comment=None, at=at)
        if filing.awaits_supervisor:
            filing.approve(by=SUPERVISOR, comment=None, at=at)
    return filing


def done(payload: AnyPayload, business: Business | None = None, *, at: datetime = NOON, **more: Any) -> Business:
    """The business after a filing that takes effect at once."""
    filing = approved(payload, business, at=at, **more)
    after = filing.complete(business, at=max(at, filing.holds_from))
    after.version += 1
    return after


def registered_business(**changed: Any) -> Business:
    return done(Registration.model_validate(registration(**changed)))


def suspended_business(
    since: str = "2026-03-02", until: str = "2027-03-02", business: Business | None = None
) -> Business:
    payload = Suspension.model_validate(suspension(since, until))
    return done(payload, business or registered_business())


def annual_report(period: str = "2025", **changed: Any) -> AnnualReport:
    return AnnualReport.model_validate(report(period, **changed))


def stopping(since: str = "2026-03-02", until: str = "2027-03-02", **changed: Any) -> Suspension:
    return Suspension.model_validate(suspension(since, until, **changed))


def dissolution(mode: str = "simplified", **changed: Any) -> Json:
    return {"mode": mode, "reason": "示例原因", "settled": True} | changed


def leaving(mode: str = "simplified", **changed: Any) -> Dissolution:
    return Dissolution.model_validate(dissolution(mode, **changed))


RESUMING = Resumption()
