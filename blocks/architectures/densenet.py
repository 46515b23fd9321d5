"""DenseNet-121: every convolution sees all that came before it."""

from blocks import (
    Activation,
    BatchNorm,
    Classifier,
    Conv,
    DenseBlock,
    Design,
    Image,
    Pool,
    Template,
    Transition,
    ZeroPad,
)

EPSILON = 1.001e-5


def densenet121() -> Design:
    """Dense blocks of 6, 12, 24 and 16 pairs, growth rate 32, half the channels between them."""
    conv = Conv(
        64,
        kernel_size=7,
        stride=2,
        padding="valid",
        batch_norm=True,
        use_bias=False,
        epsilon=EPSILON,
    )
    design = (
        Design("densenet121")
        .add("photo", Image(224, 224, 3))
        .add("conv1_pad", ZeroPad(3), after="photo")
        .add("conv1", conv, after="conv1_pad")
        .add("pool1_pad", ZeroPad(1), after="conv1")
        .add("pool1", Pool(size=3, stride=2), after="pool1_pad")
    )
    last = "pool1"
    for index, pairs in enumerate((6, 12, 24, 16), start=1):
        if index > 1:
            name = f"transition{index - 1}"
            design, last = design.add(name, Transition(), after=last), name
        design, last = design.add(f"dense{index}", DenseBlock(pairs), last), f"dense{index}"
    return (
        design.add("norm", BatchNorm(epsilon=EPSILON), after=last)
        .add("relu", Activation("relu"), after="norm")
        .add("predictions", Classifier(1_000), after="relu")
    )


FAMILY = "Modern"
TEMPLATES = [
    Template(
        "densenet121",
        "DenseNet-121",
        "Huang et al. 2016, table 1; keras.applications",
        "Concatenates instead of adding: 121 layers in 8 M weights.",
        densenet121,
    )
]
