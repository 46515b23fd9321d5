"""Random designs with own blocks: packed, nested, used again with other arguments, repeated."""

from typing import Any

from hypothesis import strategies as st

from blocks import BLOCKS, Design, EditError, Node, analyze, pack
from tests.blocks.test_against_keras import designs, values

PLAIN = ("filters", "units", "convolutions", "kernel_size", "activation", "batch_norm", "pool")
"""Parameters that people expose most, and whose values fit nearly everywhere."""


@st.composite
def own_designs(draw: st.DrawFn) -> Design:
    """Draw a design, make own blocks of some of its nodes, and use them once more."""
    design = draw(st.one_of(designs(), vgg_chains()))
    for _ in range(draw(st.integers(1, 4))):
        design = draw(packed(design))
    return design


@st.composite
def vgg_chains(draw: st.DrawFn) -> Design:
    """Draw a chain of what an own block is most often made of."""
    design, last = Design("chain").add("photo", BLOCKS["Image"](16, 16, 3)), "photo"
    for place in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(["VGGBlock", "Conv", "Residual", "Dropout", "BatchNorm"]))
        block = BLOCKS[kind]
        chosen = [name for name in PLAIN if name in block.params()]
        given = {name: draw(values(name, block.params()[name])) for name in chosen}
        design, last = design.add(f"part_{place}", block(**given), last), f"part_{place}"
    return design


@st.composite
def packed(draw: st.DrawFn, design: Design) -> Design:
    """Make an own block of a few nodes that follow each other, if that can be."""
    inner = [node for node in design.nodes.values() if node.block.inputs]
    if not inner:
        return design
    start = draw(st.integers(0, len(inner) - 1))
    some = inner[start : start + draw(st.integers(1, 4))]
    exposed = draw(exposures(some))
    try:
        edit = pack(design, [node.id for node in some], draw(TITLES), exposed)
        made = next(key for key, fields in edit["nodes"].items() if fields)
        return draw(used_again(design.apply(edit)[0], made))
    except EditError:
        return design


TITLES = st.sampled_from(["Deep one", "Step", "block", "main", "conv", "VGG block", "2 parts"])


@st.composite
def exposures(draw: st.DrawFn, some: list[Node]) -> list[dict[str, Any]]:
    """Draw which parameters of the nodes the block has, some of them for several nodes at once."""
    found: dict[str, list[dict[str, str]]] = {}
    for node in some:
        for param in [name for name in PLAIN if name in node.block.params()]:
            name = draw(st.sampled_from(["", "", param, f"{node.name}_{param}"]))
            if name:
                found.setdefault(name, []).append({"node": node.id, "param": param})
    return [{"name": name, "targets": targets} for name, targets in found.items()]


@st.composite
def used_again(draw: st.DrawFn, design: Design, made: str) -> Design:
    """Repeat the block, and put a second one after it with other arguments, where it fits."""
    node = design.nodes[made]
    own = type(node.block)
    others = {name: draw(values(name, param)) for name, param in own.params().items()}
    again = {"block": own.type_name, "name": f"{node.name}_b", "params": others}
    patches: list[dict[str, Any]] = [
        {"nodes": {made: {"repeat": draw(st.integers(1, 3))}}},
        {"nodes": {"again": again}, "links": {f"{made}:out>again:in": {"order": 0}}},
        {"nodes": {"again": {"repeat": 2, "first": others}}},
    ]
    for patch in patches:
        if draw(st.booleans()):
            try:
                grown = design.apply(patch)[0]
            except EditError:
                continue
            if not analyze(grown).errors and analyze(grown).total < 2_000_000:
                design = grown
    return design
