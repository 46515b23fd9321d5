"""The Train page without a browser: what it says, what it starts, and what it never imports."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from blocks import (
    Classifier,
    Conv,
    Design,
    Estimate,
    Image,
    Run,
    TrainingSettings,
    deleted_runs,
    describe_data,
    devices,
    home,
    measured,
    previewed,
    runs,
    start_measuring,
    start_preview,
    too_much,
)
from editor.panels.run_curves import thinned
from editor.panels.run_detail import duration
from editor.panels.run_list import ordered
from editor.store import Library

ROOT = Path(__file__).parent.parent.parent


def page_of(design: Design) -> AppTest:
    """Open the Train page on a design that is the only one in the library."""
    Library(home() / "library.sqlite").create(design, "local")
    return AppTest.from_file(str(ROOT / "editor/pages/train.py"), default_timeout=30).run()


def value_of(page: AppTest, label: str) -> object:
    """Return what stands in the field with a label."""
    (found,) = [one for one in [*page.number_input, *page.selectbox] if one.label == label]
    return found.value


@pytest.fixture
def unfit() -> Design:
    return (
        Design("tiny")
        .add("photo", Image(32, 32, 3))
        .add("stem", Conv(filters=4), after="photo")
        .add("head", Classifier(classes=7), after="stem")
    )


def test_a_mismatch_is_said_and_mended_before_anything_starts(unfit: Design) -> None:
    page = page_of(unfit)
    assert not page.exception
    assert [error.value for error in page.error] == [
        r"**photo**: it takes an image of shape 32x32x3, the data \(digits\) are pictures of "
        "8x8x1; set height to 8, width to 8 and channels to 1",
        r"**head**: it tells 7 classes apart, the data \(digits\) have 10; set classes to 10",
    ]
    assert page.button(key="start-training").disabled
    page.button(key="repair/photo/Set height to 8, width to 8 and channels to 1").click().run()
    page.button(key="repair/head/Set classes to 10").click().run()
    assert not page.error
    assert not page.button(key="start-training").disabled
    (entry,) = Library(home() / "library.sqlite").designs("local")
    assert entry.revision == 2


def test_the_data_set_is_described(unfit: Design) -> None:
    page = page_of(unfit)
    page.selectbox(key="train/data").select("ecg").run()
    captions = " ".join(caption.value for caption in page.caption)
    assert "1,200 signals of 1024x1, 4 classes" in captions.replace("\\", "")
    assert any("a signal" in error.value or "signals" in error.value for error in page.error)


def test_a_mismatch_can_be_mended_by_fitting_the_data(unfit: Design) -> None:
    page = page_of(unfit)
    page.button(key="repair/photo/Bring the data to 32 x 32 and to three channels").click().run()
    assert not page.exception
    assert [error.value.partition(":")[0] for error in page.error] == ["**head**"]
    assert value_of(page, "Resize to height (pixels)") == 32
    assert value_of(page, "Channels") == "colour"
    (entry,) = Library(home() / "library.sqlite").designs("local")
    assert entry.revision == 0


def test_two_repairs_pressed_before_the_page_has_answered_both_hold(unfit: Design) -> None:
    page = page_of(unfit)
    # The browser has not heard of the first repair when it sends the second click, so what it
    # says of every field is from before.
    said = {one.key: one.value for one in [*page.number_input, *page.selectbox] if one.key}
    page.button(key="repair/photo/Bring the data to 32 x 32 and to three channels").click().run()
    page.button(key="repair/head/Set classes to 10").click()
    for key, value in said.items():
        if key.startswith("train/"):
            page.session_state[key] = value
    page.run()
    assert not page.exception
    assert not page.error
    assert value_of(page, "Resize to height (pixels)") == 32
    assert value_of(page, "Channels") == "colour"


def test_options_show_where_they_mean_something(unfit: Design) -> None:
    page = page_of(unfit)
    assert "train/step_factor" not in [field.key for field in page.number_input]
    page.selectbox(key="train/schedule").select("step").run()
    assert page.number_input(key="train/step_factor").value == 0.1
    page.selectbox(key="train/data").select("ecg").run()
    assert "train/height" not in [field.key for field in page.number_input]
    assert page.number_input(key="train/length").value is None
    assert not page.exception


@pytest.mark.parametrize("data", ["digits", "ecg"])
def test_a_preview_shows_samples_and_counts_of_every_class(data: str) -> None:
    info, settings = describe_data(data), TrainingSettings(noise=0.1)
    assert previewed(info, settings) is None
    start_preview(info, settings).result()
    found = previewed(info, settings)
    assert found
    assert [row.name for row in found.rows] == list(info.class_names)
    assert sum(row.count for row in found.rows) == info.parts(settings)[0]
    kinds = {type(sample) for row in found.rows for sample in row.samples}
    assert kinds == ({str} if data == "digits" else {list})
    assert previewed(info, TrainingSettings(noise=0.1, epochs=3)) == found
    assert previewed(info, TrainingSettings(noise=0.2)) is None


def test_an_estimate_is_a_sentence() -> None:
    found = Estimate(2_500_000_000, 1_000_000_000, 0.5, 130.0, 4096)
    said = "Estimated: 2 min an epoch; 2.5 GB of memory; batches of up to 4,096 fit."
    assert found.sentence() == said
    found = replace(found, measured=True, first_seconds=1.25)
    assert found.sentence().startswith("Measured: 2 min an epoch, the first step 1.2 s; 2.5 GB")


@pytest.mark.keras
def test_a_measurement_replaces_the_estimate(unfit: Design) -> None:
    info = describe_data("digits")
    settings = TrainingSettings(height=32, width=32, channels="colour")
    (card,) = [device for device in devices() if device.name == "cpu"]
    design, _ = unfit.apply({"nodes": {"head": {"params": {"classes": 10}}}})
    job = start_measuring(design, settings, info, card)
    found = measured(job.result(), settings, info, card)
    assert found.measured
    assert 0 < found.step_seconds < found.first_seconds
    assert 100_000_000 < found.bytes < 3_000_000_000
    assert found.largest_batch > 32
    tight = replace(card, free_bytes=found.bytes // 2)
    assert "a step of 32 samples needs" in too_much(found, settings, tight)


def test_the_memory_of_a_process_is_its_own_and_not_that_of_who_started_it() -> None:
    held = bytearray(600_000_000)
    asks = "from blocks.training.engines.measuring import _peak_of_process as peak; print(peak())"
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert 10_000_000 < int(said.stdout) < len(held)


@pytest.mark.keras
def test_a_run_is_started_with_what_the_form_says_and_found_again(unfit: Design) -> None:
    design, _ = unfit.apply(
        {
            "nodes": {
                "photo": {"params": {"height": 8, "width": 8, "channels": 1}},
                "head": {"params": {"classes": 10}},
            }
        }
    )
    page = page_of(design)
    page.number_input(key="train/epochs").set_value(2)
    page.selectbox(key="train/optimizer").select("sgd")
    page.button(key="start-training").click().run()
    assert not page.exception
    (run,) = runs()
    assert (run.settings.epochs, run.settings.optimizer, run.revision) == (2, "sgd", 0)
    assert run.wait().state == "finished"
    again = AppTest.from_file(str(ROOT / "editor/pages/train.py"), default_timeout=30).run()
    assert not again.exception
    assert again.button(key="delete-run")
    assert not [one for one in again.toggle if one.key == "train/start_from_weights"]
    again.button(key="use").click().run()
    assert not again.exception
    assert "for 2 of 2 layers" in again.success[0].value
    assert again.toggle(key="train/start_from_weights").value
    library = Library(home() / "library.sqlite")
    (entry,) = library.designs("local")
    assert library.open(entry.id, "local").undo == "Use trained weights"
    library.edit(entry.id, "local", "Rename", {"name": "tiny, later"})
    later = AppTest.from_file(str(ROOT / "editor/pages/train.py"), default_timeout=30).run()
    captions = " ".join(caption.value for caption in later.caption)
    assert "Trained at revision 0, the design is now at 2." in captions
    again.button(key="delete-run").click().run()
    assert not again.exception
    assert runs() == []
    assert any(one.label.startswith("Deleted runs (1, ") for one in again.expander)
    again.button(key="undo-delete").click().run()
    assert not again.exception
    assert runs() == [run]
    assert again.button(key="delete-run")
    again.button(key="delete-run").click().run()
    again.button(key="empty-runs").click().run()
    assert not again.exception
    assert deleted_runs() == runs() == []


def test_the_page_never_imports_tensorflow() -> None:
    code = (
        "import sys\n"
        "from editor.panels import run_curves, run_detail, run_form, run_list\n"
        "from blocks import devices, runs, describe_data, training_problems\n"
        "devices(), runs(), describe_data('ecg')\n"
        "sys.exit(bool({'tensorflow', 'keras', 'sklearn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_runs_of_the_open_design_come_first(tmp_path: Path) -> None:
    from blocks.training.files import write_json

    for number, design_id in enumerate(("other", "mine", "other")):
        (tmp_path / str(number)).mkdir()
        write_json(tmp_path / str(number) / "settings.json", {"design_id": design_id})
    found = [Run(tmp_path / str(number)) for number in range(3)]
    assert [run.id for run in ordered(found, "mine")] == ["1", "0", "2"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4.4, "4 s"), (59.7, "1 min 0 s"), (185, "3 min 5 s"), (7_810, "2 h 10 min")],
)
def test_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_long_run_is_drawn_with_few_points_and_its_last_step() -> None:
    from blocks import Step

    steps = tuple(Step(number, 1, 0.0, 0.0, 0.0) for number in range(1, 21_001))
    drawn = thinned(steps)
    assert len(drawn) <= 500
    assert drawn[-1].step == 21_000
    assert thinned(steps[:3]) == steps[:3]
    assert thinned(()) == ()
