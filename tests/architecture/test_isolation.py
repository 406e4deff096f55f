"""Every route with an id in its path, for every kind of caller: what ownership declares is what the route does.

Nothing is listed here. The routes are those of the services, what they find is what the examples keep, and whom it is
open to is what each noun says in `shown_to`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import httpx
import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from deploy.services import WITH_GATEWAY, assembled, modules_called
from gateway.access.scopes import KINDS, SCOPES
from services.chassis.domain.caller import Caller, Kind
from services.chassis.domain.ownership import Ownership
from services.chassis.service import Service
from services.chassis.store.files import File
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.memory_store import MemoryStore

ID = re.compile(r"([a-z]+)_[0-9a-f]{32}")
NOTHING = "0" * 32
EVERY_SCOPE = frozenset().union(*SCOPES.values())
VARYING = ("instance", "request_id")
TOLD = settings().model_copy(update={"key_pepper": "synthetic pepper of thirty-two characters"})
"""Made once: to read the environment takes longer than most of what is asked here."""


@cache
def examples(service: str, word: str) -> list[Any]:
    """What the example files of a service have under a name."""
    return [each for module in modules_called("examples", WITH_GATEWAY[service]) for each in getattr(module, word)]


def ids_in(value: Any) -> Iterator[str]:
    """Every id in a document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from ids_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from ids_in(inner)
    elif isinstance(value, str) and ID.fullmatch(value):
        yield value


def prefix_of(field: Any) -> str | None:
    """The prefix of the ids that a parameter takes; None where it takes something else."""
    patterns = [getattr(each, "pattern", None) for each in field.field_info.metadata]
    found = (re.fullmatch(r"\^([a-z]+)_\[0-9a-f\]\{32\}\$", pattern) for pattern in filter(None, patterns))
    return next((match[1] for match in found if match), None)


def prefixes() -> dict[str, str]:
    """Name of a path parameter → prefix of the ids that it takes; of those that say so by their pattern."""
    found = {}
    for name in WITH_GATEWAY:
        for route in assembled(name).routes():
            for field in route.dependant.path_params:
                if prefix := prefix_of(field):
                    found[field.alias] = prefix
    return found


PREFIXES = prefixes()


@dataclass(frozen=True)
class Place:
    """A route with the ids of what the examples keep."""

    service: str
    route: APIRoute
    known: Mapping[str, str]

    @property
    def method(self) -> str:
        return next(iter(self.route.methods or ()))

    def path(self, *, of_nothing: bool = False) -> str:
        def value(parameter: re.Match[str]) -> str:
            prefix = PREFIXES.get(parameter[1])
            if prefix is None:
                return "1"
            known = self.known.get(parameter[1]) or self.known[prefix]
            return f"{prefix}_{NOTHING}" if of_nothing else known

        return re.sub(r"\{(\w+)\}", value, self.route.path_format)

    def __str__(self) -> str:
        return f"{self.method} {self.route.path_format}"

    def query(self) -> dict[str, str]:
        """The parameters that it cannot do without; but for ids a number is what all take, filters can do without."""
        fields = (field for field in self.route.dependant.query_params if field.field_info.is_required())
        named = [each for each in fields if not hasattr(each.field_info.annotation, "model_fields")]
        return {field.alias: self.known.get(prefix_of(field) or "", "1") for field in named}

    def body(self) -> Any:
        """An example of its body, None where it takes none."""
        if self.route.body_field is None:
            return None
        wanted = self.route.body_field.field_info.annotation
        choices = [wanted, *get_args(wanted)]
        fitting = (each for each in examples(self.service, "BODIES") if type(each) in choices)
        found: BaseModel | None = next(fitting, None)
        return {} if found is None else found.model_dump(mode="json", by_alias=True, exclude_unset=True)

    async def call(self, caller: Caller, *, of_nothing: bool = False) -> httpx.Response:
        service: Service = assembled(self.service)
        store = MemoryStore(self.service)
        for row in examples(self.service, "KEPT"):
            store.collections.setdefault(row.collection, {})[row.id] = row.to_document()
            if file_id := getattr(row, "upload_id", None):
                store.files.kept[file_id] = File(file_id, "", 1, "text/csv", None), b"x"
        async with client_of(service.routes_on(store, TOLD), caller, self.service) as api:
            headers = {"If-Match": "*"} if self.method == "PATCH" else {}
            path = self.path(of_nothing=of_nothing)
            return await api.request(self.method, path, params=self.query(), json=self.body(), headers=headers)


