"""A service that could not tell a forged event from one of those whom it hears does not start."""

import pytest

from services.chassis.consuming.handlers import Handlers
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import settings
from tests.chassis.garden import Grown

LONG = "a synthetic key of 32 characters"
PRODUCTION = {"env": "production", "cursor_secret": LONG, "event_key": LONG}

on = Handlers()


@on(Grown)
async def nothing(event: Grown, tx: Tx) -> None:
    """Reacts by doing nothing."""


HEARING = Service("hearing", modules=[Module("ears", "Hears of plants.", handlers=on)])
DEAF = Service("deaf", modules=[])


def test_in_production_the_keys_of_all_whom_it_hears_must_be_told() -> None:
    with pytest.raises(SystemExit, match="ZONE_EVENT_KEYS has no key of test"):
        HEARING.app(settings(**PRODUCTION))


def test_who_is_told_the_keys_of_all_whom_it_hears_starts() -> None:
    HEARING.app(settings(**PRODUCTION, event_keys={"test": [LONG]}))


def test_who_hears_nobody_needs_no_keys_of_others() -> None:
    DEAF.app(settings(**PRODUCTION))


def test_in_development_a_service_starts_with_the_key_that_everybody_knows() -> None:
    HEARING.app(settings())


def test_a_key_may_be_several_while_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE_EVENT_KEYS", '{"registry": ["new", "old"], "gateway": "one"}')
    assert settings().event_keys == {"registry": ("new", "old"), "gateway": ("one",)}


def test_every_service_needs_a_key_of_its_own_in_production() -> None:
    with pytest.raises(ValueError, match="ZONE_EVENT_KEY is not set"):
        Settings(identity_public_key="x", env="production", cursor_secret=LONG)
