"""What is on the disk at the moment of a kill is whole, and leads on without a gap."""

import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from blocks import Run
from blocks.training import checkpoint
from blocks.training.checkpoint import CheckpointError, Position
from blocks.training.files import remove_partial, replacing
from blocks.training.loop import Trainer
from blocks.training.record import Recorder, Step


def test_a_checkpoint_is_never_ahead_of_the_recorded_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def saved(*_: Any) -> None:
        seen.extend(step.step for step in Run(tmp_path).metrics().steps)

    monkeypatch.setattr(checkpoint, "save", saved)
    monkeypatch.setattr(Trainer, "_require_finite_weights", lambda trainer: None)  # it has none
    with Recorder(tmp_path) as recorder:
        nothing: dict[str, Any] = {
            one.name: None for one in fields(Trainer) if one.default is MISSING
        }
        trainer = Trainer(**{**nothing, "record": recorder, "position": Position()})
        recorder.step(Step(1, 1, 0.5, 0.5, 0.01))
        trainer.save()
    assert seen == [1]


def test_a_checkpoint_that_ends_too_early_is_told(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoint.restore_weights(path, type("Model", (), {"variables": []}))


def test_what_a_killed_process_was_writing_goes_and_what_a_living_one_writes_stays(
    tmp_path: Path,
) -> None:
    code = f"""
from pathlib import Path
from blocks.training.files import replacing
with replacing(Path({str(tmp_path)!r}) / "checkpoint.npz") as temporary:
    temporary.write_bytes(b"half of it")
    print("writing", flush=True)
    input()
"""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    writer = subprocess.Popen([sys.executable, "-c", code], **pipes)
    assert writer.stdout
    writer.stdout.readline()
    remove_partial(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    writer.kill()
    writer.communicate()
    with replacing(tmp_path / "settings.json") as mine:
        mine.write_text("{}")
        remove_partial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]
