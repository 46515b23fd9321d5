"""Residual networks: ResNet-18 to 152, the homework's ResNet-50, 34 layers without shortcuts."""

from functools import partial
from typing import Any

from blocks import (
    Classifier,
    Conv,
    Design,
    Flatten,
    Image,
    Pool,
    Residual,
    Stem,
    Template,
)

PAPER = "He et al. 2015, table 1"
HALVE = {"stride": 2}


def stem(name: str, side: int, **options: Any) -> Design:
    """Pad by 3, a 7x7 convolution of stride 2, and a 3x3 max pooling of stride 2."""
    block = Stem(padding="symmetric", **{"pool": "symmetric", **options})
    return Design(name).add("photo", Image(side, side, 3)).add("stem", block, after="photo")


def stages(design: Design, repeats: tuple[int, ...], filters: int, **options: Any) -> Design:
    """Four stages; each but the first halves the size and doubles the filters."""
    last = "stem"
    for index, repeat in enumerate(repeats):
        block = Residual(filters * 2**index, batch_norm=True, **options)
        first = HALVE if index else {}
        name = f"conv{index + 2}"
        design, last = design.add(name, block, last, repeat=repeat, first=first), name
    return design


def basic(name: str, repeats: tuple[int, ...]) -> Design:
    """As in the paper: two 3x3 convolutions a block, no biases before batch normalisation."""
    design = stem(name, 224, use_bias=False, epsilon=1e-5)
    options = {"use_bias": False, "padding": "symmetric", "epsilon": 1e-5}
    design = stages(design, repeats, filters=64, **options)
    return design.add("classes", Classifier(1_000), after="conv5")


def bottleneck(name: str, repeats: tuple[int, ...]) -> Design:
    """As keras.applications builds it: biases, the stride on the first 1x1."""
    design = stem(name, 224, epsilon=1.001e-5)
    options = {"variant": "bottleneck", "epsilon": 1.001e-5, "shortcut_first": True}
    design = stages(design, repeats, filters=256, **options)
    return design.add("predictions", Classifier(1_000), after="conv5")


def plain34() -> Design:
    """ResNet-34's convolutions in a row; every second one of a stage ends no sum."""
    design, last = stem("plain34", 224, use_bias=False, epsilon=1e-5), "stem"
    for index, blocks in enumerate((3, 4, 6, 3)):
        conv = Conv(64 * 2**index, batch_norm=True, use_bias=False, epsilon=1e-5)
        first = HALVE if index else {}
        name = f"conv{index + 2}"
        design, last = design.add(name, conv, last, repeat=2 * blocks, first=first), name
    return design.add("classes", Classifier(1_000), after=last)


def resnet50_signs() -> Design:
    """64 x 64 hand signs in 6 classes; stage 5's identity blocks have 256 filters inside."""
    design, last = stem("resnet50_signs", 64, pool="valid"), "stem"
    names = {"conv1": "conv1", "bn1": "bn_conv1"}
    design, _ = design.apply({"nodes": {design.node("stem").id: {"layer_names": names}}})
    for stage, identities in ((2, 2), (3, 3), (4, 5), (5, 2)):
        place: dict[str, Any] = {"filters": 64 * 2**stage, "stage": stage}
        stride, inner = (1 if stage == 2 else 2), (256 if stage == 5 else None)
        first = Residual.preset("convolutional_block", **place, stride=stride)
        others = Residual.preset("identity_block", **place, inner_filters=inner)
        design = design.add(f"res{stage}a", first, last)
        last = f"res{stage}b"
        design = design.add(last, others, f"res{stage}a", repeat=identities)
    return (
        design.add("avg_pool", Pool("average", size=2), after=last)
        .add("flatten", Flatten(), after="avg_pool")
        .add("fc6", Classifier(6), after="flatten")
    )


FAMILY = "Residual"
TEMPLATES = [
    Template(
        "resnet18",
        "ResNet-18",
        PAPER,
        "Eight residual blocks of two 3x3 convolutions.",
        partial(basic, "resnet18", (2, 2, 2, 2)),
    ),
    Template(
        "resnet34",
        "ResNet-34",
        PAPER,
        "Sixteen residual blocks; compare it with the same layers without shortcuts.",
        partial(basic, "resnet34", (3, 4, 6, 3)),
    ),
    Template(
        "resnet50",
        "ResNet-50",
        f"{PAPER}; keras.applications",
        "Bottlenecks make 50 layers as cheap as 34.",
        partial(bottleneck, "resnet50", (3, 4, 6, 3)),
    ),
    Template(
        "resnet101",
        "ResNet-101",
        f"{PAPER}; keras.applications",
        "ResNet-50 with 23 blocks in its fourth stage.",
        partial(bottleneck, "resnet101", (3, 4, 23, 3)),
    ),
    Template(
        "resnet152",
        "ResNet-152",
        f"{PAPER}; keras.applications",
        "152 layers that still train: the winner of ILSVRC 2015.",
        partial(bottleneck, "resnet152", (3, 8, 36, 3)),
    ),
    Template(
        "resnet50_signs",
        "ResNet-50 for hand signs",
        "deeplearning.ai, course 4, week 2",
        "The homework's ResNet-50 with its layer names, 17,958,790 parameters.",
        resnet50_signs,
        differs="As its printed table: the identity blocks of stage 5 have 256 inner filters "
        "where the paper has 512, and an average pool of 2x2 with Flatten stands for "
        "the global pooling.",
    ),
    Template(
        "plain34",
        "34 layers without shortcuts",
        "He et al. 2015, fig. 3 (middle)",
        "The same convolutions as ResNet-34 and harder to train: what shortcuts are for.",
        plain34,
    ),
]
