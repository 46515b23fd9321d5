"""The blocks of a design with PyTorch's layers in place of Keras'."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

from blocks.exports.code.pattern import ALSO, Instance, Ref, Roll, Step, innermost_first
from blocks.exports.code.trace import Expression, TracedInteger, expression_of, seen_outside
from blocks.exports.code.variant import free_params
from blocks.exports.code.words import argument_names
from blocks.exports.torch_code import pointwise, shaping, sliding
from blocks.exports.torch_code.operation import Converter, Operation, Site
from blocks.graph import Shape

CONVERTERS: dict[str, Converter] = {
    **pointwise.CONVERTERS,
    **shaping.CONVERTERS,
    **sliding.CONVERTERS,
}
BEFORE, AFTER = "channels before", "channels after"
"""Where the first step of a loop says what channels its turns start from and hand on."""

LEFT_OUT = ("trainable", "seed")


@dataclass(frozen=True)
class TorchInstance(Instance):
    """A block whose steps are operations in PyTorch.

    `frozen` says that none of its weights are trained; where only some are not, the configs of
    their steps say so. `keras_kinds` are the kinds of the layers, step by step.
    """

    frozen: bool = False
    keras_kinds: tuple[str, ...] = ()

    @property
    def is_input(self) -> bool:
        """True for what comes into the network."""
        return self.keras_kinds == ("InputLayer",)

    @cached_property
    def named_by_hand(self) -> bool:
        """Names of layers are no part of PyTorch code."""
        return False


def torch_instances(
    instances: Sequence[Instance], shapes: Mapping[str, Shape]
) -> list[TorchInstance]:
    """Return blocks with PyTorch's layers; inputs stay as they are.

    Raises:
        ExportError: a layer has no equal in PyTorch.
    """
    by_type: dict[str, list[Instance]] = {}
    for one in innermost_first(instances):
        by_type.setdefault(one.node.block.type_name, []).append(one)
    varying = {
        name: frozenset(free_params(same[0], [one.values for one in same]))
        for name, same in by_type.items()
    }
    return [_Converting(one, shapes, varying).instance() for one in instances]


class _Converting:
    """Walks a block's steps once, with the channels that leave each of them."""

    def __init__(
        self,
        one: Instance,
        shapes: Mapping[str, Shape],
        by_type: Mapping[str, frozenset[str]],
    ) -> None:
        self.one, self.shapes, self.by_type = one, shapes, by_type
        self.channels: dict[Ref, Any] = {}
        self.given: dict[str, int] = {}
        self.turning: dict[str, int] = {}
        for place, name in enumerate(one.inputs):
            stem = "in_channels" if len(shapes[name]) > 1 else "in_features"
            stem += str(place + 1) if len(one.inputs) > 1 else ""
            self.channels[-1 - place] = self._symbol(stem, shapes[name][-1], self.given)
        varying = by_type[one.node.block.type_name]
        self.varying = frozenset() if one.single else varying | self.given.keys()

    def _symbol(self, stem: str, channels: int | None, among: dict[str, int]) -> Any:
        """Return a number of channels under a name of its own."""
        if channels is None:
            return None
        params = self.one.node.block.params()
        taken = {*params, *argument_names(params).values(), *self.given, *self.turning}
        name = unlike(stem, taken)
        among[name] = channels
        number = TracedInteger(channels)
        number.expression = Expression(name, frozenset([name]), itemgetter(name))
        return number

    def instance(self) -> TorchInstance:
        one = self.one
        if one.steps[0].kind == "InputLayer":
            bare = replace(one.steps[0], kind=Operation().kind, config={})
            return TorchInstance(
                **_values(replace(one, steps=(bare,))), keras_kinds=("InputLayer",)
            )
        loops = {} if one.single else {roll.first: roll for roll in one.rolls}
        steps: list[Step] = []
        while len(steps) < len(one.steps):
            place = len(steps)
            if place in loops:
                steps += self._loop(loops[place])
            else:
                steps.append(self._step(place, {}))
        kinds = tuple(step.kind for step in one.steps)
        frozen = _frozen(one)
        if not frozen:
            steps = [_marked(new, old) for new, old in zip(steps, one.steps, strict=True)]
        settled = replace(one, steps=tuple(steps), given=self.given, turning=self.turning)
        return TorchInstance(**_values(settled), frozen=frozen, keras_kinds=kinds)

    def _loop(self, roll: Roll) -> list[Step]:
        """Convert one turn, from channels that have a name of their own.

        Where the loop has but one turn, it is taken to hand on what its first step reads first.
        """
        carried = roll.carried or {(roll.first, 0)}
        place, slot = min(carried)
        seed = self.one.steps[place].inputs[slot]
        before = self.channels[seed]
        if roll.repeats:  # every turn has the same shapes
            inside = range(roll.first, roll.last + 1)
            return [self._step(at, {n: before for s, n in carried if s == at}) for at in inside]
        start = self._symbol("channels", None if before is None else int(before), self.turning)
        if not roll.carried:
            reading = range(roll.first, roll.last + 1)
            inputs = [(at, n) for at in reading for n in range(len(self.one.steps[at].inputs))]
            carried = {(at, n) for at, n in inputs if self.one.steps[at].inputs[n] == seed}
        steps = [
            self._step(at, {n: start for at_step, n in carried if at_step == at})
            for at in range(roll.first, roll.last + 1)
        ]
        after = self.channels[roll.result]
        if _mentions(steps, start):
            first = steps[0]
            ends = {BEFORE: before, AFTER: after}
            steps[0] = replace(first, config={**first.config, **ends})
            if _mentions([replace(first, config={AFTER: after})], start):
                last = self.one.steps[roll.result].names[-1]
                self.channels[roll.result] = self.shapes[last][-1]
        return steps

    def _step(self, place: Ref, carried: Mapping[int, Any]) -> Step:
        step = self.one.steps[place]
        if step.kind == ALSO:
            return step
        if step.inner:
            return self._block(place, carried)
        config = {key: value for key, value in step.config.items() if key not in LEFT_OUT}
        channels = [carried.get(n, self.channels[ref]) for n, ref in enumerate(step.inputs)]
        site = Site(
            name=step.names[0],
            block=self.one.node.name,
            kind=step.kind,
            config=config,
            shapes=[self._shape(ref) for ref in step.inputs],
            shape=self.shapes[step.names[0]],
            channels=channels,
            varying=self.varying,
        )
        made = operation(site)
        leaving = channels[0] if made.channels is None else made.channels
        self.channels[place] = leaving if leaving == site.shape[-1] else site.shape[-1]
        return replace(step, kind=made.kind, config=dict(made.config))

    def _block(self, place: Ref, carried: Mapping[int, Any]) -> Step:
        """Convert a block inside an own block; what it is given are the channels that come in."""
        step = self.one.steps[place]
        turns = [_Converting(inner, self.shapes, self.by_type) for inner in step.inner]
        inner = tuple(one.instance() for one in turns)
        channels = [carried.get(n, self.channels[ref]) for n, ref in enumerate(step.inputs)]
        known = [number for number in channels if number is not None]
        config = {**step.config, **dict(zip(turns[0].given, known, strict=True))}
        for also, output in enumerate(step.inner[0].outputs):
            leaving = seen_outside(turns[0].channels[output], config)
            last = self.shapes[self.one.steps[place + also].names[0]][-1]
            self.channels[place + also] = leaving if leaving == last else last
        return replace(step, config=config, inner=inner)

    def _shape(self, ref: Ref) -> Shape:
        return self.shapes[self.one.inputs[-1 - ref] if ref < 0 else self.one.steps[ref].names[0]]


