"""SavedModel and ONNX: what other programs find in them, and what their proofs catch."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from blocks import (
    BLOCKS,
    Design,
    ExportError,
    Image,
    KerasInput,
    KerasLayer,
    analyze,
    export,
    export_proven,
    formats,
    prove,
    to_keras,
)
from blocks.__main__ import main
from blocks.proof.child import prove_in_child
from blocks.proof.onnx import in_keras_layout, laid_out
from blocks.proof.receipt import Check
from tests.blocks.example_designs import EXAMPLES

BOTH = ("savedmodel", "onnx")


def checks(design: Design, path: Path, format: str, **more: Any) -> dict[str, Check]:
    """Do the child's part here, where Keras is loaded already."""
    payload = {"design": design.to_json(), "path": str(path), "format": format, "tolerance": 1e-5}
    answer = prove_in_child(payload | more, lambda fraction, message: None)
    return {check["name"]: Check(**check) for check in answer["checks"]}


def failed(found: dict[str, Check]) -> set[str]:
    return {name for name, check in found.items() if not check.passed}


def two_ends() -> Design:
    """Two inputs and two outputs, one of a signal of open length."""
    _ = BLOCKS
    design = (
        Design("two ends")
        .add("photo", _["Image"](8, 8, 3))
        .add("ecg", _["Signal"](channels=2, any_length=True))
    )
    design = design.add("low", _["Conv"](filters=4, batch_norm=True), "photo", frozen=True)
    design = design.add("kind", _["Classifier"](classes=3), "low")
    design = design.add("beats", _["Conv"](filters=4, kernel_size=5), "ecg")
    return design.add("rhythm", _["Classifier"](classes=2), "beats")


def layer(source: Any, kind: str, **config: Any) -> Design:
    """One Keras layer alone."""
    design = Design("one").add("source", source)
    return design.add("layer", KerasLayer(kind, json.dumps(config)), "source")


@pytest.mark.keras
@pytest.mark.soak
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "named"])
@pytest.mark.parametrize("format", BOTH)
def test_every_structure_comes_back_equal(name: str, format: str, tmp_path: Path) -> None:
    design, path = EXAMPLES[name](), tmp_path / f"model{formats()[format].suffix}"
    digest = formats()[format].write(design, path)
    found = checks(design, path, format, weights=digest)
    assert not failed(found)
    assert {"inputs and outputs", "weight shapes", "weights as written"} <= set(found)


@pytest.mark.keras
def test_tensorflow_serves_a_saved_model_by_the_names_of_the_design(tmp_path: Path) -> None:
    import numpy as np
    import tensorflow as tf

    export(two_ends(), "savedmodel", tmp_path / "net")
    loaded = tf.saved_model.load(str(tmp_path / "net"))
    serve = loaded.signatures["serving_default"]
    assert set(serve.structured_outputs) == {"kind", "rhythm"}
    for batch, length in ((1, 9), (5, 30)):
        answer = serve(photo=tf.ones((batch, 8, 8, 3)), ecg=tf.ones((batch, length, 2)))
        assert answer["kind"].shape == (batch, 3)
        assert answer["rhythm"].shape == (batch, 2)
        assert np.allclose(np.sum(answer["kind"], axis=1), 1)
    report = analyze(two_ends())
    sizes = [int(np.prod(variable.shape)) for variable in loaded.trainable_variables]
    assert sum(sizes) == report.trainable
    assert sum(int(np.prod(weight.shape)) for weight in loaded.weights) == report.total


@pytest.mark.keras
def test_onnx_runtime_finds_names_open_axes_and_every_weight(tmp_path: Path) -> None:
    import numpy as np
    import onnx
    import onnxruntime

    path = tmp_path / "net.onnx"
    export(two_ends(), "onnx", path)
    session = onnxruntime.InferenceSession(path)
    ends = [*session.get_inputs(), *session.get_outputs()]
    assert [(end.name, end.shape) for end in ends] == [
        ("photo", ["batch", 8, 8, 3]),
        ("ecg", ["batch", "ecg_1", 2]),
        ("kind", ["batch", 3]),
        ("rhythm", ["batch", 2]),
    ]
    for batch, length in ((1, 9), (5, 30)):
        photo, ecg = np.ones((batch, 8, 8, 3), "f4"), np.ones((batch, length, 2), "f4")
        kind, rhythm = session.run(None, {"photo": photo, "ecg": ecg})
        assert (kind.shape, rhythm.shape) == ((batch, 3), (batch, 2))
    held = {tensor.name: tuple(tensor.dims) for tensor in onnx.load(path).graph.initializer}
    assert held["low/kernel"] == (4, 3, 3, 3)  # ONNX has the channels first
    for roles in ("low_bn/gamma", "low_bn/moving_variance", "kind/kernel", "beats/bias"):
        assert roles in held


