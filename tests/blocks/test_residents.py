"""Residents: child processes that keep what they made, answer again, and never stay behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from blocks.jobs import JobError
from blocks.residents import Residents

WORK = "tests.blocks.child_work"
ROOT = Path(__file__).resolve().parents[2]
IDLE = 3_600.0


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    while not condition():
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, collected or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def residents() -> Iterator[Residents]:
    made = Residents(most=2, idle_seconds=IDLE)
    yield made
    made.end()


def ask(residents: Residents, key: str, name: str, **payload: Any) -> dict[str, Any]:
    limits: dict[str, Any] = {"seconds": 600, "memory_bytes": 10**9, "title": "asking"}
    for limit in ("seconds", "memory_bytes"):
        limits[limit] = payload.pop(limit, limits[limit])
    return residents.ask(key, f"{WORK}:{name}", payload, **limits)


def test_what_a_resident_made_is_there_at_the_next_question(residents: Residents) -> None:
    first, second = (ask(residents, "a", "remember") for _ in range(2))
    assert first["pid"] == second["pid"] != os.getpid()
    assert (first["calls"], second["calls"]) == (1, 2)


def test_another_subject_gets_another_process_while_there_is_room(residents: Residents) -> None:
    first, second = ask(residents, "a", "remember"), ask(residents, "b", "remember")
    assert first["pid"] != second["pid"]
    third = ask(residents, "c", "remember")
    assert third["pid"] == first["pid"]  # the one that was asked longest ago
    assert ask(residents, "b", "remember")["pid"] == second["pid"]
    assert len(residents.alive) == 2


def test_never_more_than_two_work_at_once_and_all_are_answered(residents: Residents) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(
            target=lambda key: found.append(ask(residents, key, "remember")["pid"]), args=(key,)
        )
        for key in "abcdef"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) <= 2


def test_progress_arrives(residents: Residents) -> None:
    seen: list[tuple[float, str]] = []
    residents.ask(
        "a",
        f"{WORK}:double",
        {"value": 21},
        seconds=600,
        memory_bytes=10**9,
        title="asking",
        on_progress=lambda *told: seen.append(told),
    )
    assert seen == [(0.5, "half way")]


def test_a_refusal_is_its_sentence_and_the_resident_stays(residents: Residents) -> None:
    before = ask(residents, "a", "remember")
    with pytest.raises(JobError, match="filters must be an integer from 1 to 8192, got 0"):
        ask(residents, "a", "refuse")
    assert ask(residents, "a", "remember")["pid"] == before["pid"]


@pytest.mark.parametrize(
    ("work", "limits", "sentence"),
    [
        ("crash", {}, "asking failed with exit status 1; its last words: .*larger than the image"),
        ("segfault", {}, "asking crashed with signal 11"),
        ("sleep", {"seconds": 0.5}, "asking took longer than 0.5 s and was stopped"),
        (
            "eat_memory",
            {"memory_bytes": 200_000_000},
            "asking needed more than 200.0 MB and was stopped",
        ),
    ],
)
def test_a_death_is_said_and_the_next_question_is_answered_by_a_new_one(
    residents: Residents, tmp_path: Path, work: str, limits: dict[str, Any], sentence: str
) -> None:
    before = ask(residents, "a", "remember")
    with pytest.raises(JobError, match=sentence):
        ask(residents, "a", work, pids=str(tmp_path / "pids"), **limits)
    after = ask(residents, "a", "remember")
    assert after["pid"] != before["pid"]
    assert after["calls"] == 1


def test_one_that_is_not_asked_ends_and_a_new_one_answers() -> None:
    residents = Residents(most=2, idle_seconds=0.2)
    first = ask(residents, "a", "remember")
    until(lambda: not residents.alive)
    until(lambda: not psutil.pid_exists(first["pid"]))
    assert ask(residents, "a", "remember")["calls"] == 1
    residents.end()


def test_one_of_another_folder_of_work_is_not_asked(
    residents: Residents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = ask(residents, "a", "remember")
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(tmp_path / "other"))
    assert ask(residents, "a", "remember")["pid"] != first["pid"]


def test_a_resident_ends_when_its_parent_is_killed() -> None:
    code = (
        "from blocks.residents import Residents\n"
        "found = Residents(2, 3600)\n"
        f"answer = found.ask('a', '{WORK}:remember', {{}}, seconds=600, memory_bytes=10**9,"
        " title='asking')\n"
        "print(answer['pid'], flush=True)\n"
        "input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    until(lambda: is_gone(child))
