"""The stem: what papers put before the first stage, in one block."""

import pytest

from blocks import Design, Image, Signal, Stem, analyze, template


def on_photo(stem: Stem, side: int = 224) -> Design:
    return Design("stem").add("photo", Image(side, side, 3)).add("stem", stem, "photo")


def conv(size: int, entering: int, leaving: int, *, dims: int = 2) -> int:
    return size**dims * entering * leaving + leaving


@pytest.mark.parametrize("padding", ["same", "symmetric"])
def test_the_resnet_stem_leaves_a_quarter_of_the_size(padding: str) -> None:
    """He et al. 2015, table 1: conv1 gives 112x112, the max pooling 56x56, of 64 channels."""
    report = analyze(on_photo(Stem(padding=padding, pool=padding)))
    shapes = {layer.name: layer.shape for layer in report.layers}
    assert shapes["stem_conv1"] == (112, 112, 64)
    assert shapes["stem_pool1"] == (56, 56, 64)
    assert report.total == conv(7, 3, 64) + 4 * 64


def test_the_deep_stem_is_three_convolutions_of_three() -> None:
    """32, 32 and 64 filters, the step in the first (He et al. 2019, fig. 2b)."""
    report = analyze(on_photo(Stem.preset("deep_stem", batch_norm=False)))
    assert report.total == conv(3, 3, 32) + conv(3, 32, 32) + conv(3, 32, 64)
    assert report.layers[-1].shape == (56, 56, 64)
    convs = [layer for layer in report.layers if layer.kind == "Conv2D"]
    assert [layer.config.get("strides", 1) for layer in convs] == [2, 1, 1]


def test_the_googlenet_stem_gives_what_its_table_says() -> None:
    """Szegedy et al. 2014, table 1: 28x28x192 before inception 3a; 2.7 K and 112 K weights."""
    report = analyze(on_photo(Stem.preset("googlenet_stem")))
    assert report.layers[-1].shape == (28, 28, 192)
    assert report.total == conv(7, 3, 64) + conv(1, 64, 64) + conv(3, 64, 192)


def test_a_signal_gets_a_stem_of_one_dimension() -> None:
    design = Design("ecg").add("ecg", Signal(256, 1)).add("stem", Stem(8), "ecg")
    report = analyze(design)
    assert not report.problems
    assert report.layers[-1].shape == (64, 8)
    assert report.total == conv(7, 1, 8, dims=1) + 4 * 8


def test_without_pooling_the_stem_halves_the_size_only() -> None:
    report = analyze(on_photo(Stem(pool="none")))
    assert report.layers[-1].shape == (112, 112, 64)


@pytest.mark.parametrize("name", ["resnet50", "plain34", "googlenet", "densenet121"])
def test_networks_begin_with_it(name: str) -> None:
    assert isinstance(template(name).node("stem").block, Stem)
