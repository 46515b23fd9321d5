"""The conformity panel: published numbers beside the design's, and the way back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from blocks import Design, analyze, template, templates
from editor.panels.conformity import rows
from editor.server import LOCAL
from editor.store import Library

ROOT = Path(__file__).parents[2]


def opened(design_id: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["design"] = design_id
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    app.button_group[0].set_value("Conformity").run()
    assert not app.exception
    return " ".join(str(one.proto.body) for one in app.get("html"))


@pytest.mark.parametrize("template_id", templates())
def test_every_number_of_an_untouched_template_is_equal(template_id: str) -> None:
    entry = templates()[template_id]
    report = analyze(template(template_id))
    assert all(row.published in (None, row.now) for row in rows(entry, report))


def test_a_fresh_template_conforms(shelf: Library) -> None:
    design_id = shelf.create(template("vgg16"), LOCAL, "template/vgg16")
    shown = text(opened(design_id))
    assert "Every number is as published" in shown
    assert "Every block is as in VGG-16" in shown


def test_a_network_without_published_numbers_says_so(shelf: Library) -> None:
    design_id = shelf.create(template("plain34"), LOCAL, "template/plain34")
    shown = text(opened(design_id))
    assert "Nobody published numbers for this network" in shown
    assert "Every number is as in the template" in shown
    assert "<th>Template</th>" in shown
    assert "parameters as in" not in shown
    published = shelf.create(template("vgg16"), LOCAL, "template/vgg16")
    assert "Nobody published" not in text(opened(published))


def test_what_left_is_told_and_one_step_leads_back(shelf: Library) -> None:
    design = template("vgg16", height=64, width=64, classes=10)
    design_id = shelf.create(design, LOCAL, "template/vgg16")
    app = opened(design_id)
    shown = text(app)
    assert "3 of 5 numbers are not as published" in shown
    assert "<b>photo</b> height 224 → <b>64</b>, width 224 → <b>64</b>" in shown
    assert "classes 1,000 → <b>10</b>" in shown
    app.button(key="conformity-back").click().run()
    assert not app.exception
    assert analyze(shelf.open(design_id, LOCAL).design).total == 138_357_544
    assert shelf.open(design_id, LOCAL).undo == "Back to VGG-16"
    assert "Every number is as published" in text(app)


def test_names_people_typed_cannot_reach_the_page_as_html(shelf: Library) -> None:
    design_id = shelf.create(template("tutorial_vgg"), LOCAL, "template/tutorial_vgg")
    evil = "<img src=x onerror=alert(1)>"
    node = {"block": "Oracle<b>", "name": evil, "params": {"<i>": "<u>"}}
    shelf.edit(design_id, LOCAL, "add", {"nodes": {"n1": node}})
    shelf.edit(design_id, LOCAL, "set", {"nodes": {"vgg_block_1": {"first": {"<i>": "<u>"}}}})
    shown = text(opened(design_id))
    assert "&lt;img" in shown
    assert not any(tag in shown for tag in ("<img src=x", "<i>", "<u>"))


def test_a_design_of_ones_own_has_no_such_panel(shelf: Library) -> None:
    app = opened(shelf.create(Design("mine"), LOCAL))
    assert "Conformity" not in app.button_group[0].options
