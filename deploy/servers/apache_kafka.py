"""Apache Kafka for one machine: broker and controller in one JVM (KRaft), small and quick to start."""

import base64
import subprocess
import uuid
from contextlib import suppress
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars, java
from deploy.machine.ports import HOST, lasting_port, require_free
from deploy.machine.processes import Process, on_leash
from deploy.machine.server import Server
from services.chassis.kafka.client import KafkaFailure, describe_log
from services.chassis.kafka.topics import cluster_ready

LOG_CONFIGURATION = Path(__file__).resolve().parents[1] / "kafka" / "log4j2.xml"
FORMAT_TIMEOUT_S = 60

PROPERTIES = """\
# Written by the launcher at every start.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners={listeners},CONTROLLER://{host}:{controller_port}
advertised.listeners={listeners}
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=data

# Topics are made by the deployment alone, and the log feeds rebuilds: it is kept for ever.
auto.create.topics.enable=false
log.retention.ms=-1
log.retention.bytes=-1

# One node: there is nobody to replicate to, and no second consumer worth waiting for.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0

# After kill -9 the controller believes for one session that the broker lives, and refuses its successor.
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200

# The log cleaner would take 128 MB, the whole heap.
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=2097152
"""

OPEN = {"listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT"}
GUARDED = {
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.client.scram-sha-512.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
}
"""A broker that lets in by `CLIENT` only who has a login, and to what that may do (`kafka_users.py`). Whoever reaches
the other listeners is nobody by name and may do everything: they belong to the loopback address of the broker alone."""

DAMAGED = "Kafka's data in {folder} is damaged: restore a copy, or start over with ./zone up --fresh."
JARS = "A jar of Kafka in {jars} is missing or damaged: remove that folder, and the next start fetches them anew."
MEANINGS = {
    "Address already in use": "Kafka's port is taken by another process: start the zone again.",
    "No space left on device": "The disk is full, so Kafka cannot start: make room, then start again.",
    "Failed to acquire lock on file": "Another Kafka uses the data folder {folder}: stop that one first.",
    "Permission denied": "Kafka may not write to its folder {folder}: give this user the right to.",
    "Read-only file system": "Kafka's folder {folder} is on a read-only file system: move the zone.",
    "OutOfMemoryError": "Kafka ran out of memory: give it more, or set ZONE_KAFKA=embedded.",
    "NoClassDefFoundError": JARS,
    "ClassNotFoundException": JARS,
    "java.util.zip.ZipException": JARS,
    "initializeLogDirs": DAMAGED,
    "CorruptRecordException": DAMAGED,
}


class ApacheKafka(Server):
    """One Kafka broker; start and stop it as often as you like, the log and the cluster id stay in its folder.

    Args:
        folder: its properties and data.
        jars: what it runs from; fetched where they are not there.
        port: where it listens, on the loopback address alone; it may be another one at the next start.
        log: where it writes what it does.
        heap_mb: memory of the JVM's heap; the process takes about 60 MB more.
        is_guarded: whether clients need a login; whoever makes those comes by `inside`.
    """

    keeps_its_log = True

    def __init__(
        self, folder: Path, jars: KafkaJars, *, port: int, log: Path, heap_mb: int = 128, is_guarded: bool = False
    ) -> None:
        self.folder = folder
        self.jars = jars
        self.port = port
        self._properties = folder / "server.properties"
        self._archive = ClassArchive(jars)
        super().__init__(Process("kafka", [], log=log, folder=folder))
        self._heap_mb = heap_mb
        self._inside_port = lasting_port() if is_guarded else None

    @property
    def bootstrap(self) -> str:
        """`host:port`."""
        return f"{HOST}:{self.port}"

    @property
    def inside(self) -> str:
        """`host:port` where nobody is asked who he is."""
        return f"{HOST}:{self._inside_port}" if self._inside_port else self.bootstrap

    @property
    def address(self) -> str:
        """`host:port`."""
        return self.bootstrap

    @property
    def cluster_id(self) -> str | None:
        """What its data folder was formatted for; None where it is new."""
        note = self.folder / "data" / "meta.properties"
        lines = note.read_text().splitlines() if note.exists() else []
        return next((line.partition("=")[2] for line in lines if line.startswith("cluster.id=")), None)

    def prepare(self) -> None:
        """Fetch the jars, write the properties, and format the data folder where it is new."""
        require_free(self.port, "Kafka", "stop that one, or start again")
        self.jars.fetch()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._properties.write_text(self._configuration())
        except OSError as error:
            raise Complaint(f"Kafka's folder {self.folder} cannot be used: {error.strerror}.") from error
        if self.cluster_id is None:
            self._format()
        self.process.command = self._java(self._archive.options(), "kafka.Kafka")

    async def is_ready(self) -> bool:
        """Whether metadata and the group coordinator answer, and it is ours: another may have had the port first."""
        with suppress(KafkaFailure):
            cluster, _ = await describe_log(self.inside)
            return cluster == self.cluster_id and await cluster_ready(self.inside, timeout=2)
        return False

    def explain(self, lines: str) -> str | None:
        """What its last lines mean."""
        for words, meaning in MEANINGS.items():
            if words in lines:
                return meaning.format(folder=self.folder, jars=self.jars.folder)
        return None

    def has_stopped(self) -> None:
        """The first time it leaves the class-data archive."""
        self._archive.take()

    def _configuration(self) -> str:
        clients = f"CLIENT://{self.bootstrap}," if self._inside_port else ""
        rules = GUARDED if self._inside_port else OPEN
        properties = PROPERTIES.format(
            host=HOST, listeners=f"{clients}BROKER://{self.inside}", controller_port=lasting_port()
        )
        return properties + "".join(f"{name}={value}\n" for name, value in rules.items())

    def _format(self) -> None:
        """Give a new data folder its cluster id."""
        command = self._java([], "kafka.tools.StorageTool", "format", "--cluster-id", new_cluster_id(), "--config")
        try:
            done = subprocess.run(
                on_leash(command),
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=FORMAT_TIMEOUT_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Complaint(f"Kafka's data folder cannot be formatted: {error}.") from error
        if done.returncode != 0:
            lines = (done.stdout + done.stderr).strip()
            raise Complaint(self.explain(lines) or "Kafka's data folder cannot be formatted.", details=lines)

    def _java(self, options: list[str], program: str, *arguments: str) -> list[str]:
        return [
            java(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Xmx{self._heap_mb}m",
            *options,
            f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}",
            "-cp", self.jars.classpath,
            program, *arguments, self._properties.name,
        ]  # fmt: skip


class ClassArchive:
    """A class-data-sharing archive of the JVM, beside the jars: the first that stops leaves it to the others."""

    def __init__(self, jars: KafkaJars) -> None:
        self._file = jars.folder.with_name("classes.jsa")
        self._draft = jars.folder.with_name(f"classes.{uuid.uuid4().hex}.draft")

    def options(self) -> list[str]:
        """The JVM's options to use the archive, or to leave one behind."""
        if self._file.exists():
            # An archive that does not fit the JVM or the jars any more is passed over, not an error.
            return [f"-XX:SharedArchiveFile={self._file}", "-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]
        return [f"-XX:ArchiveClassesAtExit={self._draft}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]

    def take(self) -> None:
        """Keep what a JVM left behind when it ended."""
        if self._draft.exists():
            self._draft.replace(self._file)


def new_cluster_id() -> str:
    """A random id as Kafka writes it: 16 bytes of base64 that does not start with a dash."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return text
