"""Which arguments each Keras layer takes, and what Keras assumes for those left out."""

from collections.abc import Mapping
from typing import Any

REQUIRED = ...
"""Stands for the default of an argument that has none."""

Arguments = Mapping[str, Any]


def _weight(role: str, initializer: str) -> dict[str, Any]:
    return {f"{role}_initializer": initializer, f"{role}_regularizer": None} | {
        f"{role}_constraint": None
    }


KERNEL = _weight("kernel", "glorot_uniform")
BIAS = {"activation": "linear", "use_bias": True, **_weight("bias", "zeros")}
BIAS |= {"activity_regularizer": None}
SLIDING = {"kernel_size": REQUIRED, "strides": 1, "padding": "valid", "dilation_rate": 1}
AFFINE = {"center": True, "scale": True, **_weight("beta", "zeros"), **_weight("gamma", "ones")}
SEEDED = {"seed": None}
ANY: Arguments = {}

CONV = {"filters": REQUIRED, **SLIDING, **KERNEL, **BIAS}
DEPTHWISE = {"depth_multiplier": 1, **SLIDING, **_weight("depthwise", "glorot_uniform"), **BIAS}
SEPARABLE = {**DEPTHWISE, **_weight("pointwise", "glorot_uniform"), "filters": REQUIRED}
POOLING = {"pool_size": 2, "strides": None, "padding": "valid"}
FILL = {"fill_mode": "reflect", "fill_value": 0.0, "interpolation": "bilinear"}

RANKED: dict[str, tuple[tuple[int, ...], Arguments]] = {
    "Conv{}D": ((1, 2, 3), {**CONV, "groups": 1}),
    "Conv{}DTranspose": ((1, 2, 3), {**CONV, "output_padding": None}),
    "DepthwiseConv{}D": ((1, 2), DEPTHWISE),
    "SeparableConv{}D": ((1, 2), SEPARABLE),
    "MaxPooling{}D": ((1, 2, 3), POOLING),
    "AveragePooling{}D": ((1, 2, 3), {**POOLING, "pool_size": REQUIRED}),
    "GlobalMaxPooling{}D": ((1, 2, 3), {"keepdims": False}),
    "GlobalAveragePooling{}D": ((1, 2, 3), {"keepdims": False}),
    "ZeroPadding{}D": ((1, 2, 3), {"padding": 1}),
    "SpatialDropout{}D": ((1, 2, 3), {"rate": REQUIRED, **SEEDED}),
}

ARGUMENTS: dict[str, Arguments] = {
    "Activation": {"activation": REQUIRED, "activity_regularizer": None},
    "ActivityRegularization": {"l1": 0.0, "l2": 0.0},
    "Add": ANY,
    "AlphaDropout": {"rate": REQUIRED, "noise_shape": None, **SEEDED},
    "Average": ANY,
    "BatchNormalization": {
        "axis": -1,
        "momentum": 0.99,
        "epsilon": 1e-3,
        **AFFINE,
        "moving_mean_initializer": "zeros",
        "moving_variance_initializer": "ones",
        "synchronized": False,
        "renorm": False,
        "renorm_clipping": None,
        "renorm_momentum": 0.99,
    },
    "CenterCrop": {"height": REQUIRED, "width": REQUIRED},
    "Concatenate": {"axis": -1},
    "Cropping1D": {"cropping": 1},
    "Cropping2D": {"cropping": 0},
    "Cropping3D": {"cropping": 1},
    "Dense": {"units": REQUIRED, **KERNEL, **BIAS, "quantization_config": None},
    "Dropout": {"rate": REQUIRED, "noise_shape": None, **SEEDED},
    "ELU": {"alpha": 1.0},
    "Embedding": {
        "input_dim": REQUIRED,
        "output_dim": REQUIRED,
        **_weight("embeddings", "random_uniform"),
        "activity_regularizer": None,
        "mask_zero": False,
        "quantization_config": None,
    },
    "Flatten": ANY,
    "GaussianDropout": {"rate": REQUIRED, **SEEDED},
    "GaussianNoise": {"stddev": REQUIRED, **SEEDED},
    "GroupNormalization": {"groups": 32, "axis": -1, "epsilon": 1e-3, **AFFINE},
    "Identity": ANY,
    "LayerNormalization": {"axis": -1, "epsilon": 1e-3, **AFFINE, "rms_scaling": False},
    "LeakyReLU": {"negative_slope": 0.3},
    "Maximum": ANY,
    "Minimum": ANY,
    "Multiply": ANY,
    "Normalization": {"axis": -1, "mean": None, "variance": None, "invert": False},
    "PReLU": {**_weight("alpha", "zeros"), "shared_axes": None},
    "Permute": {"dims": REQUIRED},
    "RMSNormalization": {"axis": -1, "epsilon": 1e-6},
    "RandomBrightness": {"factor": REQUIRED, "value_range": (0, 255), **SEEDED},
    "RandomContrast": {"factor": REQUIRED, "value_range": (0, 255), **SEEDED},
    "RandomFlip": {"mode": "horizontal_and_vertical", **SEEDED},
    "RandomRotation": {"factor": REQUIRED, **FILL, **SEEDED},
    "RandomTranslation": {
        "height_factor": REQUIRED,
        "width_factor": REQUIRED,
        **FILL,
        **SEEDED,
    },
    "RandomZoom": {"height_factor": REQUIRED, "width_factor": None, **FILL, **SEEDED},
    "ReLU": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0},
    "RepeatVector": {"n": REQUIRED},
    "Rescaling": {"scale": REQUIRED, "offset": 0.0},
    "Reshape": {"target_shape": REQUIRED},
    "Resizing": {
        "height": REQUIRED,
        "width": REQUIRED,
        "interpolation": "bilinear",
        "crop_to_aspect_ratio": False,
        "pad_to_aspect_ratio": False,
        "fill_mode": "constant",
        "fill_value": 0.0,
        "antialias": False,
    },
    "Softmax": {"axis": -1},
    "Subtract": ANY,
    "TimeDistributed": {"layer": REQUIRED},
    "UnitNormalization": {"axis": -1},
    "UpSampling1D": {"size": 2},
    "UpSampling2D": {"size": 2, "interpolation": "nearest"},
    "UpSampling3D": {"size": 2},
    **{
        kind.format(rank): arguments
        for kind, (ranks, arguments) in RANKED.items()
        for rank in ranks
    },
}
"""Every kind of layer a design can hold, inputs aside, with its arguments and their defaults."""

MERGES = ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")
"""The kinds that take several tensors."""
