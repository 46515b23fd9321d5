"""The data sets that Keras downloads: where their files lie, how large they are, what fails.

Sizes only tell how far a download is; Keras itself compares the checksums.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from blocks.analysis import bytes_text
from blocks.jobs import OnProgress

STORE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
TORONTO = "https://www.cs.toronto.edu/~kriz/"
POLL_SECONDS = 0.3


class Part(NamedTuple):
    """A file of a data set: its path in Keras' folder, where it comes from, its bytes."""

    path: str
    origin: str
    bytes: int


def _fashion(name: str, count: int) -> Part:
    return Part(f"fashion-mnist/{name}", f"{STORE}{name}", count)


DOWNLOADS: dict[str, tuple[Part, ...]] = {
    "mnist": (Part("mnist.npz", f"{STORE}mnist.npz", 11_490_434),),
    "fashion_mnist": (
        _fashion("train-labels-idx1-ubyte.gz", 29_515),
        _fashion("train-images-idx3-ubyte.gz", 26_421_880),
        _fashion("t10k-labels-idx1-ubyte.gz", 5_148),
        _fashion("t10k-images-idx3-ubyte.gz", 4_422_102),
    ),
    "cifar10": (
        Part("cifar-10-batches-py-target_archive", f"{TORONTO}cifar-10-python.tar.gz", 170_498_071),
    ),
    "cifar100": (
        Part("cifar-100-python-target_archive", f"{TORONTO}cifar-100-python.tar.gz", 169_001_437),
    ),
}


def folder() -> Path:
    """Return where Keras keeps data sets: in KERAS_HOME, or in .keras of the person's folder."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def download_bytes(name: str) -> int:
    """Return how many bytes a data set is to download; 0 where it is on this machine, or made."""
    parts = DOWNLOADS.get(name, ())
    return sum(part.bytes for part in parts if not (folder() / part.path).exists())


def by_hand(name: str) -> str:
    """Say how a data set gets here without a download."""
    missing = [part for part in DOWNLOADS[name] if not (folder() / part.path).exists()]
    first = (missing or DOWNLOADS[name])[0]
    others = f", and likewise {len(missing) - 1} more files" if len(missing) > 1 else ""
    return f"save {first.origin} as {folder() / first.path}{others}"


def forget(name: str) -> None:
    """Remove the files of a data set, so that they are downloaded anew."""
    for part in DOWNLOADS[name]:
        (folder() / part.path).unlink(missing_ok=True)


@contextmanager
def told(name: str, title: str, progress: OnProgress) -> Iterator[None]:
    """Report how much of a data set has arrived while something else downloads it."""
    total, done = download_bytes(name), threading.Event()
    if not total:
        yield
        return
    missing = [part for part in DOWNLOADS[name] if not (folder() / part.path).exists()]
    watcher = threading.Thread(target=_watch, args=(missing, total, title, progress, done.wait))
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(
    parts: list[Part], total: int, title: str, progress: OnProgress, ended: Callable[..., bool]
) -> None:
    while not ended(POLL_SECONDS):
        paths = [folder() / part.path for part in parts]
        here = sum(path.stat().st_size for path in paths if path.exists())
        share = min(0.99, here / total)
        progress(share, f"Downloading {title}, {bytes_text(here)} of {bytes_text(total)}")
