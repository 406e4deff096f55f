"""The opening figures are registered once, whatever happened to the loads before."""

import asyncio
import dataclasses
import json
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
import stamina

from deploy.korla import load as loading
from deploy.korla.businesses import businesses
from deploy.korla.clients import PARTNER
from deploy.korla.entry import Entry
from deploy.korla.load import Report, load
from deploy.public_api import UnexpectedAnswer
from tests.deploy.fake_zone import OPERATOR_KEY, FakeZone, Killed


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def zone() -> FakeZone:
    return FakeZone()


def some(plants: int = 1, hosted: int = 2) -> list[Entry]:
    """A plant, a host and some that it hosts."""
    everything = businesses()
    host = next(place for place, e in enumerate(everything) if e.payload["kind"] == "cloud")
    chosen = [*everything[:plants], everything[host]]
    guests = [entry for entry in everything if entry.host == host][:hosted]
    return chosen + [dataclasses.replace(entry, host=plants) for entry in guests]


def nobody(done: int, total: int, name: str) -> None:
    """Progress that nobody watches."""


async def load_into(zone: FakeZone, entries: list[Entry] | None = None) -> Report:
    return await load(some() if entries is None else entries, zone.connect, OPERATOR_KEY, nobody)


def assert_registered_once(zone: FakeZone, entries: list[Entry]) -> None:
    assert Counter(business["code"] for business in zone.businesses) == Counter(e.code for e in entries)


async def test_all_451_businesses_are_registered(zone: FakeZone) -> None:
    report = await load_into(zone, businesses())
    assert report == Report(registered=451, found=0)
    assert_registered_once(zone, businesses())
    assert {filing["status"] for filing in zone.filings.values()} == {"completed"}


async def test_no_more_than_eight_calls_are_under_way_at_once(zone: FakeZone) -> None:
    await load_into(zone, some(plants=10, hosted=30))
    assert zone.most_at_once == 8


async def test_a_second_load_changes_nothing_and_says_so(zone: FakeZone) -> None:
    await load_into(zone)
    before = len(zone.log)
    report = await load_into(zone)
    assert str(report) == "all 4 businesses are registered already"
    assert {(caller, method) for caller, method, _ in zone.log[before:]} == {("operator", "GET")}


async def test_a_load_that_finds_some_registers_the_others(zone: FakeZone) -> None:
    await load_into(zone, some()[:2])
    report = await load_into(zone)
    assert report == Report(registered=2, found=2)
    assert_registered_once(zone, some())


async def test_a_report_tells_new_from_old() -> None:
    assert str(Report(registered=3, found=1)) == "3 businesses registered, 1 were there already"
    assert str(Report(registered=4, found=0)) == "4 businesses registered"


@pytest.mark.parametrize("before", [True, False], ids=["before a call arrives", "before its answer arrives"])
async def test_a_load_killed_at_any_call_is_finished_by_the_next_one(before: bool) -> None:
    whole = FakeZone()
    await load_into(whole)
    for call in range(len(whole.log)):
        zone = FakeZone()
        zone.kill_loader_at(call, before=before)
        try:
            await load_into(zone)
        except Killed:
            zone.let_live()
            await load_into(zone)
        assert_registered_once(zone, some())
        assert len(zone.filings) == 4
        assert len(zone.partners) == 1
        assert Counter(client["kind"] for client in zone.clients.values()) == {"partner": 1, "officer": 2}


async def test_what_was_begun_is_found_when_its_idempotency_keys_are_long_forgotten(zone: FakeZone) -> None:
    whole = FakeZone()
    await load_into(whole)
    for call in range(len(whole.log)):
        zone = FakeZone()
        zone.kill_loader_at(call, before=False)
        try:
            await load_into(zone)
        except Killed:
            zone.let_live()
            zone.stored.clear()
            await load_into(zone)
        assert_registered_once(zone, some())
        assert len(zone.filings) == 4


@pytest.mark.parametrize("ended", ["rejected", "withdrawn", "lapsed"])
async def test_a_registration_that_came_to_nothing_is_made_anew(zone: FakeZone, ended: str) -> None:
    submits = [n for n, (_, _, path) in enumerate(await calls_of_a_load()) if path.endswith("/submit")]
    zone.kill_loader_at(submits[0], before=True)
    with pytest.raises(Killed):
        await load_into(zone)
    zone.let_live()
    for filing in zone.filings.values():
        filing["status"] = ended
    assert (await load_into(zone)).registered == 4
    assert_registered_once(zone, some())


async def calls_of_a_load() -> list[tuple[str, str, str]]:
    zone = FakeZone()
    await load_into(zone)
    return zone.log


