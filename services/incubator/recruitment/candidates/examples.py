"""What the document of the API shows of candidates: a synthetic person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.incubator.recruitment.candidates.bodies import ChangeCandidate, EnterCandidate
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.consent import Consent, GiveConsent, Purpose
from services.incubator.recruitment.candidates.views import CandidateView, PersonView
from services.incubator.recruitment.postings.examples import POSTING
from services.incubator.tenants.examples import OWNER

CONSENT: Final = Consent(
    number=1,
    purpose=Purpose.POSTING,
    posting_id=POSTING.id,
    text_version="2026-11",
    given_at=parse_instant("2026-11-25T02:00:00Z"),
    expires_on=None,
)
CANDIDATE: Final = Candidate(
    id="cnd_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    partner_id=OWNER,
    name="示例·阿依古丽",
    email="aygul@graduates.example",
    graduated_on=date(2026, 6, 30),
    person="0" * 64,
    consents=[CONSENT],
    live=1,
    applied=1,
    entered_on=date(2026, 11, 25),
)
GIVEN: Final = GiveConsent(purpose=Purpose.POSTING, posting_id=POSTING.id, text_version="2026-11")

KEPT: Final[Sequence[Row]] = (CANDIDATE,)
BODIES: Final[Sequence[BaseModel]] = (
    EnterCandidate(
        name=CANDIDATE.name or "",
        email=CANDIDATE.email or "",
        graduated_on=CANDIDATE.graduated_on,
        consents=[GIVEN],
    ),
    ChangeCandidate(graduated_on=date(2026, 7, 1)),
    GIVEN,
)
ANSWERS: Final[Sequence[BaseModel]] = (CandidateView.of(CANDIDATE), PersonView.of(CANDIDATE))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
