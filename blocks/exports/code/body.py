"""Writing the function of a block: one statement per layer, loops where layers repeat."""

from collections import defaultdict
from collections.abc import Iterator

from blocks.block import Block
from blocks.exports.code.naming import free_name
from blocks.exports.code.pattern import Ref, Roll
from blocks.exports.code.text import docstring, layer_call, statement
from blocks.exports.code.variant import Variant
from blocks.own import Own

SHORT = 2
LINES = ("x", "y")
HANDED = 1_000_000  # plus the first step of a loop: what its turns hand on


def function(variant: Variant) -> str:
    """Return the code of the function that stands for a variant of a block."""
    return "\n".join(_Body(variant).lines())


class _Body:
    """Chooses variables and writes statements, step by step.

    A long line of layers keeps one variable, `x`, or `y` while `x` is still needed; a branch of
    one or two layers is named after them.
    """

    def __init__(self, variant: Variant) -> None:
        self.variant, self.steps, self.outputs = variant, variant.model.steps, variant.model.outputs
        count = len(variant.model.inputs)
        self.inputs = ["x"] if count == 1 else [f"x{k + 1}" for k in range(count)]
        self.holder: dict[Ref, str] = {-1 - k: name for k, name in enumerate(self.inputs)}
        self.lasting = {*self.inputs, *LINES}
        self.loops = {
            roll.first: (roll, turns)
            for place, (roll, turns) in enumerate(zip(variant.rolls, variant.turns, strict=True))
            if any(one.rolls[place].turns > 1 for one in variant.instances)
        }
        self.wires = [list(step.inputs) for step in self.steps]
        self.readers: dict[Ref, list[Ref]] = defaultdict(list)
        self._wire()
        self.left = {ref: len(readers) for ref, readers in self.readers.items()}

    def _wire(self) -> None:
        for roll, _ in self.loops.values():
            seeds = set()
            for step, slot in roll.carried:
                seeds.add(self.wires[step][slot])
                self.wires[step][slot] = HANDED + roll.first
            for seed in seeds:
                self.readers[seed].append(roll.first)
        for step, inputs in enumerate(self.wires):
            for ref in inputs:
                self.readers[ref].append(step)
        for ref in self.outputs:
            self.readers[ref].append(len(self.steps))

    def lines(self) -> Iterator[str]:
        block = self.variant.model.node.block
        last = "names" if self.variant.takes_names else "name"
        words = [*self.inputs, *self.variant.arguments(), last]
        yield statement(f"def {self.variant.name}", words, ":", 0)
        yield docstring(*_words(block), 1)
        step = 0
        while step < len(self.steps):
            if step in self.loops:
                roll, turns = self.loops[step]
                yield from self._loop(roll, turns)
                step = roll.last + 1
            else:
                yield self._statement(step)
                step += 1
        if self.outputs[-1] in self.holder:
            yield f"    return {', '.join(self.holder[ref] for ref in self.outputs)}"

    def _loop(self, roll: Roll, turns: str) -> Iterator[str]:
        """Write a loop; its turns hand on one variable."""
        place = self.variant.rolls.index(roll)
        carried = sorted(self.variant.rolls[place].carried)
        seed = self.steps[carried[0][0]].inputs[carried[0][1]]
        outside = {ref for s in range(roll.first, roll.last + 1) for ref in self.wires[s]}
        outside = {ref for ref in outside if ref < roll.first}
        self.left[seed] -= 1
        for ref in outside:  # every turn needs them again
            self.left[ref] += 1
        handed = self.holder[seed]
        if self._needed(handed) or handed not in self.lasting:
            handed = self._free_line(self.steps[roll.result].local)
            yield f"    {handed} = {self.holder[seed]}"
        self.holder[HANDED + roll.first] = handed
        yield f"    for i in range({turns}):"
        for step in range(roll.first, roll.last + 1):
            yield self._statement(step, handed if step == roll.result else "")
        for ref in outside:
            self.left[ref] -= 1

    def _statement(self, step: Ref, target: str = "") -> str:
        inputs = [self.holder[ref] for ref in self.wires[step]]
        for ref in self.wires[step]:
            self.left[ref] -= 1
        in_loop = any(roll.first <= step <= roll.last for roll, _ in self.loops.values())
        if self.outputs == (step,) and step == len(self.steps) - 1 and not in_loop:
            start = "return "
        else:
            self.holder[step] = target or self._target(step)
            start = f"{self.holder[step]} = "
        layer = f"{start}layers.{self.steps[step].kind}"
        return layer_call(layer, self._arguments(step, in_loop), inputs, 1 + in_loop)

    def _target(self, step: Ref) -> str:
        """Choose the variable for what a step gives."""
        wires, local = self.wires[step], self.steps[step].local
        if len(wires) > 1:
            return self._free_line(local)
        if len(self.readers[wires[0]]) == 1:
            holder = self.holder[wires[0]]
            keep = holder in self.lasting or local in self.variant.arguments()
            return holder if keep else self._own(local)
        if self._length(step) > SHORT:
            return self._free_line(local)
        following = self.readers[step][0]
        if local in self.variant.arguments() and following < len(self.steps):
            local = self.steps[following].local
        return self._own(local)

    def _length(self, step: Ref) -> int:
        """Return how many layers follow each other from a step on before lines meet or part."""
        length = 1
        while True:
            readers = self.readers[step]
            if len(readers) != 1 or readers[0] in self.loops or readers[0] == len(self.steps):
                return length if len(readers) != 1 else length + SHORT
            step = readers[0]
            if len(self.wires[step]) > 1:
                return length
            length += 1

    def _free_line(self, local: str) -> str:
        """Return `x` or `y` where nothing in it is needed any more, else a name that lasts."""
        for name in LINES:
            if not self._needed(name) and name not in self.variant.arguments():
                return name
        own = self._own(local)
        self.lasting.add(own)
        return own

    def _needed(self, name: str) -> bool:
        return any(self.left.get(ref, 0) > 0 for ref, held in self.holder.items() if held == name)

    def _own(self, local: str) -> str:
        return free_name(local or "main", {*self.variant.arguments(), *self.inputs, *LINES})

    def _arguments(self, step: Ref, in_loop: bool) -> list[str]:
        given = [f"{key}={text}" if key else text for key, text in self.variant.configs[step]]
        local = self.steps[step].local
        if not in_loop:
            local = self.variant.model.locals_of(step)[0]
            if self.variant.named_by_hand:
                local = self.variant.model.keys_of(step)[0]
        place = f"{local}{{i + 1}}" if in_loop else local
        if self.variant.scheme and not in_loop:
            before, after = self.variant.scheme.around[place]
            name = f'f"{before}{{name}}{after}"' if before or after else "name"
        elif self.variant.named_by_hand:
            name = f'names[{"f" if in_loop else ""}"{place}"]'
        else:
            name = f'f"{{name}}_{place}"' if place else "name"
        return [*given, f"name={name}"]


def _words(block: Block) -> tuple[str, str]:
    """Return the docstring's title and text; what a person typed must not become code."""
    if isinstance(block, Own):
        title = block.definition.id.replace("_", " ").capitalize()
        return title, "A block of this design, used with these arguments."
    return f"{block.title} ({block.citation})" if block.citation else block.title, block.summary
