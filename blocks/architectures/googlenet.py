"""GoogLeNet with and without its auxiliary heads, and the variant with projection first."""

from functools import partial

from blocks import (
    AuxiliaryClassifier,
    Classifier,
    Design,
    Image,
    Inception,
    Pool,
    Stem,
    Template,
    ZeroPad,
)

PAPER = "Szegedy et al. 2014, table 1"
# 1x1, 3x3 reduction, 3x3, 5x5 reduction, 5x5, pool projection; None is a pooling.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "pool3": None,
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "pool4": None,
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
SEED_MODULES = {**MODULES, "4d": (112, 144, 288, 32, 48, 64), "pool5": None}


def halved(design: Design, name: str, after: str) -> Design:
    """Pad by one and pool 3x3 with stride 2."""
    design = design.add(f"{name}_pad", ZeroPad(1), after=after)
    return design.add(name, Pool(size=3, stride=2), after=f"{name}_pad")


def googlenet(name: str, auxiliary: bool, seed: bool = False) -> Design:
    """Nine inception modules; the auxiliary heads stand after 4a and 4d."""
    order = "projection_first" if seed else "pool_first"
    stem = Stem.preset("googlenet_stem", pool="symmetric")
    design = Design(name).add("photo", Image(224, 224, 3)).add("stem", stem, after="photo")
    last = "stem"
    for key, filters in (SEED_MODULES if seed else MODULES).items():
        if filters is None:
            design, last = halved(design, key, last), key
            continue
        module = Inception(*filters, pool_order=order)
        design, last = design.add(f"inception_{key}", module, last), f"inception_{key}"
    design = design.add("classes", Classifier(1_000, dropout=0.4), after=last)
    if auxiliary:
        design = design.add("aux1", AuxiliaryClassifier(1_000), after="inception_4a")
        design = design.add("aux2", AuxiliaryClassifier(1_000), after="inception_4d")
    return design


FAMILY = "Inception"
TEMPLATES = [
    Template(
        "googlenet",
        "GoogLeNet",
        PAPER,
        "Nine inception modules: 20 times fewer weights than VGG-16 at a better result.",
        partial(googlenet, "googlenet", auxiliary=False),
    ),
    Template(
        "googlenet_aux",
        "GoogLeNet with auxiliary heads",
        PAPER,
        "Two more heads in the middle carry the gradient to the early layers while training.",
        partial(googlenet, "googlenet_aux", auxiliary=True),
    ),
    Template(
        "googlenet_aux_seed",
        "GoogLeNet, projection first",
        "Five Powerful CNN Architectures, 2018",
        "Code in circulation that projects before it pools and has 48 filters for 64 in 4d.",
        partial(googlenet, "googlenet_aux_seed", auxiliary=True, seed=True),
        differs="Inception modules project before they pool, 4d has 48 filters of 5x5 where the "
        "paper has 64, and one more pooling stands before the last average.",
    ),
]
