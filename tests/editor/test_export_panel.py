"""An export is built in a child, proved, remembered and offered; or refused in sentences."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from blocks import BLOCKS, Conv, Design, Image
from blocks.jobs import Progress
from editor.server import LOCAL
from editor.store import Library


def panel(design_id: str) -> AppTest:
    def script() -> None:
        from editor.panels import export
        from editor.session import Session

        export.show(Session())

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["design"] = design_id
    app.run()
    assert not app.exception
    return app


def small() -> Design:
    return (
        Design("small")
        .add("photo", Image(height=8, width=8, channels=1))
        .add("stem", Conv(filters=4), after="photo")
    )


def finished(app: AppTest) -> AppTest:
    for _ in range(600):
        if not app.run().get("progress"):
            return app
        time.sleep(0.2)
    raise AssertionError("the export did not end")


def test_a_design_with_problems_is_refused_with_all_of_them(shelf: Library) -> None:
    broken = small().add("two", Conv(filters=0), after="stem").add("three", Conv(filters=-1), "two")
    app = panel(shelf.create(broken, LOCAL))
    assert not app.button
    words = app.markdown[-1].value.replace("\\", "")
    assert "two: filters must be an integer from 1 to 8192, got 0" in words
    assert "three: filters" in words


@pytest.mark.keras
def test_a_proven_export_is_offered_with_its_receipt(shelf: Library) -> None:
    design_id = shelf.create(small(), LOCAL)
    app = panel(design_id)
    app.selectbox[0].set_value("python").run()
    app.button[0].click().run()
    finished(app)
    assert not app.exception
    assert app.success[0].value.replace("\\", "") == (
        "Proven equal: 2 layers, 40 parameters, outputs bitwise equal"
    )
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["Download small.py", "Download the receipt"]
    assert "Made at revision 0." in [caption.value for caption in app.caption]
    # Moving a block changes nothing in the file, so the export is still there.
    shelf.edit(design_id, LOCAL, "Move", {"nodes": {"stem": {"x": 40}}})
    assert app.run().success
    words = "Made at revision 0, now 1: what is in the file is the same."
    assert words in [caption.value for caption in app.caption]
    shelf.edit(design_id, LOCAL, "Set", {"nodes": {"stem": {"params": {"filters": 8}}}})
    assert not app.run().success


@pytest.mark.keras
@pytest.mark.parametrize(("format", "ending"), [("onnx", ".onnx"), ("savedmodel", ".zip")])
def test_formats_of_other_runtimes_are_proven_and_offered_too(
    format: str, ending: str, shelf: Library
) -> None:
    app = panel(shelf.create(small(), LOCAL))
    app.selectbox[0].set_value(format).run()
    app.button[0].click().run()
    finished(app)
    assert not app.exception
    words = app.success[0].value.replace("\\", "")
    assert words.startswith("Proven equal: 2 layers, 40 parameters, outputs ")
    assert app.get("download_button")[0].proto.label == f"Download small{ending}"
    checked = " ".join(entry.value for entry in app.markdown)
    assert "**inputs and outputs** 2 equal" in checked


def test_a_cancelled_export_says_so_and_can_be_tried_again(shelf: Library) -> None:
    app = panel(shelf.create(small(), LOCAL))
    app.button[0].click().run()
    assert app.button[0].label == "Cancel"
    app.button[0].click().run()
    finished(app)
    assert "was cancelled" in app.info[0].value
    assert not app.error
    assert app.button[0].label == "Try again"
    app.button[0].click().run()
    assert app.button[0].label == "Build and prove"


def test_a_format_that_cannot_hold_the_design_says_why_in_place_of_its_button(
    shelf: Library,
) -> None:
    noise = BLOCKS["KerasLayer"](layer="GaussianNoise", config='{"stddev": 0.1}')
    app = panel(shelf.create(small().add("noise", noise, after="stem"), LOCAL))
    app.selectbox[0].set_value("torch").run()
    assert "noise: the layer 'noise' (GaussianNoise) has no equal" in plain(app.info[0].value)
    assert not app.button
    app.selectbox[0].set_value("keras").run()
    assert app.button[0].label == "Build and prove"


class Held:
    """An export that ends when the test says so."""

    done = False
    progress = Progress(0.2, "writing small.keras")


def test_one_export_at_a_time_and_the_other_is_named(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    monkeypatch.setattr("editor.panels.export.start_export", lambda *words: held)
    app = panel(shelf.create(small(), LOCAL))
    app.button[0].click().run()
    app.selectbox[0].set_value("python").run()
    assert app.button[0].disabled
    assert "small.keras is being made; it comes first." in plain(app.caption[0].value)
    held.done = True
    assert not app.run().button[0].disabled


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


@pytest.mark.keras
@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("dot", "small.dot is what was drawn: a fresh process writes the same bytes"),
        ("json", "small.json is what was drawn: a fresh process compared "),
    ],
)
def test_what_was_not_compared_is_not_claimed(format: str, words: str, shelf: Library) -> None:
    app = panel(shelf.create(small(), LOCAL))
    app.selectbox[0].set_value(format).run()
    app.button[0].click().run()
    said = plain(finished(app).success[0].value)
    assert said.startswith(words)
    assert "outputs" not in said
