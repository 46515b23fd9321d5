"""The child's part of an export: write the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.exports import formats
from blocks.jobs import OnProgress


def write_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Write a design in a format to a path; return the digest of the weights in it, if any."""
    entry = formats()[payload["format"]]
    progress(0.1, f"Writing {entry.title}")
    digest = entry.write(Design.from_json(payload["design"]), Path(payload["path"]))
    return {"weights": digest}
