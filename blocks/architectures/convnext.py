"""ConvNeXt-Tiny: what convolutions learned from transformers."""

from blocks import (
    Conv,
    ConvNeXtBlock,
    Dense,
    Design,
    GlobalPool,
    Image,
    LayerNorm,
    Template,
)


def convnext_tiny() -> Design:
    """Stages of 3, 3, 9 and 3 blocks with 96, 192, 384 and 768 channels."""
    design, last = Design("convnext_tiny").add("photo", Image(224, 224, 3)), "photo"
    for index, (repeat, filters) in enumerate(zip((3, 3, 9, 3), (96, 192, 384, 768), strict=True)):
        size = 2 if index else 4
        patch = Conv(filters, size, stride=size, padding="valid", activation="linear")
        norm = LayerNorm(epsilon=1e-6)
        around = [(f"down{index}", patch), (f"norm{index}", norm)]
        for name, block in reversed(around) if index else around:
            design, last = design.add(name, block, after=last), name
        name = f"stage{index + 1}"
        design, last = design.add(name, ConvNeXtBlock(), after=last, repeat=repeat), name
    return (
        design.add("pool", GlobalPool(), after=last)
        .add("norm", LayerNorm(epsilon=1e-6), after="pool")
        .add("predictions", Dense(1_000, activation="linear"), after="norm")
    )


FAMILY = "Modern"
TEMPLATES = [
    Template(
        "convnext_tiny",
        "ConvNeXt-Tiny",
        "Liu et al. 2022, table 9; keras.applications",
        "A ResNet brought up to date step by step until it met the transformers.",
        convnext_tiny,
    )
]
