"""Which signals leave a process by OTLP: what OpenTelemetry's standard variables say, read once.

The names and meanings are of the specification (SDK environment variables; OTLP exporter); the addresses, headers,
certificates and compression themselves are read by the exporters. One thing differs: where nothing is said nothing
leaves, instead of everything to this machine's port 4318.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Signal = Literal["traces", "metrics", "logs"]
SIGNALS: Final[tuple[Signal, ...]] = get_args(Signal)

EXPORTERS: Final[Mapping[Signal, frozenset[str]]] = {
    "traces": frozenset({"otlp", "none"}),
    "metrics": frozenset({"otlp", "prometheus", "none"}),
    "logs": frozenset({"otlp", "none"}),
}
"""What `OTEL_<SIGNAL>_EXPORTER` may name. `prometheus` is `/metrics`, which there is in any case; so are log lines."""
PROTOCOL: Final = "http/protobuf"


def signals_that_leave(told: Mapping[str, str]) -> frozenset[Signal]:
    """The signals for which there is an endpoint, or whose exporter is named `otlp`; none whose exporter is another.

    Args:
        told: the environment. An empty variable counts as none, as the specification has it.

    Raises:
        ValueError: a variable asks for what there is not; the sentence names it.
    """
    return frozenset(signal for signal in SIGNALS if _leaves(signal, told))


def _leaves(signal: Signal, told: Mapping[str, str]) -> bool:
    word = signal.upper()
    endpoint = _first(told, f"OTEL_EXPORTER_OTLP_{word}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    exporters = _exporters(signal, told)
    if "otlp" not in (exporters or {"otlp"}) or not (endpoint or exporters):
        return False
    if endpoint and not endpoint[1].startswith(("http://", "https://")):
        raise ValueError(f"{endpoint[0]} is not an address: it begins with http:// or https://")
    protocol = _first(told, f"OTEL_EXPORTER_OTLP_{word}_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol and protocol[1] != PROTOCOL:
        raise ValueError(f"{protocol[0]} is not {PROTOCOL}, the one protocol there is here (a collector's port 4318)")
    return True


def _exporters(signal: Signal, told: Mapping[str, str]) -> set[str]:
    """What `OTEL_<SIGNAL>_EXPORTER` names, between commas; empty where nothing is said."""
    name = f"OTEL_{signal.upper()}_EXPORTER"
    named = {each.strip() for each in told.get(name, "").split(",")} - {""}
    if unknown := named - EXPORTERS[signal]:
        raise ValueError(f"{name} names {', '.join(sorted(unknown))}; there is {', '.join(sorted(EXPORTERS[signal]))}")
    return named


def _first(told: Mapping[str, str], *names: str) -> tuple[str, str] | None:
    """The first of these variables that says something, with what it says."""
    return next(((name, told[name]) for name in names if told.get(name)), None)
