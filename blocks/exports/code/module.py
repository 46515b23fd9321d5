"""Writing the whole module: imports, one function per type of block, and the model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.arguments import in_order
from blocks.exports.code.body import function
from blocks.exports.code.constants import CLASSES, Constants, is_classes
from blocks.exports.code.flow import Flow
from blocks.exports.code.held import Held
from blocks.exports.code.instances import traced_blocks
from blocks.exports.code.naming import name_variants
from blocks.exports.code.opening import opening
from blocks.exports.code.pattern import Instance
from blocks.exports.code.scheme import loop_over, names_of
from blocks.exports.code.text import (
    ListText,
    argument,
    config_literal,
    dictionary,
    layer_call,
    literal,
    statement,
)
from blocks.exports.code.variant import Variant, variants
from blocks.exports.code.words import LINES
from blocks.graph import LayerGraph
from blocks.keras_model import model_name


def python_code(design: Design, taken: Iterable[str] = ()) -> str:
    """Return Keras code that builds a design without errors; it needs Keras alone.

    Run by itself it prints the model's summary. Nothing at its top is called as in `taken`, for
    code that it becomes a part of.
    """
    graph = expand(design).graph
    instances = traced_blocks(design, graph).instances
    constants = Constants(instances, taken)
    found = variants(instances, constants.of_layer)
    name_variants(found, taken={*taken, *constants.names, *LINES, *_beside_calls(found)})
    model = "\n".join(_Model(design, graph, instances, found, constants).lines())
    imports = "import keras\n"
    if found or "layers." in model:
        imports += "from keras import layers\n"
    named = "".join(f"{line}\n" for line in constants.lines())
    parts = [
        f'"""{opening(design, graph)}"""\n',
        imports,
        *([named] if named else []),
        *(f"\n{function(variant)}\n" for variant in found),
        f"\n{model}\n",
        '\nif __name__ == "__main__":\n    build_model().summary()\n',
    ]
    return "\n".join(parts)


def _beside_calls(found: Sequence[Variant]) -> Iterator[str]:
    """Yield the arguments of functions that call others, which they would hide."""
    for variant in found:
        if variant.callees:
            yield from Flow(variant).inputs
            yield from variant.arguments()


@dataclass(frozen=True)
class _Call:
    """How a block is written in `build_model`; `name` is left open, for loops."""

    variant: Variant | None
    arguments: tuple[str, ...]
    named: bool


class _Model:
    """Writes `build_model`: one statement per block; a straight line of blocks is called `x`."""

    def __init__(
        self,
        design: Design,
        graph: LayerGraph,
        instances: Sequence[Instance],
        found: Sequence[Variant],
        constants: Constants,
    ) -> None:
        self.design, self.graph, self.instances = design, graph, instances
        self.constants = constants
        self.functions = {id(one): variant for variant in found for one in variant.instances}
        self.held = Held(
            instances, graph.outputs, {variant.name for variant in found} | constants.names
        )
        self.shared: dict[str, str] = {}

    def lines(self) -> Iterator[str]:
        yield "def build_model():"
        yield '    """Build the model, not yet compiled."""'
        place = 0
        while place < len(self.instances):
            run = self._run_from(place)
            yield self._statement(place, run)
            place += run
        name = model_name(self.design.name)
        ends = [self._listed(self.graph.inputs), self._listed(self.graph.outputs)]
        arguments = [argument("inputs", ends[0]), argument("outputs", ends[1])]
        arguments += [argument("name", literal(name))]
        yield statement("return keras.Model", arguments, "", 1)

    def _run_from(self, place: int) -> int:
        """Return how many repetitions from here on are written as one loop, or 1."""
        first, run = self.instances[place], 1
        if len(first.inputs) != 1 or len(first.outputs) != 1 or self._shared(first):
            return 1
        for one in self.instances[place + 1 :]:
            before = self.instances[place + run - 1]
            unlike = one.named_by_hand is not first.named_by_hand
            if one.node is not first.node or unlike or not self.held.follows(one, before):
                break
            if self._call(one) != self._call(first):
                break
            run += 1
        return run if self._loop(self.instances[place : place + run]) else 1

    def _loop(self, run: Sequence[Instance]) -> tuple[str, str] | None:
        """Return the head of the loop over a run and the text of its turn's name, or None."""
        first, last = run[0], run[-1]
        if first.named_by_hand:
            variant = self.functions.get(id(first))
            in_scheme = variant is not None and variant.scheme is not None
            return loop_over([self._name(one) for one in run]) if in_scheme else None
        counted = f"{first.node.name}_{{i}}{self._name(first).removeprefix(first.prefix)}"
        return f"for i in range({first.repeat + 1}, {last.repeat + 2})", counted

    def _statement(self, place: int, run: int) -> str:
        one = self.instances[place]
        inputs = self.held.read(one)
        variable = ", ".join(self.held.hold(place + run - 1))
        if self._shared(one):
            return self._shared_call(one, variable, inputs)
        if run == 1:
            return self._written(one, variable, inputs, literal(self._name(one)), 1)
        start = "" if inputs[0] == variable else f"    {variable} = {inputs[0]}\n"
        head, name = self._loop(self.instances[place : place + run]) or ("", "")
        line = self._written(one, variable, [variable], f'f"{name}"', 2)
        return f"{start}    {head}:\n{line}"

    def _shared(self, one: Instance) -> str:
        """Return the name of the layer an instance calls, if others call it too."""
        return "" if id(one) in self.functions else self.graph[one.steps[0].names[0]].shared

    def _shared_call(self, one: Instance, variable: str, inputs: list[str]) -> str:
        """Write one call of a layer that is called several times; the first makes it."""
        shared, made = self._shared(one), ""
        if shared not in self.shared:
            plain = shared.isascii() and shared.isidentifier()
            self.shared[shared] = self.held.take(shared if plain else f"{one.node.name}_layer")
            kind, *arguments = self._call(one).arguments
            words = [*arguments, f"name={literal(shared)}"]
            made = statement(f"{self.shared[shared]} = layers.{kind}", words, "", 1) + "\n"
        read = inputs if len(inputs) == 1 else [f"[{', '.join(inputs)}]"]
        return made + statement(f"{variable} = {self.shared[shared]}", read, "", 1)

    def _call(self, one: Instance) -> _Call:
        variant = self.functions.get(id(one))
        if variant:
            arguments = [
                f"{name}={self.constants.of_block(one, name, literal(value))}"
                for name, value in variant.argument_values(one)
            ]
            return _Call(variant, tuple(arguments), variant.takes_names)
        (step,) = one.steps
        given = in_order(step.kind, step.config)
        arguments = [argument(word, self._value(one, key, value)) for word, key, value in given]
        return _Call(None, (step.kind, *arguments), False)

    def _value(self, one: Instance, key: str, value: Any) -> str:
        """Return an argument of a block's only layer as code."""
        text = config_literal(key, value)
        shown = self.constants.of_block(one, CLASSES if is_classes(value) else key, text)
        return self.constants.of_layer(key, text) if shown == text else shown

    def _name(self, one: Instance) -> str:
        """Return the name a call is given: that of its only layer, or what all are made of."""
        variant = self.functions.get(id(one))
        return variant.name_of(one) if variant else one.steps[0].names[0]

    def _written(
        self, one: Instance, variable: str, inputs: list[str], name: str, depth: int
    ) -> str:
        call = self._call(one)
        if call.variant:
            end = f"names={dictionary(names_of(one), depth + 1)}" if call.named else f"name={name}"
            start = f"{variable} = {call.variant.name}"
            return statement(start, [*inputs, *call.arguments, end], "", depth)
        kind, *arguments = call.arguments
        if kind == "InputLayer":
            return statement(f"{variable} = keras.Input", [*arguments, f"name={name}"], "", depth)
        start = f"{variable} = layers.{kind}"
        return layer_call(start, [*arguments, f"name={name}"], inputs, depth)

    def _listed(self, layers: Sequence[str]) -> str:
        names = [self.held.variables[layer] for layer in layers]
        return names[0] if len(names) == 1 else ListText(names)
