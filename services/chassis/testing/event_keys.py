"""The key under which every service writes its events in a test, and what their consumers are told of it."""

from typing import Final

from services.chassis.kafka.mac import ProducerKeys

TEXT: Final = "synthetic key for the tests only"
KEY: Final = TEXT.encode()
KEYS: Final = ProducerKeys({}, otherwise=TEXT)
"""Believes whatever carries a code under `KEY`, of whichever service."""
