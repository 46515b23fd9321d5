"""Proofs: a true file passes, and every way of tampering is caught by the check it belongs to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blocks import BLOCKS, Design, DesignError, ReadError, Receipt, analyze, prove, to_keras
from blocks.proof.child import prove_in_child
from blocks.proof.receipt import BLOCKWRIGHT, Check
from tests.blocks.example_designs import EXAMPLES

pytestmark = pytest.mark.keras
ROOT = Path(__file__).parents[2]


def checks(design: Design, path: Path, format: str, **more: Any) -> dict[str, Check]:
    """Do the child's part here, where Keras is loaded already."""
    payload = {"design": design.to_json(), "path": str(path), "format": format, **more}
    answer = prove_in_child(payload, lambda fraction, message: None)
    return {check["name"]: Check(**check) for check in answer["checks"]}


def failed(found: dict[str, Check]) -> set[str]:
    return {name for name, check in found.items() if not check.passed}


def small() -> Design:
    design = Design("small").add("photo", BLOCKS["Image"](8, 8, 3))
    design = design.add("conv", BLOCKS["Conv"](filters=4, batch_norm=True), "photo")
    return design.add("classes", BLOCKS["Classifier"](classes=3), "conv")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_saved_model_is_its_design_bit_for_bit(name: str, suffix: str, tmp_path: Path) -> None:
    design, path = EXAMPLES[name](), tmp_path / f"model{suffix}"
    to_keras(design).save(path)
    found = checks(design, path, suffix[1:])
    assert not failed(found)
    assert found["before the last activation"].largest_difference == 0.0
    assert found["layer outputs"].detail.startswith(f"{len(analyze(design).layers)} compared")


def test_a_trained_checkpoint_is_its_design(tmp_path: Path) -> None:
    import numpy as np

    model, path = to_keras(small()), tmp_path / "model.keras"
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(np.ones((4, 8, 8, 3)), np.zeros(4), verbose=0)
    model.save(path)
    assert not failed(checks(small(), path, "keras"))


def loosen(model: Any) -> None:
    model.get_layer("conv_bn").epsilon = 1.001e-3


def freeze(model: Any) -> None:
    model.get_layer("conv").trainable = False


def sharpen(model: Any) -> None:
    import keras

    model.get_layer("classes").activation = keras.activations.sigmoid


def break_weights(model: Any) -> None:
    weight = model.get_layer("conv").kernel
    weight.assign(weight * float("nan"))


@pytest.mark.parametrize(
    ("tamper", "caught_by"),
    [
        (loosen, {"configs"}),
        (freeze, {"configs", "parameters"}),
        (sharpen, {"configs"}),
        (break_weights, {"finite weights"}),
    ],
)
def test_tampering_is_caught(
    tamper: Callable[[Any], None], caught_by: set[str], tmp_path: Path
) -> None:
    model, path = to_keras(small()), tmp_path / "model.keras"
    tamper(model)
    model.save(path)
    assert failed(checks(small(), path, "keras")) == caught_by


def test_another_order_of_the_inputs_of_a_layer_is_caught(tmp_path: Path) -> None:
    design, path = EXAMPLES["branches"](), tmp_path / "model.keras"
    both = design.node("both").id
    links = [link for link in design.links.values() if link.target == both]
    swapped = {link.key: {"order": 1 - link.order} for link in links}
    other, _ = design.apply({"links": swapped})
    to_keras(other).save(path)
    found = checks(design, path, "keras")
    assert failed(found) == {"wiring"}
    assert "both is" in found["wiring"].detail


def test_a_renamed_layer_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    other, _ = small().apply({"nodes": {small().node("conv").id: {"name": "other"}}})
    to_keras(other).save(path)
    wrong = {"layers", "wiring", "configs", "shapes", "parameters"}
    assert failed(checks(small(), path, "keras")) == wrong


def test_weights_that_are_not_those_written_are_caught(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    to_keras(small()).save_weights(path)
    assert not failed(checks(small(), path, "weights"))
    assert failed(checks(small(), path, "weights", weights="0" * 64)) == {"weights as written"}


def test_weights_of_another_network_do_not_open(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    to_keras(EXAMPLES["vgg"]()).save_weights(path)
    assert failed(checks(small(), path, "weights")) == {"opens"}


def test_weights_that_are_missing_from_a_file_are_caught(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "model.weights.h5"
    to_keras(small()).save_weights(path)
    with h5py.File(path, "r+") as file:
        del file["layers/batch_normalization"]
    assert failed(checks(small(), path, "weights")) & {"opens", "finite weights"}


def test_a_torn_file_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    to_keras(small()).save(path)
    path.write_bytes(path.read_bytes()[:-200])
    assert failed(checks(small(), path, "keras")) == {"opens"}


def test_code_that_builds_another_function_is_caught_by_its_outputs(tmp_path: Path) -> None:
    """A layer of the same class name and config that computes something else."""
    from blocks import python_code

    path = tmp_path / "model.py"
    code = python_code(small())
    patch = "\nclass Activation(layers.Activation):\n    call = lambda self, x: x * 2\n\n\n"
    code = code.replace("def conv(", patch + "def conv(").replace(
        'layers.Activation("', 'Activation("'
    )
    path.write_text(code)
    found = checks(small(), path, "python")
    assert failed(found) == {"outputs", "layer outputs", "before the last activation"}
    assert (found["outputs"].largest_difference or 0) > 0


def test_softmax_hides_what_logits_show(tmp_path: Path) -> None:
    """Adding one number to all logits leaves softmax as it was."""
    from blocks import python_code

    path = tmp_path / "model.py"
    patch = (
        "\nclass Dense(layers.Dense):\n    def call(self, x):\n"
        "        return self.activation(keras.ops.matmul(x, self.kernel) + self.bias + 4.0)\n\n\n"
    )
    code = python_code(small()).replace("def classifier(", patch + "def classifier(")
    path.write_text(code.replace("layers.Dense(classes", "Dense(classes"))
    found = checks(small(), path, "python", tolerance=1e-5)
    assert failed(found) == {"before the last activation"}
    assert found["before the last activation"].largest_difference == pytest.approx(4.0, abs=1e-4)


def test_a_proof_runs_in_a_fresh_process_and_gives_a_receipt(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    to_keras(small()).save(path)
    receipt = prove(small(), path)
    assert receipt.passed
    assert receipt.design_hash == analyze(small()).graph.hash
    assert set(receipt.versions) == {"python", "blockwright", "keras", "tensorflow"}
    assert receipt.largest_difference == 0.0
    assert receipt.sentence().startswith("model.h5 is what was drawn: ")
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt


def test_a_failed_proof_says_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    to_keras(EXAMPLES["vgg"]()).save(path)
    receipt = prove(small(), path)
    assert not receipt.passed
    assert "model.h5 is not what was drawn: layers: conv is not there, drawn Conv2D" in (
        receipt.sentence()
    )


def test_what_cannot_be_proved_is_refused_in_a_sentence(tmp_path: Path) -> None:
    half_drawn = Design().add("conv", BLOCKS["Conv"]())
    with pytest.raises(DesignError, match="nothing comes in"):
        prove(half_drawn, tmp_path / "model.h5")
    with pytest.raises(ReadError, match="no such file"):
        prove(small(), tmp_path / "model.h5")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ReadError, match="can be compared with a design"):
        prove(small(), tmp_path / "notes.txt")


def test_the_version_in_receipts_is_that_of_the_project() -> None:
    assert f'version = "{BLOCKWRIGHT}"' in (ROOT / "pyproject.toml").read_text("utf-8")
