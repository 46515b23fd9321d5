"""Stop interrupts slow preparations, whatever a library makes of the interruption."""

import os
import signal
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
