from pathlib import Path

import pytest

from deploy.images.container_process import ContainerProcess
from deploy.images.podman import Podman
from deploy.machine.ports import free_port
from deploy.machine.zone_secrets import new_secrets, told_to


def container(name: str, folder: Path, secrets: dict[str, str]) -> ContainerProcess:
    return ContainerProcess(
        name,
        Podman(folder / "podman"),
        port=free_port(),
        environment={"ZONE_KAFKA_BOOTSTRAP": "127.0.0.1:1"},
        secrets=secrets,
        folder=folder / name,
        log=folder / "log",
    )


@pytest.fixture
def secrets() -> dict[str, str]:
    stores = {"ZONE_MONGO_URL": "mongodb://somewhere", "ZONE_KAFKA_PASSWORD": "a synthetic password"}
    return told_to("gateway", new_secrets(), []) | {"ZONE_EVENT_KEY": "a synthetic key of its own"} | stores


def test_no_secret_stands_on_a_command_line_where_everyone_could_read_it(
    tmp_path: Path, secrets: dict[str, str]
) -> None:
    command = " ".join(container("gateway", tmp_path, secrets).process.command)
    assert [name for name, value in secrets.items() if value in command] == []
    assert [name for name in secrets if f"/run/secrets/{name}:ro" not in command] == []


def test_a_service_is_mounted_its_own_secrets_alone(tmp_path: Path, secrets: dict[str, str]) -> None:
    secrets["ZONE_EVENT_KEYS"] = "{}"
    command = " ".join(container("registry", tmp_path, secrets).process.command)
    assert sorted(name for name in secrets if f":/run/secrets/{name}:ro" in command) == [
        "ZONE_CURSOR_SECRET",
        "ZONE_EVENT_KEY",
        "ZONE_EVENT_KEYS",
        "ZONE_IDENTITY_PUBLIC_KEY",
        "ZONE_KAFKA_PASSWORD",
        "ZONE_MONGO_URL",
    ]


def test_only_the_gateway_keeps_something(tmp_path: Path, secrets: dict[str, str]) -> None:
    secrets["ZONE_EVENT_KEYS"] = "{}"
    keeping = [
        name
        for name in ("registry", "metrics", "gateway")
        if any(
            ":/var/lib/zone" in word
            for word in container(name, tmp_path, secrets | {"ZONE_EVENT_KEYS": "{}"}).process.command
        )
    ]
    assert keeping == ["gateway"]


def test_it_runs_what_the_compose_file_says_and_listens_where_it_is_told(
    tmp_path: Path, secrets: dict[str, str]
) -> None:
    metrics = container("metrics", tmp_path, secrets | {"ZONE_EVENT_KEYS": "{}"})
    assert metrics.process.command[-4:] == ["localhost/zone-metrics:smoke", "services.metrics", "--role", "all"]
    assert f"--env=ZONE_LISTEN=127.0.0.1:{metrics.port}" in metrics.process.command
    assert "--env=ZONE_KAFKA_BOOTSTRAP=127.0.0.1:1" in metrics.process.command
    assert metrics.address == f"http://127.0.0.1:{metrics.port}"
