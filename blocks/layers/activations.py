"""Layers that are one function on every value, some with a weight of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Outcome, Rule
from blocks.layers.elementwise import keep


def prelu(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count one slope per value; along shared axes one slope serves all places."""
    shared = config.get("shared_axes") or ()
    axes = shared if isinstance(shared, tuple) else (shared,)
    slopes = []
    for axis, length in enumerate(shapes[0], start=1):
        if axis not in axes and length is None:
            raise LayerError(
                "PReLU needs a known size or shared_axes along open axes, got an open axis"
            )
        slopes.append(1 if axis in axes else length or 1)
    return Outcome(shapes[0], (Weight("alpha", tuple(slopes)),))


KEEPING = (
    "ActivityRegularization",
    "AlphaDropout",
    "ELU",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "LeakyReLU",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "Softmax",
    "SpatialDropout3D",
    "UnitNormalization",
)

RULES: dict[str, Rule] = {**dict.fromkeys(KEEPING, keep), "PReLU": prelu}
