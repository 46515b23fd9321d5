"""Every threat that we know of is a sentence; none opens, hangs, or says where it lay."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image as Picture

from blocks import BlockwrightError, DataSettings, home, keep_data
from blocks.training.own_sample import own_sample
from editor.panels.uploads import imported
from editor.store import Library
from tests.hostile import Hostile, data, designs, models
from tests.soak._fuzzing import fault_of

Refusal = Callable[[Hostile, Path], str]
FRONTEND = Path(__file__).parents[2] / "editor/canvas/frontend/src"
PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"


def refusal(hostile: Hostile, tmp_path: Path) -> str:
    """Give a file to the editor as its kind says; return the sentence that refuses it."""
    with pytest.raises(BlockwrightError) as raised:
        imported(hostile.content, f"theirs{hostile.suffix}", hostile.suffix[1:])
    return str(raised.value)


def data_refusal(hostile: Hostile, tmp_path: Path) -> str:
    with pytest.raises(BlockwrightError) as raised:
        keep_data(f"theirs{hostile.suffix}", hostile.content, DataSettings())
    return str(raised.value)


def backup_refusal(hostile: Hostile, tmp_path: Path) -> str:
    library = Library(tmp_path / "library.sqlite")
    with pytest.raises(BlockwrightError) as raised:
        library.take_backup("ann", hostile.content)
    assert library.designs("ann") == []
    return str(raised.value)


def weights_refusal(hostile: Hostile, tmp_path: Path) -> str:
    """Open a model with its weights; return the sentence with which it opens without them."""
    design, said = imported(hostile.content, f"theirs{hostile.suffix}", hostile.suffix[1:])
    assert design.nodes
    assert not any((home() / "weights").iterdir())
    return said


KINDS: dict[str, tuple[Callable[[Path], Iterable[Hostile]], Refusal]] = {
    "designs": (lambda _: designs.designs(), refusal),
    "models": (lambda _: models.models(), refusal),
    "models in HDF5": (models.hdf5_models, refusal),
    "weights": (models.weights, weights_refusal),
    "arrays": (lambda _: data.arrays(), data_refusal),
    "pictures": (lambda _: data.pictures(), data_refusal),
    "tables": (lambda _: data.tables(), data_refusal),
    "SIGNS": (data.signs, data_refusal),
    "backups": (lambda _: designs.backups(), backup_refusal),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_threat_we_know_of_is_a_sentence(kind: str, tmp_path: Path) -> None:
    make, refused = KINDS[kind]
    listed = PAGE.read_text("utf-8")
    for hostile in make(tmp_path):
        said = refused(hostile, tmp_path)
        assert hostile.sentence in said, (hostile.threat, said)
        assert not fault_of(said), (hostile.threat, said)
        assert hostile.threat in listed, f"docs/reliability.md does not list: {hostile.threat}"


def test_a_picture_that_is_too_large_is_no_sample_of_a_network_either(tmp_path: Path) -> None:
    path = tmp_path / "sample.png"
    Picture.new("1", (13_000, 13_000)).save(path)
    with pytest.raises(BlockwrightError, match=r"may have 40,000,000 pixels, got 169,000,000"):
        own_sample(path, (8, 8, 1))


def test_no_typed_text_is_ever_written_as_markup_by_the_canvas() -> None:
    sources = [*FRONTEND.rglob("*.ts"), *FRONTEND.rglob("*.tsx")]
    assert len(sources) > 50
    for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert [path.name for path in sources if name in path.read_text("utf-8")] == []