@pytest.mark.keras
@pytest.mark.soak
@pytest.mark.parametrize(
    "design",
    [
        layer(Image(8, 8, 4), "Conv2D", filters=6, kernel_size=3, groups=2),
        layer(Image(8, 8, 4), "Conv2D", filters=6, kernel_size=3, activation="gelu"),
        layer(Image(8, 8, 4), "Conv2D", filters=6, kernel_size=3, activation="celu"),
        layer(Image(8, 8, 4), "Conv2DTranspose", filters=5, kernel_size=4, strides=3),
        layer(Image(8, 8, 4), "DepthwiseConv2D", kernel_size=3, depth_multiplier=2),
        layer(Image(8, 8, 4), "Normalization"),
        layer(KerasInput("16x2"), "SeparableConv1D", filters=5, kernel_size=3, strides=2),
        layer(KerasInput("16x2"), "Conv1D", filters=5, kernel_size=3, padding="causal"),
        layer(KerasInput("4x4x4x2"), "Conv3D", filters=3, kernel_size=2),
    ],
    ids=lambda design: str(design.node("layer").block.layer),
)
def test_layers_that_converters_stumble_over_become_onnx(design: Design, tmp_path: Path) -> None:
    export(design, "onnx", tmp_path / "net.onnx")
    assert not failed(checks(design, tmp_path / "net.onnx", "onnx"))


def test_what_onnx_cannot_hold_is_refused_before_anything_starts(tmp_path: Path) -> None:
    grouped = layer(KerasInput("4x4x4x4"), "Conv3D", filters=4, kernel_size=2, groups=2)
    with pytest.raises(
        ExportError, match=r"^layer: layer is a Conv3D in groups, .*set groups to 1"
    ):
        export_proven(grouped, "onnx", tmp_path / "net.onnx")
    huge = Design("huge").add("x", KerasInput("100000")).add("y", BLOCKS["Dense"](10_000), "x")
    with pytest.raises(ExportError, match=r"^an ONNX file holds 2\.0 GB of weights, .* SavedModel"):
        export_proven(huge, "onnx", tmp_path / "net.onnx")
    for format in BOTH:
        with pytest.raises(ExportError, match=r"^vgg: TensorFlow takes no layer called 'first"):
            export_proven(EXAMPLES["named"](), format, tmp_path / "net.zip")
    assert not list(tmp_path.glob("*net*"))


@pytest.mark.parametrize(
    ("shape", "steps"),
    [
        ((2, 3, 4, 5), [("transpose", [3, 2, 0, 1])]),
        ((2, 3, 4, 2), [("reshape", [2, 3, 1, 8]), ("transpose", [3, 2, 0, 1])]),
        ((7,), [("reshape", [1, 1, 1, 7]), ("reshape", [7])]),
    ],
)
def test_a_weight_comes_back_from_the_layout_of_onnx(
    shape: tuple[int, ...], steps: list[tuple[str, list[int]]]
) -> None:
    import numpy as np

    value = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    assert (in_keras_layout(laid_out(value, steps), shape, steps) == value).all()


def tampered(path: Path, tamper: Any) -> None:
    import onnx

    model = onnx.load(path)
    tamper(model.graph)
    onnx.save(model, path)


def weight(graph: Any, name: str) -> Any:
    return next(tensor for tensor in graph.initializer if tensor.name == name)


def change_a_weight(graph: Any) -> None:
    import numpy as np
    from onnx import numpy_helper

    tensor = weight(graph, "basic_conv1/kernel")
    value = numpy_helper.to_array(tensor).copy()
    value.flat[0] = np.nextafter(value.flat[0], np.float32(9))
    tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))