async def test_a_zone_that_is_away_for_a_moment_at_any_call_is_asked_again() -> None:
    for call in range(len(await calls_of_a_load())):
        zone = FakeZone()
        zone.trouble = {
            call: httpx.Response(503, headers={"Retry-After": "0"}),
            call + 1: httpx.ConnectError("refused"),
        }
        assert (await load_into(zone)).registered == 4
        assert_registered_once(zone, some())


async def test_a_zone_that_stays_away_is_named_with_the_route(zone: FakeZone) -> None:
    zone.trouble = dict.fromkeys(range(99), httpx.ConnectError("refused"))
    with pytest.raises(UnexpectedAnswer, match=r"GET /v1/registry/businesses got no answer .*ConnectError"):
        await load_into(zone)


async def test_a_zone_that_stays_busy_is_named_with_its_status(zone: FakeZone) -> None:
    busy = httpx.Response(503, json={"code": "busy", "detail": "Too many at once."})
    zone.trouble = dict.fromkeys(range(99), busy)
    with pytest.raises(UnexpectedAnswer, match="answered 503 busy: Too many at once"):
        await load_into(zone)


async def test_a_refusal_names_business_route_status_and_every_code(zone: FakeZone) -> None:
    first = next(n for n, call in enumerate(await calls_of_a_load()) if call[2].endswith("/registrations"))
    problem = {
        "code": "validation_failed",
        "detail": "Two values are not acceptable.",
        "errors": [
            {"pointer": "/payload/name", "code": "name_invalid", "detail": "No."},
            {"parameter": "x", "code": "unknown_parameter", "detail": "What?"},
        ],
    }
    zone.trouble = dict.fromkeys(range(first, first + 9), httpx.Response(422, json=problem))
    with pytest.raises(UnexpectedAnswer) as caught:
        await load_into(zone)
    assert str(caught.value) in {
        f"{entry.name} ({entry.code}): POST /v1/registry/registrations answered 422 validation_failed: "
        "Two values are not acceptable.; /payload/name: name_invalid, No.; x: unknown_parameter, What?"
        for entry in some()
    }


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "[]", '"x"', "{}", "null"])
async def test_a_refusal_without_a_problem_is_shown_as_it_is(zone: FakeZone, body: str) -> None:
    zone.trouble = {0: httpx.Response(400, text=body)}
    with pytest.raises(UnexpectedAnswer, match="GET /v1/registry/businesses answered 400") as caught:
        await load_into(zone)
    assert body in str(caught.value)


async def test_something_else_on_this_address_is_noticed(zone: FakeZone) -> None:
    zone.trouble = {0: httpx.Response(200, text="<html>It works!</html>")}
    with pytest.raises(UnexpectedAnswer, match="answered 200 without JSON"):
        await load_into(zone)


async def test_a_wrong_operator_key_is_refused_in_a_sentence(zone: FakeZone) -> None:
    with pytest.raises(UnexpectedAnswer, match="answered 401 unauthenticated"):
        await load(some(), zone.connect, "zk_live_wrong", nobody)


async def test_a_filing_that_waits_for_the_partner_or_is_blocked_is_left_to_an_officer(zone: FakeZone) -> None:
    plant = some()[0]
    filing = zone.draft({"payload": plant.payload, "requested_effective_at": plant.entered_at})
    filing |= {"status": "approved", "block": {"code": "fee_due"}}
    with pytest.raises(UnexpectedAnswer, match=r"filing fil_0 is approved fee_due; an officer must decide"):
        await load_into(zone)


async def test_the_keys_of_a_load_end_with_it_and_expire_within_the_hour(zone: FakeZone) -> None:
    await load_into(zone)
    assert [key["revoked"] for key in zone.keys.values()] == [True, True, True]
    assert all(key["expires_at"].endswith("Z") for key in zone.keys.values())


async def test_the_keys_of_a_load_that_fails_end_too(zone: FakeZone) -> None:
    zone.figures = ["parked"]
    with pytest.raises(UnexpectedAnswer):
        await load_into(zone)
    assert [key["revoked"] for key in zone.keys.values()] == [True, True, True]


async def test_a_key_that_cannot_be_revoked_does_not_hide_what_was_loaded(zone: FakeZone) -> None:
    deletes = [n for n, (_, method, _) in enumerate(await calls_of_a_load()) if method == "DELETE"]
    zone.trouble = dict.fromkeys(deletes, httpx.Response(500, json={"code": "internal_error", "detail": "?"}))
    assert (await load_into(zone)).registered == 4


async def test_an_existing_partner_of_that_name_is_used_wherever_it_is_in_the_list(zone: FakeZone) -> None:
    zone.partners = [{"id": f"par_{n}", "legal_name": f"示例伙伴{n}"} for n in range(5)]
    zone.partners.append({"id": "par_5", "legal_name": PARTNER})
    await load_into(zone)
    assert {client["kind"]: client["partner_id"] for client in zone.clients.values()} == {
        "partner": "par_5",
        "officer": "par_office",
    }


