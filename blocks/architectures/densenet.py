"""DenseNet-121: every convolution sees all that came before it."""

from blocks import (
    Activation,
    BatchNorm,
    Classifier,
    DenseBlock,
    Design,
    Image,
    Stem,
    Template,
    Transition,
)

EPSILON = 1.001e-5


def densenet121() -> Design:
    """Dense blocks of 6, 12, 24 and 16 pairs, growth rate 32, half the channels between them."""
    stem = Stem(padding="symmetric", pool="symmetric", use_bias=False, epsilon=EPSILON)
    design = Design("densenet121").add("photo", Image(224, 224, 3)).add("stem", stem, "photo")
    last = "stem"
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
