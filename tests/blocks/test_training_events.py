"""TensorBoard event files of a run, read back with TensorFlow's own reader."""

import io
import zipfile
from pathlib import Path

import pytest

from blocks import Epoch, Flow, FlowBlock, Step, event_files, template
from blocks.training.folders import create
from blocks.training.record import Recorder

pytestmark = pytest.mark.keras


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    import tensorflow as tf

    found: dict[str, list[tuple[int, float]]] = {}
    (path,) = folder.glob("events.*")
    for record in tf.data.TFRecordDataset(str(path)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            number = float(tf.make_ndarray(value.tensor))
            found.setdefault(value.tag, []).append((event.step, number))
    return found


def test_every_recorded_figure_is_in_the_event_files(tmp_path: Path) -> None:
    run = create(template("digits"), {"data": "digits"}, tmp_path / "run")
    with Recorder(run.folder) as record:
        for number in (1, 2):
            record.step(Step(number, 1, 1.0 / number, 0.25 * number, 0.1))
        record.epoch(Epoch(1, 2, 0.75, 0.375, 0.5, 0.625, 1.0))
        record.flow_blocks([FlowBlock("stem", "stem")])
        record.flow(Flow(1, (0.125,), (2.0,)))
    zipfile.ZipFile(io.BytesIO(event_files(run))).extractall(tmp_path)
    assert scalars(tmp_path / run.id / "train") == {
        "batch_loss": [(1, 1.0), (2, 0.5)],
        "batch_accuracy": [(1, 0.25), (2, 0.5)],
        "epoch_loss": [(0, 0.75)],
        "epoch_accuracy": [(0, 0.375)],
        "gradients/stem": [(1, 0.125)],
        "activations/stem": [(1, 2.0)],
    }
    assert scalars(tmp_path / run.id / "validation") == {
        "epoch_loss": [(0, 0.5)],
        "epoch_accuracy": [(0, 0.625)],
    }
