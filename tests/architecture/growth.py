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
    "services/contracts/incubator/space.py": '''"""What the incubator tells everyone of its sites."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of

SITES = Topic("zone.incubator.sites")
"""Sites and what happens to them."""

SiteId = Annotated[str, id_of("sit")]


class SiteOpened(Event, name="zone.incubator.site.opened.v1", topic=SITES, audience="public"):
    """A site of the Demonstration Base can be used."""

    site_id: SiteId
    name: str
''',
    "services/incubator/space/__init__.py": "",
    "services/incubator/space/site.py": '''"""A site: a building of the Demonstration Base with rooms and desks."""

from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.space import SiteId, SiteOpened


class Site(Aggregate):
    """A site: a building of the Demonstration Base.

    Attributes:
        name: by which people call it.
    """

    collection: ClassVar[str] = "sites"
    shown_to: ClassVar = PUBLIC

    id: SiteId
    name: str

    @classmethod
    def opened(cls, name: str) -> Self:
        """A new site, open to everyone from now on."""
        site = cls(id=new_id("sit"), name=name)
        site.record(SiteOpened(site_id=site.id, name=name))
        return site
''',
    "services/incubator/space/views.py": '''"""What callers see of sites."""

from typing import ClassVar, Self

from services.chassis.http.view import View
from services.incubator.space.site import Site


class SiteView(View):
    """A site of the Demonstration Base."""

    at: ClassVar[str] = "/v1/incubator/sites"

    name: str
    """By which people call it."""

    @classmethod
    def of(cls, site: Site) -> Self:
        return cls.showing(site)
''',
    "services/incubator/space/routes.py": '''"""Sites over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.incubator.space import SiteId
from services.incubator.callers import Reader
from services.incubator.space.site import Site
from services.incubator.space.views import SiteView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

SiteRef = Annotated[SiteId, Path(description="The site, by its id.")]


@router.get("/sites")
async def list_sites(reader: Reader, tx: InTx, page: InPage) -> Page[SiteView]:
    """The sites of the Demonstration Base, oldest first."""
    return await page.of(tx, Site, {}, SiteView.of)


@router.get("/sites/{site_id}")
async def see_site(site_id: SiteRef, reader: Reader, tx: InTx) -> SiteView:
    """One site."""
    return SiteView.of(await tx.visible(Site, site_id))
''',
    "services/incubator/space/examples.py": '''"""What the document of the API shows: a synthetic site."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.space.site import Site
from services.incubator.space.views import SiteView

SITE: Final = Site(id="sit_0195f3a4b5c67d8e9f00112233445566", version=1, sequence=1, name="示例一号楼")

KEPT: Final[Sequence[Row]] = (SITE,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (SiteView.of(SITE),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
''',
    "services/incubator/space/module.py": '''"""Space, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.space.routes import router
from services.incubator.space.site import Site

space = Module("space", "Co-working space: sites, and what can be used there.", routers=[router], documents=[Site])
''',
    # … and its catalogue of KPIs
    "services/metrics/catalogue/space.py": '''"""Sites: what opens them, and the KPIs that follow."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import zone_date
from services.contracts.incubator.space import SiteOpened
from services.metrics.figures.kept import Stock
from services.metrics.figures.subject import DatedFacts, Subject


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a site: that it is open from its day on."""
    yield zone_date(event.envelope.effective).isoformat(), {"status": "open"}


SITES_OPEN: Final = Stock(
    "sites_open", of="status", unit="sites", formula="sites that have been opened", events=(SiteOpened,)
)
SITE: Final = Subject(
    "site",
    heard_of=("sit",),
    events=(SiteOpened,),
    id_of=lambda event: event.site_id,
    facts=stated,
    known_by="status",
    counted_while=lambda state: state.get("status") == "open",
    dimensions=(),
    pairs=(),
    kpis=(SITES_OPEN,),
)
"""A site counts from the day on which it was opened."""
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
            "from services.registry.filings.types.registration import Registration\n",
            "from services.registry.filings.types.change_of_contacts import ChangeOfContacts\n"
            "from services.registry.filings.types.registration import Registration\n",
        ),
        ("    | Resumption\n", "    | Resumption\n    | ChangeOfContacts\n"),
    ],
    "services/registry/filings/examples.py": [
        (
            "from services.registry.filings.types.example_payloads import",
            "from services.registry.filings.types.change_of_contacts import ChangeOfContacts\n"
            "from services.registry.filings.types.example_payloads import",
        ),
        (
            "(REPORTING, SUSPENDING, Resumption(type=FilingType.RESUMPTION))\n",
            "(\n    REPORTING,\n    SUSPENDING,\n    Resumption(type=FilingType.RESUMPTION),\n"
            "    ChangeOfContacts.model_validate("
            '{"type": "change_of_contacts", "contacts": REGISTRATION["contacts"]}),\n)\n',
        ),
    ],
    # an offering: one line in the service, one in the catalogue of what is counted
    "services/incubator/main.py": [
        (
            "from services.incubator.tenants.module import tenants\n",
            "from services.incubator.space.module import space\n"
            "from services.incubator.tenants.module import tenants\n",
        ),
        ("[tenants, finance]", "[tenants, finance, space]"),
    ],
    "services/metrics/catalogue/all.py": [
        (
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n",
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n"
            "from services.metrics.catalogue.space import SITE\n",
        ),
        ("SUBJECTS: Final = (BUSINESS,)", "SUBJECTS: Final = (BUSINESS, SITE)"),
    ],
    # a KPI: one declaration, and its place among the others
    "services/metrics/catalogue/businesses.py": [
        (
            "BUSINESS: Final = Subject(\n",
            'EMPLOYEES: Final = Stock(\n    "businesses_with_employees",\n    of="employees",\n    unit="businesses",\n'
            '    formula="active businesses that have stated how many they employ",\n    events=FIGURES,\n)\n\n'
            "BUSINESS: Final = Subject(\n",
        ),
        ("SUSPENSION_DAYS),", "SUSPENSION_DAYS, EMPLOYEES),"),
    ],
}
"""File → what stands there, and what stands in its place afterwards."""