async def test_an_officer_of_the_office_who_cannot_decide_is_passed_over(zone: FakeZone) -> None:
    usual = {"partner_id": "par_office", "kind": "officer", "status": "active", "scopes": ["metrics:read"]}
    zone.clients = {"cli_reader": {"id": "cli_reader"} | usual}
    await load_into(zone)
    assert [client["kind"] for client in zone.clients.values()] == ["officer", "partner", "officer", "officer"]
    assert "cli_reader" not in {key["client_id"] for key in zone.keys.values()}


async def test_one_officer_files_another_decides_and_the_owner_of_hosts_takes_in(zone: FakeZone) -> None:
    await load_into(zone)
    done = Counter((kind, path.rsplit("/", 1)[1]) for kind, method, path in zone.log if method == "POST")
    assert done["officer", "registrations"] == 5  # one of them before the registry had heard of the partner
    assert done["officer", "submit"] == 4
    assert done["officer", "assign"] == done["officer", "approve"] == 2
    assert done["partner", "confirm-hosting"] == 2


async def test_d_9_each_business_is_registered_as_of_the_day_of_its_entry_for_the_partner_that_owns_it(
    zone: FakeZone,
) -> None:
    await load_into(zone)
    bodies = [
        json.loads(content) for (kind, path, _), (content, _, _) in zone.stored.items() if "registrations" in path
    ]
    assert {body["on_behalf_of"] for body in bodies} == {zone.partners[0]["id"]}
    assert sorted(body["requested_effective_at"] for body in bodies) == sorted(each.entered_at for each in some())
    assert some()[0].entered_at == "2001-03-11T16:00:00.000Z"


async def test_hosted_businesses_name_the_host_that_was_registered_before_them(zone: FakeZone) -> None:
    await load_into(zone)
    host = next(business for business in zone.businesses if business["code"] == some()[1].code)
    hostings = [f["payload"]["hosting"] for f in zone.filings.values() if f["payload"]["hosting"]]
    assert {hosting["host_business_id"] for hosting in hostings} == {host["id"]}


async def test_a_load_returns_only_when_the_figures_show_every_business(zone: FakeZone) -> None:
    zone.figures = ["not_yet", "not_yet", "applied"]
    await load_into(zone)
    assert sorted(zone.asked_for.values()) == [3, 3, 3, 3]


async def test_a_parked_event_is_an_error_that_says_where_to_look(zone: FakeZone) -> None:
    zone.figures = ["parked"]
    with pytest.raises(UnexpectedAnswer, match=r"parked in metrics; see \./zone dead-letters list"):
        await load_into(zone)


async def test_figures_that_never_come_are_an_error(zone: FakeZone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SETTLED_WITHIN", 0.05)
    zone.figures = ["not_yet"]
    with pytest.raises(UnexpectedAnswer, match="do not show every business"):
        await load_into(zone)


async def test_progress_counts_every_business_once_and_ends_complete(zone: FakeZone) -> None:
    steps: list[tuple[int, int, str]] = []
    await load(some(), zone.connect, OPERATOR_KEY, lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == [1, 2, 3, 4, 4]
    assert {total for _, total, _ in steps} == {4}
    assert {name for _, _, name in steps[:4]} == {entry.name for entry in some()}


async def test_a_load_can_be_interrupted(zone: FakeZone) -> None:
    gone = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        gone.set()
        await asyncio.sleep(3600)
        raise AssertionError

    def connect(key: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="http://zone.example", transport=httpx.MockTransport(hang))

    task = asyncio.create_task(load(some(), connect, OPERATOR_KEY, nobody))
    await gone.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_load_waits_until_the_figures_show_what_they_count_of_the_base(
    zone: FakeZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone.figures = ["not_yet", "applied"]
    told = {"ivc_1": "ivc_1:0000000003", "jap_1": "jap_1:0000000002", "pln_1": "pln_1:0000000001"}
    async with zone.connect(OPERATOR_KEY) as operator:
        await loading.all_counted(operator, told)
    asked = [path for _, _, path in zone.log if "projection" in path]
    assert len(asked) == 4, "both, twice, and never the plan, which nothing counts"


async def test_a_load_does_not_wait_for_ever_for_the_figures_of_the_base(
    zone: FakeZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "SETTLED_WITHIN", 0.01)
    zone.figures = ["not_yet"]
    async with zone.connect(OPERATOR_KEY) as operator:
        with pytest.raises(UnexpectedAnswer, match="do not show the Demonstration Base after"):
            await loading.all_counted(operator, {"ivc_1": "ivc_1:0000000003"})
