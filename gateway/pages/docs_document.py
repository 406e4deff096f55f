"""The document of the API as its page shows it: with first steps, by service, and with what tools take no notice of."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]

FIRST_STEPS: Final = Path(__file__).with_name("first_steps.md")
SERVICES: Final = {"registry": "Registry", "incubator": "Incubator", "metrics": "Metrics"}
"""The parts of the menu, by the first segment of a path under `/v1`; everything else is the gateway's own."""
OWN: Final = "Access"


def docs_document(document: Json) -> Json:
    """A document with the same operations and schemas.

    What it says of scopes and of problem codes in members of its own, which no tool shows, stands in sentences.
    """
    info = document["info"]
    said = [FIRST_STEPS.read_text(encoding="utf-8"), "# Conventions", info.get("description", "")]
    said += _of_any_operation(document)
    return {
        **document,
        "info": {**info, "description": "\n\n".join(said)},
        "tags": [{**tag, "x-displayName": tag["name"].capitalize()} for tag in document.get("tags", [])],
        "x-tagGroups": [{"name": name, "tags": tags} for name, tags in _groups(document).items()],
        "paths": {path: {m: _operation(each) for m, each in item.items()} for path, item in document["paths"].items()},
    }


def _groups(document: Json) -> dict[str, list[str]]:
    """Tags by the service whose operations they stand at, in the document's order."""
    served = {
        tag: SERVICES.get(path.split("/")[2], OWN)
        for path, item in document["paths"].items()
        for operation in item.values()
        for tag in operation.get("tags", ())
    }
    groups: dict[str, list[str]] = {}
    for tag in document.get("tags", []):
        if tag["name"] in served:
            groups.setdefault(served[tag["name"]], []).append(tag["name"])
    return groups


def _operation(operation: Json) -> Json:
    summary = operation.get("summary", "").replace("`", "")  # shown as it is, in the menu too
    said = [operation.get("description"), _scopes(operation), "\n".join(_own_problems(operation))]
    return {**operation, "summary": summary, "description": "\n\n".join(filter(None, said))}


def _scopes(operation: Json) -> str:
    """Who may ask for it."""
    if not operation.get("security"):
        return "Open to all: it needs no key."
    scopes = [scope for each in operation["security"] for scope in each.get("zone", ())]
    return f"Needs the scope {', '.join(f'`{scope}`' for scope in scopes)}." if scopes else ""


def _own_problems(operation: Json) -> Iterator[str]:
    """The codes that it may refuse with besides those of any operation, by status."""
    codes = {
        status: answer["x-problem-codes"]
        for status, answer in operation["responses"].items()
        if "x-problem-codes" in answer
    }
    if codes:
        yield "Problems of its own:\n"
        yield from _by_status(codes)


def _of_any_operation(document: Json) -> Iterator[str]:
    """The codes that any operation may answer with, by status."""
    codes = document.get("x-problem-codes", {})
    if codes:
        yield "## Problems of any operation"
        yield "\n".join(_by_status(codes))


def _by_status(codes: Mapping[str, list[str]]) -> Iterator[str]:
    """A list in Markdown, of links to what the codes mean."""
    for status, each in codes.items():
        yield f"- **{status}** {' '.join(f'[`{code}`](/problems/{code})' for code in each)}"
