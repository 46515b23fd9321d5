"""VGG-16 and VGG-19, with the published dense head and with global pooling before it."""

from functools import partial

from blocks import (
    Block,
    Classifier,
    Dense,
    Design,
    Flatten,
    GlobalPool,
    Image,
    Template,
    VGGBlock,
)

PAPER = "Simonyan & Zisserman 2014, table 1"
SEED = "Five Powerful CNN Architectures, 2018"
VGG16 = (2, 2, 3, 3, 3)
VGG19 = (2, 2, 4, 4, 4)


def vgg(name: str, convolutions: tuple[int, ...], side: int, vector: Block) -> Design:
    """Five VGG blocks of 64 to 512 filters, then `vector` and three dense layers."""
    design, last = Design(name).add("photo", Image(side, side, 3)), "photo"
    for number, count in enumerate(convolutions, start=1):
        block = VGGBlock(min(64 * 2 ** (number - 1), 512), convolutions=count)
        design, last = design.add(f"block{number}", block, after=last), f"block{number}"
    return (
        design.add("vector", vector, after=last)
        .add("fc1", Dense(4_096), after="vector")
        .add("fc2", Dense(4_096), after="fc1")
        .add("predictions", Classifier(1_000), after="fc2")
    )


FAMILY = "VGG"
TEMPLATES = [
    Template(
        "vgg16",
        "VGG-16",
        f"{PAPER}, column D",
        "Nothing but 3x3 windows; three quarters of the weights are in one dense layer.",
        partial(vgg, "vgg16", VGG16, 224, Flatten()),
    ),
    Template(
        "vgg19",
        "VGG-19",
        f"{PAPER}, column E",
        "VGG-16 with one more convolution in each of the last three blocks.",
        partial(vgg, "vgg19", VGG19, 224, Flatten()),
    ),
    Template(
        "vgg16_gap",
        "VGG-16, global pooling",
        SEED,
        "Pooling over all places instead of flattening saves 100 million weights.",
        partial(vgg, "vgg16_gap", VGG16, 227, GlobalPool()),
        differs="Images of 227x227 and global average pooling where the paper has 224x224 and "
        "flattens: 100,663,296 parameters fewer.",
    ),
    Template(
        "vgg19_gap",
        "VGG-19, global pooling",
        SEED,
        "VGG-19 with pooling over all places instead of flattening.",
        partial(vgg, "vgg19_gap", VGG19, 227, GlobalPool()),
        differs="Images of 227x227 and global average pooling where the paper has 224x224 and "
        "flattens: 100,663,296 parameters fewer.",
    ),
]
