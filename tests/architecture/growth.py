"""What somebody writes who adds a filing type, an offering and a KPI: new files, and lines in files that are there."""

NEW_FILES = {
    # a filing type: its own file
    "services/registry/filings/types/change_of_contacts.py": '''"""How a business is reached from now on."""

from datetime import datetime
from typing import ClassVar, Literal

from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.contacts import Contacts
from services.registry.filings.payload import Change, ReviewPolicy


class ChangeOfContacts(Change):
    """New contacts of a business, in the place of those that it had."""

    replaces: ClassVar = frozenset({"contacts"})

    type: Literal[FilingType.CHANGE_OF_CONTACTS] = FilingType.CHANGE_OF_CONTACTS
    """The type of the filing that says this."""
    contacts: Contacts
    """How it is reached."""

    @property
    def group(self) -> str:
        return "contacts"

    @property
    def review_policy(self) -> ReviewPolicy:
        return ReviewPolicy.AUTOMATIC

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The register shows the new contacts."""
        business.contacts = self.contacts
''',
    # an offering: a folder with the same words, and its contracts
    "services/contracts/incubator/catering.py": '''"""What the incubator tells everyone of canteens."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of

CANTEENS = Topic("zone.incubator.canteens")
"""Canteens and what happens to them."""

CanteenId = Annotated[str, id_of("ctn")]


class CanteenOpened(Event, name="zone.incubator.canteen.opened.v1", topic=CANTEENS, audience="public"):
    """A canteen is open."""

    canteen_id: CanteenId
    name: str
''',
    "services/incubator/catering/__init__.py": "",
    "services/incubator/catering/canteen.py": '''"""A canteen: a place to eat."""

from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.catering import CanteenId, CanteenOpened


class Canteen(Aggregate):
    """A canteen: a place to eat.

    Attributes:
        name: by which people call it.
    """

    collection: ClassVar[str] = "canteens"
    shown_to: ClassVar = PUBLIC

    id: CanteenId
    name: str

    @classmethod
    def opened(cls, name: str) -> Self:
        """A new canteen, open to everyone from now on."""
        canteen = cls(id=new_id("ctn"), name=name)
        canteen.record(CanteenOpened(canteen_id=canteen.id, name=name))
        return canteen
''',
    "services/incubator/catering/views.py": '''"""What callers see of canteens."""

from typing import ClassVar, Self

from services.chassis.http.view import View
from services.incubator.catering.canteen import Canteen


class CanteenView(View):
    """A place to eat."""

    at: ClassVar[str] = "/v1/incubator/canteens"

    name: str
    """By which people call it."""

    @classmethod
    def of(cls, canteen: Canteen) -> Self:
        return cls.showing(canteen)
''',
    "services/incubator/catering/routes.py": '''"""Canteens over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.incubator.catering import CanteenId
from services.incubator.callers import Reader
from services.incubator.catering.canteen import Canteen
from services.incubator.catering.views import CanteenView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

CanteenRef = Annotated[CanteenId, Path(description="The canteen, by its id.")]


@router.get("/canteens")
async def list_canteens(reader: Reader, tx: InTx, page: InPage) -> Page[CanteenView]:
    """The canteens that are open, oldest first."""
    return await page.of(tx, Canteen, {}, CanteenView.of)


@router.get("/canteens/{canteen_id}")
async def see_canteen(canteen_id: CanteenRef, reader: Reader, tx: InTx) -> CanteenView:
    """One canteen."""
    return CanteenView.of(await tx.visible(Canteen, canteen_id))
''',
    "services/incubator/catering/examples.py": '''"""What the document of the API shows: a synthetic canteen."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.catering.canteen import Canteen
from services.incubator.catering.views import CanteenView

CANTEEN: Final = Canteen(id="ctn_0195f3a4b5c67d8e9f00112233445566", version=1, sequence=1, name="示例工程师")

KEPT: Final[Sequence[Row]] = (CANTEEN,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (CanteenView.of(CANTEEN),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
''',
    "services/incubator/catering/module.py": '''"""Catering, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.catering.canteen import Canteen
from services.incubator.catering.routes import router

catering = Module("catering", "Catering: places to eat.", routers=[router], documents=[Canteen])
''',
    # … and its catalogue of KPIs
    "services/metrics/catalogue/catering.py": '''"""Canteens: what opens them, and the KPIs that follow."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import zone_date
from services.contracts.incubator.catering import CanteenOpened
from services.metrics.catalogue.offices import Office
from services.metrics.figures.kept import Stock
from services.metrics.figures.kpi import Name
from services.metrics.figures.subject import DatedFacts, Subject


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a canteen: that it is open from its day on."""
    yield zone_date(event.envelope.effective).isoformat(), {"status": "open"}


CANTEENS_OPEN: Final = Stock(
    "canteens_open",
    name=Name("Canteens that are open", "开放食堂数"),
    owner=Office.INCUBATION,
    of="status",
    unit="canteens",
    formula="canteens that have been opened",
    events=(CanteenOpened,),
)
CANTEEN: Final = Subject(
    "canteen",
    heard_of=("ctn",),
    events=(CanteenOpened,),
    id_of=lambda event: event.canteen_id,
    facts=stated,
    known_by="status",
    counted_while=lambda state: state.get("status") == "open",
    dimensions=(),
    kpis=(CANTEENS_OPEN,),
)
"""A canteen counts from the day on which it was opened."""
''',
}

