"""The scopes of the API document: what each lets its holder do, and which kinds of clients may have it."""

from typing import Any, Final

from gateway.access.scopes import SCOPES

Json = dict[str, Any]

MEANINGS: Final = {
    "admin": "Admit partners and their clients, change them, and give the zone's own people their keys.",
    "incubator:manage": "Do what only the zone's staff does in the incubator: sites, tariffs, programmes, decisions.",
    "incubator:read": "Read what the incubator keeps: of partners, what is their businesses', and what is public.",
    "incubator:write": "Act for a business in the incubator: book, apply, invoice, pledge.",
    "keys:manage": "See clients and make, rotate and revoke their keys: of partners, their own.",
    "metrics:manage": "Have the figures made anew from the log of events, and accept or cancel that.",
    "metrics:read": "Read the zone's figures, targets, alerts and exports.",
    "registry:businesses:read": "Read the register: the public extract of every business, and all of the caller's own.",
    "registry:filings:read": "Read filings: of partners, those that they made or that are about their businesses.",
    "registry:filings:write": "Draft filings, hand them in and withdraw them; object to a dissolution.",
    "registry:review": "Take up filings and decide them.",
    "registry:supervise": "Give the second approval, where the rules ask for two.",
}


def add_scopes(document: Json) -> None:
    """List in the security scheme, for people and for programs, the scopes that operations ask for.

    Raises:
        KeyError: an operation asks for one that nobody has described here.
    """
    operations = [each for item in document["paths"].values() for each in item.values()]
    asked = {scope for each in operations for needed in each.get("security", ()) for scope in needed["zone"]}
    scheme = document["components"]["securitySchemes"]["zone"]
    scheme["x-scopes"] = {
        scope: {"description": MEANINGS[scope], "kinds": [kind for kind, given in SCOPES.items() if scope in given]}
        for scope in sorted(asked)
    }
    lines = [
        f"- `{scope}`: {each['description']} For {', '.join(each['kinds'])}."
        for scope, each in scheme["x-scopes"].items()
    ]
    scheme["description"] += "\n\nA key has the scopes of its client, or fewer:\n\n" + "\n".join(lines)
