"""The health checks of containers that are not ours: a shell asks the server itself, and starts no runtime for it."""

import socket
import threading
from collections.abc import Iterator

import pytest

from deploy.machine.ports import free_port
from deploy.servers.mock_cluster import MockCluster
from tests.deploy.container_health import IN_TIME, says_it_is_ready


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who takes a connection, reads what is asked, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            with server.accept()[0] as connection:
                connection.recv(1_024)

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(IN_TIME)


def test_a_broker_that_answers_is_ready_and_one_that_is_away_is_not(server_starts: None) -> None:
    with MockCluster({}) as broker:
        port = int(broker.bootstrap.rpartition(":")[2])
        assert says_it_is_ready("kafka", port)
        broker.set_down()
        assert not says_it_is_ready("kafka", port)


@pytest.mark.parametrize("server", ["kafka", "mongo"])
def test_who_hangs_up_is_not_ready(server: str, silent: int) -> None:
    assert not says_it_is_ready(server, silent)


def test_a_database_that_is_away_is_not_ready() -> None:
    assert not says_it_is_ready("mongo", free_port())
