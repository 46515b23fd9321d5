"""Keras files from anywhere: bounded, opened in a child, read by their architecture alone."""

import contextlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import h5py
import pytest

from blocks import ReadError, analyze, read
from blocks.__main__ import main
from tests.blocks.keras_files import SMALL, layer, model, source


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("_json", ".json"), content)
    return path


def test_a_keras_archive_is_read_by_its_architecture_alone(tmp_path: Path) -> None:
    path = archive(tmp_path / "m.keras", config_json=json.dumps(SMALL).encode(), weights=b"junk")
    assert analyze(read(path)).total == 112


def test_a_member_that_blows_up_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "bomb.keras", config_json=b'{"a": "' + b" " * 50_000_000 + b'"}')
    assert path.stat().st_size < 100_000
    with pytest.raises(ReadError, match=r"config.json may have 20,000,000 bytes, this one says 50"):
        read(path)


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "liar.keras", config_json=b" " * 30_000_000)
    data = bytearray(path.read_bytes())
    size = (30_000_000).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(size, (30).to_bytes(4, "little")))
    with pytest.raises(ReadError):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a .keras file is a zip archive"),
        (b"PK\x03\x04" + b"\0" * 100, "a .keras file is a zip archive"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 100, "a .keras file is a zip archive"),
    ],
)
def test_what_is_no_archive_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "m.keras").write_bytes(content)
    with pytest.raises(ReadError, match=sentence):
        read(tmp_path / "m.keras")


def test_an_archive_without_an_architecture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"holds one config.json, got 0"):
        read(archive(tmp_path / "m.keras", weights=b""))


def hdf5(path: Path, architecture: Any = SMALL) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(architecture)
        file.create_group("model_weights").create_dataset("kernel", data=[1.0])
    return path


def test_an_hdf5_file_is_read_by_its_architecture_alone(tmp_path: Path) -> None:
    assert analyze(read(hdf5(tmp_path / "m.h5"))).total == 112


@pytest.mark.parametrize("kind", ["external", "soft", "virtual", "stored outside"])
def test_an_hdf5_file_that_leads_elsewhere_is_refused(kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["password"] = [1.0, 2.0]
    path = hdf5(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        group = file["model_weights"]
        if kind == "external":
            group["it"] = h5py.ExternalLink(str(secret), "/password")
        elif kind == "soft":
            group["it"] = h5py.SoftLink("/model_weights/kernel")
        elif kind == "virtual":
            layout = h5py.VirtualLayout((2,), "f8")
            layout[:] = h5py.VirtualSource(str(secret), "password", (2,))
            group.create_virtual_dataset("it", layout)
        else:
            outside = [(str(tmp_path / "raw"), 0, 16)]
            group.create_dataset("it", (2,), "f8", external=outside)
    with pytest.raises(ReadError, match=r"'/model_weights/it' (is a link|keeps its values)"):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "the HDF5 file cannot be read"), (b"PK\x03\x04", "the HDF5 file cannot be read")],
)
def test_what_is_no_hdf5_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "m.h5").write_bytes(content)
    with pytest.raises(ReadError, match=sentence):
        read(tmp_path / "m.h5")


def test_an_hdf5_file_of_weights_alone_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file["kernel"] = [1.0]
    with pytest.raises(ReadError, match="holds no architecture"):
        read(tmp_path / "w.h5")


def test_a_damaged_hdf5_file_ends_in_a_sentence(tmp_path: Path) -> None:
    good = bytearray(hdf5(tmp_path / "m.h5").read_bytes())
    for place in range(96, len(good), len(good) // 6):
        damaged = bytearray(good)
        damaged[place : place + 24] = b"\xff" * 24
        (tmp_path / "d.h5").write_bytes(bytes(damaged))
        with contextlib.suppress(ReadError):
            assert analyze(read(tmp_path / "d.h5")).layers


def test_the_command_line_reads_keras_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hdf5(tmp_path / "m.h5")
    assert main(["import", str(path), "-o", str(tmp_path / "design.json")]) == 0
    assert analyze(read(tmp_path / "design.json")).total == 112
    assert main(["summary", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 112
    trick = hdf5(tmp_path / "t.h5", model(source(), layer("Lambda", "trick", "photo")))
    assert main(["summary", str(trick)]) == 2
    assert "trick: a Lambda layer" in capsys.readouterr().err


def test_the_reading_itself_loads_no_keras(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "m.h5")
    script = (
        "import sys, blocks\n"
        f"blocks.read({str(path)!r})\n"
        "print(sorted({'keras', 'tensorflow', 'h5py'} & set(sys.modules)))"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
