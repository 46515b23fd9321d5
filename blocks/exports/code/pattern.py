"""The layers of one block, ready to be laid on those of another: steps, wiring and loops."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any

from blocks.node import Node

Ref = int
"""What a step reads: an earlier step by its index, or -1, -2, ... the block's inputs in order."""

ALSO = ""
"""The kind of a step that is one more output of the block before it."""


@dataclass(frozen=True)
class Step:
    """One layer of a block, or one per turn of a loop.

    `local` is its name within the block, without the count in loops; `names` are the real names
    of the layer, one per turn. A block inside an own block is a step too: `inner` has it, once per
    turn, `kind` is its type, `config` its parameters, and `names` those of what leaves it; steps
    of the kind ALSO after it are its further outputs. `frozen` says that its weights are not
    trained, where that is not said in it.
    """

    kind: str
    local: str
    config: Mapping[str, Any]
    inputs: tuple[Ref, ...]
    names: tuple[str, ...]
    inner: tuple["Instance", ...] = ()
    frozen: bool = False

    @property
    def word(self) -> str:
        """What the step is called where its count plays no part."""
        return self.local.rstrip("_")

    @property
    def output_words(self) -> list[str]:
        """What each output is called: that of a block inside after its layer there too."""
        ends = [one.locals_of(output)[-1] for one in self.inner[:1] for output in one.outputs]
        return ["_".join([self.word, end]).rstrip("_") for end in ends] or [self.word]


@dataclass(frozen=True)
class Roll:
    """A loop over the steps `first` to `last`, both included.

    Every turn starts from what `result` gave in the turn before; the first starts from what the
    inputs in `carried`, pairs of step and place, say. With one turn `carried` is not known.
    `turns` remembers the parameter it comes from. A loop that `repeats` a block inside an own
    block may `start` at a later turn than 0; it ends with the same one.
    """

    first: int
    last: int
    turns: int
    result: Ref
    carried: frozenset[tuple[int, int]]
    repeats: bool = False
    start: int = 0


@dataclass(frozen=True)
class Instance:
    """One block of a design, or one repetition of it, as steps.

    `prefix` starts its layers' names; `inputs` are the names of the layers it reads; `outputs`
    are the steps that others read. `given` are values by name that the steps' formulas may hold
    beside the block's parameters, `turning` those that change with every turn of a loop, as the
    first turn has them. A block that `is_inside` another is a call of that, be it of one layer.
    """

    node: Node
    repeat: int
    prefix: str
    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    rolls: tuple[Roll, ...]
    outputs: tuple[Ref, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    turning: Mapping[str, Any] = field(default_factory=dict)
    is_inside: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The block's parameters, after what is given beside them.

        The first repetition may have parameters of its own.
        """
        own = self.node.first if self.repeat == 0 else {}
        return {**self.given, **self.turning, **self.node.block.values(), **own}

    @property
    def single(self) -> bool:
        """True where the block is one layer, and written as that."""
        (first, *others) = self.steps
        one_layer = not others and len(first.names) == 1 and not first.inner
        return one_layer and not self.is_inside

    @property
    def leaving(self) -> tuple[str, ...]:
        """The names of the layers that others read."""
        return tuple(self.steps[step].names[-1] for step in self.outputs)

    @cached_property
    def named_by_hand(self) -> bool:
        """True where some layer has another name than its place in the block gives it."""
        layers = [i for i, step in enumerate(self.steps) if not step.inner and step.kind != ALSO]
        return any(self.steps[i].names != self.plain_names(i) for i in layers)

    def further(self, index: Ref) -> int:
        """Return how many steps after one are further outputs of it."""
        following = range(index + 1, len(self.steps))
        return len(list(takewhile(lambda place: self.steps[place].kind == ALSO, following)))

    def roll_of(self, step: Ref) -> int | None:
        """Return the index of the loop a step stands in, if it stands in one."""
        found = [i for i, roll in enumerate(self.rolls) if roll.first <= step <= roll.last]
        return found[0] if found else None

    def keys_of(self, index: Ref) -> tuple[str, ...]:
        """Return what a step's layers are called in a dictionary of names given by hand."""
        return tuple(local or "itself" for local in self.locals_of(index))

    def plain_names(self, index: Ref) -> tuple[str, ...]:
        """Return the names a step's layers have when nobody gives them others."""
        return tuple("_".join(filter(None, (self.prefix, part))) for part in self.locals_of(index))

    def locals_of(self, index: Ref) -> tuple[str, ...]:
        """Return a step's name within the block, once per turn."""
        local, roll = self.steps[index].local, self.roll_of(index)
        if roll is None:
            return (local,)
        turns = range(self.rolls[roll].start, self.rolls[roll].turns)
        return tuple(f"{local}{turn + 1}" for turn in turns)


def innermost_first(instances: Iterable[Instance]) -> Iterator[Instance]:
    """Yield blocks, each after those inside it."""
    for one in instances:
        yield from innermost_first(inner for step in one.steps for inner in step.inner)
        yield one
