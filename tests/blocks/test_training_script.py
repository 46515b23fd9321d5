"""The take-home script: run by itself, it gives the run's losses again to the last bit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import (
    BatchNorm,
    Classifier,
    Conv,
    Design,
    Dropout,
    Image,
    Residual,
    Run,
    Signal,
    TrainingSettings,
    start_run,
    training_script,
)
from blocks.training.data import load
from blocks.training.folders import create
from tests.blocks.data_files import class_folders, in_folder, signs, zipped

pytestmark = pytest.mark.keras


def carried_out(run: Run, folder: Path) -> list[dict[str, Any]]:
    """Run the script where nothing of ours can be imported; return the figures it prints."""
    path = folder / "train.py"
    path.write_text(training_script(run), encoding="utf-8")
    assert "blocks" not in path.read_text(encoding="utf-8").lower().replace("residual_block", "")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-P", str(path)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def digits_network() -> Design:
    return (
        Design("digits")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("down", Residual(filters=12, stride=2), after="drop")
        .add("head", Classifier(classes=10), after="down")
    )


WITH_EVERYTHING = {
    "schedule": "cosine",
    "warmup_epochs": 0.5,
    "weight_decay": 0.01,
    "label_smoothing": 0.1,
    "normalisation": "standardise",
    "test_share": 0.1,
    "flip": True,
    "shift": 0.1,
    "rotate": 10.0,
    "noise": 0.05,
    "scale": 0.1,
    "patience": 5,
}


@pytest.mark.parametrize(
    "settings",
    [{}, WITH_EVERYTHING, {"precision": "bfloat16"}],
    ids=["plain", "everything", "bfloat16"],
)
def test_the_script_of_a_run_gives_its_losses_again(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    run = start_run(digits_network(), "digits", epochs=2, **settings)
    assert run.wait().state == "finished"
    printed = [line for line in carried_out(run, tmp_path) if "epoch" in line]
    recorded = run.metrics().epochs
    assert [line["training"]["loss"] for line in printed] == [e.loss for e in recorded]
    assert [line["validation"]["loss"] for line in printed] == [e.val_loss for e in recorded]
    assert (tmp_path / "trained.keras").exists()
    assert (tmp_path / "best.weights.h5").exists()


def of(name: str, design: Design, folder: Path, **settings: Any) -> Run:
    """A run that was never started, of some data."""
    values = TrainingSettings(**settings).values()
    return create(design, {"data": name, "settings": values}, folder / "run")


def pictures_network() -> Design:
    design = Design().add("photo", Image(6, 8, 1)).add("norm", BatchNorm(), after="photo")
    return design.add("head", Classifier(classes=3), after="norm")


def signal_network() -> Design:
    return Design().add("wave", Signal(4, 1)).add("head", Classifier(classes=2), after="wave")


def table(folder: Path) -> str:
    path = folder / "beats.csv"
    path.write_text("a;kind;b\n0.5;slow;1\n1.5;fast;2\n2.5;slow;3\n3.5;fast;4\n")
    return str(path)


def archive(folder: Path) -> str:
    path = folder / "own.npz"
    np.savez(path, x=np.arange(40, dtype=np.float32).reshape(10, 4), y=np.arange(10)[None] % 2)
    return str(path)


FITTED = {"height": 6, "width": 8, "channels": "grey"}
KINDS: dict[str, Any] = {
    "folder": (lambda f: in_folder(f / "set", class_folders()), pictures_network, FITTED),
    "zip with parts": (
        lambda f: zipped(
            f / "set.zip",
            {f"a/train/{n}": c for n, c in class_folders().items()}
            | {f"a/test/{n}": c for n, c in class_folders(2).items()},
        ),
        pictures_network,
        FITTED | {"normalisation": "0 to 1"},
    ),
    "signs": (lambda f: signs(f / "signs.h5"), pictures_network, FITTED),
    "table": (table, signal_network, {"label_column": "kind", "length": 4}),
    "npz": (archive, signal_network, {"test_share": 0.2}),
    "ecg": (lambda f: "ecg", signal_network, {"length": 500}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_loads_the_same_samples_as_the_run(kind: str, tmp_path: Path) -> None:
    give, network, settings = KINDS[kind]
    run = of(give(tmp_path), network(), tmp_path, **settings)
    code = training_script(run).replace('if __name__ == "__main__":\n    main()', "")
    head, _, body = code.partition("def main():\n")
    loading = body.partition("    keras.utils.set_random_seed")[0]
    names: dict[str, Any] = {}
    parts = "x, y, x_validation, y_validation, x_test, y_test"
    before = sys.argv
    sys.argv = ["train.py"]
    try:
        exec(f"{head}def parts():\n{loading}    return {parts}\n", names)
        found = names["parts"]()
    finally:
        sys.argv = before
    samples = load(run.data, run.settings)
    for name, mine in zip(parts.split(", "), found, strict=True):
        np.testing.assert_array_equal(mine, getattr(samples, name), err_msg=name)


def test_text_from_a_person_is_only_ever_a_string_in_the_script(tmp_path: Path) -> None:
    name = '"""\nimport os; os.abort()\n#.csv'
    path = tmp_path / name.replace("/", "")
    path.write_text("1,2,0\n3,4,1\n")
    design = Design('"""\nraise SystemExit').add("wave", Signal(2, 1))
    run = of(str(path), design.add("head", Classifier(classes=2), after="wave"), tmp_path)
    compile(training_script(run), "train.py", "exec")
    assert "\nimport os" not in training_script(run)
    assert "\nraise" not in training_script(run)
