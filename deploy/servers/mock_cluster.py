"""librdkafka's in-process broker, through ctypes on the library inside the `confluent-kafka` wheel.

It speaks the real wire protocol on TCP ports of the loopback address and keeps everything in memory. Its
limits: batches beyond 5 MiB a partition are dropped, topics cannot be created over the wire, an empty fetch
waits the whole `fetch_max_wait_ms`, no producer sequence is checked. It is declared in `rdkafka_mock.h`,
which calls itself an interface for tests: `tests/deploy/` runs every function that is used here.
"""

import ctypes
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.complaint import Complaint

PRODUCER = 0
ERROR_TEXT = 512


class MockCluster:
    """A cluster of in-memory brokers inside this process, gone when it is closed.

    Args:
        topics: name and number of partitions of the first topics; clients cannot create any.
        brokers: how many; their ids are 1, 2, ….
    """

    def __init__(self, topics: Mapping[str, int], *, brokers: int = 1) -> None:
        self._library = _library()
        text = ctypes.create_string_buffer(ERROR_TEXT)
        # The cluster lives inside a client, which is used for nothing else and need not complain of having no server.
        configuration = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(configuration, b"log_level", b"3", text, len(text))
        self._client = self._library.rd_kafka_new(PRODUCER, configuration, text, len(text))
        if not self._client:
            raise Complaint(f"The embedded Kafka broker cannot be made: {text.value.decode()}.")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, brokers)
        if not self._cluster:
            raise Complaint("The embedded Kafka broker cannot listen on the loopback address.")
        for name, partitions in topics.items():
            self.create_topic(name, partitions)

    @property
    def bootstrap(self) -> str:
        """`host:port` of every broker, separated by commas."""
        addresses: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return addresses.decode()

    def create_topic(self, name: str, partitions: int) -> None:
        """Make one more topic."""
        self._check(self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1))

    def set_down(self, broker: int = 1) -> None:
        """Close a broker's connections and refuse new ones; it keeps its records."""
        self._check(self._library.rd_kafka_mock_broker_set_down(self._cluster, broker))

    def set_up(self, broker: int = 1) -> None:
        """Let a broker answer again."""
        self._check(self._library.rd_kafka_mock_broker_set_up(self._cluster, broker))

    def truncate(self, topic: str, partition: int, before: int) -> None:
        """Delete a partition's records before an offset, as a log that is not kept for ever would."""
        self._check(
            self._library.rd_kafka_mock_partition_delete_records(self._cluster, topic.encode(), partition, before)
        )

    def fail_next(self, api_key: int, errors: Sequence[int]) -> None:
        """Answer the next requests of one kind with these error codes, one each.

        Kinds and codes are numbered as in the Kafka protocol (produce 0, fetch 1; NOT_ENOUGH_REPLICAS 19, …);
        -195 closes the connection, 0 lets one request pass.
        """
        codes = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, api_key, len(errors), codes)

    def fail_no_more(self, api_key: int) -> None:
        """Forget the errors still waiting for requests of one kind."""
        self._library.rd_kafka_mock_clear_request_errors(self._cluster, api_key)

    def close(self) -> None:
        """End the cluster and forget its records."""
        if self._cluster:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._client)
            self._cluster = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check(self, code: int) -> None:
        if code:
            name: bytes = self._library.rd_kafka_err2str(code)
            raise RuntimeError(f"the embedded Kafka broker refused: {name.decode()}")


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(_library_path()))
    pointer, text, integer = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, *arguments in (
        ("rd_kafka_conf_new", pointer),
        ("rd_kafka_conf_set", integer, pointer, text, text, text, ctypes.c_size_t),
        ("rd_kafka_new", pointer, integer, pointer, text, ctypes.c_size_t),
        ("rd_kafka_destroy", None, pointer),
        ("rd_kafka_err2str", text, integer),
        ("rd_kafka_mock_cluster_new", pointer, pointer, integer),
        ("rd_kafka_mock_cluster_destroy", None, pointer),
        ("rd_kafka_mock_cluster_bootstraps", text, pointer),
        ("rd_kafka_mock_topic_create", integer, pointer, text, integer, integer),
        ("rd_kafka_mock_partition_delete_records", integer, pointer, text, ctypes.c_int32, ctypes.c_int64),
        ("rd_kafka_mock_broker_set_down", integer, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_up", integer, pointer, ctypes.c_int32),
        ("rd_kafka_mock_push_request_errors_array", None, pointer, ctypes.c_int16, ctypes.c_size_t, pointer),
        ("rd_kafka_mock_clear_request_errors", None, pointer, ctypes.c_int16),
    ):  # fmt: skip
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


def _library_path() -> Path:
    package = importlib.util.find_spec("confluent_kafka")
    if package is not None and package.origin is not None:
        home = Path(package.origin).parent
        folder, pattern = (home / ".dylibs", "librdkafka*.dylib") if sys.platform == "darwin" else (
            home.with_name("confluent_kafka.libs"), "librdkafka*.so*"
        )  # fmt: skip
        for path in folder.glob(pattern):
            return path
    raise Complaint(
        "The package confluent-kafka holds no librdkafka for this platform: set ZONE_KAFKA to apache or to HOST:PORT."
    )
