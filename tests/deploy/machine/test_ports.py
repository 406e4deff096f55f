import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.complaint import Complaint
from deploy.machine.ports import address_in, free_port, lasting_port, listens, preferred_port, require_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_who_needs_it_and_what_to_do(taken: int) -> None:
    with pytest.raises(Complaint, match=rf"^Port {taken}, which the clock needs, is taken by another process: wait\.$"):
        require_free(taken, "the clock", "wait")


def test_a_free_port_is_no_problem() -> None:
    require_free(free_port(), "the clock", "wait")


def test_the_usual_port_is_taken_where_it_is_free() -> None:
    port = free_port()
    assert preferred_port(port) == port


def test_another_port_is_taken_where_somebody_has_the_usual_one(taken: int) -> None:
    assert preferred_port(taken) != taken


async def test_somebody_listens_on_a_taken_port(taken: int) -> None:
    assert await listens(taken)


async def test_nobody_listens_on_a_free_port() -> None:
    assert not await listens(free_port())


def test_a_service_listens_on_a_socket() -> None:
    assert address_in(Path("/zone/run"), "registry") == "unix:/zone/run/registry.sock"


def test_a_service_listens_on_a_port_where_the_path_is_too_long_for_a_socket() -> None:
    assert address_in(Path("/zone") / ("long" * 30), "registry").startswith("127.0.0.1:")


def test_a_lasting_port_is_free_and_not_one_that_outgoing_connections_get() -> None:
    port = lasting_port()
    assert port < 32_768
    require_free(port, "a server", "choose another")
