"""Building one node of a design, an own block's inner design included."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from blocks.block import Block
from blocks.design import Design
from blocks.errors import LayerError
from blocks.graph import Scope
from blocks.layers import Layers, Tensor
from blocks.node import Link, Node
from blocks.order import ordered
from blocks.own import Definition, Own

MAX_REPEAT = 1_000
MAX_LAYERS = 20_000

Prepare = Callable[[Block], Block]
Tensors = tuple[Tensor, ...]


def build_node(nn: Layers, node: Node, inputs: Sequence[Tensor], prepare: Prepare) -> Tensors:
    """Add the layers of a node, all repeats of it, and return what leaves at each output port.

    Raises:
        LayerError: a layer breaks a rule, or there are too many.
    """
    rest = prepare(node.block)
    first = prepare(node.block.replace(node.first)) if node.first else rest
    outer = nn.prefix
    leaving = tuple(inputs)
    for repeat in range(node.repeat):
        name = node.name if node.repeat == 1 else f"{node.name}_{repeat + 1}"
        nn.prefix = f"{outer}_{name}" if outer else name
        if not outer:
            nn.scope = Scope(node.name, repeat)
        leaving = _build(nn, rest if repeat else first, leaving)
        if len(nn.layers) > MAX_LAYERS:
            raise LayerError(
                f"a design may have {MAX_LAYERS:,} layers, got more; repeat it less often"
            )
    nn.prefix = outer
    return leaving


def _build(nn: Layers, block: Block, inputs: Sequence[Tensor]) -> Tensors:
    return (
        _Inside(nn, block, inputs).run() if isinstance(block, Own) else (block.build(nn, *inputs),)
    )


@dataclass
class _Inside:
    """The inner design of one instance of an own block, built below the instance's name."""

    nn: Layers
    block: Own
    inputs: Sequence[Tensor]

    def run(self) -> Tensors:
        definition = self.block.definition
        inner = Design(nodes=definition.with_values(self.block.values()), links=definition.links)
        order, circular = ordered(inner)
        if circular or not definition.leaves:
            raise LayerError("inside it, the blocks lead to no output; mend its definition")
        incoming, made = inner.incoming(), dict[str, Tensors]()
        frozen = self.nn.frozen
        for node_id in order:
            node = inner.nodes[node_id]
            self.nn.frozen = frozen or node.frozen
            made[node_id] = self._node(node, self._sources(node_id, incoming[node_id], made))
        self.nn.frozen = frozen
        self._check_ends(inner, set(definition.leaves.values()))
        return tuple(made[node_id][0] for node_id in definition.leaves.values())

    def _check_ends(self, inner: Design, leaves: set[str]) -> None:
        """Refuse an inner node that leads nowhere: Keras would leave its layers out."""
        used = {link.source for link in inner.links.values()}
        for node_id, node in inner.nodes.items():
            if node_id not in used | leaves:
                raise LayerError(
                    f"inside it, {node.name} leads to no output; link it on or remove it"
                )

    def _node(self, node: Node, sources: Sequence[Tensor]) -> Tensors:
        for message in node_problems(node):
            raise LayerError(f"inside it, {node.name}: {message}")
        try:
            return build_node(self.nn, node, sources, lambda block: block)
        except LayerError as error:
            raise LayerError(f"inside it, {node.name}: {error}") from None

    def _sources(
        self, node_id: str, links: Sequence[Link], made: dict[str, Tensors]
    ) -> list[Tensor]:
        """Return what an inner node reads: other inner nodes, and the block's own inputs."""
        found = [(link.order, made[link.source][0]) for link in links]
        found += _fed(self.block.definition, node_id, self.inputs)
        return [tensor for _, tensor in sorted(found, key=lambda pair: pair[0])]


def _fed(
    definition: Definition, node_id: str, inputs: Sequence[Tensor]
) -> list[tuple[int, Tensor]]:
    """Return (order, tensor) of the block's inputs that lead to an inner node.

    One port of several links takes all of the inputs; otherwise ports and inputs pair up.
    """
    ports = list(definition.feeds.values())
    if len(ports) == 1:
        tensors = [(ports[0], tensor) for tensor in inputs]
    else:
        tensors = list(zip(ports, inputs, strict=True))
    return [
        (order + place, tensor)
        for place, (targets, tensor) in enumerate(tensors)
        for target, _, order in targets
        if target == node_id
    ]


def node_problems(node: Node) -> Iterator[str]:
    if not (node.name.isidentifier() and node.name.isascii() and len(node.name) <= 64):
        yield (
            "its name must be letters, digits and underscores, start with a letter and have at "
            f"most 64 characters, got {node.name!a:.70}; rename it"
        )
    for name in node.extras:
        yield f"{node.block.title} has no parameter {name!a:.40}; remove it"
    repeat = node.repeat
    if isinstance(repeat, bool) or not isinstance(repeat, int) or not 1 <= repeat <= MAX_REPEAT:
        yield f"repeat must be an integer from 1 to {MAX_REPEAT}, got {repeat!a:.40}"
    elif repeat > 1 and not node.block.inputs:
        yield f"an input cannot be repeated, got repeat {repeat}; set it to 1"
    yield from node.block.problems()
    yield from _first_problems(node)


def _first_problems(node: Node) -> Iterator[str]:
    """Yield what is wrong with the first repetition alone."""
    unknown = [name for name in node.first if name not in node.block.params()]
    for name in unknown:
        yield f"{node.block.title} has no parameter {name!a:.40} for the first to differ in"
    if node.first and not unknown:
        rest = set(node.block.problems())
        for message in node.block.replace(node.first).problems():
            if message not in rest:
                yield f"in the first of the repeats, {message}"
