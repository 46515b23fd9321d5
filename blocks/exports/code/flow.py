"""The order and the variables of a block's steps, whatever is written for each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from blocks.exports.code.pattern import ALSO, Ref, Roll
from blocks.exports.code.variant import Variant
from blocks.exports.code.words import LINES, free_name

SHORT = 2
HANDED = 1_000_000  # plus the first step of a loop: what its turns hand on


class Call(NamedTuple):
    """One step: the variables it reads and those it is held in; none where it is returned."""

    step: Ref
    target: str
    inputs: list[str]
    in_loop: bool


class Turns(NamedTuple):
    """The head of a loop; its turns hand on one variable, which starts as another."""

    roll: Roll
    turns: str
    handed: str
    start: str


class Return(NamedTuple):
    """The end of a block that gives what variables hold."""

    names: list[str]


class Flow:
    """Chooses variables, step by step.

    A long line of layers keeps one variable, `x`, or `y` while `x` is still needed; a branch of
    one or two layers is named after them. `taken` are names that no variable may have.
    """

    def __init__(self, variant: Variant, taken: frozenset[str] = frozenset()) -> None:
        callees = {callee.name for callee in variant.callees.values()}
        self.taken = {*taken, *callees, *variant.arguments()}
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
        self.wires = [list(step.inputs) if step.kind != ALSO else [] for step in self.steps]
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

    def walk(self) -> Iterator[Call | Turns | Return]:
        """Yield what is to be written, in order."""
        step = 0
        while step < len(self.steps):
            if step in self.loops:
                roll, turns = self.loops[step]
                yield from self._loop(roll, turns)
                step = roll.last + 1
            else:
                yield self._call(step)
                step += 1 + self.variant.model.further(step)
        if self.outputs[-1] in self.holder:
            yield Return([self.holder[ref] for ref in self.outputs])

    def _loop(self, roll: Roll, turns: str) -> Iterator[Call | Turns]:
        """Yield a loop; its turns hand on one variable."""
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
            handed = self._free_line(self.steps[roll.result].word)
        yield Turns(roll, turns, handed, self.holder[seed])
        self.holder[HANDED + roll.first] = handed
        for step in range(roll.first, roll.last + 1):
            yield self._call(step, handed if step == roll.result else "", in_loop=True)
        for ref in outside:
            self.left[ref] -= 1

    def _call(self, step: Ref, target: str = "", in_loop: bool = False) -> Call:
        inputs = [self.holder[ref] for ref in self.wires[step]]
        for ref in self.wires[step]:
            self.left[ref] -= 1
        given = range(step, step + 1 + self.variant.model.further(step))
        if self.outputs == tuple(given) and given.stop == len(self.steps) and not in_loop:
            return Call(step, "", inputs, in_loop)
        targets = [target or self._target(step)] if len(given) == 1 else self._targets(step)
        self.holder |= zip(given, targets, strict=True)
        return Call(step, ", ".join(targets), inputs, in_loop)

    def _targets(self, step: Ref) -> list[str]:
        """Choose the variables for the outputs of a block: each has the name of its layer."""
        chosen: list[str] = []
        for wanted in self.steps[step].output_words:
            chosen.append(self._own(wanted, chosen))
        return chosen

    def _target(self, step: Ref) -> str:
        """Choose the variable for what a step gives."""
        wires, local = self.wires[step], self.steps[step].word
        if len(wires) > 1:
            return self._free_line(local)
        if len(self.readers[wires[0]]) == 1:
            holder = self.holder[wires[0]]
            keep = holder in self.lasting or local in self.taken
            return holder if keep or local.startswith(f"{holder}_") else self._own(local)
        if self._length(step) > SHORT:
            return self._free_line(local)
        following = self.readers[step][0]
        if local in self.taken and following < len(self.steps):
            local = self.steps[following].word
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
            if not self._needed(name) and name not in self.taken:
                return name
        own = self._own(local)
        self.lasting.add(own)
        return own

    def _needed(self, name: str) -> bool:
        return any(self.left.get(ref, 0) > 0 for ref, held in self.holder.items() if held == name)

    def _own(self, local: str, beside: Iterable[str] = ()) -> str:
        needed = {held for ref, held in self.holder.items() if self.left.get(ref, 0) > 0}
        return free_name(local or "main", {*self.taken, *self.inputs, *LINES, *needed, *beside})
