"""Samples that were told wrong, kept in a run's folder to be looked at."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from blocks.training.contents import Array
from blocks.training.files import replacing

FILE = "wrong.npz"
MAX_BYTES = 20_000_000


class Wrong(NamedTuple):
    """A validation sample told wrong after an epoch: as the network got it, truth and guess.

    `probability` is what the network gave its guess.
    """

    epoch: int
    sample: Array
    truth: int
    guess: int
    probability: float


def keep_wrong(
    folder: Path, epoch: int, found: Sequence[tuple[float, int, int, int]], x: Array
) -> None:
    """Keep samples, given as (probability, row of `x`, truth, guess); they replace the last ones.

    As many are kept as fit into 20 MB.
    """
    each = max(1, x[0].size * 2) if len(x) else 1
    found = found[: max(1, MAX_BYTES // each)]
    with replacing(folder / FILE) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            epoch=np.array(epoch),
            x=x[[row for _, row, _, _ in found]].astype(np.float16),
            told=np.array([(truth, guess) for _, _, truth, guess in found]).reshape(-1, 2),
            probability=np.array([sure for sure, _, _, _ in found]),
        )


def read_wrong(folder: Path) -> tuple[Wrong, ...]:
    """Return the samples that are kept; none where no epoch is done or all were told right."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as data:
            rows = zip(data["x"], data["told"].tolist(), data["probability"].tolist(), strict=True)
            epoch = int(data["epoch"])
            return tuple(Wrong(epoch, x, truth, guess, sure) for x, (truth, guess), sure in rows)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return ()
