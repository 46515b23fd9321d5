"""A training made ready before it is started: quick, and the same to the last bit."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from blocks import Run, TrainingSettings, stand_by, start_run
from blocks.training import handover, queue, standby
from blocks.training.devices import find
from blocks.training.files import read_json
from blocks.training.plan import Plan
from blocks.training.rehearsal import Rehearsal
from blocks.training.splitting import sample_order
from blocks.training.waiting import MEMORY_SHARE
from tests.blocks.tiny_runs import assert_same_state, tiny

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parent.parent.parent


NEEDED_BYTES = 1_000_000_000
"""What the small network takes while it waits; a quarter of the machine's memory is allowed."""


@pytest.fixture(autouse=True)
def standing_by(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let processes stand by in these tests, and leave none behind.

    They do however little memory is free just now, as any test that trains.
    """
    allowed = psutil.virtual_memory().total // MEMORY_SHARE
    assert allowed >= NEEDED_BYTES, (
        f"these tests need a machine with {MEMORY_SHARE * NEEDED_BYTES:,} bytes "
        f"of memory, a quarter of which is {NEEDED_BYTES:,}; on this one it is {allowed:,}"
    )
    monkeypatch.setenv("BLOCKWRIGHT_STANDBY", "1")
    monkeypatch.setattr(standby, "LEAST_FREE_BYTES", 0)
    handover._mark.cache_clear()  # every test has a home of its own
    yield
    for process in waiting():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    until(lambda: not waiting())


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    while not condition():
        time.sleep(0.02)


def waiting(home: str | None = None) -> list[psutil.Process]:
    """The runners that wait in a home, this test's unless another is named."""
    home = home or os.environ["BLOCKWRIGHT_HOME"]
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if "blocks.training.waiting" in (said := " ".join(process.info["cmdline"] or ()))
        and home in said
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def made_ready() -> None:
    """Wait until what was asked for is ready."""
    log = queue.line_of("cpu") / standby.LOG
    until(lambda: log.exists() and "ready to train" in log.read_text())


def began_with(run: Run) -> int:
    """The process that looks after a run."""
    return int(read_json(run.folder / "status.json")["runner"])


def test_a_training_made_ready_ends_in_the_same_weights_and_outlives_its_server(
    tmp_path: Path,
) -> None:
    """A server asks for it, starts it, and is killed; a run that nobody made ready is its like."""
    settings = TrainingSettings(epochs=2)
    server = process_that(
        "stand_by(design, 'digits', TrainingSettings(epochs=7))",  # when it ends does not matter
        "input()",
        f"start_run(design, 'digits', epochs=2, folder={os.fspath(tmp_path / 'quick')!r})",
        "print('started', flush=True)",
        "input()",
    )
    made_ready()
    (keeper,) = waiting()
    say(server, "")
    assert server.stdout.readline() == "started\n"
    quick = Run(tmp_path / "quick")
    server.kill()
    server.wait()
    assert quick.wait().state == "finished", quick.status().message
    assert began_with(quick) == keeper.pid
    usual = start_run(tiny(), "digits", folder=tmp_path / "usual", **settings.values())
    assert usual.wait().state == "finished"
    assert began_with(usual) != keeper.pid
    assert_same_state(quick, usual)
    assert [s.loss for s in quick.metrics().steps] == [s.loss for s in usual.metrics().steps]
    assert quick.flows() == usual.flows()


def test_a_run_of_another_kind_than_was_made_ready_is_trained_as_it_is_asked(
    tmp_path: Path,
) -> None:
    stand_by(tiny(), "digits", TrainingSettings())
    made_ready()
    run = start_run(tiny(), "digits", epochs=1, seed=5, folder=tmp_path / "run")
    assert run.wait().state == "finished"
    alone = Rehearsal(Plan(tiny(), "digits", TrainingSettings(seed=5), find("cpu")))
    alone.run()
    made = alone.wait(print)
    assert made is not None
    rows = sample_order(5, 0, len(made.samples.x))[:32]
    figures = made.model.train_on_batch(
        made.samples.x[rows], made.samples.y[rows], return_dict=True
    )
    assert run.metrics().steps[0].loss == float(figures["loss"])


def test_stop_ends_a_run_that_is_still_being_made_ready(tmp_path: Path) -> None:
    stand_by(tiny(), "digits", TrainingSettings())
    until(lambda: waiting() and list(queue.line_of("cpu").glob(f"{handover.FIFO}*")))
    run = start_run(tiny(), "digits", epochs=1_000, folder=tmp_path / "run")
    until(lambda: run.status().state == "running")
    run.stop()
    assert run.wait().state == "stopped"
    until(lambda: not waiting())


def test_one_waits_for_a_device_and_ends_with_the_process_that_asked() -> None:
    stand = "stand_by(design, 'digits', TrainingSettings())"
    first = process_that(*[stand] * 3, "print('asked', flush=True)", "input()")
    assert first.stdout.readline() == "asked\n"
    until(lambda: queue.is_claimed(queue.line_of("cpu") / handover.LOCK))
    until(lambda: len(waiting()) == 1)  # the others see it and end
    assert process_that(stand).wait() == 0
    assert len(waiting()) == 1
    (keeper,) = waiting()
    until(keeper.children)
    (worker,) = keeper.children()
    first.kill()
    first.wait()
    until(lambda: not keeper.is_running() and not worker.is_running())


def test_it_ends_when_the_device_is_taken_and_does_not_begin_while_it_is(tmp_path: Path) -> None:
    stand_by(tiny(), "digits", TrainingSettings())
    until(waiting)
    with queue.turn("cpu", tmp_path, lambda: False):
        until(lambda: not waiting())
        stand_by(tiny(), "digits", TrainingSettings())
        assert not waiting()


def test_nothing_stands_by_where_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_STANDBY", "0")
    stand_by(tiny(), "digits", TrainingSettings())
    assert not (queue.line_of("cpu") / standby.PLAN).exists()


def test_nothing_stands_by_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "LEAST_FREE_BYTES", 2 * psutil.virtual_memory().total)
    stand_by(tiny(), "digits", TrainingSettings())
    assert not (queue.line_of("cpu") / standby.PLAN).exists()


def test_plans_differ_by_all_that_is_made_ready_and_by_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "data.npz"
    data.write_bytes(b"first")

    def mark(name: str = "digits", **settings: Any) -> str:
        return Plan(tiny(), name, TrainingSettings(**settings), find("cpu")).mark

    assert mark(epochs=3, minutes=2.0, patience=1) == mark()
    others = [
        mark(seed=2),
        mark(batch_size=8),
        mark(learning_rate=0.1),
        mark("ecg"),
        mark(flip=True),
    ]
    assert len({mark(), *others}) == 6
    before = mark(str(data))
    assert before == mark(str(data))
    data.write_bytes(b"second")
    assert mark(str(data)) != before


def process_that(*lines: str) -> "subprocess.Popen[str]":
    """Start a process that does some lines with the small network."""
    code = "\n".join(
        [
            "from blocks import TrainingSettings, stand_by, start_run",
            "from blocks.training import standby",
            "standby.LEAST_FREE_BYTES = 0",
            "from tests.blocks.tiny_runs import tiny",
            "design = tiny()",
            *lines,
        ]
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
