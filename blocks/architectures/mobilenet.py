"""MobileNetV2: inverted residuals for phones."""

from blocks import Classifier, Conv, Design, Image, InvertedResidual, Template

# expansion, filters, repeats, stride of the first (Sandler et al. 2018, table 2)
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def mobilenet_v2() -> Design:
    """Width 1.0 on 224 x 224 photos."""
    options = {"batch_norm": True, "use_bias": False, "activation": "relu6"}
    design = Design("mobilenet_v2").add("photo", Image(224, 224, 3))
    design = design.add("stem", Conv(32, stride=2, **options), after="photo")
    last = "stem"
    for index, (expansion, filters, repeat, stride) in enumerate(STAGES, start=1):
        block, first = InvertedResidual(filters, expansion=expansion), {"stride": stride}
        name = f"stage{index}"
        design, last = design.add(name, block, last, repeat=repeat, first=first), name
    return design.add("wide", Conv(1_280, kernel_size=1, **options), after=last).add(
        "predictions", Classifier(1_000), after="wide"
    )


FAMILY = "Modern"
TEMPLATES = [
    Template(
        "mobilenet_v2",
        "MobileNetV2",
        "Sandler et al. 2018, table 2; keras.applications",
        "Widens, looks at each channel by itself, narrows: good results in 3.5 M weights.",
        mobilenet_v2,
    )
]
