"""What one synthetic business says in its filings, a payload of each type that says anything."""

from typing import Any, Final

REGISTRATION: Final[dict[str, Any]] = {
    "type": "registration",
    "kind": "industrial",
    "legal_form": "limited_company",
    "name": {
        "legal": "示例晨光纺织有限公司",
        "language": "zh",
        "translations": [{"name": "Example Morning Light Textiles Co., Ltd.", "language": "en"}],
    },
    "identifiers": [{"scheme": "CN-USCC", "id": "91652801MA7EXA0186"}],
    "addresses": {
        "registered": {
            "country": "CN",
            "region": "新疆",
            "locality": "库尔勒",
            "lines": ["示例路 1 号"],
            "postal_code": "841000",
            "division_code": "652801",
        }
    },
    "premises": {"parcel_id": "EXAMPLE-0001", "area_m2": 12000, "tenure": "leased", "agreement_document_id": None},
    "hosting": None,
    "online_presence": [{"platform": "示例商城", "url": "https://shop.example/morning-light", "licence_no": None}],
    "sectors": [{"scheme": "GBT4754-2017", "code": "1711", "primary": True}],
    "business_scope": "示例：棉纺纱加工",
    "capital": {
        "registered": {"amount": 500_000_000, "currency": "CNY"},
        "paid_in": {"amount": 120_000_000, "currency": "CNY"},
    },
    "established_on": "2016-03-01",
    "zone_entry_on": "2016-05-01",
    "term_until": None,
    "parties": [
        {
            "party_kind": "person",
            "name": "示例人",
            "role": "legal_representative",
            "appointed_on": "2016-03-01",
            "ceased_on": None,
        }
    ],
    "ownership": {
        "statements": [
            {
                "interested_party": {"party_kind": "person", "name": "示例人"},
                "interests": [
                    {
                        "type": "shareholding",
                        "direct_or_indirect": "direct",
                        "share": {"exact": 100},
                        "beneficial": True,
                    }
                ],
            }
        ],
        "unspecified_reason": None,
    },
    "contacts": {"email": "office@morning-light.example", "phone": "+8699600000000", "website": None},
    "opening_figures": {
        "as_of": "2018-04-30",
        "valuation": {"amount": 36_000_000_000, "currency": "CNY"},
        "revenue": {"amount": 15_000_000_000, "currency": "CNY"},
        "revenue_period": "2017",
        "employees": 80,
    },
}
ANNUAL_REPORT: Final[dict[str, Any]] = {
    "type": "annual_report",
    "period": "2025",
    "revenue": {"amount": 16_200_000_000, "currency": "CNY"},
    "valuation": {"amount": 38_500_000_000, "currency": "CNY"},
    "employees": 86,
    "address": REGISTRATION["addresses"]["registered"],
    "contacts": REGISTRATION["contacts"],
    "state_of_operation": "示例：正常经营",
    "investments": [{"name": "示例投资有限公司", "identifier": None}],
}
SUSPENSION: Final[dict[str, Any]] = {
    "type": "suspension",
    "from": "2026-12-01",
    "until": "2027-06-01",
    "reason": "示例：设备改造",
    "service_address": REGISTRATION["addresses"]["registered"],
}
DISSOLUTION: Final[dict[str, Any]] = {
    "type": "dissolution",
    "mode": "simplified",
    "reason": "示例：股东决定解散",
    "settled": True,
}
ADMINISTRATIVE_DISSOLUTION: Final[dict[str, Any]] = {
    "type": "administrative_dissolution",
    "reason": "示例：依法责令关闭",
}

HOSTED: Final[dict[str, Any]] = REGISTRATION | {
    "kind": "cloud",
    "premises": None,
    "hosting": {
        "host_business_id": "biz_0195f3a4b5c67d8e9f00112233445577",
        "agreement_document_id": None,
        "valid_from": "2026-01-01",
        "valid_to": "2029-01-01",
    },
    "sectors": [{"scheme": "GBT4754-2017", "code": "52", "primary": True}],
    "business_scope": "示例：网上零售",
}
