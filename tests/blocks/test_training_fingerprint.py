"""What a run is trained on is written down, and a resumed run is held to it."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import Run, TrainingSettings, start_again, start_run
from blocks.training.data import load
from blocks.training.fingerprint import DataChanged, fingerprint_of, require_same
from tests.blocks.tiny_runs import tiny, until

COUNT = 200


def data_file(path: Path, count: int = COUNT, brighter: int = 0) -> Path:
    """Made-up pictures of 8 x 8 in ten classes; one of them may be brighter."""
    rng = np.random.default_rng(4)
    x = rng.integers(0, 200, size=(COUNT, 8, 8, 1)).astype(np.uint8)
    x[7] += np.uint8(brighter)
    np.savez(path, x=x[:count], y=np.arange(count) % 10)
    return path


def print_of(path: Path, **settings: Any) -> dict[str, Any]:
    return fingerprint_of(load(str(path), TrainingSettings(**settings)))


def test_a_fingerprint_is_the_sha_256_of_names_shapes_types_and_bytes(tmp_path: Path) -> None:
    samples = load(str(data_file(tmp_path / "a.npz")), TrainingSettings())
    digest = hashlib.sha256()
    for name in ("x", "y", "x_validation", "y_validation", "x_test", "y_test"):
        values = getattr(samples, name)
        digest.update(f"{name} {values.shape} {values.dtype.str}".encode() + values.tobytes())
    assert fingerprint_of(samples)["sha256"] == digest.hexdigest()


def test_what_is_trained_on_has_one_fingerprint_however_it_is_kept(tmp_path: Path) -> None:
    one, other = data_file(tmp_path / "a.npz"), data_file(tmp_path / "b.npz")
    other.touch()
    assert print_of(one) == print_of(other)
    require_same(print_of(one), print_of(other))


@pytest.mark.parametrize("settings", [{"seed": 3}, {"normalisation": "standard"}])
def test_another_split_or_scale_is_another_fingerprint(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    path = data_file(tmp_path / "a.npz")
    assert print_of(path)["sha256"] != print_of(path, **settings)["sha256"]


def test_what_changed_is_said(tmp_path: Path) -> None:
    before = print_of(data_file(tmp_path / "a.npz"))
    with pytest.raises(DataChanged, match=r"160 training samples then, 152 now; 40 validation"):
        require_same(before, print_of(data_file(tmp_path / "b.npz", count=190)))
    with pytest.raises(DataChanged, match="as many samples, but not the same ones"):
        require_same(before, print_of(data_file(tmp_path / "c.npz", brighter=1)))
    require_same({}, before)  # a run of before fingerprints were written down


@pytest.mark.keras
def test_a_run_whose_data_changed_is_not_resumed_and_can_be_started_anew(tmp_path: Path) -> None:
    path = data_file(tmp_path / "pictures.npz")
    run = start_run(tiny(), str(path), epochs=100_000, folder=tmp_path / "run")
    until(lambda: run.metrics().epochs)
    run.stop()
    assert run.wait().state == "stopped"
    assert run.fingerprint == print_of(path)
    assert not run.data_changed
    kept = run.checkpoint_path.read_bytes()

    data_file(path, brighter=9)
    status = run.resume(epochs=run.progress().epochs_done + 1).wait()
    assert status.state == "failed"
    assert status.message.startswith("the data changed since the run began: as many samples")
    assert run.data_changed
    assert run.checkpoint_path.read_bytes() == kept

    anew = start_again(run)
    assert anew.wait().state == "finished", anew.status().message
    assert anew.fingerprint == print_of(path) != run.fingerprint
    data_file(path)
    assert Run(run.folder).resume(epochs=run.progress().epochs_done + 1).wait().state == "finished"
