"""Weights that do not fit, are not there or are damaged: refused, or left out with a sentence."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import ReadError, analyze, read, to_keras, weights_fit, with_weights_of
from blocks.weights import path_of
from tests.blocks.trained_models import functional, per_step, shared, trained

pytestmark = pytest.mark.keras


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
