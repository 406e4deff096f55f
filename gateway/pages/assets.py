"""The files that pages load or link: Scalar's bundle, out of the package that brings it, and the few of our own."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

OWN: Final = Path(__file__).with_name("static")
SCALAR: Final = "scalar.js"
"""The bundle of https://github.com/scalar/scalar, as it stands in the npm package @scalar/api-reference."""
GENERATOR_SETTINGS: Final = "openapi-python-client.yaml"
"""What that generator of clients is to be told besides the document; partners fetch it from here."""
MEDIA_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",  # RFC 9512
}
NAMES: Final = frozenset({SCALAR, "docs.css", "docs.js", "mark.svg", "pages.css", GENERATOR_SETTINGS})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: what is in it and of what type that is; `version` is another where the content is."""

    content: bytes
    media_type: str
    version: str


@cache
def asset(name: str) -> Asset:
    """The file of a name in `NAMES`.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in NAMES:
        raise KeyError(name)
    content = (_bundle() if name == SCALAR else OWN / name).read_bytes()
    return Asset(content, MEDIA_TYPES[Path(name).suffix], hashlib.sha256(content).hexdigest()[:12])


def href(name: str) -> str:
    """Where the file is loaded from: an address that is another when the content is, and so may be kept for ever."""
    return f"/assets/{name}?v={asset(name).version}"


def _bundle() -> Path:
    """Found as a file of the package, whose own code needs a web framework that is not here."""
    package = distribution("flask-openapi-scalar")
    return Path(str(package.locate_file("flask_openapi_scalar/templates/scalar/js/scalar.standalone.js")))
