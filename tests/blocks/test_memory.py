"""Memory and depth, against hand counts, Keras' optimizers and the networks' own names."""

import pytest

from blocks import Add, Conv, Design, Flatten, Image, analyze, template
from blocks.memory import SLOTS

FLOAT = 4


def test_prediction_holds_a_tensor_until_its_last_reader_is_done() -> None:
    """Image 4x4x1, three convolutions to 2 channels, the first added to the third."""
    design = Design().add("photo", Image(4, 4, 1)).add("a", Conv(filters=2), "photo")
    design = design.add("b", Conv(filters=2), "a").add("c", Conv(filters=2), "b")
    chain, skip = analyze(design), analyze(design.add("sum", Add(), ["a", "c"]))
    assert chain.inference_bytes == FLOAT * 16 * (2 + 2)
    assert skip.inference_bytes == FLOAT * 16 * (2 + 2 + 2)
    assert skip.activation_bytes == FLOAT * 16 * (1 + 2 + 2 + 2 + 2)


def test_outputs_are_held_to_the_end() -> None:
    design = Design().add("photo", Image(4, 4, 1)).add("a", Conv(filters=8), "photo")
    design = design.add("b", Flatten(), "photo")
    assert analyze(design).inference_bytes == FLOAT * 16 * (1 + 8 + 1)


def test_training_holds_activations_twice_and_state_once() -> None:
    report = analyze(template("tutorial_vgg"))
    memory = report.training_memory(8, "adam")
    assert memory.activations == 2 * 8 * report.activation_bytes
    assert memory.weights == memory.gradients == FLOAT * 38_720
    assert memory.optimizer == 2 * FLOAT * 38_720
    assert memory.total == report.training_bytes(8)
    assert report.training_bytes(8, "sgd") == memory.total - memory.optimizer


def test_frozen_weights_need_no_gradient() -> None:
    design = Design().add("photo", Image()).add("a", Conv(filters=4), "photo", frozen=True)
    memory = analyze(design).training_memory(1)
    assert (memory.weights, memory.gradients, memory.optimizer) == (FLOAT * 112, 0, 0)


@pytest.mark.keras
def test_optimizers_keep_as_many_copies_as_those_of_keras() -> None:
    import keras

    made = {
        "adam": keras.optimizers.Adam(),
        "adamw": keras.optimizers.AdamW(),
        "rmsprop": keras.optimizers.RMSprop(),
        "momentum": keras.optimizers.SGD(momentum=0.9),
        "sgd": keras.optimizers.SGD(),
    }
    weight = keras.Variable([[1.0, 2.0], [3.0, 4.0]])
    for optimizer in made.values():
        optimizer.build([weight])
    kept = {
        name: sum(variable.shape == weight.shape for variable in optimizer.variables)
        for name, optimizer in made.items()
    }
    assert kept == SLOTS


@pytest.mark.parametrize(
    ("template_id", "layers"),
    [
        *((f"resnet{layers}", layers) for layers in (18, 34, 50, 101, 152)),
        *((name, 34) for name in ("plain34", "ecg_rajpurkar")),
        ("vgg16", 16),
        ("vgg19", 19),
        ("googlenet", 22),
        ("densenet121", 121),
        ("alexnet", 8),
        ("lenet5", 5),
    ],
)
def test_the_depth_is_the_number_in_the_name_or_the_paper(template_id: str, layers: int) -> None:
    assert analyze(template(template_id)).weighted_depth == layers
