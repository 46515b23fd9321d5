"""Reading one layer of a Keras file: its class off an allow-list, its config in canonical terms."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from blocks.errors import ReadError
from blocks.layers import ARGUMENTS
from blocks.layers.values import DTYPES

MODELS = ("Functional", "Model", "Sequential")
MODULES = ("keras.layers", "keras.src.layers", "keras.src.engine", "keras.engine", "tf_keras")
APPLICATIONS = "keras.src.applications."
MAX_NAME = 200

# What Keras 2 wrote besides, with the value at which it means nothing; ... means any value.
SILENT: dict[str, Any] = {
    "name": ...,
    "trainable": ...,
    "dtype": ...,
    "autocast": ...,
    "data_format": ...,
    "batch_input_shape": ...,
    "batch_shape": ...,
    "input_length": ...,
    "input_shape": ...,
    "implementation": ...,
    "groups": 1,
}
KERNEL_OF_OTHERS = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")
RENAMED = {("LeakyReLU", "alpha"): "negative_slope"}
RENAMED_CLASSES = {"BatchNormalizationV1": "BatchNormalization", "SyncBatchNormalization": ""}


class Entry(NamedTuple):
    """A layer of a file: arguments still as written, without what a design keeps elsewhere."""

    name: str
    kind: str
    config: dict[str, Any]
    trainable: bool
    dtype: str


def layer_name(value: Any) -> str:
    """Return a layer's name as Keras 3 can have it.

    Raises:
        ReadError: it is no text, or too long.
    """
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME:
        raise ReadError(f"a layer's name must be 1 to {MAX_NAME} characters, got {value!a:.60}")
    if not value.isprintable():
        raise ReadError(f"a layer's name must be printable, got {value!a:.60}")
    return value.replace("/", "_")


def is_model(data: Mapping[str, Any]) -> bool:
    """Tell whether an entry is a model inside the model."""
    return data.get("class_name") in MODELS


def entry_of(data: Any) -> Entry:
    """Return the layer an object of a file describes.

    Raises:
        ReadError: naming the layer and what in it cannot be held.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("config"), Mapping):
        raise ReadError(f"a layer must be an object with a config, got {data!a:.60}")
    config = data["config"]
    name = layer_name(config.get("name") or data.get("name"))
    kind = _kind(name, data)
    if config.get("data_format") not in (None, "channels_last"):
        raise ReadError(
            f"{name}: data_format must be channels_last, got {config['data_format']!a:.40}; "
            "designs keep the channels last"
        )
    trainable = config.get("trainable", True)
    if not isinstance(trainable, bool):
        raise ReadError(f"{name}: trainable must be true or false, got {trainable!a:.40}")
    return Entry(name, kind, arguments_of(kind, config), trainable, _dtype(name, config))


def arguments_of(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer's arguments under their names of today, without what says nothing."""
    known = ARGUMENTS.get(kind, {})
    found = {RENAMED.get((kind, key), key): value for key, value in config.items()}
    if kind == "TimeDistributed" and isinstance(found.get("layer"), Mapping):
        inner = entry_of(found["layer"])
        found["layer"] = {"class_name": inner.kind, "config": {**inner.config, "name": inner.name}}
    if "kernel_initializer" not in known:
        found = {key: value for key, value in found.items() if key not in KERNEL_OF_OTHERS}
    return {
        key: value
        for key, value in found.items()
        if key in known or key not in SILENT or SILENT[key] not in (..., value)
    }


def _kind(name: str, data: Mapping[str, Any]) -> str:
    """Return the class of a layer once it is one a design can hold."""
    kind, module = data.get("class_name"), data.get("module") or ""
    if not isinstance(kind, str) or not isinstance(module, str):
        raise ReadError(f"{name}: class_name must be a text, got {kind!a:.60}")
    kind = RENAMED_CLASSES.get(kind, kind) or "BatchNormalization"
    if kind == "Lambda":
        raise ReadError(
            f"{name}: a Lambda layer holds Python code of its own, which is never read; put a "
            "layer of Keras in its place"
        )
    ours = module.startswith(APPLICATIONS) and kind in STAND_INS
    operation = module.startswith(("keras.src.ops", "keras.ops"))
    if operation and kind not in OPERATIONS:
        called = f"{module.rpartition('.')[0]}.{kind}"
        raise ReadError(
            f"{name}: {called!a:.80} is an operation, not a layer, and cannot be held; write it "
            "as a layer (keras.layers.Add()([x, y]) for x + y)"
        )
    if module and not (ours or operation) and not module.startswith(MODULES):
        raise ReadError(
            f"{name}: the class {module!a:.60}.{kind!a:.60} is not one of Keras' layers and "
            "cannot be held"
        )
    if kind not in ARGUMENTS and kind not in ("InputLayer", *STAND_INS, *OPERATIONS):
        raise ReadError(
            f"{name}: the class {kind!a:.60} cannot be held; it is not among the "
            f"{len(ARGUMENTS)} layers of Keras that designs have"
        )
    return kind


STAND_INS = ("LayerScale", "CustomScaleLayer")
"""Classes of keras.applications' own, which are read as stock layers that do the same."""

OPERATIONS = ("Add", "Subtract", "Multiply", "Divide")
"""Operations of two tensors, or of a tensor and a number, as in x + y and x + 3."""


def _dtype(name: str, config: Mapping[str, Any]) -> str:
    dtype = config.get("dtype") or "float32"
    if isinstance(dtype, Mapping):
        inner = dtype.get("config")
        known = dtype.get("class_name") in ("DTypePolicy", "Policy", "PolicyV1")
        dtype = inner.get("name") if known and isinstance(inner, Mapping) else dtype
    if "batch_shape" in config or "batch_input_shape" in config:
        return dtype if isinstance(dtype, str) else "float32"
    if dtype not in DTYPES:
        raise ReadError(f"{name}: dtype must be one of {', '.join(DTYPES)}, got {dtype!a:.60}")
    return str(dtype)
