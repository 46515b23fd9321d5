"""What Keras lets a layer's config name: activations, initialisers, regularisers, constraints."""

import re
from collections.abc import Mapping
from typing import Any

from blocks.errors import LayerError
from blocks.layers.elementwise import ACTIVATIONS
from blocks.params import shown

ACTIVATION_NAMES = (
    *ACTIVATIONS,
    "softsign",
    "exponential",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "mish",
    "log_softmax",
    "log_sigmoid",
    "celu",
    "glu",
    "squareplus",
    "sparse_plus",
    "sparsemax",
    "soft_shrink",
    "hard_shrink",
    "tanh_shrink",
    "threshold",
)
OTHER_SPELLINGS = {"swish": "silu", "hard_swish": "hard_silu"}

RANDOM: dict[str, Any] = {"seed": None}
FANS: dict[str, Any] = {"seed": None, "input_axes": None, "output_axes": None}
INITIALIZER_CLASSES: dict[str, Mapping[str, Any]] = {
    **dict.fromkeys(("GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform"), FANS),
    **dict.fromkeys(("LecunNormal", "LecunUniform"), FANS),
    "VarianceScaling": {
        "scale": 1.0,
        "mode": "fan_in",
        "distribution": "truncated_normal",
        **FANS,
    },
    "Zeros": {},
    "Ones": {},
    "Constant": {"value": 0.0},
    "RandomNormal": {"mean": 0.0, "stddev": 0.05, **RANDOM},
    "TruncatedNormal": {"mean": 0.0, "stddev": 0.05, **RANDOM},
    "RandomUniform": {"minval": -0.05, "maxval": 0.05, **RANDOM},
    "Orthogonal": {"gain": 1.0, **RANDOM},
    "Identity": {"gain": 1.0},
}
REGULARIZER_CLASSES: dict[str, Mapping[str, Any]] = {
    "L1": {"l1": 0.01},
    "L2": {"l2": 0.01},
    "L1L2": {"l1": 0.0, "l2": 0.0},
    "OrthogonalRegularizer": {"factor": 0.01, "mode": "rows"},
}
CONSTRAINT_CLASSES: dict[str, Mapping[str, Any]] = {
    "MaxNorm": {"max_value": 2, "axis": 0},
    "MinMaxNorm": {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0},
    "NonNeg": {},
    "UnitNorm": {"axis": 0},
}
CLASSES = {
    "initializer": INITIALIZER_CLASSES,
    "regularizer": REGULARIZER_CLASSES,
    "constraint": CONSTRAINT_CLASSES,
}
ALIASES = {"uniform": "RandomUniform", "normal": "RandomNormal", "zero": "Zeros", "one": "Ones"}


def canonical_activation(value: Any) -> str:
    """Return an activation by the one name Keras saves it under.

    Raises:
        LayerError: it is not a function of Keras.
    """
    if value is None:
        return "linear"
    name = OTHER_SPELLINGS.get(value, value) if isinstance(value, str) else None
    if name not in ACTIVATION_NAMES:
        raise LayerError(
            f"activation must be the name of a Keras activation, got {_shown(value)}; custom "
            "functions cannot be held"
        )
    return str(name)


def canonical_object(argument: str, value: Any) -> Any:
    """Return an initialiser, regulariser or constraint in one form.

    That is its name where all its settings are Keras' own, else {"class_name", "config"} with the
    settings that differ.

    Raises:
        LayerError: its class or a setting is not one of Keras.
    """
    if value is None:
        return None
    family = argument.rpartition("_")[2]
    found = _class_of(value, CLASSES[family])
    if found is None:
        raise LayerError(
            f"{argument} must be a Keras {family}, got {_shown(value)}; custom ones cannot be held"
        )
    defaults = CLASSES[family][found]
    given = value.get("config") or {} if isinstance(value, Mapping) else {}
    config = {k: v for k, v in given.items() if k != "dtype" and v != defaults.get(k, ...)}
    for key, entry in config.items():
        if key not in defaults or not _plain(entry):
            raise LayerError(f"{argument}: {found} has no setting {key!a:.40} of {_shown(entry)}")
    if found == "Constant":  # Keras makes none from its name alone
        config.setdefault("value", 0.0)
    return {"class_name": found, "config": config} if config else snake_case(found)


def snake_case(name: str) -> str:
    """Return a class name as Keras spells it in lower case: HeNormal is he_normal."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _class_of(value: Any, classes: Mapping[str, Any]) -> str | None:
    name = value.get("class_name") if isinstance(value, Mapping) else value
    if isinstance(value, Mapping) and not isinstance(value.get("config", {}), Mapping):
        return None
    if not isinstance(name, str):
        return None
    spelled = {snake_case(known): known for known in classes} | ALIASES
    found = name if name in classes else spelled.get(name)
    return found if found in classes else None


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) < 40)


def _shown(value: Any) -> str:
    """Return what was received, an object by its class."""
    if isinstance(value, Mapping):
        name = value.get("registered_name") or value.get("class_name")
        return f"{name!a:.60}"
    return shown(value)
