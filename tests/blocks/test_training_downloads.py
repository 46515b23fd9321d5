"""Data sets that are downloaded: looked at like others, and a way on where they cannot be had."""

import gzip
import io
import pickle
import tarfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import JobError, TrainingSettings, describe_data, download_bytes, previewed
from blocks import start_preview as start
from blocks.training import downloads
from blocks.training.class_names import FINE_OBJECTS
from blocks.training.data import load
from blocks.training.preview import preview_in_child

pytestmark = pytest.mark.keras
GENERATOR = np.random.default_rng(7)


@pytest.fixture(autouse=True)
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of Keras' own, and no way out of this machine."""
    home = tmp_path / "keras"
    home.mkdir()
    monkeypatch.setenv("KERAS_HOME", str(home))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    return home


def idx(values: np.ndarray[Any, Any]) -> bytes:
    """Return bytes as the files of MNIST and Fashion-MNIST hold them (LeCun's IDX format)."""
    head = bytes((0, 0, 8, values.ndim))
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return gzip.compress(head + sizes + values.astype(np.uint8).tobytes())


def fashion(home: Path, train: int = 60, test: int = 20) -> None:
    folder = home / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True, exist_ok=True)
    for part, count in (("train", train), ("t10k", test)):
        labels, pictures = np.arange(count) % 10, GENERATOR.integers(0, 256, (count, 28, 28))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(idx(labels))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(idx(pictures))


def test_a_set_that_is_on_this_machine_is_looked_at_in_a_child(keras_home: Path) -> None:
    info, settings = describe_data("fashion_mnist"), TrainingSettings(validation_share=0.5)
    assert download_bytes("fashion_mnist") == 30_878_645
    fashion(keras_home)
    assert download_bytes("fashion_mnist") == 0
    start(info, settings).result()
    found = previewed(info, settings)
    assert found
    assert [row.name for row in found.rows] == list(info.class_names)
    assert sum(row.count for row in found.rows) == 30
    assert (found.low, found.high) == (0, 1)
    first = found.rows[0].samples[0]
    assert first.startswith("data:image/png;base64,")


def test_where_the_download_is_impossible_the_sentence_says_what_to_do(keras_home: Path) -> None:
    with pytest.raises(JobError) as refused:
        start(describe_data("mnist"), TrainingSettings()).result()
    said = str(refused.value)
    assert said.startswith("MNIST digits could not be downloaded (URL fetch failure on https://")
    assert "check the connection of this machine, save https://" in said
    assert f"/mnist.npz as {keras_home / 'datasets' / 'mnist.npz'} by hand, or train on" in said


def test_each_file_to_be_saved_by_hand_is_where_keras_looks_for_it(keras_home: Path) -> None:
    fashion(keras_home)
    target = keras_home / "datasets" / "cifar-10-batches-py-target_archive"
    assert downloads.by_hand("cifar10").endswith(f"cifar-10-python.tar.gz as {target}")
    (keras_home / "datasets" / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "t10k-labels-idx1-ubyte.gz as " in downloads.by_hand("fashion_mnist")


def test_files_that_a_kill_left_half_are_downloaded_anew(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras.datasets import fashion_mnist

    fashion(keras_home)
    half = keras_home / "datasets" / "fashion-mnist" / "train-images-idx3-ubyte.gz"
    half.write_bytes(half.read_bytes()[:3_000])
    loads: list[bool] = []

    def load_data() -> Any:
        """Read the file, or fetch it where there is none, as Keras does."""
        loads.append(half.exists())
        if not half.exists():
            fashion(keras_home)
        read = np.frombuffer(gzip.decompress(half.read_bytes()), np.uint8, offset=16)
        pictures = read.reshape(60, 28, 28)
        return (pictures, np.arange(60) % 10), (pictures[:20], np.arange(20) % 10)

    monkeypatch.setattr(fashion_mnist, "load_data", load_data)
    assert len(load("fashion_mnist", TrainingSettings()).x_test) == 20
    assert loads == [True, False]


def test_the_file_of_mnist_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    mnist = importlib.import_module("keras.src.datasets.mnist")
    path = tmp_path / "mnist.npz"
    y = np.arange(50) % 10
    x = np.zeros((50, 28, 28), np.uint8)
    np.savez(path, x_train=x, y_train=y, x_test=x[:10], y_test=y[:10])
    monkeypatch.setattr(mnist, "get_file", lambda **_: str(path))
    settings = TrainingSettings()
    preview_in_child({"name": "mnist", "settings": settings.values()}, lambda *_: None)
    found = previewed(describe_data("mnist"), settings)
    assert found
    assert [row.count for row in found.rows] == np.bincount(
        load("mnist", settings).y, minlength=10
    ).tolist()


def test_the_archive_of_cifar_is_looked_at_with_the_names_of_its_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    cifar = importlib.import_module("keras.src.datasets.cifar100")
    folder = tmp_path / "cifar"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for part, count in (("train", 50_000), ("test", 10_000)):
            data = np.zeros((count, 3_072), np.uint8)
            labels = (np.arange(count) % 100).tolist()
            content = pickle.dumps({b"data": data, b"fine_labels": labels})
            entry = tarfile.TarInfo(f"cifar-100-python/{part}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        archive.extractall(folder, filter="data")
    monkeypatch.setattr(cifar, "get_file", lambda **_: str(folder))
    settings = TrainingSettings(validation_share=0.5)
    preview_in_child({"name": "cifar100", "settings": settings.values()}, lambda *_: None)
    found = previewed(describe_data("cifar100"), settings)
    assert found
    assert [row.name for row in found.rows] == list(FINE_OBJECTS)
    assert len(FINE_OBJECTS) == 100
    assert sorted(FINE_OBJECTS) == list(FINE_OBJECTS)
    assert sum(row.count for row in found.rows) == 25_000


def test_how_far_a_download_is_is_told(keras_home: Path) -> None:
    told: list[tuple[float, str]] = []
    target = keras_home / "datasets" / "mnist.npz"
    target.parent.mkdir()
    with downloads.told("mnist", "MNIST digits", lambda *said: told.append(said)):
        target.write_bytes(bytes(5_745_217))
        while not told or not told[-1][0]:
            time.sleep(0.01)
    assert told[-1] == (0.5, "Downloading MNIST digits, 5.7 MB of 11.5 MB")
    told.clear()
    with downloads.told("digits", "Digits", lambda *said: told.append(said)):
        pass
    assert told == []
