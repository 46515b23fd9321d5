"""Xception: inception taken to its end, one window per channel."""

from typing import Any

from blocks import Classifier, Conv, Design, Image, SeparableConv, Template, XceptionModule

NORMED: dict[str, Any] = {"batch_norm": True, "use_bias": False}


def xception() -> Design:
    """Entry flow, eight middle modules, exit flow, on 299 x 299 photos."""
    first = XceptionModule(128, convolutions=2, stride=2, first_activation=False)
    return (
        Design("xception")
        .add("photo", Image(299, 299, 3))
        .add("conv1", Conv(32, stride=2, padding="valid", **NORMED), after="photo")
        .add("conv2", Conv(64, padding="valid", **NORMED), after="conv1")
        .add("entry1", first, after="conv2")
        .add("entry2", XceptionModule(256, convolutions=2, stride=2), after="entry1")
        .add("entry3", XceptionModule(728, convolutions=2, stride=2), after="entry2")
        .add("middle", XceptionModule(728), after="entry3", repeat=8)
        .add("exit1", XceptionModule(1_024, 2, stride=2, inner_filters=728), after="middle")
        .add("exit2", SeparableConv(1_536, **NORMED), after="exit1")
        .add("exit3", SeparableConv(2_048, **NORMED), after="exit2")
        .add("predictions", Classifier(1_000), after="exit3")
    )


FAMILY = "Modern"
TEMPLATES = [
    Template(
        "xception",
        "Xception",
        "Chollet 2016, fig. 5; keras.applications",
        "Separable convolutions all the way: spatial and channel patterns are learned apart.",
        xception,
    )
]
