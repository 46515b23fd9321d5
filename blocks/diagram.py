"""The Graphviz diagram of a design: DOT for the page, drawings made of it for files."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import graphviz

from blocks.analysis import Report, analyze
from blocks.block import Block
from blocks.design import Design
from blocks.graph import Layer
from blocks.layers import shape_text
from blocks.node import Node

MAX_TEXT = 64
MAX_UNFOLDED = 60
INK, LINE, WRONG = "#475569", "#94a3b8", "#dc2626"
COLOURS = {
    "Input": "#5d85ce",
    "Convolution": "#3e8cc9",
    "Inception": "#9274c3",
    "Residual": "#c36953",
    "Pooling": "#249c74",
    "Dense": "#ac7d1b",
    "Shape & regularise": "#009aa8",
    "Merge": "#b5689d",
    "Output": "#c3656f",
    "Own blocks": "#6c8f3a",
}
OTHER = "#83868c"
MARKS = {"+": "#15803d", "\N{MINUS SIGN}": "#dc2626", "\N{NOT EQUAL TO}": "#b45309"}
# How much of a colour fills a box, a frame, and lines the frame of a repetition: soft on
# light and dark.
FILL, FAINT, EDGE = "33", "12", "88"
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def diagram_dot(
    design: Design,
    report: Report | None = None,
    *,
    fold: bool | None = None,
    folded: Collection[str] = (),
    unfolded: Collection[str] = (),
    marks: Mapping[str, str] | None = None,
    shades: Mapping[tuple[str, int], str] | None = None,
) -> str:
    """Return the diagram of a design in Graphviz' language; half-drawn designs too.

    Each node is a frame around its layers, with frames in it around its repetitions; folded, or
    with one layer, it is a box, and dashed where it has no layers yet. By default designs of more
    than 60 layers are folded; the nodes whose ids are in `folded` or `unfolded` are drawn so in
    any case. Frames and boxes of nodes have the id `node-<id>`; they and the boxes of layers have
    it as a class too. `marks` are the signs of `MARKS` that a comparison sets before names, by
    id; nodes without one are grey. `shades` are colours (#rrggbb) by the name of a node and its
    repetition, from 0; what has none is grey, and a folded box has that of its first repetition.
    """
    report = report or analyze(design)
    usual = len(report.layers) > MAX_UNFOLDED if fold is None else fold
    closed = {n for n in design.nodes if n in folded or (usual and n not in unfolded)}
    return _Drawing(design, report, closed, marks, shades).source()


def clean(text: str) -> str:
    """Return a text as it may stand in a drawing: printable, on one line, not too long."""
    shown = "".join(" " if unicodedata.category(c) in INVISIBLE else c for c in text)
    return shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - 1] + "…"


def title_of(node: Node) -> str:
    """Return what a node is: the title of its block, and how often it is repeated."""
    title = node.block.title if node.block.category else node.block.type_name
    return f"{title} x {node.repeat}" if node.repeat != 1 else title


def layer_text(layer: Layer) -> str:
    """Return a layer's kind with what matters of its config: `Conv2D 3x3, 64, /2, relu`."""
    config, rank = layer.config, max(len(layer.shape) - 1, 1)
    words = [_window(config[key], rank) for key in ("kernel_size", "pool_size") if key in config]
    words += [
        str(config[key]) for key in ("filters", "units", "rate", "padding") if _plain(config, key)
    ]
    words += [f"/{config['strides']}"] if config.get("strides", 1) != 1 else []
    words += [config["activation"]] if "activation" in config else []
    return f"{layer.kind} {', '.join(words)}".strip()


def _window(size: Any, rank: int) -> str:
    sizes = size if isinstance(size, list | tuple) else [size] * rank
    return "x".join(str(side) for side in sizes)


def _plain(config: Mapping[str, Any], key: str) -> bool:
    return isinstance(config.get(key), int | float)


def _label(*lines: str) -> str:
    """Join lines into a label that Graphviz takes letter for letter."""
    text = r"\n".join(graphviz.escape(clean(line).replace("&", "&amp;")) for line in lines if line)
    return str(graphviz.nohtml(text))


@dataclass
class _Drawing:
    design: Design
    report: Report
    folded: set[str]
    marks: Mapping[str, str] | None = None
    shades: Mapping[tuple[str, int], str] | None = None
    keys: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def source(self) -> str:
        self.nodes = {node.name: node for node in self.design.nodes.values()}
        graph = graphviz.Digraph("design")
        graph.attr(bgcolor="transparent", labeljust="l", nodesep="0.3", ranksep="0.35")
        graph.attr(fontname="Helvetica,Arial,sans-serif", fontsize="11", fontcolor=INK)
        graph.attr("node", shape="box", style="rounded,filled", margin="0.22,0.07")
        graph.attr("node", fontname="Helvetica,Arial,sans-serif", fontsize="11", fontcolor=INK)
        graph.attr("edge", color=LINE, arrowsize="0.7")
        for node in self.design.nodes.values():
            self._node(graph, node)
        for source, target in self._edges():
            graph.edge(source, target)
        for source, target in self._waiting_edges():
            graph.edge(source, target, style="dashed")
        return str(graph.source)

    def _node(self, graph: graphviz.Digraph, node: Node) -> None:
        layers = self._layers(node)
        look = {"id": f"node-{node.id}", "class": f"block node-{node.id}"}
        if node.id not in self.report.nodes:
            self._half_drawn(graph, node, look)
        elif self._framed(node):
            self._frame(graph, node, layers, look)
        else:
            detail = layer_text(layers[0]) if len(layers) == 1 else self._title(node)
            graph.node(
                self._key(node),
                _label(self._name(node), detail, self._numbers(node)),
                **self._paint(node, look),
            )

    def _layers(self, node: Node) -> Sequence[Layer]:
        return self.report.graph.of_node(node.name)

    def _frame(
        self, graph: graphviz.Digraph, node: Node, layers: Sequence[Layer], look: dict[str, str]
    ) -> None:
        colour = _colour(node.block)
        with graph.subgraph(name=f"cluster_{node.id}") as frame:
            frame.attr(label=_label(f"{node.name}: {self._title(node)}"), style="rounded,filled")
            frame.attr(fillcolor=colour + FAINT, color=colour, fontcolor=colour, **look)
            for repeat, turn in groupby(layers, lambda layer: layer.scope.repeat):
                self._turn(frame, node, repeat, list(turn))

    def _turn(
        self, frame: graphviz.Digraph, node: Node, repeat: int, layers: Sequence[Layer]
    ) -> None:
        """Draw the layers of one repetition; where there are several, in a frame of their own."""
        if node.repeat == 1 or len(layers) == 1:
            self._boxes(frame, node, layers)
            return
        differs = ", ".join(f"{name} {value}" for name, value in node.first.items())
        first = f", {differs}" if differs and repeat == 0 else ""
        with frame.subgraph(name=f"cluster_{node.id} turn {repeat + 1}") as inner:
            inner.attr(label=_label(f"{repeat + 1} of {node.repeat}{first}"), style="rounded")
            inner.attr(color=_colour(node.block) + EDGE, fontcolor=_colour(node.block))
            inner.attr(**{"id": f"turn-{node.id}-{repeat + 1}", "class": f"turn node-{node.id}"})
            self._boxes(inner, node, layers)

    def _boxes(self, frame: graphviz.Digraph, node: Node, layers: Sequence[Layer]) -> None:
        for layer in layers:
            frame.node(
                self._layer_key(layer),
                _label(layer.name, layer_text(layer), _numbers(layer.shape, layer.params)),
                **self._paint(node, {"class": f"layer node-{node.id}"}, layer.scope.repeat),
            )

    def _half_drawn(self, graph: graphviz.Digraph, node: Node, look: dict[str, str]) -> None:
        problems = [p for p in self.report.errors if p.node == node.name]
        state = problems[0].message if problems else "waits for what comes before it"
        look["class"] += " problem" if problems else " waiting"
        graph.node(
            self._key(node),
            _label(self._name(node), self._title(node), state),
            style="rounded,dashed",
            color=WRONG if problems else LINE,
            **look,
        )

    def _paint(self, node: Node, look: dict[str, str], repeat: int = 0) -> dict[str, str]:
        colour = _colour(node.block)
        if self.shades is not None:
            colour = self.shades.get((node.name, repeat), OTHER)
            look = {**look, "penwidth": "3"}
        if self.marks is not None:
            mark = self.marks.get(node.id, "")
            colour = MARKS.get(mark, OTHER)
            look = {**look, "penwidth": "2" if mark else "1"}
        return {**look, "color": colour, "fillcolor": colour + FILL}

    def _name(self, node: Node) -> str:
        mark = (self.marks or {}).get(node.id, "")
        return f"{mark} {node.name}" if mark else node.name

    def _title(self, node: Node) -> str:
        return f"{title_of(node)}{', frozen' if node.frozen else ''}"

    def _numbers(self, node: Node) -> str:
        numbers = self.report.nodes[node.id]
        return _numbers(numbers.shape, numbers.params)

    def _framed(self, node: Node) -> bool:
        return node.id not in self.folded and len(self._layers(node)) > 1

    def _edges(self) -> Iterator[tuple[str, str]]:
        """Yield the arrows between layers, or between the boxes they are folded into."""
        seen = set()
        for layer in self.report.layers:
            for name in layer.inputs:
                edge = self._place(self.report.graph[name]), self._place(layer)
                if edge[0] != edge[1] and (edge not in seen or self._is_layer(layer)):
                    seen.add(edge)
                    yield edge

    def _waiting_edges(self) -> Iterator[tuple[str, str]]:
        """Yield the links into nodes that have no layers yet."""
        for link in self.design.links.values():
            source, target = self.design.nodes.get(link.source), self.design.nodes.get(link.target)
            if source and target and target.id not in self.report.nodes:
                layers = self._layers(source) if self._framed(source) else None
                yield (
                    self._layer_key(layers[-1]) if layers else self._key(source),
                    self._key(target),
                )

    def _place(self, layer: Layer) -> str:
        node = self.nodes[layer.scope.node]
        return self._layer_key(layer) if self._framed(node) else self._key(node)

    def _is_layer(self, layer: Layer) -> bool:
        """Tell whether a box stands for this layer alone, so that each of its inputs counts."""
        node = self.nodes[layer.scope.node]
        return self._framed(node) or len(self._layers(node)) == 1

    def _key(self, node: Node) -> str:
        return self._unique(f"node {node.id}", node.name)

    def _layer_key(self, layer: Layer) -> str:
        return self._unique(f"layer {layer.name}", layer.name)

    def _unique(self, thing: str, name: str) -> str:
        """Return the name Graphviz knows a box by; browsers show it as the box's tooltip."""
        if thing not in self.keys:
            word = re.sub(r"\W", "_", name, flags=re.ASCII)[:MAX_TEXT]
            self.keys[thing] = f"{word}_{len(self.keys)}" if word in self.taken else word
            self.taken.add(self.keys[thing])
        return self.keys[thing]


def _colour(block: Block) -> str:
    return COLOURS.get(block.category, OTHER)


def _numbers(shape: tuple[int | None, ...], params: int) -> str:
    return shape_text(shape, grouped=True) + (f" · {params:,} parameters" if params else "")
