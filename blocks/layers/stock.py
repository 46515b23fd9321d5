"""Any layer of Keras by its class and arguments, checked as a file from anywhere must be."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.arguments import ARGUMENTS, MERGES
from blocks.layers.base import Builder, Outcome, Rule, Tensor, describe
from blocks.layers.canonical import canonical
from blocks.layers.values import check_values
from blocks.layers.words import Arithmetic, Words, kept, times

SHAPED = {2: "a signal", 3: "an image", 4: "a volume"}
NEEDS_MORE = {"UnitNormalization": 1, "Softmax": 1, "Dense": 1, "Resizing": 3, "CenterCrop": 3}
MAX_AXIS = 1_000_000_000


def checked(
    rules: Mapping[str, Rule], kind: str, config: Mapping[str, Any], shapes: Sequence[Shape]
) -> Outcome:
    """Return what a rule says of a canonical config that may come from anywhere.

    Raises:
        LayerError: an argument, the number of inputs or a shape breaks the kind's rules.
    """
    if kind not in MERGES and len(shapes) != 1:
        raise LayerError(f"{kind} takes one input, got {len(shapes)}; remove links or add a merge")
    if not shapes:
        raise LayerError(f"{kind} needs an input; link a block to it")
    rank = len(shapes[0])
    named = re.search(r"([123])D", kind)
    if named and rank != int(named[1]) + 1:
        raise LayerError(
            f"{kind} needs {SHAPED[int(named[1]) + 1]} as input, got {describe(shapes[0])}"
        )
    if rank < NEEDS_MORE.get(kind, 0):
        raise LayerError(f"{kind} needs an axis beside the batch, got none")
    check_values(kind, config, rank)
    outcome = rules[kind](config, shapes)
    if any(length is not None and length > MAX_AXIS for length in outcome.shape):
        raise LayerError(f"{kind} would leave an axis of more than {MAX_AXIS:,} places")
    return outcome


def wrapped(rules: Mapping[str, Rule]) -> Rule:
    """Return the rule of TimeDistributed: the wrapped layer at every step of the first axis."""

    def time_distributed(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
        if len(shapes[0]) < 2:
            raise LayerError(
                f"TimeDistributed needs steps along its first axis, got {describe(shapes[0])}"
            )
        steps, *rest = shapes[0]
        inner, arguments = config["layer"]["class_name"], dict(config["layer"]["config"])
        arguments.pop("name", None)
        found = checked(rules, inner, arguments, [tuple(rest)])
        return Outcome((steps, *found.shape), found.weights, found.macs * (steps or 1))

    return time_distributed


def wrapped_words(rules: Mapping[str, Rule], arithmetic: Mapping[str, Arithmetic]) -> Arithmetic:
    """Return the arithmetic of TimeDistributed: that of the wrapped layer, once for every step."""

    def time_distributed(
        config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome
    ) -> Words:
        steps, *rest = shapes[0]
        inner, arguments = config["layer"]["class_name"], dict(config["layer"]["config"])
        arguments.pop("name", None)
        found = checked(rules, inner, arguments, [tuple(rest)])
        words = arithmetic.get(inner, kept)(arguments, [tuple(rest)], found)
        macs = words.macs and f"{times([steps])} steps x ({words.macs})"
        return Words(("?" if steps is None else f"{steps:,}", *words.axes), macs)

    return time_distributed


class StockLayers(Builder):
    """The builder's method for any layer Keras has and a design can hold."""

    def stock(
        self, kind: str, inputs: Sequence[Tensor], config: Mapping[str, Any], shared: str = ""
    ) -> Tensor:
        """Add a layer of a Keras class with these arguments; all of them are checked.

        Layers with the same word in `shared` are one layer, called several times.

        Raises:
            LayerError: the class or an argument is not known, or breaks a rule.
        """
        if kind not in ARGUMENTS:
            raise LayerError(f"Keras has no layer {kind!a:.60} that a design can hold")
        shapes = [tensor.shape for tensor in inputs]
        given = {key: value for key, value in config.items() if key != "dtype"}
        arguments = canonical(kind, given, shapes)
        if config.get("dtype", "float32") != "float32":
            arguments["dtype"] = config["dtype"]
        checked(self.rules, kind, arguments, shapes)
        return self.layer(kind, inputs, arguments, shared=shared)
