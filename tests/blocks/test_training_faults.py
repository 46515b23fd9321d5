"""Trainings that end badly: each says what happened and what to do, and loses nothing."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from blocks import Run, TrainingSettings, start_again, start_run
from blocks.training import queue
from blocks.training.data import load
from blocks.training.failing import sentence_of
from blocks.training.folders import create
from blocks.training.runner import how_it_ended
from blocks.training.splitting import sample_order
from tests.blocks.cards import cards
from tests.blocks.test_training_fingerprint import data_file
from tests.blocks.tiny_runs import assert_same_state, ended, state_of, tiny, until

pytestmark = pytest.mark.keras

FAULTS = Path(__file__).parent / "faults"
EPOCH = 44
"""Steps in an epoch of the digits."""

NO_MEMORY = (
    "the memory ran out with batches of 32; start a new run with smaller ones, or free some "
    "memory and resume from the last checkpoint"
)

RAN_OUT = [
    # PyTorch 2.13 on a CPU, JAX 0.10.2, Linux, CUDA's libraries, TensorFlow copying to a card.
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate"
        " memory: you tried to allocate 281474976710656 bytes."
    ),
    RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 281474976710656 bytes."),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError("INTERNAL: CUDA error: Failed call: CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
    RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"),
    RuntimeError("Failed copying input tensor to GPU:0: Dst tensor is not initialized."),
]
TENSORFLOW_SAYS = (
    "Graph execution error:\n\nDetected at node MatrixInverse defined at (most recent call last):\n"
    '  File "train.py", line 14, in <module>\n\nInput is not invertible.\n\t [[{{node Matrix'
    "Inverse}}]] [Op:__inference_g_21]"
)


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the training processes that start from now on meet a fault; "" for none."""
    path = os.environ.get("PYTHONPATH", "")

    def choose(name_and_step: str) -> None:
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(FAULTS), path])))
        monkeypatch.setenv("BLOCKWRIGHT_FAULT", name_and_step)

    return choose


def is_free(run: Run) -> bool:
    """Whether the next run can have the device: nobody holds its lock or stands in its line."""
    locks = [queue.claim(queue.line_of(key) / queue.DEVICE_LOCK) for key in run.device.keys]
    for lock in locks:
        if lock is not None:
            os.close(lock)
    return None not in locks and not any(queue.waiting(key) for key in run.device.keys)


def test_a_run_that_loses_its_memory_four_times_says_so_and_ends_as_if_it_had_not(
    fault: Callable[[str], None],
) -> None:
    """NumPy, TensorFlow and C++ each find no memory; then Linux ends the process for want of it."""
    untouched = start_run(tiny(), "digits", epochs=2)
    assert ended(untouched) == "finished", untouched.status().message
    losses = [step.loss for step in untouched.metrics().steps]

    fault(f"numpy_has_no_memory:{EPOCH + 5}")
    run = start_run(tiny(), "digits", epochs=2)
    assert ended(run) == "failed"
    assert run.status().message == NO_MEMORY
    assert [step.loss for step in run.metrics().steps] == losses[: EPOCH + 4]
    assert is_free(run)
    for name, told in {
        "tensorflow_has_no_memory": NO_MEMORY,
        "c_has_no_memory": NO_MEMORY,
        "linux_has_no_memory": f"the training process was killed; most likely {NO_MEMORY}",
    }.items():
        fault(f"{name}:5")
        assert ended(run.resume()) == "failed", run.log()
        assert run.status().message.startswith(told), run.log()
        assert [step.loss for step in run.metrics().steps] == losses[: EPOCH + 4]
        assert is_free(run)
    fault("")
    assert ended(run.resume()) == "finished"
    assert_same_state(run, untouched)
    assert [step.loss for step in run.metrics().steps] == losses


@pytest.mark.parametrize("error", RAN_OUT, ids=lambda error: str(error)[:30])
def test_however_it_is_worded_no_memory_is_no_memory(error: Exception, tmp_path: Path) -> None:
    for device in ({"name": "cpu"}, {"name": "gpu:0", "uuid": "GPU-1"}):
        assert sentence_of(error, create(tiny(), {"device": device}, None)) == NO_MEMORY


def test_of_an_error_in_a_graph_the_line_that_tells_is_told() -> None:
    run = create(tiny(), {}, None)
    told = sentence_of(ValueError(TENSORFLOW_SAYS), run)
    assert told == "training failed with ValueError: Input is not invertible."
    assert sentence_of(KeyError(), run) == "training failed with KeyError: no more is known"


