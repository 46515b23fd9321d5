"""From a design to its layer graph, as far as it goes, and the problems on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from blocks.block import Block, Unknown
from blocks.design import Design
from blocks.errors import LayerError, Problem, Repair
from blocks.graph import LayerGraph, Scope
from blocks.layers import Layers, Tensor
from blocks.node import Link, Node

MAX_REPEAT = 1_000
MAX_LAYERS = 20_000

Prepare = Callable[[Block], Block]


@dataclass(frozen=True)
class Expansion:
    """The layers a design stands for, what leaves each node (by id), and its problems."""

    graph: LayerGraph
    tensors: Mapping[str, Tensor]
    problems: tuple[Problem, ...]


def expand(design: Design, prepare: Prepare = lambda block: block) -> Expansion:
    """Expand a design into plain Keras layers; never raises.

    Nodes with a problem, and all that follow them, have no layers. `prepare` may replace each
    block just before it is built (code export follows its parameters that way).
    """
    return _Expander(design, prepare).run()


@dataclass
class _Expander:
    design: Design
    prepare: Prepare
    nn: Layers = field(default_factory=Layers)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    made_by: dict[str, str] = field(default_factory=dict)

    def run(self) -> Expansion:
        incoming = self.design.incoming()
        order, circular = ordered(self.design)
        for node_id in circular:
            self._problem(
                self.design.nodes[node_id], "it stands in a circle of links; remove one of them"
            )
        for node_id in order:
            self._node(self.design.nodes[node_id], incoming[node_id])
        outputs = self._outputs(order, incoming)
        graph = LayerGraph(tuple(self.nn.layers), tuple(self.tensors[n].layer for n in outputs))
        return Expansion(graph, self.tensors, tuple(self.problems))

    def _node(self, node: Node, links: Sequence[Link]) -> None:
        before = len(self.problems)
        for message in (*_node_problems(node), *_link_problems(node, links)):
            self._problem(node, message)
        sources = [self.tensors.get(link.source) for link in links]
        if len(self.problems) > before or None in sources:
            return
        mark = len(self.nn.layers)
        try:
            tensor = self._build(node, [source for source in sources if source])
            self._check_names(node, mark)
            self.tensors[node.id] = tensor
        except LayerError as error:
            del self.nn.layers[mark:]
            self._problem(node, str(error), self._repair(node, error))

    def _build(self, node: Node, inputs: Sequence[Tensor]) -> Tensor:
        nn, rest = self.nn, self.prepare(node.block)
        first = self.prepare(node.block.replace(node.first)) if node.first else rest
        nn.frozen, nn.names = node.frozen, node.layer_names
        for repeat in range(node.repeat):
            block = rest if repeat else first
            nn.scope = Scope(node.name, repeat)
            nn.prefix = node.name if node.repeat == 1 else f"{node.name}_{repeat + 1}"
            inputs = [block.build(nn, *inputs)]
            if len(nn.layers) > MAX_LAYERS:
                raise LayerError(
                    f"a design may have {MAX_LAYERS:,} layers, got more; repeat it less often"
                )
        return inputs[0]

    def _check_names(self, node: Node, mark: int) -> None:
        for layer in self.nn.layers[mark:]:
            other = self.made_by.setdefault(layer.name, node.name)
            if other != node.name:
                raise LayerError(
                    f"its layer name {layer.name} is also made by {other}; rename one of them"
                )

    def _repair(self, node: Node, error: LayerError) -> Repair | None:
        if not error.fix:
            return None
        words = " and ".join(f"{name} to {value}" for name, value in error.fix.items())
        return Repair(f"Set {words}", {"nodes": {node.id: {"params": dict(error.fix)}}})

    def _problem(self, node: Node, message: str, repair: Repair | None = None) -> None:
        self.problems.append(Problem(node.name, message, repair=repair))

    def _outputs(self, order: Sequence[str], incoming: Mapping[str, list[Link]]) -> list[str]:
        """Return the nodes whose output leads nowhere; warn when several are no heads."""
        used = {link.source for links in incoming.values() for link in links}
        nodes = self.design.nodes
        outputs = [
            n for n in order if n in self.tensors and n not in used and nodes[n].block.inputs
        ]
        plain = [nodes[n].name for n in outputs if not nodes[n].block.is_head]
        if len(outputs) > 1 and plain and len(self.tensors) == len(nodes):
            names = ", ".join(nodes[n].name for n in outputs)
            self.problems.append(
                Problem(
                    plain[0],
                    f"its output leads nowhere, so the model has {len(outputs)} outputs ({names}); "
                    "link it on if that is not meant",
                    severity="warning",
                )
            )
        return outputs


def _node_problems(node: Node) -> Iterator[str]:
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


def _link_problems(node: Node, links: Sequence[Link]) -> Iterator[str]:
    if isinstance(node.block, Unknown):
        return
    for port in node.block.inputs:
        count = sum(link.target_port == port.name for link in links)
        if count == 0:
            yield "nothing comes in; link a block to its input"
        elif count > 1 and not port.many:
            yield (
                f"its input takes one link, got {count}; remove one, or join them with Add or "
                "Concatenate first"
            )
    known = {port.name for port in node.block.inputs}
    if any(link.target_port not in known for link in links):
        yield "a link ends where it has no input; remove the link"


def ordered(design: Design) -> tuple[list[str], list[str]]:
    """Return the ids so that every node comes after what it reads, and those in circles.

    Nodes are visited from the ends backwards, inputs in their order, so that the same drawing
    gives the same order in whatever sequence it was drawn.
    """
    incoming = design.incoming()
    used = {link.source for links in incoming.values() for link in links}
    ends = [node_id for node_id in design.nodes if node_id not in used]
    done: dict[str, bool] = {}
    order: list[str] = []
    circular: dict[str, None] = {}
    for start in (*ends, *design.nodes):
        path: list[tuple[str, Iterator[Link]]] = []
        if start not in done:
            done[start] = False
            path.append((start, iter(incoming[start])))
        while path:
            node_id, links = path[-1]
            link = next(links, None)
            if link is None:
                path.pop()
                done[node_id] = True
                order.append(node_id)
            elif link.source not in done:
                done[link.source] = False
                path.append((link.source, iter(incoming[link.source])))
            elif not done[link.source]:
                on_path = [step for step, _ in path]
                circular |= dict.fromkeys(on_path[on_path.index(link.source) :])
    return [node_id for node_id in order if node_id not in circular], list(circular)
