"""The part of a run's script that loads the data: a function for each kind."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from blocks.training import ecg, fitting, hdf5, npz, pictures, table
from blocks.training.archives import opened
from blocks.training.class_names import RHYTHMS
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DataInfo
from blocks.training.readers import reader_of

NOTHING = "np.zeros(0), np.zeros(0)"
PATH = ("import sys", "from pathlib import Path")


def imports(info: DataInfo) -> tuple[str, ...]:
    """Return the lines of import that loading needs."""
    if info.name == "digits":
        return ("from sklearn.datasets import load_digits",)
    if info.name == "ecg":
        return ("from functools import cache",)
    if info.is_downloaded:
        return ()
    more = {
        hdf5: ("import h5py",),
        table: ("import pandas",),
        pictures: ("import io", "import zipfile", "from typing import IO"),
    }
    return (*PATH, *more.get(_reader(info), ()))


def fits(info: DataInfo) -> bool:
    """Tell whether the loader itself brings each picture to its size."""
    return info.is_own and _reader(info) is pictures


def fitting_functions(info: DataInfo) -> Iterator[Callable[..., Any]]:
    """Yield the functions that bring samples to another size."""
    if fits(info):
        yield fitting.picture_in
    if info.sample == "picture":
        yield from (fitting.fitted, fitting.resized)
    else:
        yield fitting.of_length


def code(info: DataInfo, settings: DataSettings) -> str:
    """Return `load_data()`, which gives x, y, x_test, y_test, and `fit()`, which sizes samples."""
    return f"{_load(info, settings)}\n\n\n{_fit(info, settings)}"


def _reader(info: DataInfo) -> Any:
    return reader_of(Path(info.name))


def _load(info: DataInfo, settings: DataSettings) -> str:
    if info.name == "digits":
        return DIGITS
    if info.name == "ecg":
        return f"{_ecg_rule(info)}\n\n\n{ECG}"
    if info.is_downloaded:
        return DOWNLOAD.replace("@NAME@", info.name)
    path = f"DATA = Path(sys.argv[1] if len(sys.argv) > 1 else {info.name!a})"
    loaders = {npz: _npz, hdf5: _hdf5, table: _table, pictures: _pictures}
    return f"{path}\n\n\n{loaders[_reader(info)](info, settings)}"


def _fit(info: DataInfo, settings: DataSettings) -> str:
    lines = ["def fit(x, shape):", '    """Return samples as float32, brought to a shape."""']
    lines += ["    if not len(x):", '        return np.zeros((0, *shape), "float32")']
    target = info.fitted(settings).shape
    if fits(info):
        return "\n".join([*lines, "    return x"])
    lines.append(f"    x = scaled(x).reshape(len(x), *{info.shape})")
    if target == info.shape:
        return "\n".join([*lines, "    return x"])
    if info.sample == "signal":
        return "\n".join([*lines, "    return of_length(x, shape[0])"])
    lines.append(
        f"    return np.stack([fitted(one, *shape[:2], {settings.channels!r}) for one in x])"
    )
    return "\n".join(lines)


DIGITS = f'''def load_data():
    """Return the digits of scikit-learn: values 0 to 1, and which digit each is."""
    digits = load_digits()
    return digits.images.astype("float32") / np.float32(16), digits.target, {NOTHING}'''

ECG = f'''def load_data():
    """Return the signals and the numbers of their rhythms."""
    return *records(), {NOTHING}'''

DOWNLOAD = '''def load_data():
    """Return pictures and the numbers of their classes; downloaded the first time."""
    (x, y), (x_test, y_test) = keras.datasets.@NAME@.load_data()
    return x, y.reshape(-1), x_test, y_test.reshape(-1)'''


def _ecg_rule(info: DataInfo) -> str:
    _, _, rule = inspect.getsource(ecg).partition("SAMPLING_RATE = ")
    length, count = info.shape[0], info.count
    head = f"RHYTHMS = {RHYTHMS}\nLENGTH, COUNT = {length}, {count}\nSAMPLING_RATE = {rule}"
    return f"Wave, Beat = Any, Any\n{head}"


def _labels(name: str, settings: DataSettings, samples: str = "x") -> str:
    """Write how labels are taken: a number each, or a row each."""
    if settings.task == "classes":
        return f'{name}.reshape(-1).astype("int64")'
    return f'{name}.astype("float32").reshape(len({samples}), -1)'


def _npz(info: DataInfo, settings: DataSettings) -> str:
    return f'''def load_data():
    """Return the arrays x and y of the file."""
    with np.load(DATA) as data:
        x, y = data["x"], data["y"]
    return x, {_labels("y", settings)}, {NOTHING}'''


def _hdf5(info: DataInfo, settings: DataSettings) -> str:
    lines = ["def load_data():", '    """Return the data sets of the file."""']
    lines += ['    with h5py.File(DATA, "r") as file:']
    lines += ['        x, y = file["train_set_x"][()], file["train_set_y"][()]']
    if info.test_count:
        lines += ['        x_test, y_test = file["test_set_x"][()], file["test_set_y"][()]']
        rest = f"x_test, {_labels('y_test', settings, 'x_test')}"
    else:
        rest = NOTHING
    return "\n".join([*lines, f"    return x, {_labels('y', settings)}, {rest}"])


def _table(info: DataInfo, settings: DataSettings) -> str:
    import pandas

    path = Path(info.name)
    separator, header = table.form_of(path, settings.label_column)
    first = pandas.read_csv(path, sep=separator, header=0 if header else None, nrows=1)
    places = table.label_places(list(first.columns), settings.label_column)
    how = f"sep={separator!r}, header={0 if header else None}, low_memory=False"
    lines = [
        "def load_data():",
        '    """Return one signal for each row of the table, and its label."""',
        f"    frame = pandas.read_csv(DATA, {how})",
        f"    labels = frame.iloc[:, {places}]",
        '    x = frame.drop(columns=labels.columns).to_numpy("float64").astype("float32")',
    ]
    if info.class_names:
        lines.append("    _, y = np.unique(labels.iloc[:, 0].astype(str), return_inverse=True)")
    else:
        lines.append("    y = labels.to_numpy()")
    return "\n".join([*lines, f"    return x[:, :, None], {_labels('y', settings)}, {NOTHING}"])


def _pictures(info: DataInfo, settings: DataSettings) -> str:
    path = Path(info.name)
    with opened(path, pictures.MAX_PICTURE_BYTES) as (files, _):
        found = pictures.listed(files)
    depth = pictures.around([picture.name for picture in found])
    if any(picture.part for picture in found):
        depth += 1
    size = info.fitted(settings).shape
    channels = "grey" if size[2] == 1 else "colour"
    part = (
        f'"test" if parts[{depth - 1}].lower() in ("test", "testing") else "train"'
        if any(picture.part for picture in found)
        else '"train"'
    )
    text = PICTURES.replace("@DEPTH@", str(depth)).replace("@PART@", part)
    text = text.replace("@SUFFIXES@", repr(pictures.SUFFIXES)).replace(
        "@BESIDE@", repr(pictures.BESIDE)
    )
    return text.replace("@SIZE@", f"{size[0]}, {size[1]}, {channels!r}")


PICTURES = '''def load_data():
    """Return the pictures in class folders and the numbers of their classes."""
    archive = zipfile.ZipFile(DATA) if DATA.is_file() else None
    names = archive.namelist() if archive else [
        file.relative_to(DATA).as_posix() for file in DATA.rglob("*") if file.is_file()
    ]
    found = {"train": ([], []), "test": ([], [])}
    for name in sorted(names):
        parts = name.split("/")
        if not name.lower().endswith(@SUFFIXES@) or any(
            part.startswith(".") or part in @BESIDE@ for part in parts
        ):
            continue
        content = archive.read(name) if archive else (DATA / name).read_bytes()
        pixels = picture_in(io.BytesIO(content)).astype(np.float32) / np.float32(255)
        x, y = found[@PART@]
        x.append(fitted(pixels, @SIZE@))
        y.append(parts[@DEPTH@])
    classes = sorted(set(found["train"][1]))
    arrays = []
    for x, y in found.values():
        arrays.append(np.stack(x) if x else np.zeros(0))
        arrays.append(np.array([classes.index(one) for one in y], dtype="int64"))
    return tuple(arrays)'''
