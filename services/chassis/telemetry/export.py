"""What a process measures, traces and logs, and the exporters that take it elsewhere."""

import logging
import os
from threading import Thread
from time import monotonic

from opentelemetry import metrics, trace
from opentelemetry._logs import get_logger_provider, set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.instrumentation.pymongo import PymongoInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased

from services.chassis.telemetry import tracing
from services.chassis.telemetry.destinations import signals_that_leave
from services.chassis.telemetry.exported_logs import ExportedLogs
from services.chassis.telemetry.logs import AccessLog

EXPORT_TIMEOUT = 2
"""Seconds; a collector that is dead must not slow a stop."""


def set_up_telemetry(service: str) -> None:
    """Begin to trace and to measure, once per process and after its logs; each signal leaves by OTLP where standard
    variables send it somewhere (`destinations.py`).

    Where traces do not leave no span is recorded, but trace ids are made and passed on all the same, so that logs,
    answers and events can still be joined. `/metrics` and the lines of the log are there in any case.

    Raises:
        ValueError: a variable asks for what there is not; the sentence names it.
    """
    leaving = signals_that_leave(os.environ)
    resource = Resource.create({"service.name": service, "service.namespace": "zone"})
    tracing.is_exporting = "traces" in leaving
    sampler = tracing.OfSomeConcern() if tracing.is_exporting else ALWAYS_OFF
    tracers = TracerProvider(resource=resource, sampler=ParentBased(sampler), shutdown_on_exit=False)
    if tracing.is_exporting:
        tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=EXPORT_TIMEOUT)))
        os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
        PymongoInstrumentor().instrument(tracer_provider=tracers)
    trace.set_tracer_provider(tracers)
    readers: list[MetricReader] = [PrometheusMetricReader()]
    if "metrics" in leaving:
        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(timeout=EXPORT_TIMEOUT)))
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=readers, shutdown_on_exit=False))
    if "logs" in leaving:
        _export_logs(service, resource)


def _export_logs(service: str, resource: Resource) -> None:
    loggers = LoggerProvider(resource=resource, shutdown_on_exit=False)
    loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(timeout=EXPORT_TIMEOUT)))
    set_logger_provider(loggers)
    logging.getLogger().addHandler(ExportedLogs(loggers))
    AccessLog.set_up(service, None)  # the line of a request is a record like any other then


def flush_telemetry() -> None:
    """Send what is still held, for `EXPORT_TIMEOUT` at most; what a collector has not taken by then is lost."""
    stops = [
        Thread(target=provider.shutdown, daemon=True)
        for provider in (trace.get_tracer_provider(), metrics.get_meter_provider(), get_logger_provider())
        if isinstance(provider, TracerProvider | MeterProvider | LoggerProvider)
    ]
    for stop in stops:
        stop.start()
    end = monotonic() + EXPORT_TIMEOUT
    for stop in stops:
        stop.join(max(0.0, end - monotonic()))