def test_what_an_earlier_process_said_is_not_told_of_a_later_one() -> None:
    run = create(tiny(), {}, None)
    log = run.folder / "log.txt"
    log.write_text("terminate called\n  what():  std::bad_alloc\n")
    assert how_it_ended(run, -6) == ("failed", NO_MEMORY)
    later = log.stat().st_size
    log.write_text(log.read_text() + "epoch 1/2\n")
    assert how_it_ended(run, -11, later) == (
        "failed",
        "the training process was ended by signal 11; its last words: epoch 1/2",
    )


def test_a_card_that_fails_and_one_that_is_gone_are_told_apart(
    fault: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards(monkeypatch, "GPU-1")
    fault("the_card_is_lost:7")
    run = start_run(tiny(), "digits", device="gpu:0", epochs=1)
    assert ended(run) == "failed"
    assert run.status().message == (
        "gpu:0 (Card) failed or was lost (Failed to synchronize stream: "
        "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered); the last "
        "checkpoint is kept: see that nvidia-smi lists the card, and resume"
    )
    assert len(run.metrics().steps) == 6
    assert is_free(run)
    fault("")
    assert ended(run.resume()) == "failed"
    assert run.status().message == (
        "gpu:0 (Card) is not there any more: the driver does not list GPU-1; when nvidia-smi "
        "does, resume, or start a new run on another device"
    )
    assert is_free(run)
    assert len(run.metrics().steps) == 6
    assert run.has_weights


def test_data_that_are_gone_or_changed_while_a_run_waits_are_told(tmp_path: Path) -> None:
    path, kept = data_file(tmp_path / "own.npz"), tmp_path / "kept.npz"
    with queue.turn("cpu", tmp_path, lambda: False):  # somebody trains
        run = start_run(tiny(), str(path), epochs=1)
        until(lambda: run.status().place == 1)
        path.rename(kept)
    assert ended(run) == "failed"
    assert run.status().message == (
        f"the data are gone: {path} is not there any more. Put it back and resume, or start a "
        "new run on other data"
    )
    assert is_free(run)
    assert not run.data_changed

    data_file(path, brighter=9)
    assert ended(run.resume()) == "failed"
    assert run.status().message == (
        "the data changed while the run waited: own.npz was written anew after the run was "
        "started. Start a new run on them as they are now"
    )
    assert run.data_changed
    with queue.turn("cpu", tmp_path, lambda: False):
        anew = start_again(run)
        kept.replace(path)  # as it was, its times too
    assert ended(run.resume()) == "finished", run.status().message
    assert ended(anew) == "failed"
    assert anew.data_changed
    assert is_free(run)


def test_one_wild_sample_ends_a_run_at_its_step_and_is_told_of(tmp_path: Path) -> None:
    path = data_file(tmp_path / "own.npz")
    with np.load(path) as data:
        x, y = data["x"].astype(np.float32) / 255, data["y"]
    calm = load(str(path), TrainingSettings())
    place = 3 * 32 + 5  # in the fourth step
    wanted = calm.x[sample_order(1, 0, len(calm.x))[place]]
    (row,) = [number for number, sample in enumerate(x) if np.allclose(sample, wanted)]
    x[row] = 3e38
    np.savez(path, x=x, y=y)
    run = start_run(tiny(), str(path), epochs=3)
    assert ended(run) == "failed"
    message = run.status().message
    assert message.startswith("the loss became nan at step 4; its samples have values up to 3e+38")
    assert [step.step for step in run.metrics().steps] == [1, 2, 3]
    assert all(np.isfinite(value).all() for value in state_of(run))
    assert is_free(run)


def test_weights_that_a_step_made_infinite_are_not_kept(
    fault: Callable[[str], None], tmp_path: Path
) -> None:
    """The loss of the last step of all is a number; what the step did to the weights is not."""
    fault("the_weights_overflow:5")
    run = start_run(tiny(), str(data_file(tmp_path / "own.npz")), epochs=1)
    assert ended(run) == "failed"
    assert run.status().message == (
        "the weights became infinite or NaN at step 5 of 5; lower the learning rate (it was "
        "0.001) or add batch norm; the weights after step 0 of 5 are kept"
    )
    assert len(run.metrics().steps) == 5
    assert all(np.isfinite(value).all() for value in state_of(run))
    assert not run.best_path.exists()
    assert is_free(run)
