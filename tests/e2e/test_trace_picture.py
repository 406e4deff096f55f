"""A registration in a zone that runs, seen and drawn; and once more, as each is another business."""

import pytest

from deploy.commands.trace_picture import TITLE, seen_elsewhere
from deploy.public_api import Access
from deploy.trace.collector import Collector
from deploy.trace.waterfall import waterfall
from tests.zone_under_test import ZoneUnderTest

pytestmark = pytest.mark.xdist_group("zone")


def test_a_registration_is_drawn_of_a_zone_that_runs_and_again(zone: ZoneUnderTest, traces: Collector) -> None:
    for _ in range(2):
        spans = seen_elsewhere(Access(zone.url, zone.operator_key), traces)
        assert {"partner", "gateway", "registry", "metrics", "incubator"} <= {span.service for span in spans}
        assert "submits a registration" in waterfall(spans, TITLE)
