import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.complaint import Complaint
from deploy.machine import ports
from deploy.machine.ports import HeldPorts, address_in, free_port, given_out, lasting_port, listens, require_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_who_needs_it_and_what_to_do(taken: int) -> None:
    with pytest.raises(Complaint, match=rf"^Port {taken}, which the clock needs, is taken by another process: wait\.$"):
        require_free(taken, "the clock", "wait")


def test_a_port_that_this_user_may_not_have_is_said_to_be_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_obstacle", lambda port: PermissionError(port))
    with pytest.raises(Complaint, match="Port 80, which the clock needs, is not for this user: choose one above 1023"):
        require_free(80, "the clock", "wait")


def test_a_free_port_is_no_problem() -> None:
    require_free(free_port(), "the clock", "wait")


@pytest.fixture
def held() -> Iterator[HeldPorts]:
    ports = HeldPorts()
    yield ports
    ports.give_back()


def test_the_usual_port_is_taken_where_it_is_free(held: HeldPorts) -> None:
    port = free_port()
    assert held.take(port) == port


def test_where_somebody_has_the_usual_port_one_is_taken_that_no_outgoing_connection_gets(
    held: HeldPorts, taken: int
) -> None:
    assert held.take(taken) not in {taken, *given_out()}


def test_of_two_launchers_that_choose_before_their_servers_start_each_has_a_port_of_its_own(held: HeldPorts) -> None:
    other, usual = HeldPorts(), free_port()
    assert held.take(usual) != other.take(usual)
    other.give_back()


def test_a_port_that_was_given_back_may_be_taken(held: HeldPorts) -> None:
    before, usual = HeldPorts(), free_port()
    before.take(usual)
    before.give_back()
    assert held.take(usual) == usual


def test_the_system_says_which_ports_it_gives_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "range").write_text("20000\t30000\n")
    monkeypatch.setattr(ports, "GIVEN_OUT", tmp_path / "range")
    assert given_out() == range(20_000, 30_001)
    assert {lasting_port() for _ in range(50)}.isdisjoint(given_out())


def test_where_the_system_would_give_out_every_port_one_of_them_must_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "range").write_text("1024 65535")
    monkeypatch.setattr(ports, "GIVEN_OUT", tmp_path / "range")
    require_free(lasting_port(), "a server", "choose another")


def test_where_the_system_does_not_say_they_are_those_above_32767(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ports, "GIVEN_OUT", tmp_path / "nothing")
    assert lasting_port() < 32_768


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
    assert port not in given_out()
    require_free(port, "a server", "choose another")
