"""The naive inception module, with batch normalisation where it is wanted."""

from blocks import Design, Image, NaiveInception, Signal, analyze


def test_batch_normalisation_follows_each_convolution_and_not_the_pooling() -> None:
    """Four numbers a channel, for the channels that convolutions give."""
    design = Design("n").add("photo", Image(8, 8, 3))
    plain = analyze(design.add("module", NaiveInception(4, 6, 2), "photo"))
    normed = analyze(design.add("module", NaiveInception(4, 6, 2, batch_norm=True), "photo"))
    assert normed.total - plain.total == 4 * (4 + 6 + 2)
    assert normed.layers[-1].shape == plain.layers[-1].shape == (8, 8, 4 + 6 + 2 + 3)


def test_a_signal_gets_windows_of_one_dimension() -> None:
    design = Design("n").add("ecg", Signal(32, 2))
    report = analyze(design.add("module", NaiveInception(4, 6, 2, batch_norm=True), "ecg"))
    convs = (1 * 2 * 4 + 4) + (3 * 2 * 6 + 6) + (5 * 2 * 2 + 2)
    assert report.total == convs + 4 * (4 + 6 + 2)
