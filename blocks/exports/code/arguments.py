"""What a reader of Keras code takes for granted: defaults, and arguments given by position."""

import re
from collections.abc import Mapping
from typing import Any

from blocks.layers.convolution import CONV_DEFAULTS
from blocks.layers.dense import DENSE_DEFAULTS
from blocks.layers.elementwise import BATCH_NORM_DEFAULTS

DEPTHWISE_DEFAULTS = {**CONV_DEFAULTS, "depthwise_initializer": "glorot_uniform"}
POOL_DEFAULTS = {"strides": None, "padding": "valid"}

DEFAULTS: dict[str, Mapping[str, Any]] = {
    "Conv": CONV_DEFAULTS,
    "ConvTranspose": CONV_DEFAULTS,
    "DepthwiseConv": DEPTHWISE_DEFAULTS,
    "SeparableConv": CONV_DEFAULTS,
    "Dense": DENSE_DEFAULTS,
    "BatchNormalization": BATCH_NORM_DEFAULTS,
    "LayerNormalization": {"epsilon": 1e-3},
    "MaxPooling": POOL_DEFAULTS,
    "AveragePooling": POOL_DEFAULTS,
    "UpSampling": {"interpolation": "nearest"},
}

POSITIONAL: dict[str, tuple[str, ...]] = {
    "Conv": ("filters", "kernel_size"),
    "ConvTranspose": ("filters", "kernel_size"),
    "DepthwiseConv": ("kernel_size",),
    "SeparableConv": ("filters", "kernel_size"),
    "Dense": ("units",),
    "Dropout": ("rate",),
    "Activation": ("activation",),
    "Permute": ("dims",),
    "TimeDistributed": ("layer",),
    "Reshape": ("target_shape",),
    "MaxPooling": ("pool_size",),
    "AveragePooling": ("pool_size",),
    "UpSampling": ("size",),
    "ZeroPadding": ("padding",),
}


def defaults_of(kind: str) -> Mapping[str, Any]:
    """Return what Keras assumes for arguments of a layer that are left out, where known.

    A layer that is not listed only gets a function of its own more often.
    """
    return DEFAULTS.get(_without_rank(kind), {})


def positional_of(kind: str) -> tuple[str, ...]:
    """Return the arguments of a layer that everybody gives by position."""
    return POSITIONAL.get(_without_rank(kind), ())


def in_order(kind: str, config: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Return a layer's arguments as (keyword, key, value); no keyword where given by position."""
    positional = positional_of(kind)
    keys = sorted(config, key=lambda key: key not in positional)
    return [("" if key in positional else key, key, config[key]) for key in keys]


def _without_rank(kind: str) -> str:
    return re.sub(r"[123]D", "", kind)
