"""Equally built blocks as one function: what differs between them becomes its arguments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any

from blocks.exports.code.arguments import defaults_of, positional_of
from blocks.exports.code.merging import Merge
from blocks.exports.code.pattern import Instance, Ref, Roll, innermost_first
from blocks.exports.code.scheme import Scheme, scheme_of
from blocks.exports.code.text import is_object, literal, object_text
from blocks.exports.code.trace import forgetful
from blocks.exports.code.words import argument_names
from blocks.params import Integer, Number

NOTHING: Mapping[str, Any] = MappingProxyType({})

Shown = Callable[[str, str], str]
"""Says what to write for an argument of a layer, given its key and its value's text."""


def _as_it_is(key: str, text: str) -> str:
    return text


@dataclass
class Variant:
    """Blocks of one type with the same steps, and the function that stands for them.

    `words` tell it from other variants of the type; `params` are the block's parameters among its
    arguments, `extras` further arguments with their value for each instance. `callees` are the
    functions that steps call.
    """

    instances: list[Instance]
    name: str = ""
    words: Sequence[str] = ()
    params: set[str] = field(default_factory=set)
    extras: dict[str, list[Any]] = field(default_factory=dict)
    rolls: tuple[Roll, ...] = ()
    turns: list[str] = field(default_factory=list)
    configs: list[list[tuple[str, str]]] = field(default_factory=list)
    shown: Shown = _as_it_is
    callees: dict[Ref, "Variant"] = field(default_factory=dict)

    @property
    def model(self) -> Instance:
        """The instance whose loops show best how their turns hang together."""
        return max(self.instances, key=lambda one: sum(roll.turns > 1 for roll in one.rolls))

    @property
    def named_by_hand(self) -> bool:
        return self.model.named_by_hand

    @cached_property
    def scheme(self) -> Scheme | None:
        """The scheme of names given by hand, where they follow one."""
        return scheme_of(self.instances) if self.named_by_hand else None

    @property
    def takes_names(self) -> bool:
        """True where the function is given the name of every layer."""
        return self.named_by_hand and self.scheme is None

    @cached_property
    def written(self) -> dict[str, str]:
        """What is given and each parameter of the block are called as arguments."""
        params = argument_names(self.model.node.block.params())
        return {**{name: name for name in self.model.given}, **params}

    def arguments(self) -> list[str]:
        """Return the names of the function's arguments after its inputs and before the name."""
        chosen = [word for name, word in self.written.items() if name in self.params]
        return chosen + list(self.extras)

    def argument_values(
        self, instance: Instance, seen: Mapping[str, Any] = NOTHING
    ) -> list[tuple[str, Any]]:
        """Return the arguments of the call that stands for an instance.

        `seen` has values as they are seen where the call stands.
        """
        values, place = {**instance.values, **seen}, self._places[id(instance)]
        chosen = [
            (word, values[name]) for name, word in self.written.items() if name in self.params
        ]
        more = [(name, forgetful(column[place])) for name, column in self.extras.items()]
        return chosen + more

    def name_of(self, instance: Instance) -> str:
        """Return what the names of an instance's layers are made of."""
        place = self._places[id(instance)]
        return self.scheme.words[place] if self.scheme else instance.prefix

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(one): place for place, one in enumerate(self.instances)}

    def settle(self) -> None:
        """Work out loops, configs and arguments from all instances."""
        self.rolls = self.model.rolls
        values = [one.values for one in self.instances]
        given = {*self.model.given, *self.model.turning}
        free = {*given, *free_params(self.model, values)}
        taken = {*self.model.values, *self.written.values()}
        merge = Merge(values, free, self.model.given, taken)
        for place, roll in enumerate(self.rolls):
            counts = [one.rolls[place].turns for one in self.instances]
            wanted = f"{self.model.steps[roll.first].word}_times"
            self.turns.append(merge.text(counts, wanted) if max(counts) > 1 else literal(1))
        for step in range(len(self.model.steps)):
            told = self._called if step in self.callees else self._config
            self.configs.append(list(told(step, merge)))
        self.params, self.extras = merge.params, merge.extras

    def _called(self, index: Ref, merge: Merge) -> Iterator[tuple[str, str]]:
        """Yield (name, text) for each argument of the function that a step calls."""
        callee, steps = self.callees[index], [one.steps[index] for one in self.instances]
        rows = [callee.argument_values(step.inner[0], step.config) for step in steps]
        for place, (name, _) in enumerate(rows[0]):
            column = [row[place][1] for row in rows]
            yield name, merge.text(column, f"{steps[0].word}_{name}")

    def _config(self, index: Ref, merge: Merge) -> Iterator[tuple[str, str]]:
        """Yield (keyword or "", text) for each argument of a step's layer."""
        steps = [one.steps[index] for one in self.instances]
        kind, local = steps[0].kind, steps[0].word
        defaults = defaults_of(kind)
        positional = positional_of(kind)
        given = dict.fromkeys(key for step in steps for key in step.config)
        usual = [*positional, *defaults]
        place = {key: usual.index(key) if key in usual else len(usual) for key in given}
        for key in sorted(given, key=lambda key: place[key]):
            column = [step.config.get(key, defaults.get(key)) for step in steps]
            wanted = f"{local}_{key}" if local else key
            if all(map(is_object, column)) and len({one["class_name"] for one in column}) == 1:
                text = object_text(key, column[0]["class_name"], merge.words(column, wanted))
            else:
                text = merge.text(column, wanted)
                if text == literal(column[0]):
                    text = self.shown(key, text)
            yield ("" if key in positional else key), text


