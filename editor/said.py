"""What the canvas said of one tab beside its edits, read with care. Pure.

A browser can send anything: what has not the shape of an answer counts as silence.
"""

from collections.abc import Mapping
from typing import Any

MAX_PATH = 20


def folds(said: object, design_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the blocks that a tab folded and unfolded in a design's diagram."""
    if not isinstance(said, Mapping) or said.get("design_id") != design_id:
        return frozenset(), frozenset()
    return frozenset(texts(said.get("folded"))), frozenset(texts(said.get("unfolded")))


def path_inside(said: object, design_id: str) -> list[str]:
    """Return the definitions that a tab has open, the innermost last; [] for the design itself."""
    if not isinstance(said, Mapping) or said.get("design_id") != design_id:
        return []
    return texts(said.get("path"))[:MAX_PATH]


def texts(value: object) -> list[str]:
    """Return the texts in a list; [] of anything else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def of_outbox(said: object, name: str) -> Any:
    """Return what an outbox says under a name, None where it is no outbox."""
    return said.get(name) if isinstance(said, Mapping) else None
