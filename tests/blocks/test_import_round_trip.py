"""What we export comes back: the same structure, the same names, the same numbers."""

from pathlib import Path
from typing import Any

import pytest

from blocks import (
    Add,
    Concatenate,
    Conv,
    Design,
    Image,
    KerasInput,
    KerasLayer,
    Output,
    analyze,
    read,
    templates,
    to_keras,
)

pytestmark = pytest.mark.keras

HEADS = {"Classifier", "Dense", "Dropout", "Flatten"}
"""The same layers at a network's end may be a head, or one by one."""


def json_of(design: Design) -> str:
    import keras

    keras.backend.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return str(to_keras(design).to_json())


def kinds(design: Design) -> set[str]:
    return {node.block.type_name for node in design.nodes.values()}


def rows(design: Design) -> dict[str, Any]:
    return {
        layer.name: (layer.kind, layer.shape, layer.weights, layer.inputs, layer.macs)
        for layer in analyze(design).layers
    }


@pytest.mark.parametrize("template_id", templates())
def test_the_architecture_of_a_template_comes_back_as_it_went(template_id: str) -> None:
    design = templates()[template_id].design()
    back = read(json_of(design))
    assert analyze(back).graph.hash == analyze(design).graph.hash
    assert rows(back) == rows(design)
    assert not analyze(back).errors
    assert kinds(design) - kinds(back) <= HEADS


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("template_id", ["tutorial_residual", "ecg_rajpurkar"])
def test_a_saved_model_comes_back_as_it_went(template_id: str, suffix: str, tmp_path: Path) -> None:
    import keras

    keras.backend.clear_session()
    design = templates()[template_id].design()
    to_keras(design).save(tmp_path / f"model{suffix}")
    back = read(tmp_path / f"model{suffix}")
    assert analyze(back).graph.hash == analyze(design).graph.hash
    assert rows(back) == rows(design)


def shared_encoder() -> Design:
    """Two images go through one convolution and are compared."""
    conv = KerasLayer("Conv2D", '{"filters": 4, "kernel_size": [3, 1]}', "encoder")
    return (
        Design("twins")
        .add("left", Image(8, 8, 3))
        .add("right", Image(8, 8, 3))
        .add("encoder_left", conv, "left")
        .add("encoder_right", conv, "right")
        .add("difference", KerasLayer("Subtract"), ["encoder_right", "encoder_left"])
    )


def tapped() -> Design:
    """An output in the middle, and an input of another kind."""
    return (
        Design("tapped")
        .add("table", KerasInput("6"))
        .add("photo", Image(8, 8, 3))
        .add("conv", Conv(4), "photo")
        .add("middle", Output(), "conv")
        .add("flat", KerasLayer("Reshape", '{"target_shape": [-1]}'), "conv")
        .add("both", Concatenate(), ["flat", "table"])
        .add("end", KerasLayer("Dense", '{"units": 2}'), "both")
    )


def wrapped() -> Design:
    """A convolution at every step of a film, its regulariser kept."""
    inner = (
        '{"layer": {"class_name": "Conv2D", "config": {"filters": 2, "kernel_size": 3, '
        '"kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.001}}}}}'
    )
    return (
        Design("film")
        .add("film", KerasInput("5x9x9x1"))
        .add("each", KerasLayer("TimeDistributed", inner), "film")
    )


def frozen() -> Design:
    design = Design("half").add("photo", Image(8, 8, 3)).add("old", Conv(4), "photo", frozen=True)
    design = design.add("new", Conv(4, batch_norm=True), "old")
    return design.add("sum", Add(), ["old", "new"])


@pytest.mark.parametrize("draw", [shared_encoder, tapped, wrapped, frozen])
def test_what_is_special_in_a_design_survives(draw: Any) -> None:
    design = draw()
    assert not analyze(design).errors
    back = read(json_of(design))
    assert analyze(back).graph.outputs == analyze(design).graph.outputs
    assert analyze(back).graph.inputs == analyze(design).graph.inputs
    assert analyze(back).trainable == analyze(design).trainable
    assert analyze(back).total == analyze(design).total
    again = read(json_of(back))
    assert analyze(again).graph.hash == analyze(back).graph.hash


def test_a_shared_layer_is_counted_once_and_built_once() -> None:
    design = shared_encoder()
    model = to_keras(read(json_of(design)))
    assert analyze(design).total == model.count_params() == 4 * (3 * 1 * 3 + 1)
    assert len(model.get_layer("encoder")._inbound_nodes) == 2


def test_calls_of_a_shared_layer_must_agree() -> None:
    design = shared_encoder().add("other", KerasLayer("ReLU", "{}", "encoder"), "difference")
    (problem,) = analyze(design).errors
    assert "all calls of the shared layer encoder need the same kind" in problem.message