def is_named_by_its_kind(row: Any) -> bool:
    """Whether paths name it by another parameter than others with ids like its own, as appointments are."""
    prefix = PREFIXES.get(f"{getattr(row, 'kind', None)}_id")
    return prefix is not None and row.id.startswith(f"{prefix}_")


def places() -> Iterator[Place]:
    for name in WITH_GATEWAY:
        kept: list[Any] = examples(name, "KEPT")
        known = {f"{row.kind}_id": row.id for row in kept if is_named_by_its_kind(row)}
        others = [row for row in kept if row.id not in known.values()]
        ids = [*(row.id for row in others), *(id for row in others for id in ids_in(row.to_document()))]
        for id in ids:
            known.setdefault(id.partition("_")[0], id)
        for route in assembled(name).routes():
            if any(parameter in PREFIXES for parameter in re.findall(r"\{(\w+)\}", route.path_format)):
                yield Place(name, route, known)


PLACES = list(places())


def owner_of(place: Place) -> str:
    """The partner that owns what the examples keep; where all of it is the zone's own, one that owns nothing."""
    owners = (str(getattr(row, "partner_id", None) or row.id) for row in examples(place.service, "KEPT"))
    return next((owner for owner in owners if owner.startswith("par_")), f"par_{'0' * 32}")


def caller(kind: Kind, partner: str) -> Caller:
    return Caller(partner, f"cli_{NOTHING}", f"key_{NOTHING}", kind, EVERY_SCOPE)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Ownership]]:
    """Every question about ownership that the routes asked: how, and of which noun."""
    found: list[tuple[str, Ownership]] = []
    visible, opened = Tx.visible, Tx.opened

    async def noted_visible(tx: Tx, cls: Any, id: str) -> Any:
        found.append(("visible", cls.shown_to))
        return await visible(tx, cls, id)

    async def noted_opened(tx: Tx, aggregate: Any) -> Any:
        found.append(("opened", aggregate.shown_to))
        return await opened(tx, aggregate)

    monkeypatch.setattr(Tx, "visible", noted_visible)
    monkeypatch.setattr(Tx, "opened", noted_opened)
    return found


def is_for_anyone(asked: list[tuple[str, Ownership]]) -> bool:
    return all(how == "visible" and ownership.audience == "public" for how, ownership in asked)


def alike(first: httpx.Response, second: httpx.Response) -> bool:
    bodies = [{name: value for name, value in each.json().items() if name not in VARYING} for each in (first, second)]
    return first.status_code == second.status_code and bodies[0] == bodies[1]


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_a_route_with_an_id_asks_whether_its_caller_may_see_what_it_names(
    place: Place, asked: list[tuple[str, Ownership]]
) -> None:
    kinds: list[Kind] = ["partner", "officer", "operator"]
    answers = [await place.call(caller(kind, owner_of(place))) for kind in kinds]
    assert asked, [answer.text for answer in answers]
    assert any(answer.status_code != 404 for answer in answers)


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_what_is_anothers_answers_like_what_does_not_exist(
    place: Place, asked: list[tuple[str, Ownership]]
) -> None:
    stranger = caller("partner", f"par_{NOTHING}")
    foreign = await place.call(stranger)
    if is_for_anyone(asked) and asked:
        assert foreign.status_code != 404
    else:
        missing = await place.call(stranger, of_nothing=True)
        assert foreign.status_code in (403, 404), foreign.text
        assert alike(foreign, missing)


@pytest.mark.parametrize("place", [place for place in PLACES if place.method == "GET"], ids=str)
async def test_callers_who_are_shown_different_things_never_share_an_entity_tag(place: Place) -> None:
    shown: dict[str, bytes] = {}
    callers = [caller(kind, owner_of(place)) for kind in KINDS] + [caller("partner", f"par_{NOTHING}")]
    for each in callers:
        answer = await place.call(each)
        tag = answer.headers.get("etag")
        if tag is not None:
            assert shown.setdefault(tag, answer.content) == answer.content


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "partner"])
@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_an_official_finds_what_its_kind_watches_over_and_nothing_else(
    place: Place, kind: Kind, asked: list[tuple[str, Ownership]]
) -> None:
    answer = await place.call(caller(kind, f"par_{NOTHING}"))
    if not asked:
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_kind_of_caller")
    elif is_for_anyone(asked) or all(kind in ownership.watchers for _, ownership in asked):
        assert answer.status_code != 404
    else:
        assert answer.status_code == 404
