"""The Compare page: totals, differences and blocks side by side, and blocks taken over."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from blocks import (
    PUBLISHED,
    Classifier,
    Conv,
    Design,
    Image,
    analyze,
    describe_data,
    runs,
    template,
)
from blocks.weights import LayerWeights, keep
from editor.comparing import (
    Compared,
    blocks_csv,
    difference,
    metrics,
    pairs,
    totals_csv,
    totals_markdown,
)
from editor.panels.compare_choice import refs_in
from editor.panels.compare_scatter import Point, background, labelled
from editor.panels.compare_train import fitted
from editor.server import LOCAL
from editor.store import Library
from editor.view import View

ROOT = Path(__file__).parents[2]
PARTS = ("Blocks", "Stages", "Parameters against MACs", "Over depth", "Tables", "Train all")


def compared(refs: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    if refs:
        app.query_params["designs"] = refs
    app.switch_page("editor/pages/compare.py").run()
    assert not app.exception
    return app


def one(name: str) -> Compared:
    return Compared(name, name, View(template(name)))


def page_text(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_empty_page_offers_two_ready_pairs(home: Path) -> None:
    app = compared()
    app.button(key="ready-plain34-resnet34").click().run()
    assert not app.exception
    assert app.query_params["designs"] == "plain34,resnet34"
    assert app.multiselect[0].value == ["plain34", "resnet34"]
    text = page_text(app)
    first, second = analyze(template("plain34")), PUBLISHED["resnet34"]
    assert f"{first.total:,}" in text
    assert f"{second.total:,}" in text
    assert f"+{second.total - first.total:,}" in text


def test_the_address_brings_the_designs_back(shelf: Library) -> None:
    mine = shelf.create(template("vgg16"), LOCAL)
    shelf.edit(
        mine, LOCAL, "Fewer classes", {"nodes": {"predictions": {"params": {"classes": 10}}}}
    )
    app = compared(f"{mine},{mine}@0,resnet50")
    assert app.multiselect[0].value == [mine, f"{mine}@0", "resnet50"]
    now, then = PUBLISHED["vgg16"].total - 990 * 4_097, PUBLISHED["vgg16"].total
    assert f"{now:,}" in page_text(app)
    assert f"{then:,}" in page_text(app)


def test_designs_chosen_on_the_page_go_into_the_address(home: Path) -> None:
    app = compared("resnet50,resnet152")
    app.multiselect[0].set_value(["resnet152", "vgg16"]).run()
    assert app.query_params["designs"] == "resnet152,vgg16"
    assert f"{PUBLISHED['vgg16'].total:,}" in page_text(app)


@pytest.mark.parametrize(
    ("refs", "sentence"),
    [
        ("resnet50,0123456789abcdef", "There is no design"),
        ("resnet50,<b>x</b>", "There is no design"),
    ],
)
def test_a_design_that_is_not_there_is_said(home: Path, refs: str, sentence: str) -> None:
    app = compared(refs)
    assert sentence in app.warning[0].value
    assert "Choose one more design" in app.markdown[0].value


def test_a_revision_that_is_not_there_is_said(shelf: Library) -> None:
    mine = shelf.create(template("vgg16"), LOCAL)
    assert "There is no revision 7" not in page_text(compared(f"vgg16,{mine}@0"))
    assert "revision 7" in compared(f"vgg16,{mine}@7").warning[0].value


@pytest.mark.parametrize("part", PARTS)
def test_every_part_shows_six_designs_broken_ones_too(shelf: Library, part: str) -> None:
    broken = Design("broken").add("photo", Image()).add("stem", Conv(filters=0), after="photo")
    ids = [shelf.create(design, LOCAL) for design in (broken, Design())]
    app = compared(",".join([*ids, "unet", "ecg_rajpurkar", "tutorial_vgg", "resnet50"]))
    app.segmented_control(key="compare/part").set_value(part).run()
    assert not app.exception


def test_it_is_said_which_layers_keep_their_weights_when_a_block_is_taken(shelf: Library) -> None:
    design = small(8)
    carried = keep(
        [
            LayerWeights(
                layer.name,
                [weight.role for weight in layer.weights],
                [np.ones(weight.shape, "float32") for weight in layer.weights],
            )
            for layer in analyze(design).layers
            if layer.weights
        ],
        "trained",
    )
    mine = shelf.create(design.apply({"weights": carried.to_json()})[0], LOCAL)
    other = shelf.create(small(24).apply({"name": "wide"})[0], LOCAL)
    said = "".join(m.value for m in compared(f"{mine},{other}").markdown)
    assert "Of the weights from trained, 0 layers keep theirs (2 now); the others start" in said


def test_a_block_is_taken_as_one_step_that_undo_takes_back(shelf: Library) -> None:
    mine = shelf.create(small(8), LOCAL)
    other = shelf.create(small(24).apply({"name": "wide"})[0], LOCAL)
    app = compared(f"{mine},{other}")
    stem, head = (24 - 8) * (27 + 1), (24 - 8) * 10
    assert f"+{stem + head:,} parameters" in "".join(m.value for m in app.markdown).replace(
        "\\", ""
    )
    app.button(key="compare-take").click().run()
    assert not app.exception
    stored = shelf.open(mine, LOCAL)
    assert (stored.revision, stored.undo) == (1, "Take stem from wide")
    assert analyze(stored.design).total == analyze(small(24)).total
    assert "Every block is the same." in [m.value for m in app.markdown]


def test_a_block_taken_into_a_template_makes_a_copy_that_takes_its_place(shelf: Library) -> None:
    app = compared("plain34,resnet34")
    app.button(key="compare-take").click().run()
    assert not app.exception
    entry = next(one for one in shelf.designs(LOCAL) if one.name == "plain34 copy")
    assert app.query_params["designs"] == f"{entry.id},resnet34"
    assert shelf.template_of(entry.id, LOCAL) == "plain34"
    design = shelf.open(entry.id, LOCAL).design
    assert design.nodes["conv2"].block == template("resnet34").nodes["conv2"].block


def small(filters: int, name: str = "small") -> Design:
    return (
        Design(name)
        .add("photo", Image(8, 8, 3))
        .add("stem", Conv(filters=filters), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )


def test_differences_are_told_in_numbers_and_percent_and_the_least_is_marked() -> None:
    found = metrics([one(name).view.report for name in ("resnet50", "resnet152")], 32, "adam")
    params = found[0]
    assert params.values == (25_636_712, 60_419_944)
    more = difference(params.values[1], params.values[0], params)
    assert more.replace("\N{NARROW NO-BREAK SPACE}", " ") == "+34,783,232 (+135.7 %)"
    assert difference(1, 1, params) == "equal"
    assert params.best() == {0}
    assert all(metric.best() == set() for metric in found if "epth" in metric.name)


def test_tables_hold_the_numbers_and_no_formulas() -> None:
    first, second = one("resnet50"), one("resnet152")
    found = metrics([first.view.report, second.view.report], 32, "adam")
    table = totals_csv(["=cmd()", "b"], found).splitlines()
    assert table[0].startswith("Design,Parameters,Trainable,Multiply-adds")
    assert table[1].startswith("'=cmd(),25636712,")
    blocks = blocks_csv(pairs(first, second)).splitlines()
    assert len(blocks) == 1 + len(template("resnet152").nodes)
    assert any(line.startswith("conv4,Residual,changed,repeat 6 → 36,") for line in blocks)
    assert r"| a\|b | \<c\> |" in totals_markdown(["a|b", "<c>"], found, 0)


def test_the_scatter_knows_the_templates_and_sets_no_label_over_another() -> None:
    points = {point.label: point for point in background()}
    assert points["ResNet-50"].params == PUBLISHED["resnet50"].total
    near = [Point("a", 1_000, 1_000), Point("b", 1_001, 1_001), Point("c", 10**6, 10**9)]
    assert labelled(near) == {"a", "c"}


def test_an_address_is_read_with_each_design_once_and_six_at_most() -> None:
    assert refs_in("a,b,,a, c ") == ["a", "b", "c"]
    assert len(refs_in(",".join("abcdefgh"))) == 6


def train_all(app: AppTest, fit: bool) -> AppTest:
    app.segmented_control(key="compare/part").set_value("Train all").run()
    app.number_input(key="train/epochs").set_value(1)
    app.number_input(key="train/seed").set_value(7)
    app.toggle(key="compare/fit").set_value(fit).run()
    app.button(key="train-all").click().run()
    assert not app.exception
    return app


@pytest.mark.keras
def test_all_are_trained_alike_and_found_together_again(shelf: Library) -> None:
    ids = [shelf.create(small(8, f"narrow {n}"), LOCAL) for n in range(2)]
    train_all(compared(",".join(ids)), fit=True)
    found = runs()
    assert {run.design_id for run in found} == set(ids)
    assert len({run.tag for run in found}) == 1
    assert found[0].tag
    assert [run.settings.values() for run in found] == [found[0].settings.values()] * 2
    assert (found[0].settings.seed, found[0].data) == (7, "digits")
    assert [run.wait().state for run in found] == ["finished", "finished"]
    # One network, one seed: on a CPU the two runs agree to the last digit.
    first, second = (run.last_epoch() for run in found)
    assert first
    assert second
    assert first.val_loss == second.val_loss
    again = compared(",".join(ids))
    again.segmented_control(key="compare/part").set_value("Train all").run()
    assert sorted(again.dataframe[0].value["Design"]) == ["narrow 0", "narrow 1"]


@pytest.mark.keras
def test_a_design_that_does_not_fit_the_data_says_why_and_the_other_is_trained(
    shelf: Library,
) -> None:
    fits = small(8).apply({"nodes": {"photo": {"params": {"channels": 1}}}})[0]
    ids = [shelf.create(design, LOCAL) for design in (small(8, "coloured"), fits)]
    app = train_all(compared(",".join(ids)), fit=False)
    assert "**coloured** cannot be trained so" in app.error[0].value
    assert "channels to 1" in app.error[0].value
    (run,) = runs()
    assert run.design_id == ids[1]
    assert run.wait().state == "finished"


def test_a_name_is_shown_letter_for_letter(shelf: Library) -> None:
    name = '<a href="javascript:alert(1)">x</a> | $a$ **b**'
    ids = [shelf.create(small(8, name), LOCAL) for _ in range(2)]
    app = compared(",".join(ids))
    assert "<a " not in page_text(app)
    for part in PARTS:
        app.segmented_control(key="compare/part").set_value(part).run()
        assert not app.exception
        charts = "".join(chart.proto.spec for chart in app.get("plotly_chart"))
        assert "<a " not in charts.encode().decode("unicode_escape")


def test_designs_are_set_for_the_data_they_train_on() -> None:
    ready = fitted(one("resnet34"), describe_data("digits"))
    values = ready.view.design.nodes["photo"].block.values()
    assert (values["height"], values["width"], values["channels"]) == (8, 8, 1)
    assert ready.view.report.layers[-1].shape == (10,)
    assert fitted(ready, describe_data("digits")) is ready


def test_designs_of_one_name_are_told_apart(shelf: Library) -> None:
    ids = [shelf.create(small(filters), LOCAL) for filters in (8, 16, 24)]
    app = compared(",".join(ids))
    assert app.multiselect[0].value == ids
    app.segmented_control(key="compare/part").set_value("Tables").run()
    assert app.multiselect[0].value == ids
    assert len(set(app.selectbox[0].options)) == 3
