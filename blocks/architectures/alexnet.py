"""AlexNet: with five convolutions and the two towers merged, and with four as often copied."""

from blocks import Classifier, Conv, Dense, Design, Dropout, Flatten, Image, Pool, Template


def alexnet(name: str = "alexnet", filters: tuple[int, ...] = (384, 384, 256)) -> Design:
    """`filters` are those of the 3x3 convolutions."""
    design = (
        Design(name)
        .add("photo", Image(227, 227, 3))
        .add("conv1", Conv(96, kernel_size=11, stride=4, padding="valid"), after="photo")
        .add("pool1", Pool(size=3, stride=2), after="conv1")
        .add("conv2", Conv(256, kernel_size=5), after="pool1")
        .add("pool2", Pool(size=3, stride=2), after="conv2")
    )
    last = "pool2"
    for number, count in enumerate(filters, start=3):
        design, last = design.add(f"conv{number}", Conv(count), after=last), f"conv{number}"
    return (
        design.add("pool3", Pool(size=3, stride=2), after=last)
        .add("flatten", Flatten(), after="pool3")
        .add("fc1", Dense(4_096), after="flatten")
        .add("drop1", Dropout(0.5), after="fc1")
        .add("fc2", Dense(4_096), after="drop1")
        .add("drop2", Dropout(0.5), after="fc2")
        .add("classes", Classifier(1_000), after="drop2")
    )


def alexnet_seed() -> Design:
    """One convolution of 384 filters is missing."""
    return alexnet("alexnet_seed", filters=(384, 256))


FAMILY = "Classic"
TEMPLATES = [
    Template(
        "alexnet",
        "AlexNet",
        "Krizhevsky et al. 2012, sec. 3.5",
        "The breakthrough of 2012: ReLU, dropout and large windows first.",
        alexnet,
    ),
    Template(
        "alexnet_seed",
        "AlexNet with four convolutions",
        "Five Powerful CNN Architectures, 2018",
        "A copy in circulation that lost the fourth of the five convolutions.",
        alexnet_seed,
        differs="Four convolutions where the paper has five: one of 384 filters is missing, "
        "1,327,488 parameters.",
    ),
]