LINES = {
    # a filing type: one enum value, one row in the matrix, one in the catalogue, its example
    "services/contracts/registry/filings.py": [
        (
            '    RESUMPTION = "resumption"\n',
            '    RESUMPTION = "resumption"\n    CHANGE_OF_CONTACTS = "change_of_contacts"\n',
        )
    ],
    "services/registry/businesses/matrix.py": [
        (
            '    FilingType.RESUMPTION: ("x", "A", "x", "x"),\n',
            '    FilingType.RESUMPTION: ("x", "A", "x", "x"),\n'
            '    FilingType.CHANGE_OF_CONTACTS: ("A", "A", "A", "x"),\n',
        )
    ],
    "services/registry/filings/catalogue.py": [
        (
            "from services.registry.filings.types.dissolution import",
            "from services.registry.filings.types.change_of_contacts import ChangeOfContacts\n"
            "from services.registry.filings.types.dissolution import",
        ),
        ("    | Resumption\n", "    | Resumption\n    | ChangeOfContacts\n"),
    ],
    "services/registry/filings/examples.py": [
        (
            "from services.registry.filings.types.dissolution import",
            "from services.registry.filings.types.change_of_contacts import ChangeOfContacts\n"
            "from services.registry.filings.types.dissolution import",
        ),
        (
            "    Resumption(type=FilingType.RESUMPTION),\n",
            "    Resumption(type=FilingType.RESUMPTION),\n    ChangeOfContacts.model_validate("
            '{"type": "change_of_contacts", "contacts": REGISTRATION["contacts"]}),\n',
        ),
    ],
    # an offering: its layer, one line in the service, one in the catalogue of what is counted
    "pyproject.toml": [('| (programme)"', '| (programme) | (catering)"')],
    "services/incubator/main.py": [
        (
            "from services.incubator.consulting.module import consulting\n",
            "from services.incubator.catering.module import catering\n"
            "from services.incubator.consulting.module import consulting\n",
        ),
        ("        recruitment,\n", "        recruitment,\n        catering,\n"),
    ],
    "services/metrics/catalogue/all.py": [
        (
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n",
            "from services.metrics.catalogue.catering import CANTEEN\n"
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n",
        ),
        ("    BUSINESS,\n", "    BUSINESS,\n    CANTEEN,\n"),
    ],
    # a KPI: one declaration, and its place among the others
    "services/metrics/catalogue/businesses.py": [
        (
            "BUSINESS: Final = Subject(\n",
            'EMPLOYEES: Final = Stock(\n    "businesses_with_employees",\n'
            '    name=Name("Businesses with employees", "有雇员企业数"),\n'
            '    owner=Office.REGISTRATION,\n    of="employees",\n    unit="businesses",\n'
            '    formula="active businesses that have stated how many they employ",\n    events=FIGURES,\n)\n\n'
            "BUSINESS: Final = Subject(\n",
        ),
        ("        SUSPENSION_DAYS,\n", "        SUSPENSION_DAYS,\n        EMPLOYEES,\n"),
    ],
}
"""File → what stands there, and what stands in its place afterwards."""
