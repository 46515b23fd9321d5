from pathlib import Path

import pytest

from blocks import Design
from editor.store import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library.sqlite")


@pytest.fixture
def drawn() -> Design:
    from blocks import Classifier, Conv, Image

    return (
        Design("tiny")
        .add("photo", Image(height=32, width=32, channels=3))
        .add("stem", Conv(filters=16), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )
