"""The jars of Apache Kafka and the Java to run them: found on this machine, or fetched with Maven."""

import fcntl
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.processes import on_leash

POM = Path(__file__).resolve().parents[1] / "kafka" / "pom.xml"
OLDEST_JAVA = 17
FETCH_TIMEOUT_S = 900


class KafkaJars:
    """The jars that `deploy/kafka/pom.xml` pins, in a folder that many brokers may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp = folder / "pom.xml"  # a copy of what they were fetched by, written last

    @property
    def present(self) -> bool:
        """Whether the folder holds what the pom asks for."""
        is_current = self._stamp.is_file() and self._stamp.read_bytes() == POM.read_bytes()
        return is_current and not self.damaged

    @property
    def damaged(self) -> list[str]:
        """The jars that are cut off: the end of a zip file, where its directory stands, is not there."""
        return [jar.name for jar in sorted(self.folder.glob("*.jar")) if not zipfile.is_zipfile(jar)]

    @property
    def classpath(self) -> str:
        """All jars in a fixed order, as a class-data archive is only good for the classpath it was made with."""
        return os.pathsep.join(str(jar) for jar in sorted(self.folder.glob("*.jar")))

    def obstacle(self) -> str | None:
        """Why Apache Kafka cannot be had here; None where it can."""
        if reason := java_obstacle():
            return reason
        if not self.present and shutil.which("mvn") is None:
            damaged = f"{', '.join(self.damaged)} in {self.folder} is damaged, and " if self.damaged else ""
            return f"{damaged}Maven, which fetches its jars, is not on PATH"
        return None

    def fetch(self) -> None:
        """Fetch them with Maven where they are not there; once, however many ask. Raises Complaint."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_name(f"{self.folder.name}.turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.present:
                self._copy_dependencies()

    def _copy_dependencies(self) -> None:
        self._ask_maven()
        if self.damaged:  # as is the copy that Maven keeps for itself and never looks at again
            own = self.folder.with_name(f"{self.folder.name}.maven")
            try:
                self._ask_maven(f"-Dmaven.repo.local={own}")
            finally:
                shutil.rmtree(own, ignore_errors=True)
        if self.damaged:
            raise Complaint(
                f"Maven gives {', '.join(self.damaged)} damaged: see whether its repository can be reached without "
                "anything in between, or set ZONE_KAFKA=embedded."
            )
        shutil.copyfile(POM, self._stamp)

    def _ask_maven(self, *options: str) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        command = ["mvn", "--batch-mode", "--quiet", "--file", str(POM), *options, "dependency:copy-dependencies"]
        try:
            done = subprocess.run(
                on_leash([*command, f"-DoutputDirectory={self.folder}"]),
                capture_output=True, text=True, check=False, timeout=FETCH_TIMEOUT_S, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Complaint(f"Maven cannot run: {error}. Try again, or set ZONE_KAFKA=embedded.") from error
        if done.returncode != 0 or not self.classpath:
            raise Complaint(
                "Maven cannot fetch Apache Kafka: check that its repository can be reached and the disk has room, "
                "or set ZONE_KAFKA=embedded.",
                details="\n".join((done.stdout + done.stderr).splitlines()[-20:]),
            )


def java() -> str:
    """The program `java`, of JAVA_HOME or on PATH; it may not be there."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def java_version() -> int | None:
    """The major version of Java, None where none runs."""
    try:
        said = subprocess.run([java(), "-version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found and said.returncode == 0 else None


def java_obstacle() -> str | None:
    """Why this machine's Java cannot run Apache Kafka; None where it can."""
    version = java_version()
    if version is None:
        return f"Java {OLDEST_JAVA} or newer is not on PATH"
    if version < OLDEST_JAVA:
        return f"Java {version} is too old, it needs {OLDEST_JAVA} or newer"
    return None
