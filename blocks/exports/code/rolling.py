"""From the layers of a block to its steps: equal turns of its loops are rolled into one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from blocks.exports.code.pattern import ALSO, Instance, Ref, Roll, Step
from blocks.exports.code.trace import expression_of
from blocks.graph import Layer, Loop
from blocks.node import Node

REPEATS = "repeats"
"""The label of the loop over the repetitions of a block inside an own block."""


def instance_of(
    node: Node,
    repeat: int,
    prefix: str,
    layers: Sequence[Layer],
    locals_: Sequence[str],
    names: Sequence[str],
    real_inputs: Mapping[str, str],
    read: Collection[str],
    inner: Mapping[str, Instance],
    *,
    is_inside: bool,
) -> Instance:
    """Return a block's layers as steps, with equal turns of its loops rolled into one.

    `layers` are the traced ones; `locals_` and `names` their names within the block and in the
    design; `real_inputs` gives the design's name of every traced layer; `read` are the layers that
    other blocks read or that are outputs of the model; `inner` the blocks that some layers stand
    for, by the layers' names; `is_inside` says that it is such a block itself.
    """
    places = {layer.name: index for index, layer in enumerate(layers)}
    outside = dict.fromkeys(n for layer in layers for n in layer.inputs if n not in places)
    places |= {name: -1 - index for index, name in enumerate(outside)}
    wires = [tuple(places[name] for name in layer.inputs) for layer in layers]
    ends = [place for place, layer in enumerate(layers) if layer.name in read]
    ends = ends or [len(layers) - 1]
    maker = _Maker(layers, locals_, names, wires, ends, inner)
    maker.run()
    return Instance(
        node,
        repeat,
        prefix,
        tuple(real_inputs[name] for name in outside),
        tuple(maker.steps),
        tuple(maker.rolls),
        tuple(maker.step_of[place] for place in ends),
        is_inside=is_inside,
    )


class _Maker:
    """Walks a block's layers once, making steps and loops of them."""

    def __init__(
        self,
        layers: Sequence[Layer],
        locals_: Sequence[str],
        names: Sequence[str],
        wires: Sequence[tuple[int, ...]],
        ends: Sequence[int],
        inner: Mapping[str, Instance],
    ) -> None:
        self.layers, self.locals_, self.names, self.wires = layers, locals_, names, wires
        self.inner = inner
        self.steps: list[Step] = []
        self.rolls: list[Roll] = []
        self.step_of: dict[int, Ref] = {}
        self.readers: dict[int, set[int]] = defaultdict(set)
        for index, wire in enumerate(wires):
            for place in wire:
                self.readers[place].add(index)
        for place in ends:
            self.readers[place].add(len(layers))

    def run(self) -> None:
        index = 0
        while index < len(self.layers):
            turns = self._turns_from(index)
            if turns and self._roll(turns):
                index = turns[-1][-1] + 1
            else:
                self._step(index, self.locals_[index], [index])
                index += 1

    def _step(self, index: int, local: str, all_turns: Sequence[int]) -> None:
        layer = self.layers[index]
        for turn in all_turns:
            self.step_of[turn] = len(self.steps)
        inputs = tuple(self.step_of.get(place, place) for place in self.wires[index])
        names = tuple(self.names[turn] for turn in all_turns)
        found = [self.inner.get(self.layers[turn].name) for turn in all_turns]
        inner = tuple(one for one in found if one)
        self.steps.append(Step(layer.kind, local, layer.config, inputs, names, inner))

    def _turns_from(self, start: int) -> list[range]:
        """Return the places of each turn of the loop that starts here; empty where none does.

        Repetitions of a block may start late: the first of them can be another one.
        """
        loops = self.layers[start].scope.loops
        if len(loops) != 1:
            return []
        late = loops[0].turn > 0 if loops[0].label != REPEATS else _is_last(loops[0])
        if late:
            return []
        turns, index = [], start
        for turn in range(loops[0].turn, loops[0].turns):
            first = index
            wanted = (loops[0]._replace(turn=turn),)
            while index < len(self.layers) and self.layers[index].scope.loops == wanted:
                index += 1
            turns.append(range(first, index))
        return turns

    def _roll(self, turns: list[range]) -> bool:
        """Make one set of steps of equal turns; tell whether they were equal."""
        size = len(turns[0])
        if any(len(turn) != size or not self._alike(turns[0], turn) for turn in turns):
            return False
        first, last = turns[0].start, turns[-1].stop - 1
        if any(layer.kind == ALSO for layer in self.layers[first : last + 1]):
            return False  # turns hand on one value
        read_later = {
            place
            for place in range(first, last + 1)
            if any(reader > last for reader in self.readers[place])
        }
        if len(read_later) != 1 or (result := read_later.pop()) not in turns[-1]:
            return False
        offset = result - turns[-1].start
        carried = self._carried(turns, offset)
        if carried is None:
            return False
        base, loop = len(self.steps), self.layers[first].scope.loops[0]
        for place in range(size):
            self._step(first + place, self._stem(first + place), [turn[place] for turn in turns])
        carried = {(base + place, slot) for place, slot in carried}
        repeats, start = loop.label == REPEATS, loop.turn
        ends = base, base + size - 1, loop.turns, base + offset
        self.rolls.append(Roll(*ends, frozenset(carried), repeats, start))
        return True

    def _alike(self, turn: range, other: range) -> bool:
        """Tell whether two turns have the same layers under the same names but for the count."""
        return all(
            self.layers[a].kind == self.layers[b].kind
            and self._stem(a) == self._stem(b)
            and same_values(self.layers[a].config, self.layers[b].config)
            and len(self.wires[a]) == len(self.wires[b])
            and self._same_inside(self.layers[a], self.layers[b])
            for a, b in zip(turn, other, strict=True)
        )

    def _same_inside(self, one: Layer, other: Layer) -> bool:
        """Tell whether two layers stand for equal blocks, where they stand for any."""
        first, second = self.inner.get(one.name), self.inner.get(other.name)
        return same_blocks(first, second) if first and second else first is second

    def _stem(self, index: int) -> str:
        return self.locals_[index].removesuffix(str(self.layers[index].scope.loops[0].turn + 1))

    def _carried(self, turns: list[range], offset: int) -> set[tuple[int, int]] | None:
        """Return the inputs that read the turn before; None where turns are wired differently."""
        carried: set[tuple[int, int]] = set()
        for place in range(len(turns[0])):
            for slot in range(len(self.wires[turns[0].start + place])):
                reads = [self.wires[turn.start + place][slot] for turn in turns]
                inside = {read - turn.start for read, turn in zip(reads, turns, strict=True)}
                if len(inside) == 1 and reads[0] >= turns[0].start:
                    continue
                if len(set(reads)) == 1:
                    continue
                before = [turn.start + offset for turn in turns[:-1]]
                if reads[1:] != before or reads[0] >= turns[0].start:
                    return None
                carried.add((place, slot))
        seeds = {self.wires[turns[0].start + place][slot] for place, slot in carried}
        return carried if len(turns) == 1 or len(seeds) == 1 else None


def _is_last(loop: Loop) -> bool:
    return loop.turn + 1 == loop.turns


def same_blocks(one: Instance, other: Instance) -> bool:
    """Tell whether two blocks have the same steps and loops, with the same values in them."""
    if (one.rolls, one.outputs) != (other.rolls, other.outputs):
        return False
    sizes = [(len(block.steps), len(block.inputs)) for block in (one, other)]
    return sizes[0] == sizes[1] and all(
        (a.kind, a.local, a.inputs, len(a.inner)) == (b.kind, b.local, b.inputs, len(b.inner))
        and same_values(a.config, b.config)
        and all(map(same_blocks, a.inner, b.inner))
        for a, b in zip(one.steps, other.steps, strict=True)
    )


def same_values(one: Any, other: Any) -> bool:
    """Tell whether two configs are equal in values and in the formulas these remember."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_values(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_values, one, other))
    formulas = [expression_of(value) for value in (one, other)]
    return bool(one == other) and (
        formulas[0] == formulas[1] if None in formulas else formulas[0].text == formulas[1].text  # type: ignore[union-attr]
    )
