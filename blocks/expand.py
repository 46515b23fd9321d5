"""From a design to its layer graph, as far as it goes, and the problems on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from blocks.block import Unknown
from blocks.build import Prepare, build_node, node_problems
from blocks.design import Design
from blocks.errors import LayerError, Problem, Repair
from blocks.graph import LayerGraph
from blocks.layers import Layers, Tensor
from blocks.node import Link, Node
from blocks.order import ordered


@dataclass(frozen=True)
class Expansion:
    """The layers a design stands for, what leaves each node (by id), and its problems.

    `tensors` are what leaves each node's first port, `leaving` what leaves every (node, port).
    """

    graph: LayerGraph
    tensors: Mapping[str, Tensor]
    leaving: Mapping[tuple[str, str], Tensor]
    problems: tuple[Problem, ...]


def expand(
    design: Design, prepare: Prepare = lambda block: block, *, plain_names: bool = False
) -> Expansion:
    """Expand a design into plain Keras layers; never raises.

    Nodes with a problem, and all that follow them, have no layers. `prepare` may replace each
    block just before it is built, and with `plain_names` every layer is called after its place in
    its block (code export follows parameters and places that way).
    """
    return _Expander(design, prepare, Layers(plain_names=plain_names)).run()


@dataclass
class _Expander:
    design: Design
    prepare: Prepare
    nn: Layers
    tensors: dict[str, Tensor] = field(default_factory=dict)
    leaving: dict[tuple[str, str], Tensor] = field(default_factory=dict)
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
        graph = LayerGraph(tuple(self.nn.layers), tuple(self._outputs(order, incoming)))
        return Expansion(graph, self.tensors, self.leaving, tuple(self.problems))

    def _node(self, node: Node, links: Sequence[Link]) -> None:
        before = len(self.problems)
        links = _by_port(node, links)
        for message in (*node_problems(node), *self._link_problems(node, links)):
            self._problem(node, message)
        sources = [self.leaving.get((link.source, link.source_port)) for link in links]
        if len(self.problems) > before or None in sources:
            return
        nn, mark = self.nn, len(self.nn.layers)
        nn.prefix, nn.frozen, nn.given = "", node.frozen, node.layer_names
        try:
            made = build_node(nn, node, [source for source in sources if source], self.prepare)
            self._check_names(node, mark)
            for port, tensor in zip(node.block.outputs, made, strict=True):
                self.leaving[node.id, port.name] = tensor
            self.tensors[node.id] = made[0]
        except LayerError as error:
            del self.nn.layers[mark:]
            self._problem(node, str(error), self._repair(node, error))

    def _check_names(self, node: Node, mark: int) -> None:
        own: dict[str, str] = {}
        for layer in self.nn.layers[mark:]:
            name = layer.name
            if name in own:
                raise LayerError(f"two of its layers would be called {name}; rename one of them")
            if name in self.made_by:
                raise LayerError(
                    f"its layer name {name} is also made by {self.made_by[name]}; "
                    "rename one of them",
                    fix=node.block.renaming(self.made_by, node.repeat),
                )
            own[name] = node.name
        self.made_by |= own

    def _repair(self, node: Node, error: LayerError) -> Repair | None:
        if not error.fix:
            return None
        words = " and ".join(f"{name} to {value}" for name, value in error.fix.items())
        return Repair(f"Set {words}", {"nodes": {node.id: {"params": dict(error.fix)}}})

    def _problem(self, node: Node, message: str, repair: Repair | None = None) -> None:
        repairs = (repair,) if repair else ()
        self.problems.append(Problem(node.name, message, repairs=repairs, node_id=node.id))

    def _outputs(self, order: Sequence[str], incoming: Mapping[str, list[Link]]) -> list[str]:
        """Return the layers whose output leads nowhere; warn when several are no heads."""
        used = {(link.source, link.source_port) for links in incoming.values() for link in links}
        nodes = self.design.nodes
        ends = [
            (nodes[node_id], tensor.layer)
            for (node_id, port), tensor in self.leaving.items()
            if (node_id, port) not in used and nodes[node_id].block.inputs
        ]
        ends.sort(key=lambda end: order.index(end[0].id))
        plain = [node for node, _ in ends if not node.block.is_head]
        if len(ends) > 1 and plain and len(self.tensors) == len(nodes):
            names = ", ".join(dict.fromkeys(node.name for node, _ in ends))
            message = (
                f"its output leads nowhere, so the model has {len(ends)} outputs ({names}); "
                "link it on if that is not meant"
            )
            self.problems.append(Problem(plain[0].name, message, "warning", node_id=plain[0].id))
        return [layer for _, layer in ends]

    def _link_problems(self, node: Node, links: Sequence[Link]) -> Iterator[str]:
        if isinstance(node.block, Unknown):
            return
        for port in node.block.inputs:
            count = sum(link.target_port == port.name for link in links)
            where = "its input" if len(node.block.inputs) == 1 else f"its input {port.name}"
            if count == 0:
                yield f"nothing comes in; link a block to {where}"
            elif count > 1 and not port.many:
                yield (
                    f"{where} takes one link, got {count}; remove one, or join them with Add or "
                    "Concatenate first"
                )
        for link in links:
            source = self.design.nodes[link.source]
            if link.target_port not in {port.name for port in node.block.inputs}:
                yield f"the link from {source.name} ends where it has no input; remove the link"
            elif not isinstance(source.block, Unknown) and link.source_port not in {
                port.name for port in source.block.outputs
            }:
                yield f"the link from {source.name} starts where that has no output; remove it"


def _by_port(node: Node, links: Sequence[Link]) -> list[Link]:
    """Return links in the order of the ports they end at, and in their own order within one."""
    place = {port.name: index for index, port in enumerate(node.block.inputs)}
    return sorted(links, key=lambda link: (place.get(link.target_port, len(place)), link.order))
