"""The examples of the tutorial "How to implement VGG, inception and ResNet modules"."""

from blocks import Design, Image, Inception, NaiveInception, Residual, Template, VGGBlock

SOURCE = "Brownlee 2019, machinelearningmastery.com"


def vgg() -> Design:
    return (
        Design("tutorial_vgg")
        .add("image_1", Image(256, 256, 3))
        .add("vgg_block_1", VGGBlock(filters=64, convolutions=2), after="image_1")
    )


def vgg3() -> Design:
    return (
        Design("tutorial_vgg3")
        .add("image_1", Image(256, 256, 3))
        .add("vgg_block_1", VGGBlock(filters=64, convolutions=2), after="image_1")
        .add("vgg_block_2", VGGBlock(filters=128, convolutions=2), after="vgg_block_1")
        .add("vgg_block_3", VGGBlock(filters=256, convolutions=4), after="vgg_block_2")
    )


def naive_inception() -> Design:
    return (
        Design("tutorial_inception_naive")
        .add("image_1", Image(256, 256, 3))
        .add("naive_inception_1", NaiveInception(64, 128, 32), after="image_1")
    )


def inception() -> Design:
    return (
        Design("tutorial_inception")
        .add("image_1", Image(256, 256, 3))
        .add("inception_1", Inception(64, 96, 128, 16, 32, 32), after="image_1")
        .add("inception_2", Inception(128, 128, 192, 32, 96, 64), after="inception_1")
    )


def residual() -> Design:
    block = Residual(filters=64, projection_activation="relu", kernel_initializer="he_normal")
    return (
        Design("tutorial_residual")
        .add("image_1", Image(256, 256, 3))
        .add("residual_1", block, after="image_1")
    )


FAMILY = "First steps"
TEMPLATES = [
    Template(
        "tutorial_vgg",
        "VGG block",
        SOURCE,
        "Two 3x3 convolutions and a pooling: the brick VGG is made of.",
        vgg,
    ),
    Template(
        "tutorial_vgg3",
        "Three VGG blocks",
        SOURCE,
        "Twice as many filters each time the size halves.",
        vgg3,
    ),
    Template(
        "tutorial_inception_naive",
        "Naive inception",
        SOURCE,
        "Windows of three sizes and a pooling, side by side.",
        naive_inception,
    ),
    Template(
        "tutorial_inception",
        "Two inception modules",
        SOURCE,
        "1x1 convolutions make the large windows cheap.",
        inception,
    ),
    Template(
        "tutorial_residual",
        "Residual block",
        SOURCE,
        "A shortcut around two convolutions, projected because the channels grow.",
        residual,
        differs="The projection on the shortcut has a ReLU of its own; in the paper the "
        "shortcut stays linear.",
    ),
]
