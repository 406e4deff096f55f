"""The languages in which clients are tried with openapi-generator, and how it shows that one is whole."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from deploy.clients.generators import client, run
from deploy.complaint import Complaint
from deploy.machine.zone_folder import ROOT

TOOLS: Final = ROOT / ".zone" / "typescript"
TYPESCRIPT: Final = "typescript@5.9.3"
TSC_OPTIONS: Final = "--noEmit --strict --target es2020 --lib es2020,dom --module esnext --moduleResolution bundler"
IMPORTED: Final = (
    "import compileall, sys, openapi_client; sys.exit(not compileall.compile_dir('openapi_client', quiet=1))"
)
"""Its `__init__` names every module; what they need, the zone's own environment has."""


def python_compiles(folder: Path) -> None:
    """Import and compile every module of a Python client. Raises Complaint."""
    _must_succeed("The Python client cannot be imported.", [sys.executable, "-c", IMPORTED], folder)


def typescript_compiles(folder: Path) -> None:
    """Check the types of a TypeScript client with its compiler, which npm brings. Raises Complaint."""
    compiler = TOOLS / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            raise Complaint("The TypeScript client cannot be compiled: npm, which brings the compiler, is not on PATH.")
        quietly = ["--no-save", "--no-audit", "--no-fund", "--prefix", str(TOOLS)]
        _must_succeed("npm cannot bring the TypeScript compiler.", [npm, "install", *quietly, TYPESCRIPT], TOOLS)
    _must_succeed("The TypeScript client does not compile.", [compiler, *TSC_OPTIONS.split(), "index.ts"], folder)


class Language(NamedTuple):
    """How a client in a language is made, and what compiles it; where nothing does, it is generated alone."""

    options: tuple[str, ...] = ()
    compiles: Callable[[Path], None] | None = None


LANGUAGES: Final[Mapping[str, Language]] = {
    "python": Language(compiles=python_compiles),
    "typescript-fetch": Language(compiles=typescript_compiles),
    "java": Language(),
    "go": Language(("enumClassPrefix=true",)),  # all its values are constants of one package
}


def tried(document: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each language with what its generator warned of, once a client is made and, where it can be, compiled.

    Raises:
        Complaint: a client cannot be made, or does not compile.
    """
    for name, language in LANGUAGES.items():
        made = folder / name
        warned = client(name, document, made, language.options)
        if language.compiles is not None:
            language.compiles(made)
        yield name, warned


def _must_succeed(otherwise: str, command: Sequence[str | Path], folder: Path) -> None:
    """Run a program. Raises Complaint with that sentence, where it fails."""
    ran = run(command, folder)
    if ran.returncode:
        raise Complaint(otherwise, details=ran.stdout[-4000:])
