"""`/`: where a person, or a program that knows nothing but the address, finds the rest."""

from typing import Any, Final

from gateway.pages.html_page import page

DOCUMENTS: Final[dict[str, Any]] = {
    "title": "Cloud economy zone",
    "documentation": "/docs",
    "openapi": "/openapi.json",
    "problems": "/problems",
}
"""The same, for programs."""


def welcome_page() -> str:
    """What this address is, and the ways on."""
    ways = (
        ("/docs", "Documentation", "First steps, and every operation with its parameters, answers and a curl line."),
        ("/problems", "Problems", "What each code of an error means, and what to do about it."),
        ("/openapi.json", "OpenAPI document", "All of the API in one OpenAPI 3.1 document, for generators of clients."),
    )
    cards = "".join(
        f"<li><a href='{way}'><strong>{name}</strong><span>{about}</span></a></li>" for way, name, about in ways
    )
    return page(
        "Cloud economy zone",
        "<h1>An economic zone as an API</h1>"
        "<p class='lead'>Businesses are registered here, start-ups get rooms, meters and books, and the zone's figures "
        "are computed from what happened. Partners call from their servers, with a key.</p>"
        f"<ul class='ways'>{cards}</ul>"
        "<h2>A first call</h2>"
        "<p>With a key of your client, which whoever runs the zone gives to you:</p>"
        "<p><code>curl -H 'Authorization: Bearer zk_live_…' …/v1/registry/businesses?limit=3</code></p>"
        "<p><a href='/docs#description/first-steps'>All first steps</a></p>",
    )
