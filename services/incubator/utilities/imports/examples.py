"""What the document of the API shows of imports of readings: a synthetic file of two rows."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.caller import Caller
from services.incubator.tenants.examples import DIGITS, OWNER
from services.incubator.utilities.imports.bodies import ImportReadings
from services.incubator.utilities.imports.clocks import order_import
from services.incubator.utilities.imports.reading_import import OutcomeStatus, ReadingImport, ReadingOutcome, RowRefusal
from services.incubator.utilities.imports.views import ReadingFileView, ReadingImportView, ReadingOutcomeView
from services.incubator.utilities.metering.examples import READING

UPLOAD_ID: Final = f"upl_{DIGITS}"
_MEMBER: Final = Caller(OWNER, f"cli_{DIGITS}", "", "partner", frozenset())
_ORDERED: Final = ReadingImport.order(by=_MEMBER, upload_id=UPLOAD_ID)
_JOB: Final = order_import(_ORDERED, by=_MEMBER, at=READING.at)
JOB: Final = _JOB.model_copy(update={"id": f"job_{'0' * 31}1", "version": 1})
IMPORT: Final = _ORDERED.model_copy(
    update={"id": f"rim_{DIGITS}", "version": 2, "job_id": JOB.id, "outcomes": {"recorded": 1, "refused": 1}}
)
TAKEN: Final = ReadingOutcome.of(IMPORT.id, 2, OutcomeStatus.RECORDED, reading_id=READING.id)
BELOW: Final = "It showed 4896 before; where it went past its largest number, say rollover."
REFUSED: Final = ReadingOutcome.of(
    IMPORT.id,
    3,
    OutcomeStatus.REFUSED,
    reasons=[RowRefusal(column="value", code="reading_below_previous", detail=BELOW)],
)

KEPT: Final[Sequence[Row]] = (JOB, IMPORT, TAKEN, REFUSED)
BODIES: Final[Sequence[BaseModel]] = (ImportReadings(upload_id=UPLOAD_ID),)
ANSWERS: Final[Sequence[BaseModel]] = (
    ReadingFileView(
        id=UPLOAD_ID,
        version=1,
        last_event_id=None,
        sha256="4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        length=112,
        file_name="readings-2026-07.csv",
        uploaded_at=READING.at,
    ),
    ReadingImportView.of(IMPORT, JOB),
    ReadingOutcomeView.of(REFUSED),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
