"""Writing the network's class: one attribute per block, wired as drawn."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from blocks.exports.code.constants import CLASSES, Constants, is_classes
from blocks.exports.code.held import Held
from blocks.exports.code.text import docstring, literal, statement
from blocks.exports.code.variant import Variant
from blocks.exports.torch_code.classes import BlockClass, call
from blocks.exports.torch_code.layout import laid_out, made
from blocks.exports.torch_code.names import IN_CODE, NETWORK, attribute
from blocks.exports.torch_code.operation import INPUT, forward_of, module_of
from blocks.exports.torch_code.steps import TorchInstance
from blocks.graph import LayerGraph, Shape

CHAIN = 60  # characters of functions around functions that are read at a glance

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


class Statement(NamedTuple):
    """A statement of the forward pass; what is held nowhere is returned.

    `around` is the expression that may be written around the statement before: F.relu({0}).
    """

    target: str
    text: str
    depth: int
    around: str = ""


class NetworkClass:
    """The class of the whole network."""

    def __init__(
        self,
        graph: LayerGraph,
        instances: Sequence[TorchInstance],
        found: Sequence[Variant],
        outputs: Sequence[str],
        constants: Constants,
    ) -> None:
        self.constants = constants
        self.graph, self.instances, self.outputs = graph, instances, outputs
        classes = {id(variant): BlockClass(variant) for variant in found}
        self.classes = list(classes.values())
        self.variant_of = {id(one): variant for variant in found for one in variant.instances}
        self.class_of = {key: classes[id(variant)] for key, variant in self.variant_of.items()}
        self.held = Held(instances, outputs, IN_CODE | constants.names)
        self.shared: dict[str, str] = {}
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
            place += run

    def _run_from(self, place: int) -> int:
        """Return how many repetitions from here on follow each other as one attribute, or 1."""
        first, run = self.instances[place], 1
        if first.node.repeat == 1 or not self._is_module(first):
            return 1
        for one in self.instances[place + 1 :]:
            chained = self.held.follows(one, self.instances[place + run - 1])
            same = one.node is first.node and self._forward(one) == self._forward(first)
            if not (chained and same):
                break
            run += 1
        return run

    def _is_module(self, one: TorchInstance) -> bool:
        return id(one) in self.class_of or bool(module_of(one.steps[0].kind))

    def _forward(self, one: TorchInstance) -> str:
        """Return the expression of a block's call: {0} for what its module gives."""
        if id(one) in self.class_of:
            return INPUT
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
        yield from self._forwards()
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
        if len(part.instances) > 1 and self._forward(part.instances[0]) == INPUT:
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
            texts = [(key, self._value(one, key, v)) for key, v in config if key != "trainable"]
            return made(module_of(one.steps[0].kind), texts)
        values = variant.argument_values(one)
        return call(variant, [(n, self.constants.of_block(one, n, literal(v))) for n, v in values])

    def _value(self, one: TorchInstance, key: str, value: Any) -> str:
        """Return an argument of a block's only submodule as code."""
        text = literal(value)
        shown = self.constants.of_block(one, CLASSES if is_classes(value) else key, text)
        return self.constants.of_layer(key, text) if shown == text else shown

    def _forwards(self) -> Iterator[str]:
        """Write the forward pass; a function of what was just held goes around it."""
        written: list[Statement] = []
        for part in self.parts:
            for new in self._statements(part):
                last = written[-1] if written else Statement("", "", 0)
                around = new.around.format(last.text)
                apart = new.around in ("", INPUT) or last.depth != new.depth
                if apart or last.target != new.target or len(around) > CHAIN:
                    written.append(new)
                else:
                    written[-1] = Statement(new.target, around, new.depth)
        given = ", ".join(self.held.variables[name] for name in self.outputs)
        if written and written[-1].target == given and written[-1].depth == 2:
            written[-1] = written[-1]._replace(target="")
        else:
            written.append(Statement("", given, 2))
        for target, text, depth, _ in written:
            if text != target:
                start = f"{target} = " if target else "return "
                yield laid_out(text if text.endswith(":") else start + text, depth)

    def _statements(self, part: Part) -> Iterator["Statement"]:
        """Yield the statements of a block, or of repetitions of one."""
        one = part.instances[0]
        if one.is_input:
            return
        first, *others = self.held.read(one)
        held = ", ".join(self.held.hold(part.last))
        place = f"self.{part.attribute or self.shared.get(self._shared(one), '')}"
        forward = self._forward(one)
        if len(part.instances) > 1 and forward != INPUT:
            yield Statement(held, first, 2)
            yield Statement("", f"for layer in {place}:", 2)
            yield Statement(held, forward.format(f"layer({held})"), 3)
        elif id(one) in self.class_of:
            yield Statement(held, f"{place}({', '.join([first, *others])})", 2)
        elif self._is_module(one):
            yield Statement(held, forward.format(f"{place}({first})", *others), 2)
        else:
            around = forward if first == held and not others else ""
            yield Statement(held, forward.format(first, *others), 2, around)


def _sized(shape: Shape, name: str) -> str:
    """Return a shape as PyTorch has it, after what it is of."""
    axes = (shape[-1], *shape[:-1]) if shape else ()
    words = ", ".join("any" if axis is None else str(axis) for axis in axes)
    return f"{name} (batch, {words})"
