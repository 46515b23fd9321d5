"""Weights in the library: kept while anything names them, shown where they are."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from blocks import Carried, Design, EditError, ReadError, export, sweep_weights, template
from blocks.weights import LayerWeights, keep, path_of
from editor.panels.layers import columns, rows
from editor.panels.weights import brought, line
from editor.server import LOCAL
from editor.store import Library
from editor.view import View


def stored(design: Design, *names: str) -> Carried:
    """Weights for some layers of a design, a day and a bit old."""
    layers = [layer for layer in View(design).report.layers if layer.name in names]
    carried = keep(
        [
            LayerWeights(
                layer.name,
                [weight.role for weight in layer.weights],
                [np.ones(weight.shape, "float32") for weight in layer.weights],
            )
            for layer in layers
        ],
        "vgg.h5",
    )
    past = time.time() - 25 * 3600
    os.utime(path_of(carried), (past, past))
    return carried


def carrying(design: Design, carried: Carried) -> Design:
    return design.apply({"weights": carried.to_json()})[0]


def names(design: Design) -> list[str]:
    return [layer.name for layer in View(design).report.layers if layer.weights]


def test_weights_are_kept_while_a_design_or_its_undo_names_them(shelf: Library) -> None:
    drawn = template("tutorial_vgg")
    carried = stored(drawn, *names(drawn))
    design_id = shelf.create(carrying(drawn, carried), LOCAL)
    assert sweep_weights(shelf.names_weights) == []
    shelf.edit(design_id, LOCAL, "Leave the weights behind", {"weights": None})
    shelf.delete(design_id, LOCAL)
    assert sweep_weights(shelf.names_weights) == []
    undo = {"client": "c", "number": 1, "kind": "undo"}
    shelf.restore(design_id, LOCAL)
    assert shelf.apply_outbox(design_id, LOCAL, [undo]).stored.design.weights == carried


def test_weights_that_only_a_run_names_are_kept(shelf: Library, home: Path) -> None:
    drawn = template("tutorial_vgg")
    carried = stored(drawn, *names(drawn))
    folder = home / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / "design.json").write_text(f'{{"weights": {{"id": "{carried.id}"}}}}')
    assert sweep_weights(shelf.names_weights) == []


def test_weights_that_nothing_names_go_after_a_day(shelf: Library) -> None:
    drawn = template("tutorial_vgg")
    old = stored(drawn, *names(drawn))
    new = keep([LayerWeights("a", ["kernel"], [np.ones(3)])], "new.h5")
    left = path_of(old).parent / ".fetching-left"
    left.mkdir()
    past = time.time() - 25 * 3600
    os.utime(left, (past, past))
    assert set(sweep_weights(shelf.names_weights)) == {path_of(old), left}
    assert path_of(new).is_file()


def test_the_layer_table_says_where_each_layer_starts() -> None:
    drawn = template("tutorial_vgg")
    first, second = names(drawn)
    node = next(node_id for node_id, node in drawn.nodes.items() if node.name == "vgg_block_1")
    frozen, _ = drawn.apply({"nodes": {node: {"frozen": True}}})
    view = View(carrying(frozen, stored(frozen, first)))
    assert columns(view)[-1] == "Start values"
    starts = {row[1]: row[-1] for row in rows(view)}
    assert starts[first] == "carried, frozen"
    assert starts[second] == "fresh, frozen"
    assert set(starts.values()) == {"", "carried, frozen", "fresh, frozen"}
    assert "Start values" not in columns(View(frozen))


def test_the_line_says_how_many_layers_still_fit() -> None:
    drawn = template("tutorial_vgg")
    design = carrying(drawn, stored(drawn, names(drawn)[0]))
    fit = View(design).weights
    assert fit
    assert line(fit).startswith(":material/info: Weights from vgg\\.h5\\: 1 of 2 layers still fit")


@pytest.mark.keras
def test_an_uploaded_file_of_weights_fits_the_layers_of_the_open_design(home: Path) -> None:
    drawn = template("tutorial_vgg")
    content = export(drawn, "weights")
    assert isinstance(content, bytes)
    carried = brought(drawn, content, "mine.weights.h5")
    assert carried
    fit = View(carrying(drawn, carried)).weights
    assert fit
    assert fit.sentence() == "weights from mine.weights.h5 for 2 of 2 layers"
    with pytest.raises(ReadError, match=r"mine\.weights\.h5: it has weights for none of the"):
        brought(template("tutorial_residual"), content, "mine.weights.h5")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mine.npz", "weights are read from .keras, .h5, .hdf5 files"),
        ("mine.h5", "the weights cannot be read"),
    ],
)
def test_an_uploaded_file_that_holds_no_weights_is_refused(
    home: Path, name: str, sentence: str
) -> None:
    with pytest.raises(ReadError, match=sentence):
        brought(template("tutorial_vgg"), b"no weights", name)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"id": "x" * 64, "source": "a", "layers": 1}, "64 hexadecimal digits"),
        ({"id": "../" + "a" * 61, "source": "a", "layers": 1}, "64 hexadecimal digits"),
        ({"id": "a" * 64, "source": "a\nb", "layers": 1}, "source of weights must be a text"),
        ({"id": "a" * 64, "source": "a", "layers": True}, "layers of weights must be a count"),
        ({"id": "a" * 64}, "must be null or have id, source and layers"),
        ("mine", "must be null or have id, source and layers"),
    ],
)
def test_what_is_no_name_of_weights_is_refused(
    weights: object, sentence: str, shelf: Library
) -> None:
    design_id = shelf.create(template("tutorial_vgg"), LOCAL)
    with pytest.raises(EditError, match=sentence):
        shelf.edit(design_id, LOCAL, "Weights", {"weights": weights})
