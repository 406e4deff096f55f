"""The compose file, judged without an engine: by its schema, and by what the page on operations promises."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.__main__ import COMMANDS
from deploy.images.compose import FILE, compose_file, run_options, secrets_of, variables
from deploy.images.images import SOURCES
from deploy.machine.secret_files import event_key_files, kafka_password_file, mongo_url_file, write_secret_files
from deploy.machine.zone_folder import ROOT
from deploy.machine.zone_secrets import new_secrets, told_to
from deploy.servers.apache_kafka import GUARDED
from deploy.servers.mongod import Mongod
from deploy.services import heard_by
from gateway.settings import GatewaySettings
from services.chassis.settings import Settings
from services.chassis.telemetry.destinations import SIGNALS, signals_that_leave

TOOLS = Path(sys.executable).parent
COMPOSE = compose_file()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {"mongo-init", "kafka-topics", "figures-key"}
BY_HAND = "tools"
WITHOUT_SHELL = {"collector"}
"""Its image holds one program, which cannot ask itself; Prometheus' `up` tells whether it lives."""
OURS = sorted(SOURCES)
LIFETIME = "transactionLifetimeLimitSeconds=3"
EXAMPLE = (ROOT / ".env.example").read_text()

OTLP = [f"OTEL_EXPORTER_OTLP_{word}" for word in ("ENDPOINT", "HEADERS")] + [
    f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT" for signal in SIGNALS
]

KAFKA = {
    name.removeprefix("KAFKA_").replace("___", "-").replace("_", ".").lower(): value
    for name, value in SERVICES["kafka"]["environment"].items()
}
"""What its image makes of its variables: the broker's properties."""

each_service = pytest.mark.parametrize("name", SERVICES)
each_of_ours = pytest.mark.parametrize("name", OURS)


def test_the_file_is_what_the_compose_specification_allows() -> None:
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FILE)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@each_service
def test_nothing_runs_as_root(name: str) -> None:
    user = SERVICES[name]["user"].partition(":")[0]
    assert int(user) > 0


@each_service
def test_no_process_can_become_more_than_it_is(name: str) -> None:
    service = SERVICES[name]
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert (service["read_only"], service["init"]) == (True, True)


@each_service
def test_everything_has_its_limits(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}


@each_service
def test_everything_that_stays_says_whether_it_is_well(name: str) -> None:
    found = SERVICES[name].get("healthcheck")
    if name in ONCE:
        assert (found, SERVICES[name]["restart"]) == (None, "no")
    elif name == BY_HAND:
        assert (found, SERVICES[name]["restart"]) == ({"disable": True}, "no")
    elif name in WITHOUT_SHELL:
        assert found == {"disable": True}
        assert f'targets: ["{name}:' in (ROOT / "deploy/observability/prometheus.yaml").read_text()
    else:
        assert found is not None
        assert found["test"][0] in ("CMD", "CMD-SHELL")


