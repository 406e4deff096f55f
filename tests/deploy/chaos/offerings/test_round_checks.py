"""The checks of what investment keeps: each thing that can be wrong at the end of a run is found."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy.chaos.evidence import Evidence
from deploy.chaos.figure_checks import valued_by_rounds
from services.contracts.incubator.startups.rounds import CompanyValued
from tests.deploy.chaos.offerings.conftest import Ended, Found, Kept


def test_a_good_end_has_rounds_of_every_kind(good_end: Ended) -> None:
    kept = good_end.kept
    assert {each["status"] for each in kept["rounds"]} >= {"closed", "failed"}
    assert {each["status"] for each in kept["commitments"]} >= {"allotted", "released"}
    assert any(each["shares"] for each in kept["commitments"])
    assert any(each["instrument"] == "convertible" for each in kept["rounds"])


def one(kept: Kept, collection: str, **where: Any) -> dict[str, Any]:
    """The first that is so."""
    return next(each for each in kept[collection] if all(each[name] == value for name, value in where.items()))


def issued_again(kept: Kept) -> None:
    """Shares of an allotment a second time, as another event of the same table, kept in step with all else."""
    table = kept["cap_tables"][0]
    last = copy.deepcopy(max(kept["cap_events"], key=lambda event: int(event["seq"])))
    last["seq"] += 1
    last["_id"] = f"{table['_id']}:{last['seq']:010d}"
    last["begins"][0]["certificate"] = "PS-9999"
    kept["cap_events"].append(last)
    table["seq"] += 1
    table["standing"]["holdings"]["PS-9999"] = last["begins"][0]


def told_again(kept: Kept) -> None:
    """A release that was told twice."""
    told = one(kept, "outbox", type="zone.incubator.commitment.released.v1")
    subject, _, number = told["_id"].rpartition(":")
    kept["outbox"].append({**told, "_id": f"{subject}:{int(number) + 1:010d}"})


def of_rounds(kept: Kept) -> list[dict[str, Any]]:
    """The entries of what rounds raised."""
    return [each for each in kept["entries"] if each["reference"].endswith(":raised")]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("lost", lambda kept: kept["commitments"].clear()),
        ("doubled", lambda kept: kept["rounds"].append({**kept["rounds"][0], "_id": f"rnd_{'9' * 32}"})),
        ("doubled", lambda kept: one(kept, "rounds", status="closed")["terms"].update(hard_cap=1)),
        ("wrong", lambda kept: one(kept, "rounds", status="closed").update(raised=1)),
        ("wrong", lambda kept: one(kept, "commitments", status="released").update(status="pledged")),
        ("wrong", lambda kept: one(kept, "rounds", status="closed").update(commitments_count=1)),
        ("lost", lambda kept: one(kept, "commitments", status="released").update(status="cancelled")),
        ("doubled", told_again),
        ("wrong", lambda kept: one(kept, "commitments", status="allotted").update(returned=-1)),
        ("wrong", lambda kept: kept["investors"][0].update(commitments=7)),
        ("wrong", lambda kept: kept["investors"][0].update(holdings=7)),
        ("wrong", lambda kept: kept["cap_events"].pop()),
        ("wrong", lambda kept: kept["cap_tables"][0]["standing"]["holdings"].popitem()),
        ("wrong", lambda kept: kept["share_classes"][0].update(issued=7)),
        ("doubled", issued_again),
        ("lost", lambda kept: kept["entries"].remove(of_rounds(kept)[0])),
        ("doubled", lambda kept: kept["entries"].append({**of_rounds(kept)[0], "_id": f"ent_{'9' * 32}"})),
    ],
)
def test_whatever_is_wrong_is_found(found: Found, kind: str, change: Callable[[Kept], object]) -> None:
    assert kind in found(change)


def test_a_business_is_worth_what_its_last_round_says(good_end: Ended) -> None:
    evidence = Evidence({"incubator": good_end.kept}, {}, {}, [], {}, "cluster")
    said = [json.loads(row["data"]) for row in good_end.kept["outbox"] if row["type"] == CompanyValued.wire_name]
    [(of, amount)] = valued_by_rounds(evidence).items()
    assert {each["business_id"] for each in said} == {of}
    assert amount in {each["valuation"]["amount"] for each in said}
