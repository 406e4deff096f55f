"""What the document of the API shows: a synthetic partner, one of its systems, and that system's keys."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from gateway.access.bodies import AdmitClient, AdmitPartner, ChangeClient, ChangePartner, IssueKey, RotateKey
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import AccessStatus, Partner
from gateway.access.views import CallerLimits, ClientView, IssuedKeyView, KeyView, Me, PartnerView
from services.chassis.domain.aggregate import Row
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import parse_instant

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"
ISSUED_AT, EXPIRES_AT = parse_instant("2026-11-24T02:00:00Z"), parse_instant("2027-11-24T02:00:00Z")
SCOPES: Final = ["registry:businesses:read", "registry:filings:read", "registry:filings:write"]

PARTNER: Final = Partner(id=f"par_{DIGITS}", version=1, sequence=1, legal_name="示例园区服务有限公司", plan="standard")
CLIENT: Final = Client(id=f"cli_{DIGITS}", version=1, sequence=1, partner_id=PARTNER.id, kind="partner", given=SCOPES)
KEY: Final = Key(
    id=f"key_{DIGITS}",
    version=1,
    sequence=1,
    client_id=CLIENT.id,
    hmac="",
    last4="mple",
    given=None,
    not_before=ISSUED_AT,
    expires_at=EXPIRES_AT,
)
CALLER: Final = Caller(PARTNER.id, CLIENT.id, KEY.id, CLIENT.kind, frozenset(SCOPES))

KEPT: Final[Sequence[Row]] = (PARTNER, CLIENT, KEY)
BODIES: Final[Sequence[BaseModel]] = (
    AdmitPartner(legal_name=PARTNER.legal_name, plan="standard"),
    ChangePartner(legal_name="示例园区服务集团有限公司", status=AccessStatus.SUSPENDED),
    AdmitClient(kind="partner", scopes=SCOPES),
    ChangeClient(scopes=SCOPES, status=AccessStatus.SUSPENDED),
    IssueKey(scopes=SCOPES, not_before=ISSUED_AT, expires_at=EXPIRES_AT),
    RotateKey(overlap_hours=24),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    PartnerView.of(PARTNER),
    ClientView.of(CLIENT),
    KeyView.of(KEY, CLIENT, ISSUED_AT),
    Me.of(PARTNER, CLIENT, KEY, CallerLimits.of(CALLER, 1_048_576)),
    IssuedKeyView.of(KEY, CLIENT, ISSUED_AT, key=f"zk_live_{DIGITS}_an_example"),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
