"""What lies in the folder of a person's work is theirs alone, however free the system's habits."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from blocks import DataSettings, Design, describe_data, export, keep_data, template
from blocks.weights import LayerWeights, keep
from editor.panels.export import _folder
from editor.store import Library
from tests.browser.fields import stopped_run


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """New files are everybody's unless somebody says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_may_enter_any_folder_of_it(own_home: Path) -> None:
    own_home.mkdir(mode=0o777)
    rows = "".join(f"{n},{n + 1},{n + 2},{n % 2}\n" for n in range(20)).encode()
    library = Library(own_home / "library.sqlite")
    library.create(Design("mine"), "ann")
    describe_data(keep_data("mine.csv", rows, DataSettings()).name)
    keep_data("hers.csv", rows, DataSettings(), owner="ann")
    stopped_run(template("digits"), "mine").delete()
    stopped_run(template("digits"), "mine")
    keep([LayerWeights("conv", ["kernel"], [np.zeros(3, np.float32)])], "mine")
    _folder.clear()
    export(template("digits"), "json", _folder() / "mine.json")
    folders = [path for path in (own_home, *own_home.rglob("*")) if path.is_dir()]
    assert {path.name for path in folders} >= {"home", "data", "people", "runs", "weights"}
    assert {path for path in folders if mode(path) != 0o700} == set()
    for name in ("library.sqlite*", "weights/*", "exports/*"):
        found = list(own_home.glob(name))
        assert found
        assert {path for path in found if mode(path) != 0o600} == set()
    library.close()
    _folder.clear()
