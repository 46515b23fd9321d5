"""Data sets: what is told of them is what they hold; files from anywhere are checked first."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from blocks import DATA_NAMES, DataError, TrainingSettings, describe_data, keep_data, own_data
from blocks.training import contents
from blocks.training.data import load
from blocks.training.splitting import sample_order, split_rows


@pytest.mark.parametrize("name", ["digits", "ecg"])
def test_what_is_told_of_a_data_set_is_what_it_holds(name: str) -> None:
    info, samples = describe_data(name), load(name, TrainingSettings())
    x = np.concatenate([samples.x, samples.x_validation])
    y = np.concatenate([samples.y, samples.y_validation])
    assert x.shape == (info.count, *info.shape)
    assert x.dtype == np.float32
    assert sorted(set(y.tolist())) == list(range(info.classes))
    assert len(info.class_names) == info.classes
    assert info.range[0] <= x.min()
    assert x.max() <= info.range[1]


def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    samples = load("digits", TrainingSettings())
    mine = {(x.tobytes(), int(y)) for x, y in zip(samples.x, samples.y, strict=True)}
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)
    theirs = {(x.tobytes(), int(y)) for x, y in zip(images, digits.target, strict=True)}
    assert mine < theirs


def test_ecg_rhythms_can_be_told_apart_by_their_beats() -> None:
    samples = load("ecg", TrainingSettings())
    peaks = (
        (samples.x[:, 1:-1, 0] > 0.6) & (np.diff(np.sign(np.diff(samples.x[..., 0]))) < 0)
    ).sum(1)
    fast = peaks[samples.y == 3]
    assert fast.min() > np.median(peaks[samples.y == 0])


def test_the_split_is_drawn_by_the_seed_and_loses_no_sample() -> None:
    first, again, other = (split_rows(100, seed, 0.2, 0.1) for seed in (1, 1, 2))
    assert sorted(np.concatenate(first)) == list(range(100))
    assert [len(part) for part in first] == [72, 18, 10]
    assert all((mine == same).all() for mine, same in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()
    assert [len(part) for part in split_rows(2, 1, 0.05, 0.5)] == [1, 1, 0]


def test_every_epoch_sees_every_sample_in_an_order_of_its_own() -> None:
    first, second = sample_order(1, 0, 50), sample_order(1, 1, 50)
    assert sorted(first) == sorted(second) == list(range(50))
    assert (first != second).any()
    assert (first == sample_order(1, 0, 50)).all()


def save(path: Path, **arrays: object) -> str:
    np.savez(path, allow_pickle=True, **arrays)  # type: ignore[arg-type]
    return str(path)


def test_pictures_in_a_file_are_described_and_scaled(tmp_path: Path) -> None:
    x = np.random.default_rng(1).integers(0, 256, (12, 6, 5, 3), dtype=np.uint8)
    name = save(tmp_path / "photos.npz", x=x, y=np.arange(12)[None] % 4)
    info = describe_data(name)
    assert (info.shape, info.classes, info.count) == ((6, 5, 3), 4, 12)
    samples = load(name, TrainingSettings(validation_share=0.25))
    assert samples.x.shape == (9, 6, 5, 3)
    assert samples.x.max() <= 1
    assert info.range == pytest.approx((x.min() / 255, x.max() / 255))


def test_rows_of_numbers_are_signals_of_one_channel(tmp_path: Path) -> None:
    name = save(tmp_path / "s.npz", x=np.zeros((6, 40)), y=np.array([0, 1, 0, 1, 0, 1.0]))
    assert describe_data(name).shape == (40, 1)


X, Y = np.zeros((4, 2, 2, 1)), np.array([0, 1, 0, 1])
REFUSED = {
    "no labels": ({"x": X}, "must hold the arrays x (samples) and y (labels), got 'x'"),
    "objects": ({"x": np.array([{}] * 4), "y": Y}, "x must hold plain numbers, got object"),
    "one label": ({"x": X, "y": np.array(3)}, "y must have a label for every sample"),
    "text": ({"x": X, "y": np.array(list("abcd"))}, "y must hold plain numbers"),
    "too many axes": ({"x": np.zeros((4, 1, 1, 1, 1)), "y": Y}, "got 5 axes"),
    "a label missing": ({"x": X, "y": Y[:3]}, "x has 4 samples and y 3 labels"),
    "one-hot labels": ({"x": X, "y": np.eye(4)}, "save y.argmax(axis=1)"),
    "labels below 0": ({"x": X, "y": Y - 1}, "whole labels from 0"),
    "broken labels": ({"x": X, "y": Y + 0.5}, "whole labels from 0"),
    "labels far away": ({"x": X, "y": Y * 10**9}, "got values from 0 to 1000000000"),
    "NaN labels": ({"x": X, "y": Y * np.nan}, "whole labels from 0"),
    "one class": ({"x": X, "y": Y * 0}, "at least 2 classes"),
    "NaN": ({"x": X * np.nan, "y": Y}, "finite numbers, got NaN or infinity"),
    "infinity": ({"x": X + np.inf, "y": Y}, "finite numbers, got NaN or infinity"),
    "Fortran order": ({"x": np.asfortranarray(np.ones((4, 2, 3, 1))), "y": Y}, "Fortran order"),
    "nothing": ({"x": X[:0], "y": Y[:0]}, "x is empty"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_trained_on_is_refused_in_a_sentence(
    case: str, tmp_path: Path
) -> None:
    arrays, words = REFUSED[case]
    with pytest.raises(DataError) as refusal:
        describe_data(save(tmp_path / "data.npz", **arrays))
    assert str(refusal.value).startswith("data.npz: ")
    assert words in str(refusal.value)


def header_of(shape: tuple[int, ...], dtype: str = "<f4") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return file.getvalue()


def archive(path: Path, members: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return str(path)


def labels() -> bytes:
    file = io.BytesIO()
    np.save(file, Y)
    return file.getvalue()


HOSTILE = {
    "terabytes declared": {"x.npy": header_of((10**6, 1000, 1000, 2)), "y.npy": labels()},
    "more declared than there is": {"x.npy": header_of((4, 2, 2, 1)) + b"1", "y.npy": labels()},
    "a negative axis": {"x.npy": header_of((4, -2, -2, 1)) + bytes(64), "y.npy": labels()},
    "not an array": {"x.npy": b"import os", "y.npy": labels()},
    "a pickle": {"x.npy": header_of((4,), "|O") + b"cos\nsystem\n", "y.npy": labels()},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_before_it_is_unpacked(case: str, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        describe_data(archive(tmp_path / "data.npz", HOSTILE[case]))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = Path(save(tmp_path / "whole.npz", x=X, y=Y)).read_bytes()
    for end in range(0, len(whole), 7):
        path = tmp_path / f"cut{end}.npz"
        path.write_bytes(whole[:end])
        with pytest.raises(DataError):
            describe_data(str(path))


def test_a_file_with_any_byte_changed_is_read_or_refused(tmp_path: Path) -> None:
    whole = Path(save(tmp_path / "whole.npz", x=X, y=Y)).read_bytes()
    generator = np.random.default_rng(1)
    for number in range(300):
        damaged = bytearray(whole)
        damaged[generator.integers(len(whole))] ^= 1 << generator.integers(8)
        path = tmp_path / f"{number}.npz"
        path.write_bytes(damaged)
        try:
            describe_data(str(path))
        except DataError:
            continue


def test_arrays_that_lie_over_one_another_are_refused(tmp_path: Path) -> None:
    path = Path(archive(tmp_path / "data.npz", {"x.npy": header_of((4, 2, 2, 1)) + bytes(64)}))
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")].replace(b"x.npy", b"y.npy")
    end = bytearray(data[data.index(b"PK\x05\x06") :])
    end[8:12] = b"\x02\x00\x02\x00"
    end[12:16] = (2 * len(entry)).to_bytes(4, "little")
    path.write_bytes(data[:start] + data[start : start + len(entry)] + entry + bytes(end))
    with pytest.raises(DataError, match="over one another"):
        describe_data(str(path))


def test_an_unknown_name_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data must be one of digits, ecg, .*got 'cats'"):
        describe_data("cats")
    with pytest.raises(DataError, match=r"missing\.npz: there is no such file"):
        describe_data(str(tmp_path / "missing.npz"))


def test_a_changed_file_is_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    assert describe_data(save(path, x=X, y=Y)).classes == 2
    assert describe_data(save(path, x=np.zeros((9, 3, 3, 1)), y=np.arange(9))).classes == 9


def test_own_data_are_kept_once_and_only_when_good(tmp_path: Path) -> None:
    content = Path(save(tmp_path / "photo set.npz", x=X, y=Y)).read_bytes()
    kept = keep_data("../photo set.npz", content)
    assert keep_data("../photo set.npz", content) == kept
    assert [str(path) for path in own_data()] == [kept.name]
    assert kept.title == "photo_set.npz"
    with pytest.raises(DataError):
        keep_data("bad.npz", b"PK")
    assert len(own_data()) == 1


def test_limits_stand_in_the_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_FILE_BYTES", 100)
    with pytest.raises(DataError, match="may have 100 bytes"):
        describe_data(save(tmp_path / "data.npz", x=X, y=Y))


def test_all_names_have_a_description() -> None:
    assert [describe_data(name).name for name in DATA_NAMES] == list(DATA_NAMES)