def break_a_weight(graph: Any) -> None:
    import numpy as np
    from onnx import numpy_helper

    tensor = weight(graph, "basic_conv1/kernel")
    value = np.full(tuple(tensor.dims), np.nan, np.float32)
    tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))


def drop_an_activation(graph: Any) -> None:
    for node in graph.node:
        if node.op_type == "Relu":
            node.op_type = "Identity"
            return


def rename_an_input(graph: Any) -> None:
    graph.input[0].name = "other"
    for node in graph.node:
        node.input[:] = ["other" if name == "photo" else name for name in node.input]


@pytest.mark.keras
@pytest.mark.parametrize(
    ("tamper", "caught_by"),
    [
        (change_a_weight, {"weights as written"}),
        (break_a_weight, {"weights as written", "finite weights", "outputs"}),
        (drop_an_activation, {"outputs", "outputs of random weights"}),
        (rename_an_input, {"inputs and outputs"}),
    ],
)
def test_tampering_with_an_onnx_file_is_caught(
    tamper: Any, caught_by: set[str], tmp_path: Path
) -> None:
    design, path = EXAMPLES["residual"](), tmp_path / "net.onnx"
    digest = formats()["onnx"].write(design, path)
    assert not failed(checks(design, path, "onnx", weights=digest))
    tampered(path, tamper)
    found = failed(checks(design, path, "onnx", weights=digest))
    assert found & caught_by
    assert found <= caught_by


@pytest.mark.keras
@pytest.mark.parametrize("format", BOTH)
def test_a_file_of_another_design_is_caught(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{formats()[format].suffix}"
    export(EXAMPLES["vgg"](), format, path)
    assert failed(checks(EXAMPLES["inception"](), path, format))
    _ = BLOCKS
    other = EXAMPLES["vgg"]().apply(
        {"nodes": {EXAMPLES["vgg"]().node("classes").id: {"params": {"activation": "sigmoid"}}}}
    )[0]
    assert "outputs" in failed(checks(other, path, format))


@pytest.mark.keras
def test_a_zip_without_a_saved_model_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "net.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.txt", "text")
    found = checks(EXAMPLES["vgg"](), path, "savedmodel")
    assert failed(found) == {"opens"}
    assert "one saved_model.pb, got 0" in found["opens"].detail
    path.write_bytes(b"no zip")
    assert failed(checks(EXAMPLES["vgg"](), path, "savedmodel")) == {"opens"}


@pytest.mark.keras
def test_the_command_line_makes_a_folder_and_proves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, receipt = tmp_path / "net", tmp_path / "receipt.json"
    words = ["export", "digits", "--format", "savedmodel", "-o", str(folder)]
    assert main([*words, "--receipt", str(receipt)]) == 0
    assert (folder / "saved_model.pb").is_file()
    assert json.loads(receipt.read_text())["passed"]
    assert main(["prove", "digits", str(folder)]) == 0
    assert "net is what was drawn" in capsys.readouterr().out
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").touch()
    assert main([*words[:-1], str(tmp_path / "photos")]) == 2
    assert "this folder is not empty and has no saved_model.pb" in capsys.readouterr().err


@pytest.mark.keras
def test_the_weights_that_a_design_carries_are_compared(tmp_path: Path) -> None:
    from blocks import read

    to_keras(EXAMPLES["vgg"]()).save(tmp_path / "model.keras")
    design = read(tmp_path / "model.keras", weights=True)
    for format in BOTH:
        path = tmp_path / f"net{formats()[format].suffix}"
        export(design, format, path)
        found = checks(design, path, format)
        assert not failed(found)
        assert "equal bit for bit" in found["weights"].detail
        export(EXAMPLES["vgg"](), format, path)
        assert "weights" in failed(checks(design, path, format))


@pytest.mark.keras
def test_a_proof_needs_no_word_about_the_tolerance(tmp_path: Path) -> None:
    export(EXAMPLES["fork_1d"](), "onnx", tmp_path / "net.onnx")
    receipt = prove(EXAMPLES["fork_1d"](), tmp_path / "net.onnx")
    assert receipt.passed
    assert {"onnx", "onnxruntime"} <= set(receipt.versions)
