"""Weights come along from Keras files: ours give the same outputs, bit for bit."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import Design, ReadError, analyze, read, to_keras, weights_fit, with_weights_of
from blocks.weights import path_of
from tests.blocks.keras_files import KERAS_2

pytestmark = pytest.mark.keras

PHOTO = (16, 16, 3)


def sequential() -> Any:
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input(PHOTO),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Conv2D(5, 3),
            layers.BatchNormalization(),
            layers.DepthwiseConv2D(3),
            layers.SeparableConv2D(6, 3),
            layers.Conv2DTranspose(3, 2, strides=2),
            layers.LayerNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(7),
            layers.Dense(3),
        ],
        name="in_a_row",
    )


def functional() -> Any:
    import keras
    from keras import layers

    photo = keras.Input(PHOTO, name="photo")
    stem = layers.Conv2D(8, 3, padding="same", use_bias=False, name="stem")(photo)
    left = layers.BatchNormalization(name="left_bn")(stem)
    left = layers.Conv2D(8, 3, padding="same")(layers.PReLU(shared_axes=[1, 2])(left))
    right = layers.SeparableConv2D(8, 3, padding="same")(stem)
    total = layers.Add()([left, layers.GroupNormalization(2)(right)])
    vector = layers.GlobalAveragePooling2D()(total)
    return keras.Model(photo, layers.Dense(5, name="head")(vector), name="branched")


def nested() -> Any:
    import keras
    from keras import layers

    inside = keras.Input((8, 8, 4))
    inner = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inside))
    inner = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inner))
    base = keras.Model(inside, inner, name="base")
    base.layers[1].trainable = False
    tower = keras.Sequential([layers.Input((8, 8, 4)), base, layers.Conv2D(4, 1)], name="tower")
    photo = keras.Input((8, 8, 3), name="photo")
    x = tower(layers.Conv2D(4, 3, padding="same")(photo))
    return keras.Model(photo, layers.Dense(2)(layers.Flatten()(x)), name="nested")


def shared() -> Any:
    import keras
    from keras import layers

    photo = keras.Input((8, 8, 3), name="photo")
    twice = layers.Conv2D(3, 3, padding="same", name="twice")
    x = layers.BatchNormalization()(twice(twice(photo)))
    return keras.Model(photo, layers.Dense(2)(layers.Flatten()(x)), name="shared")


def frozen() -> Any:
    model = functional()
    for layer in model.layers[:4]:
        layer.trainable = False
    return model


def per_step() -> Any:
    import keras
    from keras import layers

    signal = keras.Input((12, 4), name="signal")
    x = layers.Conv1D(6, 3, padding="same")(signal)
    return keras.Model(signal, layers.TimeDistributed(layers.Dense(3))(x), name="per_step")


MODELS: dict[str, Callable[[], Any]] = {
    "sequential": sequential,
    "functional": functional,
    "nested": nested,
    "shared": shared,
    "frozen": frozen,
    "per_step": per_step,
}


def trained(make: Callable[[], Any]) -> Any:
    """A model whose weights are all drawn at random, the statistics of batch norm too."""
    import keras

    keras.backend.clear_session()
    model, rng = make(), np.random.default_rng(5)
    for weight in model.weights:
        vector, fan_in = len(weight.shape) == 1, np.prod(weight.shape[:-1])
        spread = rng.uniform(0.5, 1.5, weight.shape) if vector else None
        weight.assign(rng.normal(0, fan_in**-0.5, weight.shape) if spread is None else spread)
    return model


def outputs(model: Any) -> np.ndarray:
    shape = model.input_shape[1:]
    batch = np.random.default_rng(1).normal(size=(2, *shape)).astype("float32")
    found = np.asarray(model(batch, training=False))
    assert np.isfinite(found).all()
    return found


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


def edited(path: Path, change: Callable[[Any], object]) -> Path:
    """Change an HDF5 file in place."""
    import h5py

    with h5py.File(path, "r+") as file:
        change(file)
    return path


def replaced(file: Any, name: str, value: Any) -> None:
    del file[name]
    file[name] = value


HEAD = "model_weights/head/head"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda file: replaced(file, f"{HEAD}/bias", np.zeros(6, "float32")),
            r"head: its bias has the shape \(5,\) in the design and \(6,\) in the file",
        ),
        (
            lambda file: replaced(file, f"{HEAD}/bias", np.array([b"five"] * 5)),
            "head: its bias must be an array of numbers",
        ),
        (
            lambda file: file["model_weights/head"].attrs.create("weight_names", [b"head/bias"]),
            r"head: the file has 1 weights for it, the design 2 \(kernel, bias\)",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_layer_and_shapes(
    change: Callable[[Any], object], sentence: str, tmp_path: Path
) -> None:
    trained(functional).save(tmp_path / "model.h5")
    with pytest.raises(ReadError, match=sentence):
        read(edited(tmp_path / "model.h5", change), weights=True)


def test_links_out_of_the_file_are_refused(tmp_path: Path) -> None:
    import h5py

    def link(file: Any) -> None:
        del file[f"{HEAD}/bias"]
        file[f"{HEAD}/bias"] = h5py.ExternalLink("other.h5", "/bias")

    trained(functional).save(tmp_path / "model.h5")
    design = read(tmp_path / "model.h5")
    with pytest.raises(ReadError, match="a link that leads elsewhere"):
        with_weights_of(design, edited(tmp_path / "model.h5", link))


def test_an_archive_whose_weights_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    trained(shared).save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        config = archive.read("config.json")
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", bytes(80_000_000))
    with pytest.raises(ReadError, match=r"model\.weights\.h5 may have 67,"):
        read(tmp_path / "bomb.keras", weights=True)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    model = trained(per_step)
    model.save_weights(tmp_path / "model.weights.h5")
    trained(shared).save(tmp_path / "model.keras")
    with pytest.raises(ReadError, match="none of the design's layers"):
        with_weights_of(read(tmp_path / "model.keras"), tmp_path / "model.weights.h5")


def test_layers_that_no_longer_fit_get_fresh_values_and_a_sentence_says_so(tmp_path: Path) -> None:
    model = trained(functional)
    model.save(tmp_path / "model.keras")
    design = read(tmp_path / "model.keras", weights=True)
    head = design.node("classifier_1").id
    edited, _ = design.apply({"nodes": {head: {"params": {"classes": 9}}}})
    found = weights_fit(edited, analyze(edited).graph)
    assert found
    assert found.sentence() == (
        "weights from model.keras: 6 of 7 layers still fit; the others start with fresh values"
    )
    ours = to_keras(edited)
    np.testing.assert_array_equal(ours.get_layer("stem").kernel, model.get_layer("stem").kernel)
    assert ours.get_layer("head").kernel.shape == (8, 9)


def test_on_another_machine_a_design_goes_on_with_fresh_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(shared).save(tmp_path / "model.keras")
    design = read(read(tmp_path / "model.keras", weights=True).to_json())
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(tmp_path / "elsewhere"))
    found = weights_fit(design, analyze(design).graph)
    assert found
    assert not found.there
    assert found.sentence().startswith("the weights from model.keras are not on this machine")
    with pytest.warns(UserWarning, match="not on this machine"):
        assert to_keras(design).count_params() == analyze(design).total


def test_a_damaged_file_of_weights_is_never_used(tmp_path: Path) -> None:
    trained(shared).save(tmp_path / "model.keras")
    design = read(tmp_path / "model.keras", weights=True)
    assert design.weights
    path = path_of(design.weights)
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(ReadError, match="damaged on this disk"):
        to_keras(design)


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
