"""What the Train page says of a run that is watched."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from blocks import (
    Answer,
    Confusion,
    Design,
    Epoch,
    Flow,
    FlowBlock,
    Flows,
    Image,
    Metrics,
    Run,
    Step,
    Wrong,
    home,
    template,
)
from blocks.training.files import read_json, write_json
from blocks.training.folders import create
from blocks.training.record import Recorder
from blocks.training.wrong import keep_wrong
from editor.panels.run_classes import caption, confusion, picture, words
from editor.panels.run_curves import curves
from editor.panels.run_detail import provenance
from editor.panels.run_flow import heat_map, lesson, shades
from editor.store import Library

ROOT = Path(__file__).parent.parent.parent
BLOCKS = (FlowBlock("stem", "stem"), FlowBlock("deep, 1", "deep", 0), FlowBlock("head", "head"))


def flows(early: float) -> Flows:
    return Flows(BLOCKS, (Flow(1, (early, 0.01, 1.0), (1.0, 1.0, 0.1)),))


def test_starved_blocks_are_told() -> None:
    text = lesson(flows(1e-9))
    assert "the gradient of stem is 1e-09, of head 1" in text
    assert "starve" in text
    assert "every part of the network learns" in lesson(flows(0.5))
    assert "far too much" in lesson(flows(1e6))


def test_the_heat_map_has_a_row_for_each_block_from_the_input_down() -> None:
    figure = heat_map(flows(1e-3), "Gradients")
    assert [[round(size, 6) for size in row] for row in figure.data[0].z] == [[-3], [-2], [0]]
    assert figure.layout.yaxis.autorange == "reversed"
    assert list(figure.layout.yaxis.ticktext) == ["stem", "deep, 1", "head"]
    assert heat_map(flows(0.0), "Gradients").data[0].zmin == -30


def test_the_diagram_takes_the_colours_of_the_heat_map() -> None:
    found = shades(flows(1e-3), flows(1e-3).measured[0], "gradients")
    assert found["stem", 0] == "#440154"  # the dark end of Viridis
    assert found["head", 0] == "#fde725"  # its bright end


def test_the_confusion_is_told_in_words() -> None:
    text = words(Confusion(3, ((5, 1), (2, 4))), ["cat", "dog"])
    assert text == (
        "Confusion after epoch 3: 9 of 12 samples told right; most often dog was taken for cat, "
        "2 times"
    )


def test_counts_of_the_confusion_are_legible_on_their_cells() -> None:
    """On a strong cell they are white, on a weak one dark, as the light page's text."""
    figure = confusion(Confusion(3, ((9, 1), (2, 0))), ["cat", "dog"])
    _, strong, weak = figure.data
    assert (list(strong.text), strong.textfont.color) == (["9", "2"], "#ffffff")
    assert (list(weak.text), weak.textfont.color) == (["1"], "#1f2230")
    assert (list(weak.x), list(weak.y)) == (["dog"], ["cat"])


def test_a_log_on_a_cpu_says_nothing_of_missing_cards() -> None:
    folder = recorded()
    missing = "E0000 00:00:1795294029.9 1131 cuda_platform.cc:52] failed call to cuInit: no device"
    (folder / "log.txt").write_text(f"training on cpu\n{missing}\nfinished\n")
    assert Run(folder).log() == "training on cpu\nfinished"
    about = read_json(folder / "settings.json")
    write_json(folder / "settings.json", {**about, "device": {"name": "gpu:0", "uuid": "GPU-1"}})
    assert missing in Run(folder).log()


def test_a_mistake_has_a_picture_and_a_signal_has_a_line() -> None:
    one = Wrong(1, np.zeros((8, 8, 1), np.float16), 0, 1, 0.9)
    assert caption(one, ["cat", "dog"]) == "cat, taken for dog (90%)"
    assert picture(one.sample).startswith(b"\x89PNG")
    assert picture(np.ones((8, 8, 3))).startswith(b"\x89PNG")
    drawing = ElementTree.fromstring(picture(np.sin(np.arange(512.0))[:, None]))
    (points,) = [element.get("points") for element in drawing]
    assert points
    assert len(points.split()) > 100


