"""Comparing the weights in a file with those that the design carries, before any are drawn."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.proof.numbers import distance, weights_digest
from blocks.proof.receipt import Check
from blocks.proof.structure import same
from blocks.weights import carried_layers, weights_fit

if TYPE_CHECKING:
    import keras

WITHOUT_WEIGHTS = ("python", "notebook", "keras_json", "torch")
"""Formats that build the model, but hold no weights of it."""


def written_check(digest: str, found: "keras.Model") -> Iterator[Check]:
    """Check that a model has the weights its file was written with, where their hash is known."""
    if digest:
        expected, now = {"the hash": digest}, {"the hash": weights_digest(found)}
        yield same("weights as written", expected, now)


def carried_check(design: Design, graph: LayerGraph, found: "keras.Model") -> Check | None:
    """Check that a model has the weights that its design carries; None where it carries none."""
    fit = weights_fit(design, graph)
    if fit is None:
        return None
    largest, apart = 0.0, ""
    for name, values in carried_layers(fit):
        twins = found.get_layer(name).weights
        far = max(distance(one, np.asarray(two)) for one, two in zip(values, twins, strict=True))
        if far > largest:
            largest, apart = far, name
    words = f"{apart} differs by {largest:g}" if apart else "equal bit for bit"
    detail = f"{fit.sentence()}; {words}" if fit.there else fit.sentence()
    return Check("weights", not apart, largest if fit.layers else None, detail)
