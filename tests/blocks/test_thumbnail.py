"""The small picture shows every block, is well-formed, and holds no text that anybody typed."""

from xml.etree import ElementTree

import pytest

from blocks import Design, Image, MaxPoolFork, template, templates, thumbnail

SVG = "{http://www.w3.org/2000/svg}"


def boxes(design: Design) -> list[dict[str, str]]:
    return [
        dict(box.attrib) for box in ElementTree.fromstring(thumbnail(design)).iter(f"{SVG}rect")
    ]


@pytest.mark.parametrize("template_id", templates())
def test_every_block_of_a_template_is_drawn_inside_the_frame(template_id: str) -> None:
    design = template(template_id)
    picture = ElementTree.fromstring(thumbnail(design))
    left, top, width, height = map(float, picture.attrib["viewBox"].split())
    found = boxes(design)
    assert len(found) == len(design.nodes)
    for box in found:
        x, y, wide, high = (float(box[key]) for key in ("x", "y", "width", "height"))
        assert left <= x <= x + wide <= left + width
        assert top <= y <= y + high <= top + height


def test_boxes_are_as_tall_as_their_tensors_are_wide() -> None:
    heights = [float(box["height"]) for box in boxes(template("vgg16"))]
    assert heights[:6] == sorted(heights[:6], reverse=True)
    assert heights[0] == pytest.approx(2 * heights[2], abs=0.1)  # 224 and 56


def test_a_link_past_other_blocks_is_an_arc_for_each_size_of_the_unet() -> None:
    ways = [
        way.attrib["d"]
        for way in ElementTree.fromstring(thumbnail(template("unet"))).iter()
        if "d" in way.attrib
    ]
    assert sum("C" in way for way in ways) == 4


def test_what_has_no_shape_yet_is_dashed() -> None:
    drawn, loose = boxes(Design().add("photo", Image()).add("fork", MaxPoolFork()))
    assert "stroke-dasharray" in loose
    assert "stroke-dasharray" not in drawn


def test_an_empty_design_and_a_circle_have_pictures() -> None:
    assert boxes(Design()) == []
    circle = Design().add("a", MaxPoolFork()).add("b", MaxPoolFork(), after="a").connect("b", "a")
    assert len(boxes(circle)) == 2


def test_a_design_of_a_thousand_blocks_stays_small() -> None:
    design = Design().add("b0", Image())
    for index in range(1, 1_000):
        design = design.add(f"b{index}", MaxPoolFork(), after=f"b{index - 1}")
    assert len(thumbnail(design)) < 100_000


def test_names_people_typed_are_not_in_the_picture() -> None:
    assert "alert" not in thumbnail(Design("<script>alert").add("<b>alert", Image()))
