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
    "services/contracts/incubator/recruitment.py": '''"""What the incubator tells everyone of jobs."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of

POSTINGS = Topic("zone.incubator.postings")
"""Postings and what happens to them."""

PostingId = Annotated[str, id_of("jpo")]


class PostingOpened(Event, name="zone.incubator.posting.opened.v1", topic=POSTINGS, audience="public"):
    """A job is offered."""

    posting_id: PostingId
    name: str
''',
    "services/incubator/recruitment/__init__.py": "",
    "services/incubator/recruitment/posting.py": '''"""A posting: a job that is offered."""

from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.recruitment import PostingId, PostingOpened


class Posting(Aggregate):
    """A posting: a job that is offered.

    Attributes:
        name: by which people call it.
    """

    collection: ClassVar[str] = "postings"
    shown_to: ClassVar = PUBLIC

    id: PostingId
    name: str

    @classmethod
    def opened(cls, name: str) -> Self:
        """A new posting, open to everyone from now on."""
        posting = cls(id=new_id("jpo"), name=name)
        posting.record(PostingOpened(posting_id=posting.id, name=name))
        return posting
''',
    "services/incubator/recruitment/views.py": '''"""What callers see of postings."""

from typing import ClassVar, Self

from services.chassis.http.view import View
from services.incubator.recruitment.posting import Posting


class PostingView(View):
    """A job that is offered."""

    at: ClassVar[str] = "/v1/incubator/postings"

    name: str
    """By which people call it."""

    @classmethod
    def of(cls, posting: Posting) -> Self:
        return cls.showing(posting)
''',
    "services/incubator/recruitment/routes.py": '''"""Postings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.incubator.recruitment import PostingId
from services.incubator.callers import Reader
from services.incubator.recruitment.posting import Posting
from services.incubator.recruitment.views import PostingView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

PostingRef = Annotated[PostingId, Path(description="The posting, by its id.")]


@router.get("/postings")
async def list_postings(reader: Reader, tx: InTx, page: InPage) -> Page[PostingView]:
    """The jobs that are offered, oldest first."""
    return await page.of(tx, Posting, {}, PostingView.of)


@router.get("/postings/{posting_id}")
async def see_posting(posting_id: PostingRef, reader: Reader, tx: InTx) -> PostingView:
    """One posting."""
    return PostingView.of(await tx.visible(Posting, posting_id))
''',
    "services/incubator/recruitment/examples.py": '''"""What the document of the API shows: a synthetic posting."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.recruitment.posting import Posting
from services.incubator.recruitment.views import PostingView

POSTING: Final = Posting(id="jpo_0195f3a4b5c67d8e9f00112233445566", version=1, sequence=1, name="示例工程师")

KEPT: Final[Sequence[Row]] = (POSTING,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (PostingView.of(POSTING),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
''',
    "services/incubator/recruitment/module.py": '''"""Recruitment, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.recruitment.posting import Posting
from services.incubator.recruitment.routes import router

recruitment = Module("recruitment", "Recruitment: jobs that are offered.", routers=[router], documents=[Posting])
''',
    # … and its catalogue of KPIs
    "services/metrics/catalogue/recruitment.py": '''"""Postings: what opens them, and the KPIs that follow."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import zone_date
from services.contracts.incubator.recruitment import PostingOpened
from services.metrics.figures.kept import Stock
from services.metrics.figures.subject import DatedFacts, Subject


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a posting: that it is open from its day on."""
    yield zone_date(event.envelope.effective).isoformat(), {"status": "open"}


POSTINGS_OPEN: Final = Stock(
    "postings_open", of="status", unit="postings", formula="postings that have been opened", events=(PostingOpened,)
)
POSTING: Final = Subject(
    "posting",
    heard_of=("jpo",),
    events=(PostingOpened,),
    id_of=lambda event: event.posting_id,
    facts=stated,
    known_by="status",
    counted_while=lambda state: state.get("status") == "open",
    dimensions=(),
    pairs=(),
    kpis=(POSTINGS_OPEN,),
)
"""A posting counts from the day on which it was opened."""
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
            "from services.incubator.sites.module import sites\n",
            "from services.incubator.recruitment.module import recruitment\n"
            "from services.incubator.sites.module import sites\n",
        ),
        ("space, utilities]", "space, utilities, recruitment]"),
    ],
    "services/metrics/catalogue/all.py": [
        (
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n",
            "from services.metrics.catalogue.derived import CLOUD_SHARE\n"
            "from services.metrics.catalogue.recruitment import POSTING\n",
        ),
        ("SUBJECTS: Final = (BUSINESS,)", "SUBJECTS: Final = (BUSINESS, POSTING)"),
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
