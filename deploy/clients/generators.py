"""Generators of clients: what partners run on the document of the API, and what they say of it.

They stand in an environment of their own: what openapi-python-client needs is at odds with what the zone needs.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from deploy.complaint import Complaint
from deploy.environment import Environment
from deploy.machine.kafka_jars import java, java_obstacle
from deploy.machine.zone_folder import ROOT
from gateway.pages.assets import GENERATOR_SETTINGS, OWN

GENERATORS: Final = Environment(ROOT / ".zone" / "generators", Path(__file__).with_name("generators.lock"))
SETTINGS: Final = OWN / GENERATOR_SETTINGS
JAR: Final = "openapi_generator_cli/openapi-generator.jar"
LONGEST: Final = 600.0
"""Seconds that any of these programs may take."""


def python_client(document: Path, folder: Path) -> None:
    """Make a Python package with openapi-python-client, in the folder, which is named as the package.

    Raises:
        Complaint: it lost something, or warned; the details are its words.
    """
    GENERATORS.make()
    program = GENERATORS.python.with_name("openapi-python-client")
    given = ["--path", document, "--output-path", folder, "--config", SETTINGS]
    ran = run([program, "generate", "--meta", "none", "--overwrite", "--fail-on-warning", *map(str, given)])
    if ran.returncode or "WARNING" in ran.stdout or "Warning" in ran.stdout:
        raise Complaint("openapi-python-client does not take the document whole.", details=ran.stdout)


def client(language: str, document: Path, folder: Path, options: Sequence[str] = ()) -> list[str]:
    """Make a client with openapi-generator.

    Args:
        language: `python`, `typescript-fetch`, `java`, `go`, …
        options: its additional properties, `name=value`.

    Returns:
        What it warned of. Most of it says how the generator gets by: renames a word that the language keeps for itself,
        writes an example down in JSON alone, takes the version of the document for new.

    Raises:
        Complaint: there is no Java, or it failed; the details are its words.
    """
    if reason := java_obstacle():
        raise Complaint(f"openapi-generator cannot run: {reason}.")
    GENERATORS.make()
    (jar,) = GENERATORS.folder.glob(f"lib/python*/site-packages/{JAR}")
    arguments = ["generate", "-g", language, "-i", str(document), "-o", str(folder)]
    if options:
        arguments.append(f"--additional-properties={','.join(options)}")
    ran = run([java(), "-jar", str(jar), *arguments])
    if ran.returncode:
        raise Complaint(f"openapi-generator fails on {language}.", details=ran.stdout[-4000:])
    return [line for line in ran.stdout.splitlines() if " WARN " in line or " ERROR " in line]


def run(command: Sequence[str | Path], folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end, with all that it says in `stdout`.

    Raises:
        Complaint: it is not there, or does not end.
    """
    try:
        return subprocess.run(
            list(map(str, command)), cwd=folder, env={**os.environ, "NO_COLOR": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=LONGEST,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Complaint(f"{command[0]} cannot run: {error}.") from error
