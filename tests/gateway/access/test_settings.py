"""A gateway that is told too little does not start, and says which variable it misses."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.main import service
from gateway.settings import GatewaySettings

PAIR = Ed25519PrivateKey.from_private_bytes(b"synthetic key for the tests only")


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


TOLD = {
    "ZONE_ENV": "production",
    "ZONE_IDENTITY_PRIVATE_KEY": text(PAIR.private_bytes_raw()),
    "ZONE_IDENTITY_PUBLIC_KEY": text(PAIR.public_key().public_bytes_raw()),
    "ZONE_CURSOR_SECRET": "c" * 43,
    "ZONE_EVENT_KEY": "e" * 43,
    "ZONE_KEY_PEPPER": "p" * 43,
    "ZONE_UPSTREAMS": json.dumps({"registry": "unix:/run/registry.sock", "metrics": "http://metrics:8080"}),
}


@pytest.fixture(autouse=True)
def _told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOLD.items():
        monkeypatch.setenv(name, value)


def test_a_gateway_that_is_told_everything_knows_it() -> None:
    settings = GatewaySettings()
    assert settings.upstreams == {"registry": "unix:/run/registry.sock", "metrics": "http://metrics:8080"}
    assert (settings.listen, settings.operator_key_file) == ("127.0.0.1:8000", None)
    assert [str(network) for network in settings.health_networks] == ["127.0.0.0/8", "::1/128"]


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"ZONE_ENV"}))
def test_a_production_start_without_a_secret_or_an_address_is_refused_and_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit, match=f"{name} is not set"):
        service.run(["--role", "api"])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ZONE_EVENT_KEY", "short", "ZONE_EVENT_KEY is too short"),
        ("ZONE_EVENT_KEYS", '{"registry": "short"}', "ZONE_EVENT_KEYS: the key of registry is too short"),
        ("ZONE_EVENT_KEYS", "{", "ZONE_EVENT_KEYS is not {"),
        ("ZONE_EVENT_KEYS", '{"registry": 1}', "ZONE_EVENT_KEYS is not {"),
        ("ZONE_EVENT_KEYS", '{"registry": []}', "ZONE_EVENT_KEYS is not {"),
        ("ZONE_KEY_PEPPER", "short", "ZONE_KEY_PEPPER is too short"),
        ("ZONE_IDENTITY_PRIVATE_KEY", "AAAA", "ZONE_IDENTITY_PRIVATE_KEY is not 32 bytes as base64url"),
        ("ZONE_IDENTITY_PRIVATE_KEY", text(b"k" * 32), "ZONE_IDENTITY_PUBLIC_KEY is not the public half"),
        ("ZONE_UPSTREAMS", "{", "ZONE_UPSTREAMS is not set"),
        ("ZONE_UPSTREAMS", "{}", "ZONE_UPSTREAMS is not set"),
        ("ZONE_UPSTREAMS", '["registry"]', "ZONE_UPSTREAMS is not set"),
        ("ZONE_UPSTREAMS", '{"registry": "https://x"}', "the address of registry is neither"),
        ("ZONE_UPSTREAMS", '{"registry": 8000}', "the address of registry is neither"),
        ("ZONE_HEALTH_NETWORKS", "10.0.0.0/33", "ZONE_HEALTH_NETWORKS: '10.0.0.0/33'"),
        ("ZONE_ENV", "prod", "ZONE_ENV: Input should be 'development' or 'production'"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as refused:
        service.run([])
    assert sentence in str(refused.value)


def test_a_service_of_the_public_api_without_an_address_is_named_at_the_start() -> None:
    with pytest.raises(SystemExit, match="ZONE_UPSTREAMS has no address of incubator"):
        service.app(GatewaySettings())
