"""Deleted runs: kept whole for thirty days, brought back, or removed for good."""

import os
import time
from pathlib import Path

import pytest

from blocks import Run, RunError, deleted_runs, home, runs, sweep_runs, sweep_weights, template
from blocks.errors import DiskFullError
from blocks.training import trash
from blocks.training.files import write_json
from blocks.training.folders import create


def a_run(title: str = "", folder: Path | None = None) -> Run:
    """Return a run that has ended, as its runner leaves it, without training anything."""
    run = create(template("digits"), {"data": "digits", "title": title, "owner": "ann"}, folder)
    write_json(run.folder / "status.json", {"state": "finished", "message": ""})
    (run.folder / "checkpoint.npz").write_bytes(b"weights" * 1_000)
    return run


def contents(run: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.folder.iterdir()}


def test_a_deleted_run_comes_back_with_every_byte() -> None:
    run, other = a_run("the good one"), a_run()
    before, size = contents(run), run.size
    run.delete()
    assert runs() == [other]
    (gone,) = deleted_runs()
    assert (gone.id, gone.title, gone.status().state) == (run.id, "the good one", "finished")
    assert gone.size >= size
    assert abs(time.time() - gone.deleted_at) < 3_600
    back = gone.restore()
    assert back == run
    assert set(runs()) == {run, other}
    assert deleted_runs() == []
    assert contents(back) == before
    assert back.deleted_at == 0


def test_a_run_is_deleted_again_after_it_came_back() -> None:
    run = a_run()
    for _ in range(3):
        run.delete()
        (gone,) = deleted_runs()
        assert gone.restore() == run
    assert runs() == [run]


def test_what_was_removed_for_good_cannot_be_restored() -> None:
    run = a_run()
    run.delete()
    (gone,) = deleted_runs()
    gone.remove()
    assert deleted_runs() == []
    assert not list((home() / "runs").iterdir())
    with pytest.raises(RunError, match=f"run {run.id} cannot be brought back: it was removed"):
        gone.restore()


def test_a_run_that_was_not_deleted_is_never_removed() -> None:
    run = a_run()
    run.remove()
    assert runs() == [run]


def test_deleted_runs_end_after_thirty_days_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, day = a_run(), 24 * 3600
    run.delete()
    now = time.time()
    monkeypatch.setattr(trash.time, "time", lambda: now + 29 * day)
    assert sweep_runs() == []
    monkeypatch.setattr(trash.time, "time", lambda: now + 31 * day)
    assert len(sweep_runs()) == 1
    assert deleted_runs() == []


def test_a_run_is_deleted_on_a_full_disk_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there is room again; the note of it then takes none."""

    def full(path: Path, data: object) -> None:
        raise DiskFullError(f"the disk is full, so {path.name} was not written")

    run = a_run("large")
    write_json(run.folder / trash.NOTE, {"deleted": 1.0})  # of a deletion that a kill cut short
    monkeypatch.setattr(trash, "write_json", full)
    run.delete()
    assert runs() == []
    (gone,) = deleted_runs()
    assert abs(time.time() - gone.deleted_at) < 3_600
    assert sweep_runs() == []
    assert gone.restore() == run
    assert deleted_runs() == []


def test_what_a_removal_left_half_done_is_swept() -> None:
    left = home() / "runs" / ".deleted-half"
    left.mkdir(parents=True)
    (left / "log.txt").write_text("half")
    assert deleted_runs() == []
    assert sweep_runs() == [left]
    assert not left.exists()


def test_a_run_kept_elsewhere_is_removed_at_once(tmp_path: Path) -> None:
    run = a_run(folder=tmp_path / "mine" / "run")
    run.delete()
    assert list((tmp_path / "mine").iterdir()) == []
    assert deleted_runs() == []


def test_weights_that_a_deleted_run_started_from_stay() -> None:
    run = a_run()
    write_json(run.folder / "design.json", {"weights": "abc123"})
    run.delete()
    kept = home() / "weights" / "abc123.npz"
    kept.parent.mkdir()
    kept.write_bytes(b"")
    old = time.time() - 90 * 24 * 3600
    os.utime(kept, (old, old))
    assert sweep_weights(lambda _: False) == []
    deleted_runs()[0].remove()
    assert sweep_weights(lambda _: False) == [kept]
