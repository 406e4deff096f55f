"""Whose processor time a measurement tells."""

import os
import subprocess
import sys
import time

import pytest

from deploy.bench.processors import used_by

pytestmark = pytest.mark.skipif(
    not used_by([os.getpid()]), reason="this system has no processor clocks of other processes"
)


def test_a_process_has_used_what_it_says_itself() -> None:
    while time.process_time() < 0.5:
        sum(range(10_000))
    before = time.process_time()
    assert before - 0.1 < used_by([os.getpid()])[os.getpid()] < time.process_time() + 0.1


def test_a_process_that_is_gone_is_left_out() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert used_by([gone.pid]) == {}
