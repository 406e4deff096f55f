import re
from xml.etree import ElementTree

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from deploy.machine.zone_folder import ROOT
from deploy.trace.collector import Span, collector, spans_in
from deploy.trace.waterfall import waterfall
from services.chassis.http import client as http_client

TRACE, OTHER = "a" * 32, "b" * 32
SVG = "{http://www.w3.org/2000/svg}"
MS = 1_000_000


def span(service: str, name: str, start: int, end: int, parent: str = "", trace: str = TRACE) -> Span:
    """A span from one millisecond to another; its id is its name."""
    return Span(service, name, trace, name, parent, frozenset(), start * MS, end * MS)


def bars(picture: str) -> list[ElementTree.Element]:
    return [rect for rect in ElementTree.fromstring(picture).iter(f"{SVG}rect") if rect.get("rx") == "3"]


def words(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_lanes_stand_in_the_order_in_which_services_first_did_something() -> None:
    picture = waterfall([span("b", "late", 5, 6), span("a", "again", 7, 8), span("a", "first", 0, 9)], "x")
    assert [word for word in words(picture) if len(word) == 1] == ["x", "a", "b"]
    assert [word.split()[0] for word in words(picture) if "·" in word] == ["first", "again", "late"]


def test_a_bar_is_as_long_as_its_span_and_begins_where_it_did() -> None:
    first, second = bars(waterfall([span("a", "all", 0, 100), span("a", "half", 50, 100)], "x"))
    assert float(second.get("width", 0)) * 2 == pytest.approx(float(first.get("width", 0)), abs=0.2)
    assert float(second.get("x", 0)) - float(first.get("x", 0)) == pytest.approx(float(second.get("width", 0)), abs=0.2)


def test_a_span_that_took_no_time_can_still_be_seen() -> None:
    picture = waterfall([span("a", "all", 0, 100), span("a", "create", 50, 50)], "x")
    assert float(bars(picture)[1].get("width", 0)) >= 2


def test_a_line_leads_from_a_cause_in_another_service() -> None:
    causes = 'class="cause"'
    own = [span("a", "one", 0, 9), span("a", "two", 1, 2, parent="one")]
    assert waterfall(own, "x").count(causes) == 0
    assert waterfall([*own, span("b", "three", 3, 4, parent="two")], "x").count(causes) == 1


def test_a_span_whose_parent_nobody_exported_stands_for_itself() -> None:
    assert len(bars(waterfall([span("a", "one", 0, 9, parent="elsewhere")], "x"))) == 1


def test_a_batch_of_another_trace_has_a_dashed_border() -> None:
    picture = waterfall([span("a", "one", 0, 9), span("a", "two", 1, 2), span("a", "send", 3, 4, trace=OTHER)], "x")
    assert [bar.get("stroke-dasharray") for bar in bars(picture)] == [None, None, "4 2"]


def test_a_name_cannot_break_the_picture() -> None:
    assert any("<b>&" in word for word in words(waterfall([span("a", "<b>&", 0, 1)], "x & <y>")))


def test_no_label_leaves_the_paper() -> None:
    picture = waterfall([span("a", "n" * 60, 0, 100), span("a", "m" * 60, 99, 100)], "x")
    late = next(text for text in ElementTree.fromstring(picture).iter(f"{SVG}text") if (text.text or "")[0] == "m")
    assert late.get("text-anchor") == "end"


@pytest.mark.parametrize("milliseconds", [0, 1, 7, 90, 1_500, 3_600_000])
def test_the_axis_has_a_few_lines_whatever_the_length(milliseconds: int) -> None:
    picture = waterfall([span("a", "one", 0, milliseconds)], "x")
    assert 1 <= sum(bool(re.fullmatch(r"\S+ ms", word)) for word in words(picture)) <= 13


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="needs a span"):
        waterfall([], "x")


async def test_the_collector_keeps_what_it_is_sent() -> None:
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    name = resource.resource.attributes.add(key="service.name")
    name.value.string_value = "registry"
    sent = resource.scope_spans.add().spans.add(name="send", start_time_unix_nano=1, end_time_unix_nano=3)
    sent.trace_id, sent.span_id = bytes.fromhex(OTHER), bytes.fromhex("c" * 16)
    sent.links.add(trace_id=bytes.fromhex(TRACE))
    with collector() as running:
        async with http_client.client(running.endpoint) as client:
            answer = await client.post("/v1/traces", content=request.SerializeToString())
            await client.post("/v1/metrics", content=b"not for us")
    assert answer.status_code == 200
    expected = Span("registry", "send", OTHER, "c" * 16, "", frozenset({TRACE}), 1, 3)
    assert running.of_trace(TRACE) == running.of_trace(OTHER) == running.spans == [expected]
    assert list(spans_in(request.SerializeToString())) == [expected]


def test_the_picture_in_the_docs_shows_every_process() -> None:
    picture = (ROOT / "docs" / "trace.svg").read_text()
    said = words(picture)
    assert [name for name in ("partner", "gateway", "registry", "metrics", "incubator") if name not in said] == []
    assert [part for part in ("submits", "create", "send", "process", "reads the KPI") if part not in str(said)] == []