def test_the_best_epoch_has_a_star() -> None:
    epochs = tuple(
        Epoch(n, n, 1.0, 0.5, loss, 0.5, 1.0) for n, loss in ((1, 0.9), (2, 0.4), (3, 0.6))
    )
    (star,) = [
        one
        for one in curves(Metrics(epochs=epochs), "Loss", "loss", "r").data
        if one.name == "best epoch"
    ]
    assert (list(star.x), list(star.y)) == ([2], [0.4])


def recorded() -> Path:
    """A run that stopped after one epoch, as its worker would have written it."""
    Library(home() / "library.sqlite").create(Design("mine").add("photo", Image(8, 8, 1)), "local")
    run = create(template("digits"), {"data": "digits", "settings": {"epochs": 3}}, None)
    write_json(run.folder / "status.json", {"state": "stopped", "message": "stopped"})
    return run.folder


def page() -> AppTest:
    found = AppTest.from_file(str(ROOT / "editor/pages/train.py"), default_timeout=30).run()
    assert not found.exception
    return found


def test_a_run_without_a_step_shows_no_empty_plots() -> None:
    recorded()
    assert not [one for one in page().segmented_control if one.key == "run/part"]


def test_every_part_of_a_run_is_shown() -> None:
    folder = recorded()
    with Recorder(folder) as record:
        record.step(Step(1, 1, 1.0, 0.5, 0.1))
        record.epoch(Epoch(1, 1, 1.0, 0.5, 0.9, 0.5, 1.0))
        record.confusion(
            Confusion(1, tuple(tuple(int(a == b) for a in range(10)) for b in range(10)))
        )
        record.flow_blocks(BLOCKS)
        record.flow(flows(1e-9).measured[0])
    keep_wrong(folder, 1, [(0.9, 0, 3, 8)], np.zeros((1, 8, 8, 1), np.float32))
    found = page()
    for part, text in (
        ("Classes", "Validation samples after epoch 1"),
        ("Mistakes", r"3, taken for 8 \(90%\)"),
        ("Gradients", "starve"),
        ("Log", ""),
    ):
        (choice,) = [one for one in found.segmented_control if one.key == "run/part"]
        choice.select(part).run()
        assert not found.exception
        said = " ".join(one.value for one in (*found.caption, *found.markdown))
        assert text in said.replace("\\,", ",")


def test_an_answer_shows_what_the_network_says_and_its_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = recorded()
    with Recorder(folder) as record:
        record.step(Step(1, 1, 1.0, 0.5, 0.1))
    (folder / "checkpoint.npz").touch()
    asked: list[dict[str, object]] = []

    def answered(run: Run, **question: object) -> Answer:
        asked.append(question)
        shares = tuple(0.91 if n == 3 else 0.01 for n in range(10))
        maps = np.zeros((8, 8, 5), np.float32)
        return Answer(shares, 3, np.zeros((8, 8, 1)), maps, np.zeros((5, 3, 3, 2)))

    monkeypatch.setattr("editor.panels.run_ask.ask", answered)
    monkeypatch.setattr("editor.panels.run_try.make_ready", lambda *_: None)
    found = page()
    (choice,) = [one for one in found.segmented_control if one.key == "run/part"]
    choice.select("Try").run()
    (layer,) = [one for one in found.selectbox if one.label == "Look into"]
    layer.select("residual_1_conv1").run()
    found.button(key="ask-network").click().run()
    assert not found.exception
    assert asked == [{"best": False, "row": 0, "layer": "residual_1_conv1"}]
    assert "It is 3" in " ".join(one.value for one in found.caption)
    said = " ".join(one.value for one in found.markdown)
    assert "Feature maps" in said
    assert "Filters" in said
    (number,) = [one for one in found.number_input if one.label == "Validation sample"]
    number.set_value(3).run()
    assert not found.exception
    assert [question["row"] for question in asked] == [0, 2]  # without another click


def test_a_run_tells_its_versions_and_what_it_was_trained_on(tmp_path: Path) -> None:
    run = create(Design("one"), {"versions": {"python": "3.11.7", "keras": "3.15.1"}}, tmp_path)
    assert provenance(run) == "python 3.11.7, keras 3.15.1."
    counts = {"training": 1_437, "validation": 360, "test": 0}
    write_json(run.fingerprint_path, {"sha256": "3f9a", "samples": counts})
    said = "Data: 1,437 training, 360 validation samples, SHA-256 3f9a."
    assert provenance(run).endswith(said)