def operation(site: Site) -> Operation:
    """Return a layer in PyTorch, its activation included.

    Raises:
        ExportError: it has no equal there.
    """
    if site.kind not in CONVERTERS:
        raise site.refused()
    for name in site.config:
        if name == "dtype" or name.endswith("_constraint"):
            raise site.refused(name)
    return pointwise.activated(site, CONVERTERS[site.kind](site))


def _marked(new: Step, old: Step) -> Step:
    """Return a step that says whether its weights are not trained, as the one before it does."""
    if old.inner:
        return replace(new, frozen=_frozen(old.inner[0]))
    if "trainable" in old.config:
        return replace(new, config={**new.config, "trainable": False})
    return new


def _frozen(block: Instance) -> bool:
    """Tell whether weights that are not trained are all that a block has."""
    steps = [step for one in innermost_first([block]) for step in one.steps if not step.inner]
    flags = ["trainable" in step.config for step in steps if _weighted(step.kind)]
    return bool(flags) and all(flags)


def _weighted(kind: str) -> bool:
    words = ("Conv", "Dense", "Normalization", "PReLU", "TimeDistributed")
    return any(word in kind for word in words) and kind != "UnitNormalization"


def _mentions(steps: Sequence[Step], symbol: Any) -> bool:
    formula = expression_of(symbol)
    if formula is None:
        return False
    values = [expression_of(value) for step in steps for value in step.config.values()]
    return any(found and found.params & formula.params for found in values)


def _values(one: Instance) -> dict[str, Any]:
    return {entry.name: getattr(one, entry.name) for entry in fields(Instance)}


def unlike(stem: str, taken: Container[str]) -> str:
    """Return a name that is not taken."""
    while stem in taken:
        stem += "_"
    return stem
