"""ImageNet weights: the files that Keras knows, fetched from a server of the test's own."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import Design, JobCancelled, JobError, analyze, fetch, template, to_keras, weights_fit
from blocks.pretrained.download import download
from blocks.pretrained.table import APPLICATIONS, BASE, File
from blocks.weights import weights_folder

pytestmark = pytest.mark.keras

WHOLE = APPLICATIONS["mobilenet_v2"].whole.address


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a server on this machine that the weights are fetched from."""
    folder = tmp_path / "mirror"
    (folder / WHOLE).parent.mkdir(parents=True)
    handler = partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setenv("BLOCKWRIGHT_WEIGHTS_MIRROR", address)
    yield folder
    server.shutdown()
    server.server_close()


def mobile_net(top: bool = True) -> Any:
    """The network of keras.applications with weights drawn at random."""
    import keras

    keras.backend.clear_session()
    model = keras.applications.MobileNetV2(weights=None, include_top=top)
    rng = np.random.default_rng(3)
    for weight in model.weights:
        vector = len(weight.shape) == 1
        fan_in = np.prod(weight.shape[:-1])
        spread = rng.uniform(0.5, 1.5, weight.shape) if vector else None
        value = rng.normal(0, (2 / fan_in) ** 0.5, weight.shape) if spread is None else spread
        weight.assign(value)
    return model


def test_the_files_are_those_that_keras_would_load(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras
    from keras.src.utils import file_utils

    asked: list[tuple[str, str]] = []

    class Enough(Exception):
        pass

    def get_file(fname: str, origin: str, file_hash: str | None = None, **_: Any) -> None:
        asked.append((origin, file_hash or ""))
        raise Enough

    monkeypatch.setattr(file_utils, "get_file", get_file)
    for application in APPLICATIONS.values():
        for file, top in ((application.whole, True), (application.trunk, False)):
            keras.backend.clear_session()
            with pytest.raises(Enough):
                getattr(keras.applications, application.name)(include_top=top)
            assert asked[-1] == (BASE + file.address, file.md5)


def test_a_template_with_fetched_weights_gives_the_outputs_of_keras_applications(
    mirror: Path,
) -> None:
    theirs = mobile_net()
    theirs.save(mirror / WHOLE)
    told: list[str] = []
    design = fetch(template("mobilenet_v2"), "mobilenet_v2", lambda _, words: told.append(words))
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert fit.sentence() == "weights from ImageNet, MobileNetV2 for 105 of 105 layers"
    photos = np.random.default_rng(1).normal(size=(2, 224, 224, 3)).astype("float32")
    ours = np.asarray(to_keras(design)(photos, training=False))
    np.testing.assert_allclose(ours, theirs(photos, training=False), rtol=1e-4, atol=1e-7)
    assert "Reading the weights" in told
    (mirror / WHOLE).unlink()
    again = fetch(template("mobilenet_v2"), "mobilenet_v2")
    assert again.weights == design.weights
    assert not [path for path in weights_folder().iterdir() if path.name.startswith(".fetching")]


def test_for_other_classes_the_weights_come_without_the_head(mirror: Path) -> None:
    trunk = mirror / APPLICATIONS["mobilenet_v2"].trunk.address
    theirs = mobile_net(top=False)
    theirs.save(trunk)
    drawn = template("mobilenet_v2", height=96, width=96, classes=7)
    design = fetch(drawn, "mobilenet_v2")
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert (len(fit.layers), fit.wanted) == (104, 105)
    ours = to_keras(design)
    stem = next(layer for layer in ours.layers if layer.weights)
    np.testing.assert_array_equal(stem.kernel, theirs.get_layer("Conv1").kernel)


def test_a_download_tells_how_far_it_is(mirror: Path, tmp_path: Path) -> None:
    (mirror / WHOLE).write_bytes(bytes(2_500_000))
    told: list[tuple[float, str]] = []
    download(File(WHOLE, ""), tmp_path / "copy", lambda part, words: told.append((part, words)))
    assert (tmp_path / "copy").stat().st_size == 2_500_000
    assert told[0][1] == "1.0 MB of 2.5 MB"
    assert told[-1] == (1.0, "2.5 MB of 2.5 MB")


def refusal(design: Design, template_id: str) -> str:
    with pytest.raises(JobError) as caught:
        fetch(design, template_id)
    return str(caught.value)


def test_a_file_that_keras_does_not_know_is_refused(mirror: Path) -> None:
    path = mirror / APPLICATIONS["resnet50"].whole.address
    path.parent.mkdir()
    path.write_bytes(b"something else")
    assert "is not the file that Keras knows: its MD5 is" in refusal(
        template("resnet50"), "resnet50"
    )
    assert not list(weights_folder().glob("*.npz"))


def test_a_file_that_holds_no_such_weights_is_refused(mirror: Path) -> None:
    (mirror / WHOLE).write_bytes(b"no HDF5 at all")
    assert "holds no weights of MobileNetV2" in refusal(template("mobilenet_v2"), "mobilenet_v2")


def test_without_a_connection_a_sentence_says_what_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_WEIGHTS_MIRROR", "http://127.0.0.1:9/")
    sentence = refusal(template("vgg16"), "vgg16")
    assert sentence.startswith("the weights could not be had from 127.0.0.1 (")
    assert sentence.endswith("needs the internet, or a mirror named in BLOCKWRIGHT_WEIGHTS_MIRROR")


@pytest.mark.parametrize("address", ["file:///etc/", "ftp://somewhere/", "nonsense"])
def test_a_mirror_must_be_a_web_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_WEIGHTS_MIRROR", address)
    assert "must be an address that begins with https://" in refusal(template("vgg16"), "vgg16")


def test_a_fetch_can_be_cancelled(mirror: Path) -> None:
    mobile_net().save(mirror / WHOLE)
    with pytest.raises(JobCancelled):
        fetch(template("mobilenet_v2"), "mobilenet_v2", cancelled=lambda: True)
    assert not list(weights_folder().glob("*.npz"))
