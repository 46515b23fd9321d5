"""Which values the arguments of Keras layers may have, checked before any rule counts with them."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from blocks.errors import LayerError
from blocks.params import shown

LARGEST = 100_000_000
MAX_AXES = 8
DTYPES = ("float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16")


class Check(NamedTuple):
    """What a value must be, in words and as a test; the test also gets the tensor's rank."""

    words: str
    holds: Callable[[Any, int], bool]


def is_integer(value: Any, low: int = -LARGEST, high: int = LARGEST) -> bool:
    """Tell whether a value is a whole number within limits."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _sizes(low: int) -> Callable[[Any, int], bool]:
    def holds(value: Any, rank: int) -> bool:
        if isinstance(value, tuple):
            return len(value) == rank and all(is_integer(side, low) for side in value)
        return is_integer(value, low)

    return holds


def _amounts(value: Any, rank: int) -> bool:
    """Tell whether a padding or cropping is a number, or a number or a pair per axis."""
    if is_integer(value, 0):
        return True
    if not isinstance(value, tuple) or len(value) != (2 if rank == 1 else rank):
        return False
    return all(
        is_integer(part, 0)
        or (rank > 1 and isinstance(part, tuple) and len(part) == 2 and _amounts(part, 1))
        for part in value
    )


def _numbers(value: Any, depth: int = 0) -> bool:
    if isinstance(value, tuple):
        return depth < 8 and all(_numbers(item, depth + 1) for item in value)
    return is_number(value)


def _noise(value: Any, rank: int) -> bool:
    """Tell whether a value is a shape with the batch axis, null where it is the input's."""
    return isinstance(value, tuple) and all(n is None or is_integer(n, 1) for n in value)


def _axes(value: Any, rank: int) -> bool:
    """Tell whether axes are there: 1 to the rank, or -1 to minus the rank, counted from the end."""
    axes = value if isinstance(value, tuple) else (value,)
    there = bool(axes) and all(is_integer(axis, -rank, rank) and axis != 0 for axis in axes)
    return there and len({axis % (rank + 1) for axis in axes}) == len(axes)


def _one_axis(value: Any, rank: int) -> bool:
    return _axes(value, rank) and not isinstance(value, tuple)


def _positive_axes(value: Any, rank: int) -> bool:
    return _axes(value, rank) and min(value if isinstance(value, tuple) else (value,)) > 0


def _unless_none(check: Check) -> Check:
    return Check(
        f"{check.words} or null",
        lambda value, rank: value is None or check.holds(value, rank),
    )


def _one_of(*options: str) -> Check:
    return Check("one of " + ", ".join(options), lambda value, rank: value in options)


COUNT = Check("an integer from 1", lambda value, rank: is_integer(value, 1))
SIZE = Check("an integer from 1, or one per axis", _sizes(1))
AMOUNT = Check("an integer from 0, or a number or a pair per axis", _amounts)
FLAG = Check("true or false", lambda value, rank: isinstance(value, bool))
NUMBER = Check("a number", lambda value, rank: is_number(value))
NUMBERS = Check("a number or a list of numbers", lambda value, rank: _numbers(value))
SHARE = Check("a number from 0 to 1", lambda value, rank: is_number(value) and 0 <= value <= 1)
AXES = Check("an axis or a list of axes", _axes)
INTEGERS = Check(
    "a list of integers",
    lambda value, rank: isinstance(value, tuple) and all(is_integer(item) for item in value),
)
NOTHING = Check("left out", lambda value, rank: value is None or value is False)
WORD = Check("a word", lambda value, rank: isinstance(value, str) and len(value) <= 40)
LENGTHS = Check(
    "lengths of axes, at most one of them -1",
    lambda value, rank: (
        isinstance(value, tuple)
        and len(value) <= MAX_AXES
        and all(is_integer(item, 1) or item == -1 for item in value)
        and sum(item == -1 for item in value) <= 1
    ),
)

CHECKS: dict[str, Check] = {
    **dict.fromkeys(("filters", "units", "n", "groups", "depth_multiplier"), COUNT),
    **dict.fromkeys(("input_dim", "output_dim", "height", "width"), COUNT),
    **dict.fromkeys(("kernel_size", "pool_size", "strides", "dilation_rate", "size"), SIZE),
    "output_padding": _unless_none(Check("an integer from 0, or one per axis", _sizes(0))),
    "padding": _one_of("valid", "same"),
    "cropping": AMOUNT,
    **dict.fromkeys(("use_bias", "center", "keepdims", "mask_zero", "invert"), FLAG),
    **dict.fromkeys(("rms_scaling", "synchronized", "antialias"), FLAG),
    **dict.fromkeys(("crop_to_aspect_ratio", "pad_to_aspect_ratio"), FLAG),
    **dict.fromkeys(("renorm", "renorm_clipping", "quantization_config"), NOTHING),
    "rate": SHARE,
    **dict.fromkeys(("momentum", "epsilon", "stddev", "alpha", "negative_slope"), NUMBER),
    **dict.fromkeys(("threshold", "fill_value", "l1", "l2", "renorm_momentum"), NUMBER),
    "max_value": _unless_none(NUMBER),
    **dict.fromkeys(("scale", "offset"), NUMBERS),
    **dict.fromkeys(("mean", "variance", "width_factor"), _unless_none(NUMBERS)),
    **dict.fromkeys(("factor", "height_factor", "value_range"), NUMBERS),
    "axis": AXES,
    "shared_axes": _unless_none(Check("axes counted from 1", _positive_axes)),
    "dims": INTEGERS,
    "target_shape": LENGTHS,
    "noise_shape": _unless_none(Check("lengths or null per axis", _noise)),
    "seed": _unless_none(Check("an integer", lambda value, rank: is_integer(value))),
    **dict.fromkeys(("mode", "fill_mode"), WORD),
    "interpolation": _one_of("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"),
    "dtype": _one_of(*DTYPES),
}
SPECIAL: dict[tuple[str, str], Check] = {
    **{(f"ZeroPadding{rank}D", "padding"): AMOUNT for rank in (1, 2, 3)},
    **{
        (f"{kind}Pooling{rank}D", "strides"): _unless_none(SIZE)
        for kind in ("Max", "Average")
        for rank in (1, 2, 3)
    },
    ("UpSampling1D", "size"): COUNT,
    ("Normalization", "axis"): _unless_none(AXES),
    ("Concatenate", "axis"): Check("an axis, but not the batch", _one_axis),
    ("Conv1D", "padding"): _one_of("valid", "same", "causal"),
    ("GroupNormalization", "groups"): Check("an integer from 1, or -1", _sizes(-1)),
    **{
        (kind, "scale"): FLAG
        for kind in ("BatchNormalization", "LayerNormalization", "GroupNormalization")
    },
}


def check_values(kind: str, config: Mapping[str, Any], rank: int) -> None:
    """Refuse a canonical config with a value no rule can count with; `rank` has no batch axis.

    Raises:
        LayerError: naming the argument, what it must be and what was received.
    """
    spatial = max(rank - 1, 1)
    for name, value in config.items():
        check = SPECIAL.get((kind, name)) or CHECKS.get(name)
        over_axes = name in ("axis", "shared_axes")
        if check and not check.holds(value, rank if over_axes else spatial):
            raise LayerError(f"{name} must be {check.words}, got {shown(value)}")
