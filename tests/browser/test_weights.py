"""Weights by mouse: bring a model along with them, freeze a block, take it home unchanged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from blocks import Classifier, Conv, Design, Image
from tests.browser.driver import Editor
from tests.browser.test_story import export

pytestmark = [pytest.mark.browser, pytest.mark.keras]

MAKE = """
import sys, keras, numpy
from keras import layers
photo = keras.Input((8, 8, 1), name="photo")
x = layers.Conv2D(4, 3, padding="same", name="stem")(photo)
x = layers.BatchNormalization(name="norm")(x)
x = layers.Flatten(name="vector")(layers.ReLU(name="relu")(x))
model = keras.Model(photo, layers.Dense(10, name="logits")(x), name="brought")
rng = numpy.random.default_rng(4)
for weight in model.weights:
    weight.assign(rng.uniform(0.2, 0.9, weight.shape))
model.save(sys.argv[1])
"""

COMPARE = """
import sys, keras, numpy
batch = numpy.random.default_rng(1).normal(size=(3, 8, 8, 1)).astype("float32")
models = [keras.models.load_model(path, compile=False) for path in sys.argv[1:]]
one, other = (numpy.asarray(model(batch, training=False)) for model in models)
print((one == other).all(), models[1].get_layer("stem").trainable)
"""

DRAWN = (
    Design("mine")
    .add("photo", Image(8, 8, 1))
    .add("stem", Conv(4), after="photo")
    .add("head", Classifier(10), after="stem")
)
DRAWN_PARAMS = (9 + 1) * 4 + (4 + 1) * 10


def run(script: str, *arguments: object) -> str:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_an_uploaded_model_keeps_its_weights_through_freezing_and_export(
    editor: Editor, tmp_path: Path
) -> None:
    page, brought = editor.page, tmp_path / "brought.keras"
    run(MAKE, brought)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").first.set_input_files(brought)
    whole = page.get_by_text("Weights from brought.keras for 3 of 3 layers")
    expect(whole).to_be_visible(timeout=60_000)
    editor.saved()
    editor.set("conv_1", frozen=True)
    exported = export(page, "Keras model", tmp_path)
    assert run(COMPARE, brought, exported).split() == ["True", "False"]
    editor.set("conv_1", filters=5)
    line = page.get_by_text("Weights from brought.keras: 0 of 3 layers still fit")
    expect(line).to_be_visible()
    page.get_by_role("button", name="Leave behind").click()
    expect(line).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(line).to_be_visible()


def test_a_file_of_weights_comes_onto_the_open_design(editor: Editor, tmp_path: Path) -> None:
    page, trained, other = editor.page, tmp_path / "trained.keras", tmp_path / "other.h5"
    run(MAKE, trained)
    other.write_bytes(b"no weights")
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(DRAWN.to_json()))
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").first.set_input_files(mine)
    editor.expect_params(DRAWN_PARAMS)
    page.get_by_role("button", name="Weights from a file").click()
    page.locator("input[type=file]").first.set_input_files(other)
    expect(page.get_by_text("other.h5: the weights cannot be read")).to_be_visible(timeout=60_000)
    page.locator("input[type=file]").first.set_input_files(trained)
    line = page.get_by_text("Weights from trained.keras: 1 of 2 layers still fit")
    expect(line).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(line).to_have_count(0)
