"""The variables that hold what the blocks of a model give."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from blocks.exports.code.pattern import Instance
from blocks.exports.code.words import free_name

LONG = 50
"""How many letters the variables of one statement may have and still leave room for its call."""


class Held:
    """Chooses variables, block by block: `x` on a straight line, else the block's own name."""

    def __init__(
        self, instances: Sequence[Instance], outputs: Collection[str], taken: Iterable[str]
    ) -> None:
        self.instances, self.outputs = instances, outputs
        self.names = {*taken, "x"}
        self.variables: dict[str, str] = {}
        self.readers = Counter(name for one in instances for name in set(one.inputs))

    def take(self, wanted: str) -> str:
        """Return a free name like the one wanted; nothing else is called so from now on."""
        name = free_name(wanted, self.names)
        self.names.add(name)
        return name

    def read(self, one: Instance) -> list[str]:
        """Return the variables that hold what a block reads."""
        return [self.variables[name] for name in one.inputs]

    def follows(self, one: Instance, before: Instance) -> bool:
        """Tell whether a block alone reads the only value that another gives, and nothing else."""
        (given, *others) = before.leaving
        alone = not others and self.readers[given] == 1 and given not in self.outputs
        return alone and one.inputs == before.leaving

    def hold(self, place: int) -> list[str]:
        """Choose the variables for what the block at a place gives."""
        one = self.instances[place]
        held = ["x"] if self._straight(place) else self._own(place)
        self.variables |= zip(one.leaving, held, strict=True)
        return held

    def _straight(self, place: int) -> bool:
        """Tell whether a block that reads another gives what only the next block reads."""
        one = self.instances[place]
        following = self.instances[place + 1].inputs if place + 1 < len(self.instances) else ()
        single = len(following) == 1 and one.leaving == following
        alone = single and self.readers[following[0]] == 1
        return alone and bool(one.inputs) and following[0] not in self.outputs

    def _own(self, place: int) -> list[str]:
        """Name variables after a block; its next repetition has them too where it alone reads."""
        one, handed_on = self.instances[place], self._handed_on(place)
        last = one.repeat == one.node.repeat - 1
        name = one.node.name if handed_on or last else f"{one.node.name}_{one.repeat + 1}"
        stems = [name]
        if len(one.outputs) > 1:
            stems = [f"{name}_{one.locals_of(step)[-1]}" for step in one.outputs]
            if len(", ".join(stems)) > LONG:
                stems = [f"{name}_{number + 1}" for number in range(len(stems))]
        variables = [free_name(stem, self.names) for stem in stems]
        if not handed_on:
            self.names |= set(variables)
        return variables

    def _handed_on(self, place: int) -> bool:
        """Tell whether all that a block gives is read by its next repetition, and by it alone."""
        one, *following = self.instances[place : place + 2]
        return any(after.node is one.node for after in following) and all(
            name in following[0].inputs and self.readers[name] == 1 and name not in self.outputs
            for name in one.leaving
        )
