"""LeNet-5: as usually counted, and as the code of "Five Powerful CNN Architectures" has it."""

from blocks import Block, Classifier, Conv, Dense, Design, Flatten, Image, Pool, Template


def lenet5() -> Design:
    """Tanh, average pooling and full connections in the third convolution."""

    def conv(filters: int) -> Block:
        return Conv(filters, kernel_size=5, padding="valid", activation="tanh")

    return (
        Design("lenet5")
        .add("digits", Image(32, 32, 1))
        .add("c1", conv(6), after="digits")
        .add("s2", Pool("average"), after="c1")
        .add("c3", conv(16), after="s2")
        .add("s4", Pool("average"), after="c3")
        .add("c5", conv(120), after="s4")
        .add("flatten", Flatten(), after="c5")
        .add("f6", Dense(84, activation="tanh"), after="flatten")
        .add("classes", Classifier(10), after="f6")
    )


def lenet5_seed() -> Design:
    """More filters, ReLU, max pooling and one hidden dense layer of 500."""
    return (
        Design("lenet5_seed")
        .add("digits", Image(32, 32, 1))
        .add("conv1", Conv(20, kernel_size=5), after="digits")
        .add("pool1", Pool(), after="conv1")
        .add("conv2", Conv(50, kernel_size=5), after="pool1")
        .add("pool2", Pool(), after="conv2")
        .add("flatten", Flatten(), after="pool2")
        .add("dense1", Dense(500), after="flatten")
        .add("classes", Classifier(10), after="dense1")
    )


FAMILY = "Classic"
TEMPLATES = [
    Template(
        "lenet5",
        "LeNet-5",
        "LeCun et al. 1998, fig. 2",
        "The network that read cheques: convolutions and poolings in turn, then dense layers.",
        lenet5,
    ),
    Template(
        "lenet5_seed",
        "LeNet-5, modern code",
        "Five Powerful CNN Architectures, 2018",
        "What is often called LeNet today: ReLU, max pooling, 26 times the parameters.",
        lenet5_seed,
        differs="20 and 50 filters where the paper has 6 and 16, ReLU, max pooling and one "
        "hidden layer of 500: not the LeNet-5 that its own text describes.",
    ),
]
