"""Writing the function of a block: one statement per layer, loops where layers repeat."""

from collections.abc import Iterator, Sequence

from blocks.block import Block
from blocks.exports.code.flow import Call, Flow, Turns
from blocks.exports.code.pattern import Ref
from blocks.exports.code.text import argument, docstring, fits_title, layer_call, statement
from blocks.exports.code.variant import Variant
from blocks.own import Own


def function(variant: Variant) -> str:
    """Return the code of the function that stands for a variant of a block."""
    return "\n".join(_Body(variant).lines())


class _Body(Flow):
    """Writes the statements of a function."""

    def lines(self) -> Iterator[str]:
        last = "names" if self.variant.takes_names else "name"
        words = [*self.inputs, *self.variant.arguments(), last]
        yield statement(f"def {self.variant.name}", words, ":", 0)
        yield docstring(*words_of(self.variant.model.node.block, self.variant.words), 1)
        for event in self.walk():
            if isinstance(event, Call):
                yield self._statement(event)
            elif isinstance(event, Turns):
                if event.handed != event.start:
                    yield f"    {event.handed} = {event.start}"
                start = f"{event.roll.start}, " if event.roll.start else ""
                yield f"    for i in range({start}{event.turns}):"
            else:
                yield f"    return {', '.join(event.names)}"

    def _statement(self, call: Call) -> str:
        start = f"{call.target} = " if call.target else "return "
        arguments = self._arguments(call.step, call.in_loop)
        callee = self.variant.callees.get(call.step)
        if callee:
            words = [*call.inputs, *arguments]
            return statement(f"{start}{callee.name}", words, "", 1 + call.in_loop)
        layer = f"{start}layers.{self.steps[call.step].kind}"
        return layer_call(layer, arguments, call.inputs, 1 + call.in_loop)

    def _arguments(self, step: Ref, in_loop: bool) -> list[str]:
        given = [argument(key, text) for key, text in self.variant.configs[step]]
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


def words_of(block: Block, told: Sequence[str] = ()) -> tuple[str, str]:
    """Return the docstring's title and text; what a person typed must not become code.

    `told` are the words that tell a variant of the block from others.
    """
    if isinstance(block, Own):
        title = block.definition.id.replace("_", " ").capitalize()
        return title, "A block of this design, used with these arguments."
    title = ": ".join(filter(None, (block.title, ", ".join(told).replace("_", " "))))
    if not block.citation:
        return title, block.summary
    cited = f"{title} ({block.citation})"
    if fits_title(cited, 1):
        return cited, block.summary
    return title, f"{block.summary} Source: {block.citation}."
