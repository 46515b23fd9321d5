"""What a run is trained on, as a number: equal data have equal fingerprints."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training import readers
from blocks.training.data import Samples
from blocks.training.datasets import NAMED, DataError
from blocks.training.run_folder import RunFolder

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


def state_of(data: str) -> str:
    """Return a mark of data of one's own that changes when they are written anew, else ""."""
    return "" if data in NAMED else readers.fingerprint(Path(data))


def require_as_started(run: RunFolder) -> None:
    """Look whether a run's data are there, and before its first step as they were at its start.

    After that the run is held to their fingerprint, which tells a copy from a change.

    Raises:
        DataError: they are gone.
        DataChanged: they were written anew while the run waited.
    """
    if run.data in NAMED:
        return
    if not Path(run.data).exists():
        raise DataError(
            f"the data are gone: {run.data} is not there any more. Put it back and resume, or "
            "start a new run on other data"
        )
    before = run.about.get("data_state")
    if before and not run.has_weights and before != state_of(run.data):
        raise DataChanged(
            f"the data changed while the run waited: {run.data_title} was written anew after the "
            "run was started. Start a new run on them as they are now"
        )
