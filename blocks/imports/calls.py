"""What an imported model is before it becomes a design: its layers' calls, one by one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from blocks.graph import Shape, Weight


class Call(NamedTuple):
    """One call of one layer of an imported model.

    `config` is canonical and without name, dtype and trainable; `inputs` are names of earlier
    calls. `shared` is the layer's name where it is called more than once; `note` says in what the
    layer differs from the file's.
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    inputs: tuple[str, ...] = ()
    shape: Shape = ()
    weights: tuple[Weight, ...] = ()
    trainable: bool = True
    dtype: str = "float32"
    shared: str = ""
    note: str = ""


class Model(NamedTuple):
    """An imported model, flat: its calls in an order in which each follows what it reads.

    `names` gives the first call of each layer, which is known by the names of the models around
    it and its own.
    """

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    names: Mapping[tuple[str, ...], str] = {}
