"""What calls of Keras' names give: layers, initialisers, inputs and the model."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from blocks.exports.code.arguments import positional_of
from blocks.imports.python.allowed import refusal
from blocks.imports.python.recording import Made, MadeLayer, MadeModel, Recorder, TensorOf
from blocks.layers import ARGUMENTS

INPUT_WORDS = {"shape", "batch_size", "dtype", "name"}
MAX_VALUES = 10_000
MAX_DEEP = 10
KEPT = (bool, int, float, str, NoneType)
MODEL_WORDS = {"inputs", "outputs", "name"}


@dataclass
class Calls:
    """Answers calls of names that begin with `keras` or `layers`."""

    recorder: Recorder = field(default_factory=Recorder)

    def of_keras(
        self, node: ast.AST, words: Sequence[str], given: Sequence[Any], named: dict[str, Any]
    ) -> Any:
        """Return what a call of a dotted name gives.

        Raises:
            ReadError: the name or the arguments are other than the export writes.
        """
        if words != ["keras", "Model"]:
            _check_values(node, words[-1], [*given, *named.values()])
        if words == ["keras", "Input"]:
            return self._input(node, given, named)
        if words == ["keras", "Model"]:
            return _model(node, given, named)
        if words[-2] == "layers":
            return self._layer(node, words[-1], given, named)
        if given:
            raise refusal(node, f"calls {words[-1]:.60}() with arguments that are not named")
        return Made(words[-1], named)

    def _layer(
        self, node: ast.AST, kind: str, given: Sequence[Any], named: Mapping[str, Any]
    ) -> MadeLayer:
        if kind == "Lambda":
            raise refusal(node, "makes a Lambda layer, which holds Python code of its own")
        if kind not in ARGUMENTS:
            raise refusal(
                node,
                f"makes a layer {kind:.60}, which is not among the {len(ARGUMENTS)} layers of "
                "Keras that designs have",
            )
        usual = positional_of(kind)
        if len(given) > len(usual):
            raise refusal(
                node, f"gives {kind} {len(given)} arguments without their names; name all of them"
            )
        config = dict(zip(usual, given, strict=False))
        if config.keys() & named.keys():
            raise refusal(node, f"gives {kind} an argument twice")
        return self.recorder.layer(kind, {**config, **named})

    def _input(self, node: ast.AST, given: Sequence[Any], named: Mapping[str, Any]) -> TensorOf:
        words = {**dict(zip(["shape"], given, strict=False)), **named}
        if len(given) > 1 or not words.keys() <= INPUT_WORDS:
            raise refusal(node, f"calls keras.Input() with other than {_listed(INPUT_WORDS)}")
        shape = words.pop("shape", None)
        if not isinstance(shape, tuple):
            raise refusal(node, "calls keras.Input() without a shape")
        config = {"batch_shape": [words.pop("batch_size", None), *shape], **words}
        return self.recorder.call(self.recorder.layer("InputLayer", config), (), listed=False)


def _check_values(node: ast.AST, name: str, given: Sequence[Any]) -> None:
    """Hold arguments to what a layer can keep: numbers, words, objects, and lists of them.

    Raises:
        ReadError: one is something else, or lists within lists without end.
    """
    waiting = [(value, 0) for value in given]
    for count, (value, depth) in enumerate(waiting):
        if count > MAX_VALUES or depth > MAX_DEEP:
            raise refusal(node, f"gives {name:.60} more than any layer keeps")
        if isinstance(value, Mapping):
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, tuple):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, Made | MadeLayer):
            waiting += [(inner, depth + 1) for inner in value.config.values()]
        elif not isinstance(value, KEPT):
            raise refusal(node, f"gives {name:.60} an argument that no layer keeps")


def _model(node: ast.AST, given: Sequence[Any], named: Mapping[str, Any]) -> MadeModel:
    words = {**dict(zip(["inputs", "outputs"], given, strict=False)), **named}
    if len(given) > 2 or not words.keys() <= MODEL_WORDS or len(words) < 2:
        raise refusal(node, f"calls keras.Model() with other than {_listed(MODEL_WORDS)}")
    inputs, outputs = (tensors_of(node, words.get(word)) for word in ("inputs", "outputs"))
    for tensor in inputs:
        if tensor.layer.kind != "InputLayer":
            raise refusal(node, f"makes a model of {tensor.layer.name:.60}, which is no input")
    name = words.get("name", "imported")
    if not isinstance(name, str):
        raise refusal(node, "gives the model a name that is no word")
    return MadeModel(name, inputs, outputs)


def tensors_of(node: ast.AST, value: Any) -> tuple[TensorOf, ...]:
    """Return a tensor, or a list of them, as a tuple.

    Raises:
        ReadError: it is something else.
    """
    tensors = (value,) if isinstance(value, TensorOf) else value
    if isinstance(tensors, tuple) and tensors and all(isinstance(t, TensorOf) for t in tensors):
        return tensors
    raise refusal(node, "is given something that is no tensor")


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words))
