"""Configuration: read once from `ZONE_*` variables, typed, and passed inward."""

import os
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only"


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
    outbox_keep: Literal["window", "all"] = "window"
    outbox_limit: int = Field(default=1_000_000, ge=1, description="unpublished events before writes answer 503")
    request_deadline: float = Field(default=10.0, gt=0, description="seconds for a request that states no deadline")
    body_limit: int = Field(default=1_048_576, ge=1, description="bytes of a request body")
    identity_public_key: str = ""
    cursor_secret: str = DEVELOPMENT_SECRET
    log_format: Literal["console", "json"] = "console"
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _refuse_default_secrets(self) -> Self:
        if not self.identity_public_key:
            raise ValueError("ZONE_IDENTITY_PUBLIC_KEY is not set: without it no caller can be believed")
        if self.env == "production" and self.cursor_secret == DEVELOPMENT_SECRET:
            raise ValueError("ZONE_CURSOR_SECRET is not set: in production it must be a secret of your own")
        return self
