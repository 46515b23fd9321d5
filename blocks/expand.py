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
        outputs = self._outputs(order, incoming)
        graph = LayerGraph(tuple(self.nn.layers), tuple(self.tensors[n].layer for n in outputs))
        return Expansion(graph, self.tensors, tuple(self.problems))

    def _node(self, node: Node, links: Sequence[Link]) -> None:
        before = len(self.problems)
        for message in (*node_problems(node), *_link_problems(node, links)):
            self._problem(node, message)
        sources = [self.leaving.get((link.source, link.source_port)) for link in links]
        if len(self.problems) > before or None in sources:
            return
        nn, mark = self.nn, len(self.nn.layers)
        nn.prefix, nn.frozen, nn.names = "", node.frozen, node.layer_names
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
