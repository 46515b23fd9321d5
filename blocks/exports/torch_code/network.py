"""Writing the network's class: one attribute per block, wired as drawn."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from blocks.exports.code.held import Held
from blocks.exports.code.text import docstring, literal, statement
from blocks.exports.code.variant import Variant
from blocks.exports.torch_code.classes import BlockClass
from blocks.exports.torch_code.layout import laid_out, made
from blocks.exports.torch_code.names import IN_CODE, NETWORK, attribute
from blocks.exports.torch_code.operation import forward_of, module_of
from blocks.exports.torch_code.steps import TorchInstance
from blocks.graph import LayerGraph, Shape

FROZEN = '''
    def train(self, mode=True):
        """Frozen batch normalisations keep their statistics, as in Keras."""
        super().train(mode)
        for module in self.modules():
            weights = list(module.parameters(recurse=False))
            if isinstance(module, nn.modules.batchnorm._BatchNorm) and not any(
                weight.requires_grad for weight in weights
            ):
                module.eval()
        return self
'''


class Part(NamedTuple):
    """A block, or repetitions of one in a row, as one attribute."""

    instances: Sequence[TorchInstance]
    attribute: str
    last: int


class NetworkClass:
    """The class of the whole network; `paths` says where the weights of each Keras layer are."""

    def __init__(
        self,
        graph: LayerGraph,
        instances: Sequence[TorchInstance],
        found: Sequence[Variant],
        outputs: Sequence[str],
    ) -> None:
        self.graph, self.instances, self.outputs = graph, instances, outputs
        classes = {id(variant): BlockClass(variant) for variant in found}
        self.classes = list(classes.values())
        self.variant_of = {id(one): variant for variant in found for one in variant.instances}
        self.class_of = {key: classes[id(variant)] for key, variant in self.variant_of.items()}
        self.held = Held(instances, outputs, IN_CODE)
        self.shared: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.parts = list(self._parts())

    def modules(self) -> list[str]:
        """Return the classes of all submodules, those of the blocks first."""
        own = [name for block in self.classes for name in block.modules()]
        single = [one for one in self.instances if id(one) not in self.class_of]
        return own + [module_of(one.steps[0].kind) for one in single]

    def _parts(self) -> Iterator[Part]:
        place, taken = 0, {"x"}
        while place < len(self.instances):
            one = self.instances[place]
            run = self._run_from(place)
            together = self.instances[place : place + run]
            count = f"_{one.repeat + 1}" if one.node.repeat > 1 and run == 1 else ""
            shared = self._shared(one)
            known = self.shared.get(shared, "") if shared else ""
            name = known or attribute(f"{one.node.name}{count}", taken)
            if shared:
                self.shared[shared] = name
            taken.add(name)
            yield Part(together, "" if known else name, place + run - 1)
            for turn, each in enumerate(together):
                self._find(each, f"{name}.{turn}" if run > 1 else name)
            place += run

    def _find(self, one: TorchInstance, path: str) -> None:
        """Note where the submodules of a block are."""
        block = self.class_of.get(id(one))
        for step, entry in enumerate(one.steps):
            if module_of(entry.kind):
                for turn, name in enumerate(entry.names):
                    inner = f".{block.path(one, step, turn)}" if block else ""
                    self.paths.setdefault(name, path + inner)

    def _run_from(self, place: int) -> int:
        """Return how many repetitions from here on follow each other as one attribute, or 1."""
        first, run = self.instances[place], 1
        if first.node.repeat == 1 or not self._is_module(first):
            return 1
        for one in self.instances[place + 1 :]:
            before = self.instances[place + run - 1]
            chained = one.node is first.node and one.inputs == before.leaving
            alone = len(one.inputs) == 1 and self.held.readers[one.inputs[0]] == 1
            known = one.inputs and one.inputs[0] not in self.outputs
            if not (chained and alone and known and self._forward(one) == self._forward(first)):
                break
            run += 1
        return run

    def _is_module(self, one: TorchInstance) -> bool:
        return id(one) in self.class_of or bool(module_of(one.steps[0].kind))

    def _forward(self, one: TorchInstance) -> str:
        """Return the expression of a block's call: {0} for what its module gives."""
        if id(one) in self.class_of:
            return "{0}"
        return forward_of(one.steps[0].kind)

    def _shared(self, one: TorchInstance) -> str:
        """Return the name of the layer an instance calls, if others call it too."""
        return "" if id(one) in self.class_of else self.graph[one.steps[0].names[0]].shared

    def lines(self) -> Iterator[str]:
        yield f"class {NETWORK}(nn.Module):"
        yield docstring(*self._words(), 1)
        yield ""
        yield "    def __init__(self):"
        yield "        super().__init__()"
        for part in self.parts:
            if part.attribute and self._is_module(part.instances[0]):
                yield from self._submodule(part)
        yield ""
        names = {name: self.held.take(self._input(name).node.name) for name in self.graph.inputs}
        yield statement("def forward", ["self", *names.values()], ":", 1)
        self.held.variables |= names
        *calls, last = [line for part in self.parts for line in self._call(part)]
        given = ", ".join(self.held.variables[name] for name in self.outputs)
        yield from calls
        if last.startswith(f"        {given} = "):
            yield last.replace(f"{given} = ", "return ", 1)
        else:
            yield f"{last}\n        return {given}"
        if self._freezes_statistics():
            yield FROZEN.rstrip()

    def _words(self) -> tuple[str, str]:
        ends = [
            ", ".join(_sized(self.graph[name].shape, name) for name in names)
            for names in (self.graph.inputs, self.graph.outputs)
        ]
        return "The whole network", f"Takes {ends[0]} and gives {ends[1]}."

    def _input(self, name: str) -> TorchInstance:
        return next(one for one in self.instances if one.steps[0].names[0] == name)

    def _freezes_statistics(self) -> bool:
        return any(
            layer.kind == "BatchNormalization" and layer.config.get("trainable") is False
            for layer in self.graph
        )

    def _submodule(self, part: Part) -> Iterator[str]:
        items = []
        for text, same in groupby(map(self._made, part.instances)):
            count = len(list(same))
            items.append(f"*({text} for _ in range({count}))" if count > 1 else text)
        text = items[0]
        if len(part.instances) > 1 and self._forward(part.instances[0]) == "{0}":
            text = f"nn.Sequential({', '.join(items)})"
        elif len(part.instances) > 1:
            text = f"nn.ModuleList([{', '.join(items)}])"
            if len(items) == 1:
                text = f"nn.ModuleList{items[0].removeprefix('*')}"
        yield laid_out(f"self.{part.attribute} = {text}", 2)
        if part.instances[0].frozen:
            yield f"        self.{part.attribute}.requires_grad_(False)"

    def _made(self, one: TorchInstance) -> str:
        variant = self.variant_of.get(id(one))
        if variant is None:
            config = one.steps[0].config.items()
            texts = [(key, literal(value)) for key, value in config if key != "trainable"]
            return made(module_of(one.steps[0].kind), texts)
        words = [
            literal(value) if name in one.given else f"{name}={literal(value)}"
            for name, value in variant.argument_values(one)
        ]
        return f"{variant.name}({', '.join(words)})"

    def _call(self, part: Part) -> Iterator[str]:
        one = part.instances[0]
        if one.is_input:
            return
        inputs = self.held.read(one)
        held = ", ".join(self.held.hold(part.last))
        place = f"self.{part.attribute or self.shared.get(self._shared(one), '')}"
        forward = self._forward(one)
        if len(part.instances) > 1 and forward != "{0}":
            if held != inputs[0]:
                yield f"        {held} = {inputs[0]}"
            yield f"        for layer in {place}:"
            yield laid_out(f"{held} = {forward.format(f'layer({held})')}", 3)
            return
        if id(one) in self.class_of:
            text = f"{place}({', '.join(inputs)})"
        else:
            first, *others = inputs
            first = f"{place}({first})" if self._is_module(one) else first
            text = forward.format(first, *others)
        if text != held:
            yield laid_out(f"{held} = {text}", 2)


def _sized(shape: Shape, name: str) -> str:
    """Return a shape as PyTorch has it, after what it is of."""
    axes = (shape[-1], *shape[:-1]) if shape else ()
    words = ", ".join("any" if axis is None else str(axis) for axis in axes)
    return f"{name} (batch, {words})"
