"""`./zone canvas`: writes what of each service's README follows from its code."""

from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.documents.canvas import drawn, readme_of
from deploy.machine.zone_folder import ROOT
from deploy.services import WITH_GATEWAY, assembled
from deploy.terminal import say


def canvas(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a canvas is out of date.")] = False,
) -> None:
    """Write collections, routes, events, clocks and states into the README of each service, between their markers."""
    stale = []
    for service in WITH_GATEWAY:
        readme = readme_of(service)
        text = readme.read_text(encoding="utf-8")
        if (now := drawn(assembled(service), text)) != text:
            stale.append(str(readme.relative_to(ROOT)))
            if not check:
                readme.write_text(now, encoding="utf-8")
    if check and stale:
        raise Complaint(f"{', '.join(stale)}: not what the code says. Run ./zone canvas and commit it.")
    say(f"{', '.join(stale)} written" if stale else "every canvas is what the code says")
