import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from blocks.jobs import Job, JobCancelled, JobError, run_job, start_job

WORK = "tests.blocks.child_work"
LIMITS: dict[str, Any] = {"seconds": 60, "memory_bytes": 10**9}
ROOT = Path(__file__).resolve().parents[2]


def gone(pid: int) -> bool:
    """Wait for a process to end; a zombie has not been collected and counts as there."""
    for _ in range(200):
        if not psutil.pid_exists(pid):
            return True
        time.sleep(0.05)
    return False


def asleep(pids: Path) -> tuple[int, int]:
    while not (pids.exists() and pids.read_text().count(" ")):
        time.sleep(0.02)
    child, grandchild = pids.read_text().split()
    return int(child), int(grandchild)


def test_a_job_returns_its_result_from_another_process() -> None:
    answer = run_job(f"{WORK}:double", {"value": 21}, **LIMITS)
    assert answer["value"] == 42
    assert answer["pid"] != os.getpid()
    assert gone(answer["pid"])


def test_progress_arrives_in_the_thread_that_waits(tmp_path: Path) -> None:
    seen: list[tuple[float, str, threading.Thread]] = []

    def on_progress(fraction: float, message: str) -> None:
        seen.append((fraction, message, threading.current_thread()))

    job = start_job(f"{WORK}:double", {"value": 1}, **LIMITS)
    job.wait()
    assert job.progress == (0.5, "half way")
    with pytest.raises(JobCancelled):
        run_job(
            f"{WORK}:sleep",
            {"pids": str(tmp_path / "pids")},
            **LIMITS,
            on_progress=on_progress,
            cancelled=lambda: bool(seen),
        )
    assert seen == [(0.1, "asleep", threading.current_thread())]


def test_prints_of_the_function_and_its_libraries_do_not_mix_with_the_answer() -> None:
    assert run_job(f"{WORK}:noisy", {}, **LIMITS) == {"value": "the real one"}


def test_a_refusal_comes_back_word_for_word() -> None:
    with pytest.raises(JobError) as error:
        run_job(f"{WORK}:refuse", {}, **LIMITS)
    assert str(error.value) == "stem: filters must be an integer from 1 to 8192, got 0"


def test_a_crash_gives_its_last_words() -> None:
    with pytest.raises(JobError, match=r"the build failed .*larger than the image"):
        run_job(f"{WORK}:crash", {}, **LIMITS, title="the build")


def test_a_segmentation_fault_is_said() -> None:
    with pytest.raises(JobError, match="crashed with signal 11"):
        run_job(f"{WORK}:segfault", {}, **LIMITS)


def test_a_job_past_its_memory_is_stopped_with_the_number() -> None:
    with pytest.raises(JobError, match=r"the build needed more than 200\.0 MB and was stopped"):
        run_job(f"{WORK}:eat_memory", {}, seconds=60, memory_bytes=200_000_000, title="the build")


def test_a_job_past_its_time_is_stopped_with_the_number_and_all_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with pytest.raises(JobError, match=r"the build took longer than 6 s and was stopped"):
        run_job(
            f"{WORK}:sleep",
            {"pids": str(pids)},
            seconds=6,  # enough for a busy machine to come so far as to start the other one
            memory_bytes=10**9,
            title="the build",
        )
    assert all(gone(pid) for pid in asleep(pids))


def test_cancel_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    job: Job = start_job(f"{WORK}:sleep", {"pids": str(pids)}, **LIMITS)
    child, grandchild = asleep(pids)
    assert not job.done
    job.cancel()
    with pytest.raises(JobCancelled, match="cancelled"):
        job.result()
    assert gone(child)
    assert gone(grandchild)


def test_a_result_stays_a_result_when_cancelled_too_late() -> None:
    job = start_job(f"{WORK}:double", {"value": 2}, **LIMITS)
    job.wait()
    job.cancel()
    assert job.result()["value"] == 4


def test_a_large_payload_goes_through() -> None:
    value = "x" * 3_000_000
    assert run_job(f"{WORK}:double", {"value": value}, **LIMITS)["value"] == value * 2


def test_a_job_outlives_the_thread_that_started_it() -> None:
    jobs: list[Job] = []
    thread = threading.Thread(
        target=lambda: jobs.append(start_job(f"{WORK}:double", {"value": 3}, **LIMITS))
    )
    thread.start()
    thread.join()
    assert jobs[0].result()["value"] == 6


def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "from blocks.jobs import run_job\n"
        f"run_job({WORK + ':sleep'!r}, {json.dumps({'pids': str(pids)})}, "
        "seconds=300, memory_bytes=10**9)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    child, grandchild = asleep(pids)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert gone(child)
    os.kill(grandchild, signal.SIGKILL)
