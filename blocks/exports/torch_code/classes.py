"""Writing the class of a block: its submodules, and what it does with them."""

import re
from collections.abc import Iterable, Iterator

from blocks.exports.code.body import words_of
from blocks.exports.code.flow import Call, Flow, Turns
from blocks.exports.code.pattern import Ref, Roll
from blocks.exports.code.text import docstring, statement
from blocks.exports.code.variant import Variant
from blocks.exports.code.words import LINES, snake
from blocks.exports.torch_code.layout import laid_out, made
from blocks.exports.torch_code.names import IN_CODE, attribute
from blocks.exports.torch_code.operation import INPUT, forward_of, module_of
from blocks.exports.torch_code.steps import AFTER, BEFORE, TorchInstance, unlike

COUNTER = "_"


class BlockClass:
    """The class that stands for a variant of a block."""

    def __init__(self, variant: Variant) -> None:
        self.variant, self.flow = variant, Flow(variant, IN_CODE)
        self.variables = {*self.flow.inputs, *LINES, *_variables(Flow(variant, IN_CODE))}
        self.steps = variant.model.steps
        self.texts = [dict(config) for config in variant.configs]
        self.attributes: dict[Ref, str] = {}
        for step in range(len(self.steps)):
            if step in variant.callees or module_of(self.steps[step].kind):
                taken = self.attributes.values()
                self.attributes[step] = attribute(self._wanted(step), taken)
        for roll in variant.rolls:
            if roll.first not in self.flow.loops:
                self._settle(roll.first, roll.last)

    def _wanted(self, step: Ref) -> str:
        """Return what a step's submodule should be called; what stands alone, by its kind."""
        in_loop = self._loop_of(step) is not None
        local = self.steps[step].word if in_loop else self.variant.model.locals_of(step)[0]
        model = self.variant.model
        kinds = model.keras_kinds if isinstance(model, TorchInstance) else ()
        return local or snake(re.sub(r"\dD", "", kinds[step]))

    def _loop_of(self, step: Ref) -> Ref | None:
        """Return the first step of the loop that a step stands in."""
        loops = self.flow.loops.values()
        return next((roll.first for roll, _ in loops if roll.first <= step <= roll.last), None)

    def _settle(self, first: Ref, last: Ref) -> None:
        """Write what comes in for the name that it would have in a loop of several turns."""
        before = self.texts[first].pop(BEFORE, "")
        self.texts[first].pop(AFTER, None)
        for name in self.variant.model.turning if before else ():
            whole = before if before.isidentifier() or before.isdecimal() else f"({before})"
            for texts in self.texts[first : last + 1]:
                for key, text in texts.items():
                    alone = before if text == name else whole
                    texts[key] = re.sub(rf"\b{name}\b", alone, text)

    def modules(self) -> list[str]:
        """Return the classes of the submodules that are no blocks of the design."""
        return [module_of(step.kind) for step in self.steps if not step.inner]

    def lines(self) -> Iterator[str]:
        yield f"class {self.variant.name}(nn.Module):"
        yield docstring(*words_of(self.variant.model.node.block, self.variant.words), 1)
        yield ""
        if self.attributes:
            words = ["self", *self.variant.arguments()]
            yield statement("def __init__", words, ":", 1)
            yield "        super().__init__()"
            yield from self._submodules()
            yield ""
        yield statement("def forward", ["self", *self.flow.inputs], ":", 1)
        yield from self._forward()

    def _submodules(self) -> Iterator[str]:
        step = 0
        while step < len(self.steps):
            if step in self.flow.loops:
                roll, turns = self.flow.loops[step]
                yield from self._loop(range(roll.first, roll.last + 1), turns)
                step = roll.last + 1
            else:
                if step in self.attributes:
                    place = f"self.{self.attributes[step]}"
                    yield laid_out(f"{place} = {self._made(step)}", 2)
                    yield from self._frozen(step, place, 2)
                step += 1

    def _loop(self, steps: range, turns: str) -> Iterator[str]:
        """Write the submodules of every turn, in lists."""
        own = [step for step in steps if step in self.attributes]
        for step in own:
            yield f"        self.{self.attributes[step]} = nn.ModuleList()"
        before = self.texts[steps[0]].pop(BEFORE, "")
        after = self.texts[steps[0]].pop(AFTER, "")
        (name, *_) = [*self._turning(steps), ""]
        if name:
            yield f"        {name} = {before}"
        if own:
            yield f"        for {_counted(self.flow.loops[steps[0]][0], turns)}:"
        for step in own:
            place = f"self.{self.attributes[step]}"
            yield laid_out(f"{place}.append({self._made(step)})", 3)
            yield from self._frozen(step, f"{place}[-1]", 3)
        if name and after != name:
            yield f"            {_grown(name, after)}"

    def _turning(self, steps: range) -> list[str]:
        """Return the names that change from turn to turn in a loop."""
        texts = [text for step in steps for text in self.texts[step].values()]
        names = self.variant.model.turning
        return [name for name in names if any(re.search(rf"\b{name}\b", text) for text in texts)]

    def _made(self, step: Ref) -> str:
        callee = self.variant.callees.get(step)
        if callee:
            return call(callee, self.texts[step].items())
        config = [(key, text) for key, text in self.texts[step].items() if key != "trainable"]
        return made(module_of(self.steps[step].kind), config)

    def _frozen(self, step: Ref, place: str, depth: int) -> Iterator[str]:
        if "trainable" in self.texts[step] or self.steps[step].frozen:
            yield f"{'    ' * depth}{place}.requires_grad_(False)"

    def _forward(self) -> Iterator[str]:
        waiting: dict[str, str] = {}
        for event in self.flow.walk():
            if isinstance(event, Turns):
                if event.handed != event.start:
                    yield f"        {event.handed} = {event.start}"
                yield laid_out(f"for {self._turns(event)}:", 2)
            elif isinstance(event, Call):
                inputs = [waiting.pop(name, name) for name in event.inputs]
                text = self._called(event._replace(inputs=inputs))
                if self._is_normalised(event):
                    waiting[event.target] = text
                elif text != event.target:
                    start = f"{event.target} = " if event.target else "return "
                    yield laid_out(start + text, 2 + event.in_loop)
            else:
                yield f"        return {', '.join(event.names)}"

    def _turns(self, loop: Turns) -> str:
        """Return what a loop's turns are taken from."""
        steps = range(loop.roll.first, loop.roll.last + 1)
        lists = [f"self.{self.attributes[step]}" for step in steps if step in self.attributes]
        names = [self._turn_name(step) for step in steps if step in self.attributes]
        if not lists:
            return _counted(loop.roll, loop.turns)
        if len(lists) == 1:
            return f"{names[0]} in {lists[0]}"
        return f"{', '.join(names)} in zip({', '.join(lists)}, strict=True)"

    def _turn_name(self, step: Ref) -> str:
        name = self.attributes[step]
        return unlike(name, self.variables)

    def _is_normalised(self, call: Call) -> bool:
        """Tell whether a step is a bare one whose only reader is the normalisation behind it."""
        step, following = call.step, call.step + 1
        if following == len(self.steps) or self.flow.readers[step] != [following]:
            return False
        if self.steps[step].inner or self.steps[following].inner:
            return False
        inside = self._loop_of(step) == self._loop_of(following)
        bare = forward_of(self.steps[step].kind) == INPUT and step in self.attributes
        return inside and bare and "Norm" in module_of(self.steps[following].kind)

    def _called(self, call: Call) -> str:
        first, *others = call.inputs
        if call.step in self.attributes:
            own = self._turn_name(call.step) if call.in_loop else ""
            own = own or f"self.{self.attributes[call.step]}"
            if self.steps[call.step].inner:
                return f"{own}({', '.join(call.inputs)})"
            first = f"{own}({first})"
        return forward_of(self.steps[call.step].kind).format(first, *others)


def call(callee: Variant, arguments: Iterable[tuple[str, str]]) -> str:
    """Return the call that makes a block's module; the channels that come in stand first."""
    given = callee.model.given
    words = [text if name in given else f"{name}={text}" for name, text in arguments]
    return f"{callee.name}({', '.join(words)})"


def _variables(flow: Flow) -> Iterator[str]:
    """Yield the names of the variables that a forward pass assigns."""
    for event in flow.walk():
        if isinstance(event, Turns):
            yield event.handed
        elif isinstance(event, Call):
            yield event.target


def _counted(roll: Roll, turns: str) -> str:
    """Return what goes round in a loop; one that starts late has its turns as a plain number."""
    return f"{COUNTER} in range({int(turns) - roll.start if roll.start else turns})"


def _grown(name: str, after: str) -> str:
    """Return the statement that hands a number on: `channels += growth_rate`."""
    more = after.removeprefix(f"{name} + ")
    return f"{name} += {more}" if more != after else f"{name} = {after}"
