"""Numbers with a name at the top of a module: shapes, classes, and what stands in several places.

A reader finds there what to change first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from blocks.exports.code.pattern import Instance, innermost_first
from blocks.exports.code.text import literal
from blocks.exports.code.trace import expression_of
from blocks.exports.code.variant import structure
from blocks.exports.code.words import argument_names, free_name

CLASSES, SHAPE = "classes", "shape"
NAMES = {"rate": "dropout", "p": "dropout"}
"""What an argument is called where its name says too little away from its layer."""


class Constants:
    """The constants of a module; only those that were asked for are written."""

    def __init__(self, instances: Sequence[Instance], taken: Iterable[str] = ()) -> None:
        self.taken = {*taken, *_variables(innermost_first(instances))}
        self.of_blocks: dict[tuple[str, str, str], str] = {}
        self.of_layers: dict[tuple[str, str], str] = {}
        self.written: dict[str, str] = {}
        self._name_blocks(SHAPE, "input", list(_shapes(instances)))
        self._name_blocks(CLASSES, "", list(_classes(instances)))
        for key, text in _repeated(innermost_first(instances)):
            self.of_layers[key, text] = self._name(NAMES.get(key, key))

    @property
    def names(self) -> set[str]:
        """What constants are called."""
        return {*self.of_blocks.values(), *self.of_layers.values()}

    def of_layer(self, key: str, text: str) -> str:
        """Return what to write for a layer's argument: a constant's name, or the text itself."""
        return self._ask(self.of_layers.get((key, text)), text)

    def of_block(self, one: Instance, key: str, text: str) -> str:
        """Return what to write for a block's argument: a constant's name, or the text itself."""
        return self._ask(self.of_blocks.get((one.node.id, key, text)), text)

    def lines(self) -> Iterator[str]:
        """Yield the assignments of the constants that were asked for."""
        for name in dict.fromkeys((*self.of_blocks.values(), *self.of_layers.values())):
            if name in self.written:
                yield f"{name} = {self.written[name]}"

    def _ask(self, name: str | None, text: str) -> str:
        if name is None:
            return text
        self.written[name] = text
        return name

    def _name_blocks(self, key: str, before: str, found: Sequence[tuple[Instance, str]]) -> None:
        """Give blocks that agree one constant, else each its own."""
        if len({text for _, text in found}) == 1:
            name = self._name("_".join(filter(None, (before, key))))
            self.of_blocks |= {(one.node.id, key, text): name for one, text in found}
        else:
            for one, text in found:
                name = one.node.name
                wanted = name if name.endswith(key) else f"{name}_{key}"
                self.of_blocks[one.node.id, key, text] = self._name(wanted)

    def _name(self, wanted: str) -> str:
        name = free_name(wanted.upper(), self.taken)
        self.taken.add(name)
        return name


def _variables(instances: Iterable[Instance]) -> Iterator[str]:
    """Yield what variables and arguments may be called, which would hide a constant."""
    for one in instances:
        yield one.node.name
        yield from argument_names(one.node.block.params()).values()
        for step in one.steps:
            yield from (step.local, step.word, *step.output_words)


def _shapes(instances: Iterable[Instance]) -> Iterator[tuple[Instance, str]]:
    for one in instances:
        if one.steps[0].kind == "InputLayer":
            yield one, literal(one.steps[0].config[SHAPE])


def _classes(instances: Iterable[Instance]) -> Iterator[tuple[Instance, str]]:
    for one in instances:
        if one.repeat == 0 and CLASSES in one.node.block.params():
            yield one, literal(one.values[CLASSES])


def _repeated(instances: Iterable[Instance]) -> Iterator[tuple[str, str]]:
    """Yield the arguments of layers, as (key, text), whose number is written in several places."""
    places: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for one in instances:
        where = one.node.id if one.single else structure(one)
        for index, step in enumerate(one.steps):
            for key, value in () if step.inner else step.config.items():
                if isinstance(value, float):
                    places[key, literal(value)].add((where, index))
    yield from (number for number, found in places.items() if len(found) > 1)


def is_classes(value: Any) -> bool:
    """Tell whether a layer's argument is its block's number of classes."""
    formula = expression_of(value)
    return formula is not None and formula.text == CLASSES
