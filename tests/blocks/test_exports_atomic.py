"""Whole or not at all: a kill or a full disk leaves the old file, or none, in every format."""

import dataclasses
import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import blocks.exports
from blocks import Design, DiskFullError, JobError, export, export_proven, formats
from blocks.exports import replacing
from blocks.home import sweep
from tests.blocks.example_designs import EXAMPLES

ROOT = Path(__file__).parents[2]
MARK = "saved_model.pb"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of its own, without the home that every test has."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def old_model(place: Path) -> Path:
    """Make a folder that looks like a SavedModel of earlier."""
    folder = place / "net"
    folder.mkdir()
    (folder / MARK).write_bytes(b"the old graph")
    return folder


@pytest.mark.parametrize("format", formats())
def test_a_write_that_fails_half_way_leaves_the_old_file(
    format: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(design: Design, path: Path) -> None:
        path.write_bytes(b"half of the new")
        raise OSError(errno.ENOSPC, "No space left on device")

    broken = dataclasses.replace(formats()[format], write=write)
    monkeypatch.setattr(blocks.exports, "format_named", lambda format_id: broken)
    target = place / f"model{broken.suffix}"
    target.write_bytes(b"the old file")
    with pytest.raises(OSError, match="the disk is full, so model"):
        export(EXAMPLES["vgg"](), format, target)
    assert names_in(place) == [target.name]
    assert target.read_bytes() == b"the old file"


WITHOUT_SPACE = """
import resource, sys
from pathlib import Path
from blocks import BlockwrightError, export_proven
from tests.blocks.example_designs import EXAMPLES
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
for target in sys.argv[2:]:
    try:
        export_proven(EXAMPLES["vgg"](), sys.argv[1], Path(target))
    except (BlockwrightError, OSError) as error:
        print(target, error)
"""


@pytest.mark.keras
@pytest.mark.parametrize("format", ["h5", "savedmodel", "onnx", "table_csv"])
def test_a_writer_that_finds_no_space_leaves_the_old_file(format: str, place: Path) -> None:
    """No file may grow past 200 bytes, so the format's own writer fails on its way."""
    targets = [place / f"model{formats()[format].suffix}"]
    targets[0].write_bytes(b"the old file")
    if formats()[format].folder:
        targets.append(old_model(place))
    done = subprocess.run(
        [sys.executable, "-B", "-c", WITHOUT_SPACE, format, *map(str, targets)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = done.stdout.splitlines()
    assert [line.split()[0] for line in told] == [str(target) for target in targets], done.stderr
    assert names_in(place) == [target.name for target in targets]
    left = {path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert left <= {b"the old file", b"the old graph"}


@pytest.mark.keras
def test_a_full_disk_is_said_in_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: object, **options: object) -> None:
        raise JobError("writing model.h5 crashed with signal 11")

    monkeypatch.setattr(blocks.exports.proven, "run_job", crash)
    with pytest.raises(JobError, match="signal 11"):
        export_proven(EXAMPLES["vgg"](), "h5", place / "model.h5")
    full = shutil.disk_usage(place)._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(
        DiskFullError, match=r"^the disk is full: model\.h5 needs about .*, 1\.0 kB are free"
    ):
        export_proven(EXAMPLES["vgg"](), "h5", place / "model.h5")
    assert names_in(place) == []


@pytest.mark.parametrize("folder", ["", MARK])
def test_a_kill_in_the_middle_of_writing_leaves_the_old_file(folder: str, place: Path) -> None:
    target = old_model(place) if folder else place / "model.h5"
    if not folder:
        target.write_bytes(b"the old file")
    before = [path.read_bytes() for path in (target, *target.rglob("*")) if path.is_file()]
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom blocks.exports import replacing\n"
        "with replacing(Path(sys.argv[1]), '.h5', sys.argv[2]) as path:\n"
        "    file = (path / 'half' if sys.argv[2] else path).open('wb')\n"
        "    file.write(b'half of the new'); file.flush()\n"
        "    print('writing', flush=True); time.sleep(600)\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(target), folder], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert writer.stdout
    assert writer.stdout.readline() == b"writing\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    assert [path.read_bytes() for path in (target, *target.rglob("*")) if path.is_file()] == before


def test_what_a_kill_left_is_swept_after_an_hour(place: Path) -> None:
    left = [place / ".blockwright-file", place / ".blockwright-folder"]
    left[0].write_bytes(b"half")
    (left[1] / "new").mkdir(parents=True)
    assert sweep(place) == []
    long_ago = time.time() - 4000
    for path in left:
        os.utime(path, (long_ago, long_ago))
    assert sorted(sweep(place)) == left
    assert names_in(place) == []


def test_a_new_folder_takes_the_place_of_a_model_or_of_an_empty_one(place: Path) -> None:
    (place / "empty").mkdir()
    for target in (place / "none", place / "empty", old_model(place)):
        with replacing(target, ".zip", MARK) as path:
            (path / MARK).write_bytes(b"the new graph")
        assert names_in(target) == [MARK]
        assert (target / MARK).read_bytes() == b"the new graph"
        assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert names_in(place) == ["empty", "net", "none"]


def test_a_folder_of_something_else_is_never_replaced(place: Path) -> None:
    (place / "photos").mkdir()
    (place / "photos" / "cat.png").write_bytes(b"a cat")
    (place / "notes").write_bytes(b"notes")
    (place / "link").symlink_to(place / "photos")
    for name, words in (
        ("photos", f"has no {MARK}"),
        ("notes", "no folder"),
        ("link", "no folder"),
    ):
        with pytest.raises(OSError, match=words), replacing(place / name, ".zip", MARK):
            raise AssertionError("nothing may be started")
    assert names_in(place) == ["link", "notes", "photos"]
    assert (place / "photos" / "cat.png").read_bytes() == b"a cat"


def test_a_folder_that_fails_half_way_leaves_the_old_one(place: Path) -> None:
    old_model(place)

    def write_half() -> None:
        with replacing(place / "net", ".zip", MARK) as path:
            (path / "half").write_bytes(b"half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        write_half()
    assert names_in(place) == ["net"]
    assert (place / "net" / MARK).read_bytes() == b"the old graph"
