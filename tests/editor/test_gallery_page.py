"""The Templates page finds networks, tells what another input makes of them, and opens them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from blocks import analyze, template, templates
from blocks.pretrained import remember
from blocks.weights import LayerWeights, keep
from editor.panels.gallery import matching, short
from editor.server import LOCAL
from editor.store import Library

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(home: Path) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("editor/pages/gallery.py").run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    keys = [button.key or "" for button in app.button]
    return [key.removeprefix("open-") for key in keys if key.startswith("open-")]


def found(text: str, family: str | None = None) -> list[str]:
    return [entry.id for entry in matching(list(templates().values()), text, family)]


def test_every_template_has_a_card(app: AppTest) -> None:
    assert shown(app) == list(templates())


def test_a_family_and_a_search_leave_what_fits(app: AppTest) -> None:
    app.button_group[0].set_value("VGG").run()
    assert shown(app) == ["vgg16", "vgg19", "vgg16_gap", "vgg19_gap"]
    app.text_input[0].set_value("global pooling").run()
    assert shown(app) == ["vgg16_gap", "vgg19_gap"]
    app.text_input[0].set_value("transformer").run()
    assert shown(app) == []
    assert any("No network fits" in one.value for one in app.caption)


def test_networks_are_found_by_author_and_by_the_blocks_in_them() -> None:
    assert found("lecun 1998") == ["lenet5"]
    assert "ecg_rajpurkar" in found("max-pool fork")
    assert found("InvertedResidual") == ["mobilenet_v2"]
    assert found("resnet", "Residual")[:2] == ["resnet18", "resnet34"]


def test_a_template_opens_for_another_input_and_other_classes(app: AppTest, shelf: Library) -> None:
    app.button(key="open-vgg16").click().run()
    for name, value in (("height", 64), ("width", 64), ("classes", 10)):
        app.number_input(key=f"opening/vgg16/{name}").set_value(value).run()
    assert any("39,929,674 parameters" in one.value for one in app.caption)
    app.button(key="opening-open").click().run()
    assert not app.exception
    newest = shelf.designs(LOCAL)[0]
    design = shelf.open(newest.id, LOCAL).design
    assert design.nodes["photo"].block.values()["height"] == 64
    assert shelf.template_of(newest.id, LOCAL) == "vgg16"


def test_an_input_that_is_too_small_is_told_before_it_opens(app: AppTest) -> None:
    app.button(key="open-vgg16").click().run()
    app.number_input(key="opening/vgg16/height").set_value(16).run()
    assert app.error[0].value.startswith("**block5**: pooling with a window of 2x2")
    assert app.button(key="opening-open").label == "Open anyway"


class Mirror(BaseHTTPRequestHandler):
    """Serves no weights, and answers only when it is let."""

    let = threading.Event()

    def do_GET(self) -> None:
        self.let.wait()
        self.send_error(404, "no such file")

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Mirror]]:
    Mirror.let.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BLOCKWRIGHT_WEIGHTS_MIRROR", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield Mirror
        Mirror.let.set()
        server.shutdown()


def ask_for_weights(app: AppTest, template_id: str) -> None:
    app.button(key=f"open-{template_id}").click().run()
    app.toggle(key=f"opening/{template_id}/weights").set_value(True).run()
    app.button(key="opening-open").click().run()


def see_what_came(app: AppTest) -> None:
    """Wait until the weights are there or not; a page that was slow has seen it already."""
    going = app.session_state["tab/fetching"]
    if going:
        going.job.wait()
        app.run()
    assert not app.exception


def test_weights_that_cannot_be_fetched_leave_a_sentence_and_the_form(
    app: AppTest, shelf: Library, mirror: type[Mirror]
) -> None:
    before = len(shelf.designs(LOCAL))
    ask_for_weights(app, "resnet50")
    assert app.button(key="fetching-cancel").label == "Cancel"
    mirror.let.set()
    see_what_came(app)
    assert "weights could not be had from 127" in app.error[0].value
    assert len(shelf.designs(LOCAL)) == before
    app.toggle(key="opening/resnet50/weights").set_value(False).run()
    app.button(key="opening-open").click().run()
    assert shelf.designs(LOCAL)[0].name == "resnet50"


def test_fetched_weights_come_with_the_template(app: AppTest, shelf: Library) -> None:
    design = template("mobilenet_v2")
    names = [layer.name for layer in analyze(design).layers if layer.weights]
    carried = keep([LayerWeights(name, [], []) for name in names], "ImageNet, MobileNetV2")
    remember("mobilenet_v2", True, carried)  # as if they had been fetched before
    ask_for_weights(app, "mobilenet_v2")
    see_what_came(app)
    newest = shelf.designs(LOCAL)[0]
    assert shelf.open(newest.id, LOCAL).design.weights == carried


def test_only_networks_of_keras_applications_have_weights_to_fetch(app: AppTest) -> None:
    app.button(key="open-lenet5").click().run()
    assert not [one for one in app.toggle if one.label == "Fetch ImageNet weights"]


def test_a_template_without_classes_has_no_field_for_them(app: AppTest) -> None:
    app.button(key="open-tutorial_vgg").click().run()
    assert [field.label for field in app.number_input] == ["Height", "Width", "Channels"]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (416_520, "417 k"), (999_999, "1 M"), (15_470_264_320, "15.5 G")],
)
def test_counts_are_shortened_to_three_digits(count: int, text: str) -> None:
    assert short(count) == text
