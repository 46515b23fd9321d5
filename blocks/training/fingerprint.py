"""What a run is trained on, as a number: equal data have equal fingerprints."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from blocks.training.data import Samples
from blocks.training.datasets import DataError

PARTS = {"training": "x", "validation": "x_validation", "test": "x_test"}


class DataChanged(DataError):
    """Data that are not those which a run began with."""


def fingerprint_of(samples: Samples) -> dict[str, Any]:
    """Return the SHA-256 over all samples and labels, as the network gets them, and their counts.

    Shapes and types count too.
    """
    digest = hashlib.sha256()
    for name, values in vars(samples).items():
        digest.update(f"{name} {values.shape} {values.dtype.str}".encode())
        digest.update(np.ascontiguousarray(values).data)
    counts = {part: len(getattr(samples, name)) for part, name in PARTS.items()}
    return {"sha256": digest.hexdigest(), "samples": counts}


def require_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Compare the data that a run began with and those there now.

    Raises:
        DataChanged: they differ.
    """
    if not before or before["sha256"] == now["sha256"]:
        return
    differing = [
        f"{count:,} {part} samples then, {now['samples'][part]:,} now"
        for part, count in before["samples"].items()
        if count != now["samples"][part]
    ]
    what = "; ".join(differing) or "as many samples, but not the same ones"
    raise DataChanged(
        f"the data changed since the run began: {what}. Start a new run on them as they are now, "
        "or put the old ones back and resume"
    )
