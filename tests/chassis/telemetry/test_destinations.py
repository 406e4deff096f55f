"""Which signals leave: what OpenTelemetry's standard variables say."""

import pytest

from services.chassis import service
from services.chassis.service import Service
from services.chassis.telemetry.destinations import signals_that_leave

ALL = {"traces", "metrics", "logs"}
BASE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}
TRACES = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}


@pytest.mark.parametrize(
    ("told", "leaving"),
    [
        ({}, set()),
        (BASE, ALL),
        (TRACES, {"traces"}),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "https://x/v1/metrics"}, {"metrics"}),
        ({"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "https://x/v1/logs"}, {"logs"}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "", **TRACES}, {"traces"}),
        ({**BASE, "OTEL_METRICS_EXPORTER": "none"}, {"traces", "logs"}),
        ({**BASE, "OTEL_METRICS_EXPORTER": "prometheus"}, {"traces", "logs"}),
        ({**BASE, "OTEL_METRICS_EXPORTER": "prometheus, otlp"}, ALL),
        ({**BASE, "OTEL_LOGS_EXPORTER": ""}, ALL),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, {"traces"}),
        ({**BASE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, ALL),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, set()),
    ],
)
def test_a_signal_leaves_where_it_has_somewhere_to_go(told: dict[str, str], leaving: set[str]) -> None:
    assert signals_that_leave(told) == leaving


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT is not an address"),
        (
            {**BASE, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "x"},
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is not an address: it begins with http:// or https://",
        ),
        ({**BASE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL is not http/protobuf"),
        ({**TRACES, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"}, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is not"),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER names zipkin; there is none, otlp"),
    ],
)
def test_what_there_is_not_is_refused_by_its_name(told: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals_that_leave(told)


def test_a_service_that_is_told_so_says_it_and_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "set_up_logs", lambda *_, **__: None)
    monkeypatch.setenv("ZONE_IDENTITY_PUBLIC_KEY", "synthetic")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")
    with pytest.raises(SystemExit, match="OTEL_EXPORTER_OTLP_ENDPOINT is not an address"):
        Service("deaf", modules=[]).run([])
