"""Weights come along from Keras files: ours give the same outputs, bit for bit."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from blocks import Design, analyze, read, to_keras, weights_fit, with_weights_of
from blocks.weights import path_of
from tests.blocks.keras_files import KERAS_2
from tests.blocks.trained_models import MODELS, functional, outputs, shared, trained

pytestmark = pytest.mark.keras


def weighted(design: Design) -> int:
    return sum(bool(layer.weights) for layer in analyze(design).layers)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", MODELS)
def test_a_design_with_the_weights_of_a_file_gives_the_same_outputs(
    name: str, suffix: str, tmp_path: Path
) -> None:
    model = trained(MODELS[name])
    model.save(tmp_path / f"model{suffix}")
    design = read(tmp_path / f"model{suffix}", weights=True)
    assert design.weights
    assert design.weights.layers == weighted(design)
    np.testing.assert_array_equal(outputs(to_keras(design)), outputs(model))


@pytest.mark.parametrize("name", ["functional", "shared"])
def test_a_file_of_weights_alone_is_matched_by_the_layers_names(name: str, tmp_path: Path) -> None:
    model = trained(MODELS[name])
    model.save(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    design = with_weights_of(read(tmp_path / "model.keras"), tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(outputs(to_keras(design)), outputs(model))


def test_files_of_keras_before_it_told_names_are_read_by_class_and_count(tmp_path: Path) -> None:
    import h5py

    model = trained(functional)
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        archive.extractall(tmp_path / "parts")
    with h5py.File(tmp_path / "parts/model.weights.h5", "r+") as file:
        file.visititems(lambda _, item: item.attrs.pop("name", None) and None)
    with zipfile.ZipFile(tmp_path / "old.keras", "w") as archive:
        for part in (tmp_path / "parts").iterdir():
            archive.write(part, part.name)
    np.testing.assert_array_equal(
        outputs(to_keras(read(tmp_path / "old.keras", weights=True))), outputs(model)
    )


def test_files_of_keras_2_are_read(tmp_path: Path) -> None:
    """Laid out by hand as Keras 2 does, with a name that Keras 3 would not take."""
    import h5py
    import keras

    rng = np.random.default_rng(8)
    sep = {"depthwise_kernel": (3, 3, 3, 1), "pointwise_kernel": (1, 1, 3, 8)}
    values: list[np.ndarray] = []
    norm = dict.fromkeys(("gamma", "beta", "moving_mean", "moving_variance"), (8,))
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(KERAS_2).encode()
        file.attrs["keras_version"] = b"2.11.0"
        file.attrs["backend"] = b"tensorflow"
        weights = file.create_group("model_weights")
        layers = {"input_1": {}, "block1/sepconv": sep, "bn": norm, "leaky": {}, "sum": {}}
        weights.attrs["layer_names"] = [name.encode() for name in layers]
        for name, shapes in layers.items():
            group = weights.create_group(name)
            group.attrs["weight_names"] = [f"{name}/{role}:0".encode() for role in shapes]
            for role, shape in shapes.items():
                values.append(rng.uniform(0.2, 0.9, shape).astype("float32"))
                group[f"{name}/{role}:0"] = values[-1]
    ours = to_keras(read(tmp_path / "old.h5", weights=True))
    photo = keras.Input((16, 16, 3))
    layer = keras.layers.SeparableConv2D(8, 3, padding="same", use_bias=False, activation="relu")
    bn = keras.layers.BatchNormalization()(layer(photo))
    theirs = keras.Model(photo, keras.layers.add([bn, keras.layers.LeakyReLU(0.1)(bn)]))
    theirs.set_weights(values)
    np.testing.assert_array_equal(outputs(ours), outputs(theirs))


def test_the_same_weights_are_kept_once_for_their_owner_only(tmp_path: Path) -> None:
    trained(shared).save(tmp_path / "one.keras")
    trained(shared).save(tmp_path / "other.h5")
    found = [read(tmp_path / name, weights=True).weights for name in ("one.keras", "other.h5")]
    assert found[0]
    assert found[1]
    assert found[0].id == found[1].id
    assert found[0].source == "one.keras"
    path = path_of(found[0])
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_without_being_asked_for_weights_stay_where_they_are(tmp_path: Path) -> None:
    trained(shared).save(tmp_path / "model.keras")
    assert read(tmp_path / "model.keras").weights is None


@pytest.mark.parametrize(
    ("name", "suffix", "layers"),
    [("ResNet50", ".h5", 107), ("ConvNeXtTiny", ".keras", 100)],
)
def test_networks_of_keras_applications_come_along_whole(
    name: str, suffix: str, layers: int, tmp_path: Path
) -> None:
    import keras

    model = trained(lambda: getattr(keras.applications, name)(weights=None))
    model.save(tmp_path / f"model{suffix}")
    design = read(tmp_path / f"model{suffix}", weights=True)
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert fit.sentence() == f"weights from model{suffix} for {layers} of {layers} layers"
    before = keras.Model(model.input, model.layers[-1].input)
    ours = to_keras(design)
    after = keras.Model(ours.input, ours.layers[-1].input)
    np.testing.assert_array_equal(outputs(after), outputs(before))
