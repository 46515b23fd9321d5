"""A person's own data: pictures in class folders, SIGNS files and signals in tables."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from blocks import DataError, DataSettings, TrainingSettings, describe_data, keep_data, own_data
from blocks.training import pictures
from blocks.training.data import load
from tests.blocks.data_files import COLOURS, class_folders, in_folder, picture, signs, zipped


def refusal(name: str, settings: DataSettings | None = None) -> str:
    with pytest.raises(DataError) as refused:
        describe_data(name, settings)
    return str(refused.value)


@pytest.mark.parametrize("give", [zipped, in_folder])
def test_pictures_of_a_folder_are_a_class(give: object, tmp_path: Path) -> None:
    name = give(tmp_path / "colours.zip", class_folders())  # type: ignore[operator]
    info = describe_data(name)
    assert (info.shape, info.count, info.classes) == ((12, 10, 3), 18, 3)
    assert info.class_names == tuple(COLOURS)
    assert info.counts == (6, 6, 6)
    samples = load(name, TrainingSettings())
    x = np.concatenate([samples.x, samples.x_validation])
    y = np.concatenate([samples.y, samples.y_validation])
    strongest = x.mean((1, 2)).argmax(1)  # red, green, blue
    assert (strongest == 2 - y).all()


def test_folders_around_and_parts_above_the_classes_are_understood(tmp_path: Path) -> None:
    files = {f"set/train/{name}": content for name, content in class_folders().items()}
    files |= {f"set/test/{name}": content for name, content in class_folders(2).items()}
    files |= {"set/readme.txt": b"hello", "__MACOSX/set/train/red/._1.png": b"no picture"}
    name = zipped(tmp_path / "parts.zip", files)
    info = describe_data(name)
    assert (info.count, info.test_count) == (24, 6)
    samples = load(name, TrainingSettings())
    assert len(samples.x_test) == len(samples.y_test) == 6
    assert sorted(samples.y_test) == [0, 0, 1, 1, 2, 2]


def test_pictures_of_several_sizes_are_brought_to_one(tmp_path: Path) -> None:
    files = class_folders() | {"red/large.png": picture(COLOURS["red"], 9, (40, 30))}
    name = zipped(tmp_path / "sizes.zip", files)
    assert describe_data(name).sizes == 2
    grey = TrainingSettings(height=6, width=8, channels="grey")
    samples = load(name, grey)
    assert samples.x.shape[1:] == describe_data(name).fitted(grey).shape == (6, 8, 1)


def test_resizing_is_that_of_pillow(tmp_path: Path) -> None:
    name = in_folder(tmp_path / "set", class_folders(1) | {"red/2.png": picture((9, 9, 9), 5)})
    samples = load(name, TrainingSettings(height=5, width=7, seed=3))
    every = {x.tobytes() for x in (*samples.x, *samples.x_validation)}
    for path in Path(name).rglob("*.png"):
        pixels = np.asarray(Picture.open(path), dtype=np.float32) / np.float32(255)
        planes = [Picture.fromarray(np.ascontiguousarray(p)) for p in np.moveaxis(pixels, 2, 0)]
        small = [p.resize((7, 5), Picture.Resampling.BILINEAR) for p in planes]
        assert np.stack([np.asarray(p) for p in small], axis=2).tobytes() in every


def bomb() -> bytes:
    """A PNG of 169 megapixels in a few kilobytes."""
    file = io.BytesIO()
    Picture.new("1", (13_000, 13_000)).save(file, "PNG")
    return file.getvalue()


REFUSED = {
    "no pictures": ({"a.txt": b"x"}, "it holds no pictures"),
    "one class": ({"red/1.png": picture((1, 2, 3), 1)}, "2 to 10,000 folders of classes, got 1"),
    "no folder": (class_folders(1) | {"x.png": picture((1, 2, 3), 1)}, "is in no class folder"),
    "cut": (class_folders(1) | {"red/x.png": picture((1, 2, 3), 1)[:60]}, "is no whole picture"),
    "no picture": (class_folders(1) | {"red/x.png": b"<svg/>"}, "'red/x.png' is no whole picture"),
    "169 megapixels": (
        class_folders(1) | {"red/x.png": bomb()},
        "'red/x.png' may have 40,000,000 pixels, got 13000 x 13000",
    ),
    "a path out": (class_folders(1) | {"../../red/x.png": b""}, "leads out of the archive"),
    "an unknown test class": (
        {f"train/{n}": c for n, c in class_folders(1).items()} | {"test/cat/1.png": b""},
        "the test part has the class 'cat', training does not",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_pictures_that_break_a_rule_are_refused_in_a_sentence(case: str, tmp_path: Path) -> None:
    files, words = REFUSED[case]
    said = refusal(zipped(tmp_path / "set.zip", files))
    assert said.startswith("set.zip: ")
    assert words in said


def test_links_are_refused_in_archives_and_in_folders(tmp_path: Path) -> None:
    path = Path(zipped(tmp_path / "set.zip", class_folders(1)))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("red/link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "'red/link.png' is a link" in refusal(str(path))
    folder = Path(in_folder(tmp_path / "folder", class_folders(1)))
    (folder / "red" / "link.png").symlink_to("/etc/passwd")
    assert "'red/link.png' is a link" in refusal(str(folder))


def test_members_that_lie_over_one_another_are_refused(tmp_path: Path) -> None:
    path = Path(zipped(tmp_path / "bomb.zip", class_folders(1)))
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = bytes(4)  # its data are those of the first
    path.write_bytes(data)
    assert "lie over one another" in refusal(str(path))


def test_a_picture_that_says_it_is_huge_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 50)
    path = tmp_path / "set.zip"
    zipped(path, class_folders(1))
    with pytest.raises(pictures.DataFileError, match="may have 50 bytes"):
        pictures.inspect(path, DataSettings())


def test_archives_cut_anywhere_are_refused(tmp_path: Path) -> None:
    path = Path(zipped(tmp_path / "whole.zip", class_folders(1)))
    whole = path.read_bytes()
    for end in range(0, len(whole) - 1, 97):
        path.write_bytes(whole[:end])
        with warnings.catch_warnings(), pytest.raises((zipfile.BadZipFile, ValueError)):
            pictures.inspect(path, DataSettings())


def test_the_signs_format_has_a_test_part_and_labels_in_a_row(tmp_path: Path) -> None:
    name = signs(tmp_path / "signs.h5")
    info = describe_data(name)
    assert (info.shape, info.classes, info.count, info.test_count) == ((8, 8, 3), 6, 30, 6)
    samples = load(name, TrainingSettings(test_share=0.5))
    assert [len(part) for part in (samples.x, samples.x_validation, samples.x_test)] == [19, 5, 6]
    assert samples.y_test.tolist() == list(range(6))
    assert samples.x.max() <= 1


SIGNS_REFUSED = {
    "no labels": ({"train_set_y": None}, "must hold train_set_x and train_set_y, got"),
    "a label missing": ({"train_set_y": np.arange(23)}, "has 24 samples and train_set_y 23 labels"),
    "other test pictures": ({"test_set_x": np.zeros((6, 4, 4, 3))}, "both parts must be alike"),
    "text": ({"train_set_x": np.array([b"a"] * 24)}, "must be pictures"),
    "NaN": ({"train_set_x": np.full((24, 8, 8, 3), np.nan)}, "finite numbers"),
}


@pytest.mark.parametrize("case", SIGNS_REFUSED)
def test_a_signs_file_that_breaks_a_rule_is_refused(case: str, tmp_path: Path) -> None:
    arrays, words = SIGNS_REFUSED[case]
    assert words in refusal(signs(tmp_path / "signs.h5", **arrays))


def test_links_and_storage_outside_of_an_hdf5_file_are_refused(tmp_path: Path) -> None:
    import h5py

    secret = signs(tmp_path / "secret.h5")
    for link in (h5py.ExternalLink(secret, "/train_set_x"), h5py.SoftLink("/test_set_x")):
        path = tmp_path / f"{type(link).__name__}.h5"
        signs(path, train_set_x=None)
        with h5py.File(path, "a") as file:
            file["train_set_x"] = link
        assert "train_set_x must be an array in this file, got a link" in refusal(str(path))
    path = tmp_path / "outside.h5"
    signs(path, train_set_x=None)
    with h5py.File(path, "a") as file:
        stored = [(str(tmp_path / "raw"), 0, 24 * 192)]
        file.create_dataset("train_set_x", (24, 8, 8, 3), "u1", external=stored)
    assert "must be an array in this file" in refusal(str(path))


def test_an_hdf5_file_that_declares_terabytes_is_refused_by_its_header(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "huge.h5"
    signs(path, train_set_x=None)
    with h5py.File(path, "a") as file:
        file.create_dataset("train_set_x", (24, 10**5, 10**5, 3), "u1", chunks=(1, 64, 64, 3))
    assert "train_set_x may have 2,147,483,648 bytes" in refusal(str(path))


def test_a_damaged_hdf5_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.h5"
    signs(path)
    path.write_bytes(path.read_bytes()[:900])
    assert refusal(str(path)).startswith("cut.h5: it is no whole HDF5 file")


def table(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


ROWS = "0.5,1,2,normal\n1.5,2,3,fast\n2.5,3,4,normal\n3.5,4,5,fast\n"


def test_signals_of_a_table_have_their_label_in_the_last_column(tmp_path: Path) -> None:
    name = table(tmp_path / "beats.csv", ROWS)
    info = describe_data(name)
    assert (info.shape, info.count, info.class_names) == ((3, 1), 4, ("fast", "normal"))
    samples = load(name, TrainingSettings(validation_share=0.25))
    every = zip(
        np.concatenate([samples.x, samples.x_validation])[:, 0, 0],
        np.concatenate([samples.y, samples.y_validation]),
        strict=True,
    )
    assert sorted((float(x), int(y)) for x, y in every) == [(0.5, 1), (1.5, 0), (2.5, 1), (3.5, 0)]


@pytest.mark.parametrize("column", ["kind", "1"])
def test_a_label_column_is_named_or_numbered(column: str, tmp_path: Path) -> None:
    name = table(tmp_path / "t.csv", "kind;a;b\n0;1.5;2\n1;2.5;3\n0;3.5;4\n")
    settings = DataSettings(label_column=column)
    info = describe_data(name, settings)
    assert (info.shape, info.classes, info.counts) == ((2, 1), 2, (2, 1))


def test_numbers_are_learned_where_the_task_is_regression(tmp_path: Path) -> None:
    name = table(tmp_path / "t.csv", "1,2,0.25\n3,4,-1.5\n5,6,7\n")
    info = describe_data(name, DataSettings(task="regression"))
    assert (info.shape, info.classes, info.task) == ((2, 1), 1, "regression")
    assert "1 numbers to learn" in info.describe()


TABLES_REFUSED = {
    "a word": ("1,2,0\n1,cat,1\n", {}, "line 2, column '1' must be a finite number, got 'cat'"),
    "a gap": ("a,b,c\n1,,0\n1,2,1\n", {}, "line 2, column 'b' must be a finite number"),
    "infinity": ("1,2,0\n1,inf,1\n", {}, "line 2, column '1' must be a finite number"),
    "one column": ("1\n2\n", {}, "its first line has one cell"),
    "no such label": (ROWS, {"label_column": "kind"}, "there is no column 'kind'"),
    "one class": ("1,2,0\n3,4,0\n", {}, "at least 2 classes"),
    "ragged": ("1,2,0\n1,2,3,4,1\n", {}, "it is no table that can be read"),
    "empty": ("", {}, "its first line has one cell"),
    "binary": ("\0\1\2,\3\n\0,\0\n", {}, "t.csv: "),
}


@pytest.mark.parametrize("case", TABLES_REFUSED)
def test_a_table_that_breaks_a_rule_is_refused_by_line_and_column(
    case: str, tmp_path: Path
) -> None:
    text, settings, words = TABLES_REFUSED[case]
    said = refusal(table(tmp_path / "t.csv", text), DataSettings(**settings))  # type: ignore[arg-type]
    assert words in said


def test_uploads_of_every_kind_are_kept_once_and_only_when_good(tmp_path: Path) -> None:
    content = Path(zipped(tmp_path / "set.zip", class_folders())).read_bytes()
    kept = keep_data("my pictures.zip", content)
    assert keep_data("my pictures.zip", content) == kept
    assert [str(path) for path in own_data()] == [kept.name]
    with pytest.raises(DataError, match="no pictures"):
        keep_data("bad.zip", Path(zipped(tmp_path / "bad.zip", {"a": b""})).read_bytes())
    with pytest.raises(DataError, match=r"must end in one of \.npz"):
        keep_data("run.exe", b"MZ")
    assert len(own_data()) == 1


def test_a_changed_folder_is_looked_at_again(tmp_path: Path) -> None:
    name = in_folder(tmp_path / "set", class_folders(2))
    assert describe_data(name).count == 6
    (tmp_path / "set" / "red" / "new.png").write_bytes(picture((1, 2, 3), 7))
    assert describe_data(name).count == 7
