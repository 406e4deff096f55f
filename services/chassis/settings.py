"""Configuration: read once from `ZONE_*` variables, typed, and passed inward."""

import os
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only"
SHORTEST_EVENT_KEY = 32
"""Characters; RFC 2104 §3 advises a key of at least the length of the hash, 32 bytes."""
Key = Annotated[str, StringConstraints(min_length=1)]
KEYS_BY_SERVICE = TypeAdapter(dict[str, Key | Annotated[tuple[Key, ...], Field(min_length=1)]])


class Settings(BaseSettings):
    """What every process of the zone is told.

    What is no variable may be a file of that name in the folder `ZONE_SECRETS_DIR`: how a container gets its secrets.

    Raises:
        ValueError: outside development a secret is missing; the sentence names its variable.
    """

    model_config = SettingsConfigDict(
        env_prefix="ZONE_", frozen=True, extra="ignore", secrets_dir=os.environ.get("ZONE_SECRETS_DIR")
    )

    env: Literal["development", "production"] = "development"
    role: Literal["api", "worker", "all"] = "all"
    listen: str = Field(default="127.0.0.1:8080", description="HOST:PORT or unix:/path/to.sock")
    mongo_url: str = "mongodb://127.0.0.1:27017/?replicaSet=zone"
    database_prefix: str = "zone"
    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_username: str = Field(default="", description="for SASL/SCRAM-SHA-512; none for brokers that let all in")
    kafka_password: str = ""
    outbox_keep: Literal["window", "all"] = "window"
    outbox_limit: int = Field(default=1_000_000, ge=1, description="unpublished events before writes answer 503")
    request_deadline: float = Field(default=10.0, gt=0, description="seconds for a request that states no deadline")
    body_limit: int = Field(default=1_048_576, ge=1, description="bytes of a request body")
    identity_public_key: str = ""
    cursor_secret: str = DEVELOPMENT_SECRET
    event_key: str = Field(
        default=DEVELOPMENT_SECRET, description="by which others know that this service wrote an event"
    )
    event_keys: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        default={}, description='of the services that it hears: {"registry": "…"}, or ["new", "old"] while one changes'
    )
    log_format: Literal["console", "json"] = "console"
    log_level: str = "INFO"

    @field_validator("event_keys", mode="before")
    @classmethod
    def _read_event_keys(cls, value: Any) -> dict[str, tuple[str, ...]]:
        return event_keys_in(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _refuse_default_secrets(self) -> Self:
        if not self.identity_public_key:
            raise ValueError("ZONE_IDENTITY_PUBLIC_KEY is not set: without it no caller can be believed")
        if bool(self.kafka_username) != bool(self.kafka_password):
            raise ValueError("ZONE_KAFKA_USERNAME and ZONE_KAFKA_PASSWORD are set together, or neither is")
        if self.env == "production" and self.cursor_secret == DEVELOPMENT_SECRET:
            raise ValueError("ZONE_CURSOR_SECRET is not set: in production it must be a secret of your own")
        if self.env == "production" and self.event_key == DEVELOPMENT_SECRET:
            raise ValueError("ZONE_EVENT_KEY is not set: in production it must be a secret of your own")
        if self.env == "production":
            for name, keys in {"ZONE_EVENT_KEY": [self.event_key], **self._named_event_keys()}.items():
                if any(len(key) < SHORTEST_EVENT_KEY for key in keys):
                    raise ValueError(f"{name} is too short: a key has at least {SHORTEST_EVENT_KEY} characters")
        return self

    def _named_event_keys(self) -> dict[str, tuple[str, ...]]:
        return {f"ZONE_EVENT_KEYS: the key of {service}": keys for service, keys in self.event_keys.items()}


def event_keys_in(text: str) -> dict[str, tuple[str, ...]]:
    """The keys of producing services in `ZONE_EVENT_KEYS`: `{"registry": "…", "gateway": ["new", "old"]}`.

    Raises:
        ValueError: it is something else; the sentence names the variable.
    """
    try:
        found = KEYS_BY_SERVICE.validate_json(text or "{}")
    except ValidationError:
        raise ValueError('ZONE_EVENT_KEYS is not {"registry": "…", …}: a key, or several, of each service') from None
    return {service: (known,) if isinstance(known, str) else known for service, known in found.items()}
