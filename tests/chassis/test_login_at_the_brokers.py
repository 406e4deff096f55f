"""As whom a service comes to Kafka: as nobody in particular, or by the login that it was told."""

import pytest

from services.chassis.kafka.client import Brokers, connection_to
from services.chassis.testing.callers import settings
from services.chassis.workers import brokers_of

LOGIN = {"kafka_username": "registry", "kafka_password": "a synthetic password"}


def test_who_is_told_no_login_comes_without_one() -> None:
    assert connection_to(brokers_of(settings(kafka_bootstrap="kafka:9092"))) == {"bootstrap_servers": "kafka:9092"}


def test_a_login_is_used_by_scram() -> None:
    told = connection_to(brokers_of(settings(kafka_bootstrap="kafka:9092", **LOGIN)))
    assert (told["sasl_mechanism"], told["sasl_plain_username"]) == ("SCRAM-SHA-512", "registry")
    assert told["bootstrap_servers"] == "kafka:9092"


@pytest.mark.parametrize("half", LOGIN.items())
def test_half_a_login_is_none(half: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="ZONE_KAFKA_USERNAME and ZONE_KAFKA_PASSWORD are set together"):
        settings(**dict([half]))


def test_no_password_is_shown_with_where_the_brokers_are() -> None:
    assert "synthetic" not in repr(Brokers("kafka:9092", "registry", "a synthetic password"))
