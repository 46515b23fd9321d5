"""Stop interrupts slow preparations, whatever a library makes of the interruption."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from blocks.training.stopping import Stop, Stopped


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = [signal.getsignal(kind) for kind in (signal.SIGTERM, signal.SIGINT)]
    yield Stop()
    for kind, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
        signal.signal(kind, handler)


def replacing_what_it_catches() -> None:
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except Stopped as stopped:
        raise RuntimeError("original error replaced") from stopped


def test_a_signal_interrupts_what_is_prepared(stop: Stop) -> None:
    with pytest.raises(Stopped) as caught, stop.may_interrupt(between_steps=True):
        os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.between_steps


def test_an_interruption_that_a_library_turned_into_an_error_is_still_a_stop(stop: Stop) -> None:
    with pytest.raises(Stopped), stop.may_interrupt(between_steps=False):
        replacing_what_it_catches()


def test_an_error_of_its_own_stays_one(stop: Stop) -> None:
    with pytest.raises(ZeroDivisionError), stop.may_interrupt(between_steps=False):
        1 / 0  # noqa: B018


def test_between_steps_a_stop_waits_to_be_looked_up(stop: Stop) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        stop.check()


WORKER = """
import sys, time
from blocks.training.stopping import Stop, Stopped
stop = Stop(int(sys.argv[1]))
stop.watch_runner()
try:
    with stop.may_interrupt(between_steps=False):
        print("preparing", flush=True)
        time.sleep(60)
except Stopped:
    print("stopped", flush=True)
"""

RUNNER = f"""
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", {WORKER!r}, str(os.getpid())]).wait()
"""


def said_by(*command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", *command], stdout=subprocess.PIPE, text=True)


def test_a_worker_hears_in_mid_preparation_that_its_runner_was_killed() -> None:
    runner = said_by(RUNNER)
    assert runner.stdout
    assert runner.stdout.readline() == "preparing\n"
    runner.kill()
    assert runner.stdout.read() == "stopped\n"
    runner.wait()


def test_a_worker_whose_runner_was_gone_before_it_began_does_not_begin() -> None:
    gone = said_by("")
    gone.wait()
    worker = said_by(WORKER, str(gone.pid))
    said, _ = worker.communicate()
    assert "stopped" in said
