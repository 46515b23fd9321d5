"""PyTorch code taken home with its weights: PyTorch alone loads it and computes what Keras does."""

import pickle
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import (
    Dense,
    Design,
    ExportError,
    Flatten,
    Image,
    Residual,
    export,
    export_proven,
    formats,
    prove,
    read,
    to_keras,
    torch_code,
)
from blocks.proof.numbers import random_value
from blocks.proof.torch import CODE_FILE, STATE_FILE
from tests.blocks.example_designs import EXAMPLES

pytestmark = pytest.mark.keras

AT_HOME = """
import numpy as np
import torch
from network import Network
network = Network()
network.load_state_dict(torch.load("weights.pt", weights_only=True))
network.eval()
with torch.no_grad():
    answer = network(torch.from_numpy(np.load("photos.npy")))
np.save("answer.npy", answer.numpy())
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A Keras model with weights of its own, and its file."""
    drawn = Design("small").add("photo", Image(16, 16, 3))
    drawn = drawn.add("down", Residual(filters=4, stride=2, batch_norm=True), "photo")
    drawn = drawn.add("flat", Flatten(), "down").add("ends", Dense(units=5), "flat")
    model = to_keras(drawn)
    random = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(random_value(weight.path.rpartition("/")[2], tuple(weight.shape), random))
    path = tmp_path_factory.mktemp("saved") / "trained.keras"
    model.save(path)
    return path, model


def test_pytorch_alone_loads_it_as_the_code_says_and_computes_what_keras_does(
    saved: tuple[Path, Any], tmp_path: Path
) -> None:
    trained, path = read(saved[0], weights=True), tmp_path / "net.torch.zip"
    receipt = export_proven(trained, "torch_weights", path)
    assert {"weights", "weights as written", "outputs"} <= {check.name for check in receipt.checks}
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    code = (tmp_path / CODE_FILE).read_text(encoding="utf-8")
    for line in AT_HOME.splitlines()[4:7]:
        assert f"    {line}\n" in code
    photos = np.random.default_rng(2).normal(size=(4, 16, 16, 3)).astype(np.float32)
    np.save(tmp_path / "photos.npy", np.moveaxis(photos, -1, 1))
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.')\n{AT_HOME}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answer, wanted = np.load(tmp_path / "answer.npy"), np.asarray(saved[1](photos))
    assert wanted.std(axis=0).min() > 0.01
    assert np.abs(answer - wanted).max() < 1e-5 * np.abs(wanted).max()


def test_weights_of_another_training_are_not_those_that_the_design_carries(
    saved: tuple[Path, Any], tmp_path: Path
) -> None:
    trained, path = read(saved[0], weights=True), tmp_path / "other.torch.zip"
    export(replace(trained, weights=None), "torch_weights", path)
    receipt = prove(trained, path)
    assert receipt.format == "torch_weights"
    assert [check.name for check in receipt.checks if not check.passed] == ["weights"]


def test_code_alone_says_where_the_weights_are(saved: tuple[Path, Any]) -> None:
    trained = read(saved[0], weights=True)
    assert "Its weights are in the export with weights." in torch_code(trained)
    assert "weights are in" not in torch_code(replace(trained, weights=None))


class Planted:
    """What a pickle runs when it is opened without care."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_in_place_of_the_weights_is_not_run(tmp_path: Path) -> None:
    design, mark, path = EXAMPLES["vgg"](), tmp_path / "run", tmp_path / "net.torch.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(CODE_FILE, torch_code(design))
        archive.writestr(STATE_FILE, pickle.dumps(Planted(mark)))
    (check,) = prove(design, path).checks
    assert (check.name, check.passed) == ("opens", False)
    assert not mark.exists()


def test_without_pytorch_it_is_refused_as_the_code_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blocks.exports.torch.find_spec", lambda name: None)
    with pytest.raises(ExportError, match="PyTorch is not installed here"):
        export_proven(EXAMPLES["vgg"](), "torch_weights", tmp_path / "vgg.torch.zip")
    assert formats()["torch_weights"].suffix == ".torch.zip"
    assert not (tmp_path / "vgg.torch.zip").exists()