def free_params(model: Instance, values: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the parameters worth an argument: the numbers on the block's face, what varies."""
    for name, param in model.node.block.params().items():
        varies = any(one[name] != values[0][name] for one in values)
        if varies or (param.headline and isinstance(param, Integer | Number)):
            yield name


def variants(instances: Sequence[Instance], shown: Shown = _as_it_is) -> list[Variant]:
    """Return the blocks of more than one layer, grouped by type and structure, in order.

    Those inside others stand before them. `shown` says what to write for an argument that all of
    them have alike.
    """
    every = [one for one in innermost_first(instances) if not one.single]
    found: dict[int, Variant] = {}
    for level in _levels(every):
        groups: dict[Any, list[Instance]] = {}
        for one in level:
            calls = tuple(id(variant) for variant in _callees(one, found).values())
            groups.setdefault((structure(one), calls), []).append(one)
        for group in chain.from_iterable(map(_by_loops, groups.values())):
            variant = Variant(group, shown=shown, callees=_callees(group[0], found))
            variant.settle()
            found |= {id(one): variant for one in group}
    return list({id(found[id(one)]): found[id(one)] for one in every}.values())


def _levels(every: Sequence[Instance]) -> list[list[Instance]]:
    """Part blocks by how deep blocks are nested in them, the plain ones first."""
    depth: dict[int, int] = {}
    levels: dict[int, list[Instance]] = {}
    for one in every:
        inner = [depth[id(call)] for step in one.steps for call in step.inner]
        depth[id(one)] = max(inner, default=0) + 1
        levels.setdefault(depth[id(one)], []).append(one)
    return [levels[key] for key in sorted(levels)]


def _callees(one: Instance, found: Mapping[int, Variant]) -> dict[Ref, Variant]:
    """Return the functions that the steps of a block call, among those found already."""
    return {place: found[id(step.inner[0])] for place, step in enumerate(one.steps) if step.inner}


def structure(one: Instance) -> Any:
    """Return what two blocks must share to be one function."""
    steps = tuple(
        (
            step.kind,
            step.local,
            step.inputs,
            step.frozen,
            frozenset(step.config) - frozenset(defaults_of(step.kind)),
            frozenset((k, v["class_name"]) for k, v in step.config.items() if is_object(v)),
        )
        for step in one.steps
    )
    loops = tuple((roll.first, roll.last, roll.result) for roll in one.rolls)
    ends = len(one.inputs), one.outputs
    return one.node.block.type_name, ends, one.named_by_hand, steps, loops


def _by_loops(group: Sequence[Instance]) -> list[list[Instance]]:
    """Part blocks whose turns hang together differently; one turn fits either."""
    parts: list[list[Instance]] = []
    for one in sorted(group, key=lambda one: -min((roll.turns for roll in one.rolls), default=1)):
        for part in parts:
            if all(
                roll.turns == 1 or other.turns == 1 or roll.carried == other.carried
                for roll, other in zip(one.rolls, part[0].rolls, strict=True)
            ):
                part.append(one)
                break
        else:
            parts.append([one])
    return parts
