"""The form of a key, and what is kept of it."""

import re

import pytest

from gateway.access.key_text import id_in, new_text, sealed
from services.chassis.domain.ids import new_id

PEPPER = b"one pepper"
KEY = new_text("key_" + "0123456789abcdef" * 2)


def test_a_key_names_its_environment_its_id_32_random_bytes_and_a_checksum() -> None:
    assert re.fullmatch(r"zk_live_0123456789abcdef0123456789abcdef_[A-Za-z0-9_-]{43}[0-9a-f]{8}", KEY)


def test_the_id_is_read_back_from_the_key() -> None:
    id = new_id("key")
    assert id_in(new_text(id).encode()) == id


def test_no_two_keys_of_one_id_are_alike() -> None:
    assert len({new_text("key_" + "0" * 32) for _ in range(50)}) == 50


@pytest.mark.parametrize("place", range(len(KEY)))
def test_a_key_with_any_one_character_mistyped_is_none(place: int) -> None:
    mistyped = KEY[:place] + ("0" if KEY[place] != "0" else "1") + KEY[place + 1 :]
    assert id_in(mistyped.encode()) is None


@pytest.mark.parametrize("length", range(len(KEY)))
def test_a_key_cut_off_anywhere_is_none(length: int) -> None:
    assert id_in(KEY[:length].encode()) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(KEY.replace("zk_live_", "zk_test_").encode(), id="another environment"),
        pytest.param(KEY.upper().encode(), id="capitals"),
        pytest.param(f" {KEY}".encode(), id="a space before"),
        pytest.param(f"{KEY}\n".encode(), id="a line end after"),
        pytest.param(f"{KEY}0".encode(), id="one more digit"),
        pytest.param(b"\xff" * 92, id="not text"),
        pytest.param(b"zk_live_" + b"0" * 1_000_000, id="a megabyte"),
    ],
)
def test_what_is_not_exactly_a_key_of_this_environment_is_none(text: bytes) -> None:
    assert id_in(text) is None


def test_what_is_kept_of_a_key_is_an_hmac_that_another_pepper_does_not_make() -> None:
    seal = sealed(KEY.encode(), PEPPER)
    assert re.fullmatch("[0-9a-f]{64}", seal)
    assert seal == sealed(KEY.encode(), PEPPER)
    assert seal != sealed(KEY.encode(), b"another pepper")
