"""The images that the compose file takes from others: pinned, with no volume left behind, asked cheaply."""

import re
from typing import Any

import pytest

from deploy.images.compose import compose_file
from deploy.machine.zone_folder import ROOT

SERVICES: dict[str, dict[str, Any]] = compose_file()["services"]
DECLARED = {
    "mongo": {"/data/db", "/data/configdb"},
    "apache/kafka": {"/var/lib/kafka/data", "/etc/kafka/secrets", "/mnt/shared/config"},
    "prom/prometheus": {"/prometheus"},
    "prom/alertmanager": {"/alertmanager"},
    "jaegertracing/jaeger": {"/tmp"},
    "grafana/grafana": set[str](),
    "otel/opentelemetry-collector-contrib": set[str](),
}
"""What the Dockerfile of each image declares as VOLUME: what is mounted nowhere becomes a volume without a name."""

each_service = pytest.mark.parametrize("name", SERVICES)


@each_service
def test_every_image_is_pinned_to_a_version_and_others_to_their_digest(name: str) -> None:
    image = SERVICES[name]["image"]
    digest = "" if image.startswith("zone-") else "@sha256:[0-9a-f]{64}"
    assert re.fullmatch(rf"[a-z0-9/-]+:v?\d+\.\d+\.\d+{digest}", image)


def test_one_image_has_one_digest() -> None:
    images = {service["image"] for service in SERVICES.values()}
    assert len({image.partition(":")[0] for image in images}) == len(images)


@each_service
def test_no_volume_is_left_without_a_name(name: str) -> None:
    service = SERVICES[name]
    image = service["image"].partition(":")[0]
    declared = set[str]() if image.startswith("zone-") else DECLARED[image]
    mounted = {volume.split(":")[1] for volume in service.get("volumes", ())}
    assert declared <= mounted | {path.partition(":")[0] for path in service["tmpfs"]}
    assert not re.search(r"^VOLUME", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)


@each_service
def test_no_health_check_starts_a_jvm_or_a_shell_with_a_runtime_of_its_own(name: str) -> None:
    asked = " ".join(SERVICES[name].get("healthcheck", {}).get("test", []))
    assert re.search(r"java|kafka|mongosh|node", asked) is None
    if asked.startswith("CMD bash "):
        script, *where = asked.split()[2:]
        assert f"./deploy/{name}{script}:{script}:ro" in SERVICES[name]["volumes"]
        assert where in (["mongo", "27017"], ["127.0.0.1", "9091"])
