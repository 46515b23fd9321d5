"""Weights that a design carries: their files, the store of them, and which layers they fit."""

from blocks.weights.files import Array, Form, LayerWeights
from blocks.weights.fit import Fit, carried_layers, form_of, weights_fit
from blocks.weights.store import LEFT_OVERS, keep, path_of, sweep, weights_folder

__all__ = [
    "LEFT_OVERS",
    "Array",
    "Fit",
    "Form",
    "LayerWeights",
    "carried_layers",
    "form_of",
    "keep",
    "path_of",
    "sweep",
    "weights_fit",
    "weights_folder",
]