@each_service
def test_whoever_waits_waits_for_health_or_for_the_end_of_what_runs_once(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert how == {"condition": wanted}


def test_only_the_gateway_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert {name for name in published if "profiles" not in SERVICES[name]} == {"gateway"}
    assert [port for ports in published.values() for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_network_inside_has_no_way_out_and_everyone_is_in_it() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    networks = {name: service["networks"] for name, service in SERVICES.items() if name != "kafka-topics"}
    assert [name for name, own in networks.items() if "inside" not in own] == []
    outside = {name for name, own in networks.items() if own != ["inside"]}
    assert outside == {name for name, service in SERVICES.items() if "ports" in service}


def test_the_gateway_tells_its_health_to_the_network_inside_alone() -> None:
    (inside,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    networks = SERVICES["gateway"]["environment"]["ZONE_HEALTH_NETWORKS"].split(",")
    assert networks == ["127.0.0.0/8", inside["subnet"]]


def test_every_variable_is_explained_with_what_it_takes_otherwise() -> None:
    explained = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    switched_off = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert {**explained, **dict.fromkeys(switched_off, "")} == {**variables(), "COMPOSE_PROFILES": ""}
    profiles = {service["profiles"][0] for service in SERVICES.values() if "profiles" in service}
    assert profiles == {switched_off["COMPOSE_PROFILES"], BY_HAND}
    assert switched_off["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "http://collector:4318/v1/traces"
    assert signals_that_leave(switched_off) == {"traces"}


def test_a_variable_that_takes_nothing_is_an_empty_text() -> None:
    told = SERVICES["registry"]["environment"]
    assert {name: value for name, value in told.items() if name.startswith("OTEL_")} == dict.fromkeys(OTLP, "")


@each_service
def test_every_mount_is_there(name: str) -> None:
    for mount in SERVICES[name].get("volumes", ()):
        source = mount.partition(":")[0]
        assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"], mount


def test_init_makes_every_secret_and_every_secret_is_used(tmp_path: Path) -> None:
    made = write_secret_files(tmp_path, new_secrets())
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {f".zone/secrets/{name}" for name in made}
    used = {source for service in SERVICES.values() for source in secrets_of(service).values()}
    assert used == COMPOSE["secrets"].keys()


def test_topics_and_users_are_made_by_the_command_line_alone() -> None:
    once = SERVICES["kafka-topics"]
    assert (once["entrypoint"], once["command"][0], once["command"][-1]) == (
        ["python", "-m", "deploy"],
        "topics",
        "--users",
    )
    assert set(once["secrets"]) == {kafka_password_file(name) for name in OURS}
    assert KAFKA["auto.create.topics.enable"] == "false"


def test_kafka_lets_in_by_its_network_only_who_has_a_login() -> None:
    assert KAFKA.items() >= GUARDED.items()
    listeners = dict(each.split("://") for each in KAFKA["listeners"].split(","))
    assert {name for name, where in listeners.items() if not where.startswith("127.0.0.1:")} == {"CLIENT"}


def test_topics_and_users_are_made_by_the_listener_that_nobody_else_reaches() -> None:
    once = SERVICES["kafka-topics"]
    listeners = dict(each.split("://") for each in KAFKA["listeners"].split(","))
    assert (once["network_mode"], "networks" in once) == ("service:kafka", False)
    assert once["command"][once["command"].index("--bootstrap") + 1] == listeners["BROKER"]


@each_of_ours
def test_a_service_comes_to_kafka_as_itself(name: str) -> None:
    told = SERVICES[name]["environment"]
    assert told["ZONE_KAFKA_USERNAME"] == name
    assert f"CLIENT://{told['ZONE_KAFKA_BOOTSTRAP']}" in KAFKA["advertised.listeners"].split(",")


@each_of_ours
def test_every_service_is_built_from_its_own_folder_and_runs_itself(name: str) -> None:
    service = SERVICES[name]
    source = service["build"]["args"]["SERVICE"]
    assert source == SOURCES[name]
    assert service["command"] == [source.replace("/", "."), "--role", "all"]
    assert (ROOT / service["build"]["dockerfile"]).is_file()


@each_of_ours
def test_a_service_is_told_what_it_knows_and_nothing_else(name: str) -> None:
    fields = (GatewaySettings if name == "gateway" else Settings).model_fields
    told = SERVICES[name]["environment"].keys() | secrets_of(SERVICES[name]).keys()
    unknown = {word for word in told if word.startswith("ZONE_") and word.removeprefix("ZONE_").lower() not in fields}
    assert unknown == set()


@each_of_ours
def test_a_service_gets_its_own_secrets_and_no_others(name: str) -> None:
    told = told_to(name, new_secrets(), heard_by(name))
    stores = {"ZONE_MONGO_URL": mongo_url_file(name), "ZONE_KAFKA_PASSWORD": kafka_password_file(name)}
    expected = {key: event_key_files(name).get(key, key) for key in told} | stores
    assert secrets_of(SERVICES[name]) == expected


def test_each_service_has_a_user_of_its_own_in_the_database() -> None:
    script = (ROOT / "deploy/mongo/init.js").read_text()
    names = re.search(r"for \(const service of \[(.*?)\]\)", script)
    assert names is not None
    assert sorted(re.findall(r'"(\w+)"', names[1])) == OURS
    passwords = {f"{name}-mongo-url" for name in OURS} | {"mongo-root-password"}
    assert set(secrets_of(SERVICES["mongo-init"])) == passwords


def test_a_transaction_ends_as_soon_as_on_one_machine(tmp_path: Path) -> None:
    own = Mongod(tmp_path, port=1, log=tmp_path / "log").process.command
    assert LIFETIME in own
    assert f"--setParameter={LIFETIME}" in SERVICES["mongo"]["command"]


def test_the_tools_are_the_command_line_with_every_service_and_what_a_replay_and_a_new_key_need() -> None:
    tools = SERVICES[BY_HAND]
    assert tools["entrypoint"] == ["python", "-m", "deploy"]
    assert tools["command"][0] in COMMANDS
    assert tools["image"] in {SERVICES[name]["image"] for name in OURS}
    code = {f"./{folder}:/zone/{folder}:ro" for folder in ("deploy", "services", "gateway")}
    assert set(tools["volumes"]) == code | set(SERVICES["gateway"]["volumes"])
    file = "ZONE_OPERATOR_KEY_FILE"
    assert tools["environment"][file] == SERVICES["gateway"]["environment"][file]
    assert "WORKDIR /zone\n" in (ROOT / "deploy/Dockerfile").read_text()
    keys = {event_key_files(name)["ZONE_EVENT_KEYS"] for name in OURS if heard_by(name)}
    assert set(tools["secrets"]) == {mongo_url_file(name) for name in OURS} | keys | {"ZONE_KEY_PEPPER"}


def test_the_key_to_the_figures_is_made_for_prometheus_and_kept_where_it_reads_it() -> None:
    once, prometheus = SERVICES["figures-key"], SERVICES["prometheus"]
    command, file = once["command"][:2]
    assert command in COMMANDS
    folder, _, name = file.rpartition("/")
    assert f"figures:{folder}" in once["volumes"]
    (seen,) = (each.split(":")[1] for each in prometheus["volumes"] if each.startswith("figures:"))
    assert (seen, name) == ("/etc/prometheus/figures", "figures.key")
    office = SERVICES["gateway"]["environment"]["ZONE_OPERATOR_KEY_FILE"]
    assert f"cat {office.replace('/var/lib/zone', '/office')})" in once["entrypoint"][2]
    registry = json.loads(SERVICES["gateway"]["environment"]["ZONE_UPSTREAMS"])["registry"]
    assert once["environment"] == {"ZONE_URL": registry.replace("registry", "gateway")}
    assert prometheus["depends_on"] == {"figures-key": {"condition": "service_completed_successfully"}}
    assert [name for name, service in SERVICES.items() if "office:/office:ro" in service.get("volumes", ())] == [
        "figures-key"
    ]


def test_a_container_of_the_smoke_run_is_held_as_tightly() -> None:
    options = run_options(SERVICES["registry"])
    assert {"--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges"} <= set(options)
    assert {"--user=10001:10001", "--cpus=1", "--memory=512m", "--pids-limit=200"} <= set(options)
