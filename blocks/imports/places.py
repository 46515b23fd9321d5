"""Where each layer of an imported model keeps its weights in the files that Keras writes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from blocks.graph import Weight
from blocks.imports.keras_layers import is_model, layer_name

OPERATIONS = ("keras.src.ops", "keras.ops")
RESHAPED = "LayerScale"
"""Its weights are a vector in the file and, in the layer that stands for it, a 1x1 kernel."""


class Place(NamedTuple):
    """A layer of a file: by the names of the models around it and its own.

    `store` is its group as Keras 3 writes it, by classes and not by names; `group` is the group
    of an HDF5 file of Keras 2 or of Keras 3's .h5: that of the outermost model or layer.
    """

    names: tuple[str, ...]
    store: str
    group: str
    kind: str
    trainable: bool

    def request(self, name: str, weights: Sequence[Weight]) -> dict[str, Any]:
        """Return what a child needs to read the weights of one of our layers here."""
        return self._asdict() | {
            "layer": name,
            "weights": [[one.role, list(one.shape), one.trainable] for one in weights],
            "reshaped": self.kind == RESHAPED,
        }


def place_of(name: str) -> Place:
    """Return where a layer is looked for in a file that tells no architecture: by its name."""
    return Place((name,), "", name, "", True)


def places(
    data: Mapping[str, Any], names: tuple[str, ...] = (), store: str = "", group: str = ""
) -> Iterator[Place]:
    """Yield the places of a model's layers, in its order, those of models inside it too.

    The model has been read before, so its form is known to be sound.
    """
    config = data["config"]
    layers = config if isinstance(config, list) else config["layers"]
    used: dict[str, int] = {}
    for layer in layers:
        if not _kept(data, layer):
            continue
        raw = str(layer["config"].get("name") or layer.get("name"))
        inner = f"{store}/layers/{_numbered(str(layer['class_name']), used)}".lstrip("/")
        path, outermost = (*names, layer_name(raw)), group or raw
        if is_model(layer):
            yield from places(layer, path, inner, outermost)
        else:
            trainable = layer["config"].get("trainable", True) is True
            yield Place(path, inner, outermost, str(layer["class_name"]), trainable)


def _kept(model: Mapping[str, Any], layer: Mapping[str, Any]) -> bool:
    """Tell whether Keras counts an entry among a model's layers when it saves weights."""
    if model["class_name"] == "Sequential" and layer["class_name"] == "InputLayer":
        return False
    return not str(layer.get("module") or "").startswith(OPERATIONS)


def _numbered(kind: str, used: dict[str, int]) -> str:
    """Return the name of a group as Keras makes it: the class, with a count from the second on."""
    name = re.sub(r"\W+", "", kind)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    used[name] = used.get(name, -1) + 1
    return f"{name}_{used[name]}" if used[name] else name
