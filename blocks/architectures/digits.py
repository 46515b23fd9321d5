"""A first network to train: small enough for a minute on a laptop's processor."""

from blocks import Classifier, Design, Image, Residual, Template, VGGBlock


def digits() -> Design:
    """A VGG block and a residual block on scikit-learn's 8 x 8 handwritten digits."""
    return (
        Design("digits")
        .add("digit", Image(8, 8, 1))
        .add("vgg_block_1", VGGBlock(filters=32, convolutions=2), after="digit")
        .add("residual_1", Residual(filters=64), after="vgg_block_1")
        .add("classes", Classifier(classes=10), after="residual_1")
    )


FAMILY = "First steps"
TEMPLATES = [
    Template(
        "digits",
        "First network: digits",
        "Blockwright",
        "Tells handwritten digits apart after a minute of training on any machine.",
        digits,
    )
]
