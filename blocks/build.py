"""Building one node of a design, an own block's inner design included."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from blocks.block import Block
from blocks.design import Design
from blocks.errors import LayerError
from blocks.graph import Inside, Scope
from blocks.layers import Layers, Tensor
from blocks.node import Node
from blocks.order import ordered
from blocks.own import Definition, Own

MAX_REPEAT = 1_000
MAX_LAYERS = 20_000

Prepare = Callable[[Block], Block]
Tensors = tuple[Tensor, ...]
Arrival = tuple[str, int, Tensor]
"""What comes in at a port, with its order there."""


def build_node(nn: Layers, node: Node, inputs: Sequence[Tensor], prepare: Prepare) -> Tensors:
    """Add the layers of a node, all repeats of it, and return what leaves at each output port.

    Raises:
        LayerError: a layer breaks a rule, or there are too many.
    """
    if len(set(inputs)) < len(inputs):
        raise LayerError("two of its links bring the same values; remove one of them")
    as_set = [node.block.replace(node.first) if node.first else node.block, node.block]
    prepared = [prepare(block) for block in as_set]
    outer, names, scope = nn.prefix, nn.names, nn.scope
    leaving = tuple(inputs)
    for repeat in range(node.repeat):
        name = node.name if node.repeat == 1 else f"{node.name}_{repeat + 1}"
        nn.prefix = f"{outer}_{name}" if outer else name
        place = min(repeat, 1)
        nn.scope = Scope(node.name, repeat)
        if outer:
            here = Inside(node.name, repeat, node.repeat, as_set[place])
            nn.scope = replace(scope, inside=(*scope.inside, here))
        if repeat:
            _check_handing_on(prepared[place], len(leaving))
        nn.names = prepared[place].layer_names(repeat)
        leaving = build_block(nn, prepared[place], leaving, prepare)
        if len(nn.layers) > MAX_LAYERS:
            raise LayerError(
                f"a design may have {MAX_LAYERS:,} layers, got more; repeat it less often"
            )
    nn.prefix, nn.names, nn.scope = outer, names, scope
    return leaving


def _check_handing_on(block: Block, leaving: int) -> None:
    """Refuse to repeat a block whose outputs are not as many as its inputs."""
    ports = len(block.inputs)
    if ports > 1 and leaving != ports:
        outputs = "1 output" if leaving == 1 else f"{leaving} outputs"
        raise LayerError(
            f"its next repeat would read what this one gives, but it has {ports} inputs and "
            f"{outputs}; set repeat to 1"
        )


def build_block(nn: Layers, block: Block, inputs: Sequence[Tensor], prepare: Prepare) -> Tensors:
    """Add the layers of a block as it is, and return what leaves at each output port.

    Blocks inside it are replaced by what `prepare` makes of them.

    Raises:
        LayerError: a layer breaks a rule, or there are too many.
    """
    if isinstance(block, Own):
        return _Inside(nn, block, inputs, prepare).run()
    return (block.build(nn, *inputs),)


@dataclass
class _Inside:
    """The inner design of one instance of an own block, built below the instance's name."""

    nn: Layers
    block: Own
    inputs: Sequence[Tensor]
    prepare: Prepare

    def run(self) -> Tensors:
        definition = self.block.definition
        inner = Design(nodes=definition.with_values(self.block.values()), links=definition.links)
        order, circular = ordered(inner)
        if circular or not definition.leaves:
            raise LayerError("inside it, the blocks lead to no output; mend its definition")
        incoming, made = inner.incoming(), dict[str, Tensors]()
        frozen, mark = self.nn.frozen, len(self.nn.layers)
        for node_id in order:
            node = inner.nodes[node_id]
            self.nn.frozen = frozen or node.frozen
            found = [
                (link.target_port, link.order, _at(inner, link.source, link.source_port, made))
                for link in incoming[node_id]
            ]
            found += _fed(definition, node_id, self.inputs)
            made[node_id] = self._node(node, _in_order(node, found))
        self.nn.frozen = frozen
        leaving = tuple(_at(inner, *leaf, made) for leaf in definition.leaves.values())
        self._check_ends(inner, made, leaving, mark)
        return leaving

    def _check_ends(
        self, inner: Design, made: Mapping[str, Tensors], leaving: Tensors, mark: int
    ) -> None:
        """Refuse an inner node that leads nowhere: Keras would leave its layers out."""
        layers = self.nn.layers[mark:]
        read = {name for layer in layers for name in layer.inputs}
        dead = {layer.name for layer in layers} - read - {end.layer for end in leaving}
        used = {link.source for link in inner.links.values()}
        used |= {node_id for node_id, _ in self.block.definition.leaves.values()}
        for node_id, node in inner.nodes.items():
            if node_id not in used or any(end.layer in dead for end in made[node_id]):
                raise LayerError(
                    f"inside it, {node.name} leads to no output; link it on or remove it"
                )

    def _node(self, node: Node, sources: Sequence[Tensor]) -> Tensors:
        for message in node_problems(node):
            raise LayerError(f"inside it, {node.name}: {message}")
        try:
            return build_node(self.nn, node, sources, self.prepare)
        except LayerError as error:
            raise LayerError(f"inside it, {node.name}: {error}") from None


def _at(inner: Design, node_id: str, port: str, made: dict[str, Tensors]) -> Tensor:
    """Return what leaves an inner node at a port."""
    node = inner.nodes[node_id]
    names = [one.name for one in node.block.outputs]
    if port not in names:
        raise LayerError(f"inside it, {node.name} has no output {port!a:.40}; remove the link")
    return made[node_id][names.index(port)]


def _in_order(node: Node, found: Sequence[Arrival]) -> list[Tensor]:
    """Return what an inner node reads, port by port, each port's in the order of its links."""
    if not node.block.inputs:
        raise LayerError(f"inside it, {node.name} is an input of a network; remove it")
    known = [port.name for port in node.block.inputs]
    for name, _, _ in found:
        if name not in known:
            raise LayerError(f"inside it, {node.name} has no input {name!a:.40}; remove the link")
    sources = []
    for port in node.block.inputs:
        arrivals = sorted((one for one in found if one[0] == port.name), key=lambda one: one[1])
        if not arrivals or (len(arrivals) > 1 and not port.many):
            rule = "takes one link" if arrivals else "needs something that comes in"
            raise LayerError(f"inside it, {node.name} {rule}, got {len(arrivals)} links")
        sources += [tensor for _, _, tensor in arrivals]
    return sources


def _fed(definition: Definition, node_id: str, inputs: Sequence[Tensor]) -> list[Arrival]:
    """Return (port, order, tensor) of the block's inputs that lead to an inner node.

    One port of several links takes all of the inputs; otherwise ports and inputs pair up.
    """
    ports = list(definition.feeds.values())
    if len(ports) == 1:
        tensors = [(ports[0], tensor) for tensor in inputs]
    else:
        tensors = list(zip(ports, inputs, strict=True))
    return [
        (port, order + place, tensor)
        for place, (targets, tensor) in enumerate(tensors)
        for target, port, order in targets
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
