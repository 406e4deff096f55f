import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.complaint import Complaint
from deploy.machine.processes import Process, rotate
from deploy.machine.watchman import Watchman
from deploy.machine.zone_folder import ROOT


def shell(tmp_path: Path, script: str) -> Process:
    return Process("worker", ["sh", "-c", script], log=tmp_path / "worker.log")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_line(process: Process) -> str:
    deadline = time.monotonic() + 10
    while not (line := process.last_lines()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return line


def test_a_process_that_ended_says_how(tmp_path: Path) -> None:
    process = shell(tmp_path, "exit 3")
    process.start()
    process.wait(10)
    assert process.ended() == "ended with exit code 3"


def test_a_killed_process_says_by_which_signal(tmp_path: Path) -> None:
    process = shell(tmp_path, "sleep 60")
    process.start()
    process.kill()
    assert process.ended() == "was ended by SIGKILL"


def test_what_a_process_prints_is_kept_with_its_last_lines(tmp_path: Path) -> None:
    process = shell(tmp_path, "echo one; echo two >&2; echo three")
    process.start()
    process.wait(10)
    assert process.last_lines(2) == "two\nthree"


def test_a_process_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    process = shell(tmp_path, "trap '' TERM; echo deaf; while :; do sleep 0.1; done")
    process.start()
    wait_for_line(process)
    process.stop(timeout=0.3)
    assert process.ended() == "was ended by SIGKILL"


def test_a_process_may_finish_before_it_is_stopped(tmp_path: Path) -> None:
    process = shell(tmp_path, "trap 'echo finished; exit 0' TERM; echo waiting; while :; do sleep 0.05; done")
    process.start()
    wait_for_line(process)
    process.stop()
    assert (process.exit_code, process.last_lines(1)) == (0, "finished")


def test_stopping_a_process_ends_the_children_that_it_left_behind(tmp_path: Path) -> None:
    process = shell(tmp_path, "sleep 60 & echo $!; wait")
    process.start()
    child = int(wait_for_line(process))
    process.stop()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)


def test_one_that_ended_by_itself_takes_its_children_with_it(tmp_path: Path) -> None:
    process = shell(tmp_path, "sleep 60 & echo $!")
    process.start()
    child = int(wait_for_line(process))
    process.wait(10)
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)


def test_the_number_of_one_that_has_ended_is_not_signalled_any_more_as_it_may_be_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = shell(tmp_path, "exit 0")
    process.start()
    process.wait(10)
    signalled: list[int] = []
    monkeypatch.setattr("deploy.machine.processes.os.kill", lambda pid, number: signalled.append(pid))
    monkeypatch.setattr("deploy.machine.processes.os.killpg", lambda group, number: signalled.append(group))
    process.signal(signal.SIGTERM)
    process.stop()
    process.kill()
    assert signalled == []


def test_the_watchman_forgets_one_that_ended_by_itself(tmp_path: Path) -> None:
    class Noted(Watchman):
        def __init__(self) -> None:
            self.groups: set[int] = set()

        def watch(self, group: int) -> None:
            self.groups.add(group)

        def forget(self, group: int) -> None:
            self.groups.remove(group)

    process = shell(tmp_path, "kill -9 $$")
    process.watchman = watchman = Noted()
    process.start()
    process.wait(10)
    process.start()
    assert watchman.groups == {process.pid}
    process.kill()
    assert watchman.groups == set()


def test_a_process_can_be_started_again(tmp_path: Path) -> None:
    process = shell(tmp_path, "sleep 60")
    process.start()
    process.kill()
    process.start()
    assert process.running
    process.kill()


def test_a_program_that_is_not_there_says_so_in_the_log(tmp_path: Path) -> None:
    process = Process("worker", ["no-such-program"], log=tmp_path / "worker.log")
    process.start()
    process.wait(10)
    assert process.last_lines() == "no-such-program: No such file or directory"


def test_a_log_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be")
    process = Process("worker", ["true"], log=tmp_path / "logs" / "worker.log")
    with pytest.raises(Complaint, match="worker cannot be started"):
        process.start()


def test_the_logs_of_the_last_three_starts_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    for start in range(5):
        rotate(log)
        log.write_text(str(start))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "worker.log": "4", "worker.log.1": "3", "worker.log.2": "2", "worker.log.3": "1",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is Linux's")
def test_a_process_dies_with_the_one_that_started_it(tmp_path: Path) -> None:
    script = f"""
import time
from pathlib import Path
from deploy.machine.processes import Process
process = Process("worker", ["sleep", "60"], log=Path({str(tmp_path / "worker.log")!r}))
process.start()
print(process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as master:
        assert master.stdout is not None
        pid = int(master.stdout.readline())
        deadline = time.monotonic() + 10
        while Path(f"/proc/{pid}/comm").read_text().strip() != "sleep" and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(master.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(pid)
