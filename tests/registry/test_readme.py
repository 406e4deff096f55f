"""The canvas of the registry sends its reader to code that is there."""

import re
from pathlib import Path
from pkgutil import resolve_name

import services.registry

README = (Path(services.registry.__path__[0]) / "README.md").read_text(encoding="utf-8")


def test_the_code_that_a_reader_is_sent_to_is_there() -> None:
    names = re.findall(r"`([a-z_]+\.\w[\w.]*)`", README.split("## One registration, followed through the code")[1])
    assert {"filings.routes.approve_filing", "filings.types.registration.Registration.effect"} <= set(names)
    for name in names:
        assert resolve_name(f"services.registry.{name}")
