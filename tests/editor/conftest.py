from pathlib import Path

import pytest

from blocks import Classifier, Conv, Design, Image
from editor.store import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library.sqlite")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the person whose browser a test plays."""
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def shelf(home: Path) -> Library:
    """The library of that person, as another process sees it."""
    return Library(home / "library.sqlite")


@pytest.fixture
def drawn() -> Design:
    return (
        Design("tiny")
        .add("photo", Image(height=32, width=32, channels=3))
        .add("stem", Conv(filters=16), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )
