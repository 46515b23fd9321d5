"""Equally built blocks as one function: what differs between them becomes its arguments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from blocks.exports.code.arguments import defaults_of, in_order, positional_of
from blocks.exports.code.pattern import Instance, Roll
from blocks.exports.code.scheme import Scheme, scheme_of
from blocks.exports.code.text import argument, is_object, literal, object_text, tuple_text
from blocks.exports.code.trace import Expression, expression_of
from blocks.exports.code.words import argument_names, free_name
from blocks.params import Integer, Number

Shown = Callable[[str, str], str]
"""Says what to write for an argument of a layer, given its key and its value's text."""


def _as_it_is(key: str, text: str) -> str:
    return text


@dataclass
class Variant:
    """Blocks of one type with the same steps, and the function that stands for them.

    `words` tell it from other variants of the type; `params` are the block's parameters among its
    arguments, `extras` further arguments with their value for each instance.
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

    def argument_values(self, instance: Instance) -> list[tuple[str, Any]]:
        """Return the arguments of the call that stands for an instance."""
        values, place = instance.values, self._place(instance)
        chosen = [
            (word, values[name]) for name, word in self.written.items() if name in self.params
        ]
        return chosen + [(name, column[place]) for name, column in self.extras.items()]

    def name_of(self, instance: Instance) -> str:
        """Return what the names of an instance's layers are made of."""
        return self.scheme.words[self._place(instance)] if self.scheme else instance.prefix

    def _place(self, instance: Instance) -> int:
        return next(i for i, one in enumerate(self.instances) if one is instance)

    def settle(self) -> None:
        """Work out loops, configs and arguments from all instances."""
        self.rolls = self.model.rolls
        values = [one.values for one in self.instances]
        given = {*self.model.given, *self.model.turning}
        free = {*given, *free_params(self.model, values)}
        merge = _Merge(self, values, free)
        for place, roll in enumerate(self.rolls):
            counts = [one.rolls[place].turns for one in self.instances]
            wanted = f"{self.model.steps[roll.first].local}_times"
            self.turns.append(merge.text(counts, wanted) if max(counts) > 1 else literal(1))
        self.configs = [list(self._config(step, merge)) for step in range(len(self.model.steps))]

    def _config(self, index: int, merge: "_Merge") -> Iterator[tuple[str, str]]:
        """Yield (keyword or "", text) for each argument of a step's layer."""
        steps = [one.steps[index] for one in self.instances]
        kind, local = steps[0].kind, steps[0].local
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


@dataclass
class _Merge:
    """Finds one text for a value that several instances have."""

    variant: Variant
    values: Sequence[Mapping[str, Any]]
    free: set[str]

    def text(self, column: Sequence[Any], name: str) -> str:
        """Return a literal, a formula over parameters, or the name of a further argument."""
        formula = self._formula(column)
        if formula and formula.params & self.free:
            self.variant.params |= formula.params
            return formula.text
        first = column[0]
        nested = [value for value in column if isinstance(value, list | tuple)]
        if len(nested) == len(column) and len({len(value) for value in nested}) == 1:
            parts = [self.text(part, name) for part in zip(*nested, strict=True)]
            return tuple_text(parts)
        if all(type_and_value(value) == type_and_value(first) for value in column):
            return literal(first)
        return self._share(column) or self._extra(list(column), name)

    def words(self, column: Sequence[Mapping[str, Any]], name: str) -> list[str]:
        """Return the keywords of an object that several instances have, each merged."""
        configs = [value["config"] for value in column]
        given = in_order(column[0]["class_name"], configs[0])
        return [
            argument(keyword, self.text([config[word] for config in configs], name))
            for keyword, word, _ in given
        ]

    def _formula(self, column: Sequence[Any]) -> Expression | None:
        for value in column:
            formula = expression_of(value)
            if formula and all(
                formula.params <= params.keys() and formula.compute(params) == found
                for params, found in zip(self.values, column, strict=True)
            ):
                return formula
        return None

    def _share(self, column: Sequence[Any]) -> str:
        """Return several numbers as one multiple or fraction of what is given, where they are."""
        for name in self.variant.model.given:
            given = [values.get(name) for values in self.values]
            pairs = list(zip(column, given, strict=True))
            if not all(isinstance(one, int) and one for pair in pairs for one in pair):
                continue
            for sign, shares in (
                ("*", {divmod(one, base) for one, base in pairs}),
                ("//", {divmod(base, one) for one, base in pairs}),
            ):
                ((share, rest), *others) = shares
                if not others and not rest:
                    self.variant.params.add(name)
                    return name if share == 1 else f"{name} {sign} {share}"
        return ""

    def _extra(self, column: list[Any], name: str) -> str:
        for known, values in self.variant.extras.items():
            if values == column:
                return known
        taken = {*self.variant.extras, *self.variant.model.values, *self.variant.written.values()}
        free = name if name not in taken else free_name(f"{name}_here", taken)
        self.variant.extras[free] = column
        return free


def type_and_value(value: Any) -> tuple[bool, Any]:
    """Return what tells 1 from True."""
    return isinstance(value, bool), value


def variants(instances: Sequence[Instance], shown: Shown = _as_it_is) -> list[Variant]:
    """Return the blocks of more than one layer, grouped by type and structure, in order.

    `shown` says what to write for an argument that all of them have alike.
    """
    groups: dict[Any, list[Instance]] = {}
    for one in instances:
        if not one.single:
            groups.setdefault(structure(one), []).append(one)
    found = [Variant(group, shown=shown) for same in groups.values() for group in _by_loops(same)]
    for variant in found:
        variant.settle()
    return found


def structure(one: Instance) -> Any:
    """Return what two blocks must share to be one function."""
    steps = tuple(
        (
            step.kind,
            step.local,
            step.inputs,
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
