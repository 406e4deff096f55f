"""What the gateway is told besides what every process is."""

import base64
import json
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Self, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request
from pydantic import Field, field_validator, model_validator
from pydantic_settings import NoDecode

from services.chassis.process import Process
from services.chassis.settings import DEVELOPMENT_SECRET, Settings

Network = IPv4Network | IPv6Network
ADDRESS = re.compile(r"unix:/.+|http://[^/\s:]+:\d{1,5}")
SHORTEST_PEPPER = 32


class GatewaySettings(Settings):
    """Addresses, secrets and doors of the edge.

    Raises:
        ValueError: something is missing or cannot be; the sentence names its variable.
    """

    listen: str = Field(default="127.0.0.1:8000", description="HOST:PORT or unix:/path/to.sock")
    upstreams: Annotated[dict[str, str], NoDecode] = Field(
        default={}, validate_default=True, description='{"registry": "unix:/path" | "http://host:port", …}'
    )
    identity_private_key: str = Field(default="", description="Ed25519, raw 32 bytes as base64url; nobody else has it")
    key_pepper: str = Field(default=DEVELOPMENT_SECRET, description="under which keys are sealed; never changed")
    openapi_file: Path | None = Field(default=None, description="the API's document, as `./zone openapi` prints it")
    operator_key_file: Path | None = Field(default=None, description="where the first start leaves the operator's key")
    strict_transport_security: str | None = Field(default=None, description="that header's value, behind TLS")
    health_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="from where /livez, /readyz and /metrics are answered, separated by commas",
    )

    @field_validator("upstreams", mode="before")
    @classmethod
    def _read_upstreams(cls, value: Any) -> dict[str, str]:
        try:
            upstreams = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            upstreams = None
        if not isinstance(upstreams, dict) or not upstreams:
            raise ValueError(
                'ZONE_UPSTREAMS is not set: it names each service\'s address, {"registry": "unix:/path", …}'
            )
        for name, address in upstreams.items():
            if not isinstance(address, str) or not ADDRESS.fullmatch(address):
                raise ValueError(f"ZONE_UPSTREAMS: the address of {name} is neither unix:/path nor http://host:port")
        return upstreams

    @field_validator("health_networks", mode="before")
    @classmethod
    def _read_networks(cls, value: Any) -> tuple[Network, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        try:
            return tuple(ip_network(part.strip() if isinstance(part, str) else part) for part in parts)
        except ValueError as error:
            raise ValueError(f"ZONE_HEALTH_NETWORKS: {error}") from None

    @model_validator(mode="after")
    def _refuse_missing_secrets(self) -> Self:
        if not self.identity_private_key:
            raise ValueError("ZONE_IDENTITY_PRIVATE_KEY is not set: without it no service believes the gateway")
        if public_half(self.identity_private_key) != self.identity_public_key.rstrip("="):
            raise ValueError("ZONE_IDENTITY_PUBLIC_KEY is not the public half of ZONE_IDENTITY_PRIVATE_KEY")
        if self.env == "production":
            if self.key_pepper == DEVELOPMENT_SECRET:
                raise ValueError("ZONE_KEY_PEPPER is not set: in production it must be a secret of your own")
            if len(self.key_pepper) < SHORTEST_PEPPER:
                raise ValueError(f"ZONE_KEY_PEPPER is too short: a secret has at least {SHORTEST_PEPPER} characters")
        return self


def settings_of(request: Request) -> GatewaySettings:
    """What the process that answers a request was told."""
    return cast(GatewaySettings, Process.of(request).settings)


def public_half(private_key: str) -> str:
    """The public key of a private one, both raw as base64url without padding.

    Raises:
        ValueError: it is no Ed25519 private key; the sentence names its variable.
    """
    try:
        key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(private_key + "=="))
    except ValueError:
        raise ValueError("ZONE_IDENTITY_PRIVATE_KEY is not 32 bytes as base64url") from None
    return base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
