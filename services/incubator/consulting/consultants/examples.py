"""What the document of the API shows of consultants: a synthetic person."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.contracts.incubator.resources import ResourceKind
from services.incubator.booking.examples import ROOM, WEEK
from services.incubator.booking.resource import Resource
from services.incubator.consulting.consultants.bodies import AddConsultant, ChangeConsultant
from services.incubator.consulting.consultants.consultant import Consultant, ConsultantStatus
from services.incubator.consulting.consultants.views import ChangedConsultantView, ConsultantView
from services.incubator.kernel.calendar import Terms
from services.incubator.sites.examples import SITE

HOURS: Final = WEEK[:5]
TERMS: Final = Terms(cutoff_minutes=120, cancel_minutes=1440)
CALENDAR: Final = Resource(
    **{
        **dict(ROOM),
        "id": "res_0195f3a4b5c67d8e9f00112233445588",
        "name": ResourceKind.CONSULTANT.value,
        "kind": ResourceKind.CONSULTANT,
        "capacity": 1,
        "area_hundredths": None,
        "opening": HOURS,
        "terms": TERMS,
        "rate": None,
        "price_cap_per_day": None,
    }
)
CONSULTANT: Final = Consultant(
    id="cst_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    site_id=SITE.id,
    name="示例顾问",
    topics=["tax", "export_licences"],
    languages=["zh", "ug"],
    resource_id=CALENDAR.id,
    max_per_week=2,
)
RETIRED: Final = CONSULTANT.model_copy(
    update={"id": "cst_0195f3a4b5c67d8e9f00112233445577", "status": ConsultantStatus.RETIRED}
)

KEPT: Final[Sequence[Row]] = (CALENDAR, CONSULTANT, RETIRED)
BODIES: Final[Sequence[BaseModel]] = (
    AddConsultant(
        site_id=SITE.id,
        name="示例顾问",
        topics=CONSULTANT.topics,
        languages=CONSULTANT.languages,
        weekly_availability=HOURS,
        terms=TERMS,
        max_per_week=CONSULTANT.max_per_week,
    ),
    ChangeConsultant(max_per_week=3),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    ConsultantView.of(CONSULTANT, CALENDAR),
    ChangedConsultantView.with_affected(CONSULTANT, CALENDAR, []),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
