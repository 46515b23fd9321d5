"""Reading the architecture of a Keras model from its JSON, which is parsed, never executed."""

from collections.abc import Mapping
from typing import Any

from blocks.errors import ReadError
from blocks.imports.calls import Model
from blocks.imports.flatten import Flattener
from blocks.imports.keras_layers import MODELS


def is_architecture(data: Any) -> bool:
    """Tell whether a JSON value has the form of a Keras model."""
    return isinstance(data, Mapping) and "class_name" in data and "config" in data


def model_of(data: Mapping[str, Any]) -> Model:
    """Return the model a parsed architecture describes, flat.

    Raises:
        ReadError: naming the layer that cannot be held, or what is damaged.
    """
    if data.get("class_name") not in MODELS:
        raise ReadError(
            f"a model must be Functional or Sequential, got {data.get('class_name')!a:.60}; a "
            "model of a class of its own is Python code and cannot be read from a file"
        )
    flattener = Flattener()
    outputs = flattener.model(data)
    config = data["config"]
    name = config.get("name") if isinstance(config, Mapping) else None
    return Model(
        name=name if isinstance(name, str) and name.isprintable() else "imported",
        calls=flattener.finished(),
        inputs=tuple(flattener.inputs),
        outputs=tuple(outputs),
        names=flattener.names,
    )
