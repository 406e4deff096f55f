"""What the processes of the zone show at `/metrics`, as the table of docs/operations.md.

    python -m deploy.documents.metrics_table [--text]

Read from a real export and not from the source, as Prometheus' names are made by the exporter. `--text` prints that
export itself, in Prometheus' text format.
"""

import sys
from collections.abc import Iterator

from opentelemetry.metrics import Counter, Histogram
from opentelemetry.metrics import _Gauge as Gauge  # its public name is missing in this version
from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from services.chassis.telemetry import instruments
from services.chassis.telemetry.export import set_up_telemetry

HEADER = "| metric | kind | what it tells |\n|---|---|---|\n"


def exported() -> str:
    """Every instrument of `services.chassis.telemetry.instruments`, measured once and exported; once in a process."""
    set_up_telemetry("table")
    for each in vars(instruments).values():
        if isinstance(each, Counter):
            each.add(1)
        elif isinstance(each, Histogram):
            each.record(1)
        elif isinstance(each, Gauge):
            each.set(1)
    return generate_latest().decode()


def families_in(text: str) -> Iterator[Metric]:
    """The zone's own metrics in an export."""
    for family in text_string_to_metric_families(text):
        if family.name.startswith(("zone_", "http_")):
            yield family


def table(text: str) -> str:
    """The metrics of an export as lines of a table: name as Prometheus has it, kind, meaning."""
    rows = ((f"{each.name}{'_total' * (each.type == 'counter')}", each) for each in families_in(text))
    return HEADER + "".join(f"| `{name}` | {each.type} | {each.documentation} |\n" for name, each in rows)


if __name__ == "__main__":
    sys.stdout.write(exported() if sys.argv[1:] == ["--text"] else table(exported()))
